import Core
import Records

/// Whoever asks not to be contacted is taken off every list, in the same moment.
public struct FollowedCustomer: Extension {
    public static let of = Customer.self

    public static var rules: Rules {
        .of(Customer.self) {
            $0.afterSave { customer, change, tx in try FollowPlanning.hearDates(customer.row, change, tx) }
            $0.afterSave { customer, change, tx in
                guard customer.doNotContact == true, !change.isNew, change.changed(\Customer.doNotContact, in: customer) else { return }
                let open = \FollowPlan.customer == customer.id && .compare(.init("status"), .in, FollowPlan.Status.open.map(\.stored))
                for var plan in try tx.all(FollowPlan.self, where: open, limit: 200) {
                    (plan.status, plan.reason) = (.skipped, "客户要求免打扰")
                    try tx.save(plan)
                }
            }
        }
    }

    public init() {}
}

/// A request that is done is followed up.
public struct FollowedTicket: Extension {
    public static let of = Ticket.self

    public static var rules: Rules {
        .of(Ticket.self) { $0.afterSave { ticket, change, tx in try FollowPlanning.hear(ticket.row, change, tx) } }
    }

    public init() {}
}

/// What came of a complaint is asked about.
public struct FollowedComplaint: Extension {
    public static let of = Complaint.self

    public static var rules: Rules {
        .of(Complaint.self) { $0.afterSave { complaint, change, tx in try FollowPlanning.hear(complaint.row, change, tx) } }
    }

    public init() {}
}
