import Records

/// What the demo's people ask for and decide goes the way it goes in a company: a request, its approvers, its trace.
public enum DemoApprovals {
    /// In the name of the record's owner.
    public static func ask(_ step: String, _ row: Row, with values: [String: Plain] = [:], _ tx: any Transaction) throws {
        guard let owner = row.ownerID else { return }
        try tx.perform(step, row, as: owner, values)
    }

    /// By the first of those who are asked.
    public static func decide(_ step: String, _ row: Row, _ comment: String, _ tx: any Transaction) throws {
        guard let schema = tx.catalog["approvals"] else { return }
        let open = Query(schema, where: .field("open_key", .eq, .text("\(row.schema.name)/\(row.id)")), limit: 1)
        guard let found = try tx.fetch(open).first, let request = try tx.get(schema, id: found.id) else { return }
        guard let approver = request["approver_ids"].list?.compactMap(LinksKind.id(of:)).first else { return }
        try tx.perform(step, request, as: approver, ["reason": .text(comment)])
    }
}
