import Records

extension Contact {
    public static var rules: Rules {
        .of(Contact.self) {
            $0.beforeSave { contact, change, tx in
                try Ownership.follow(&contact.row, change, tx)
                try LunarDate.follow(&contact.row, change, text: "lunar_birthday", day: "birthday", calendar: "birthday_calendar")
                try becomePrimaryWhenAlone(&contact, change, tx)
            }
            $0.afterSave { contact, change, tx in
                guard let old = change.old.map({ Record<Contact>($0) }) else {
                    if contact.isPrimary == true { try demoteOthers(of: contact, tx) }
                    return
                }
                if contact.isPrimary == true, old.isPrimary != true { try demoteOthers(of: contact, tx) }
                // Later, because a merge moves the others too and must not find them changed.
                if old.isPrimary == true, old.customer != contact.customer {
                    try tx.enqueue(
                        primaryJob.name, ["customer_id": .int(old.customer.id)], key: "\(primaryJob.name).\(old.customer.id)", after: 0)
                }
            }
            $0.afterDelete { contact, _, tx in
                if contact.isPrimary == true { try keepOnePrimary(of: contact.customer, tx) }
            }
            $0.duplicate(Duplicate(["customer_id", "mobile"], exact: false, "这位客户已有相同手机号码的联系人"))
            $0.duplicate(Duplicate(["customer_id", "name"], exact: false, "这位客户已有同名联系人"))
        }
    }

    static let primaryJob = Job("contacts.primary", "补选主要联系人", english: "Choose a new primary contact") { payload, tx in
        guard let customer = payload["customer_id"]?.int else { return }
        try keepOnePrimary(of: Ref(customer), tx)
    }

    /// Who takes over: the one in charge or deciding first, then who has been known longest; those who left come last.
    static func successor(among contacts: [Record<Contact>]) -> Record<Contact>? {
        contacts.min { rank($0) < rank($1) }
    }

    private static func rank(_ contact: Record<Contact>) -> (Int, Int, Int64) {
        let byRole =
            switch contact.role {
            case .decision: 0
            case .legal: 1
            case .purchase, .influencer: 2
            default: 3
            }
        return (contact.status == .left ? 1 : 0, byRole, contact.row.id)
    }

    /// The first contact is the primary one, and the only primary contact stays it until another takes over. Who comes from another
    /// customer does not push anybody aside.
    private static func becomePrimaryWhenAlone(_ contact: inout Record<Contact>, _ change: Change, _ tx: any Transaction) throws {
        let old = change.old.map { Record<Contact>($0) }
        let hasMoved = old.map { $0.customer != contact.customer } ?? false
        guard hasMoved || contact.isPrimary != true && old?.isPrimary != false else { return }
        let others = \Contact.customer == contact.customer && \Contact.isPrimary == true && .not(.ids([contact.row.id]))
        contact.isPrimary = try tx.count(Query(tx.catalog.schema(Contact.self), where: others), cap: 1) == 0
    }

    private static func demoteOthers(of contact: Record<Contact>, _ tx: any Transaction) throws {
        let others = try tx.all(
            Contact.self, where: \Contact.customer == contact.customer && \Contact.isPrimary == true && .not(.ids([contact.row.id])))
        for var other in others {
            other.isPrimary = false
            try tx.save(other)
        }
    }

    /// After a deletion, a move or a merge: none left → the successor; several → the oldest stays.
    static func keepOnePrimary(of customer: Ref<Customer>, _ tx: any Transaction) throws {
        let contacts = try tx.all(Contact.self, where: \Contact.customer == customer)
        let primaries = contacts.filter { $0.isPrimary == true }
        if primaries.isEmpty, var next = successor(among: contacts) {
            next.isPrimary = true
            try tx.save(next)
        }
        guard let kept = primaries.min(by: { $0.row.id < $1.row.id }) else { return }
        for var other in primaries where other.row.id != kept.row.id {
            other.isPrimary = false
            try tx.save(other)
        }
    }
}
