import Core
import Records

/// Whoever is about to talk to a customer knows that something is not settled.
public struct Complainant: Extension {
    public static let of = Customer.self

    public static var rules: Rules {
        .of(Customer.self) {
            let open = Condition.compare(.init("status"), .in, Complaint.Status.open.map { .text($0.rawValue) })
            $0.keep(while: Complaint.self, by: "customer_id", open, "件未结案的投诉")
            $0.notice { customer, look in
                let recent = \Complaint.customer == customer.id && \Complaint.receivedAt > look.now.adding(days: -180)
                let found = try look.all(
                    Complaint.self, where: recent, sort: [Query.Sort("received_at", descending: true)], limit: 10
                ).first { Complaint.Status.open.contains($0.status) }
                return found.map {
                    guard look.sees($0.row) else { return Notice(.warn, "有一件投诉正在处理", "A complaint is open") }
                    return Notice(
                        .warn, "投诉处理中：\($0.subject)（\($0.status.label)）", "A complaint is open: \($0.subject)", entity: Complaint.name,
                        id: $0.row.id)
                }
            }
        }
    }

    public init() {}
}
