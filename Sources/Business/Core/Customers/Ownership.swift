import Records

/// A record goes where its owner works: when the owner changes and nobody chose a department, the department follows. That a new record
/// belongs to its maker is the gate's doing. What was in the pool does not come back by a detour to whom it was taken from.
public enum Ownership {
    public static func follow(_ row: inout Row, _ change: Change, _ tx: any Transaction) throws {
        guard let old = change.old, let owner = row.ownerID, old.ownerID != owner else { return }
        if row.schema.traits.pool != nil { try PoolRules.refuseReturn(of: row, to: owner, change, tx) }
        guard old.departmentID == row.departmentID else { return }
        if let department = try department(of: owner, tx) { row["department_id"] = .int(department) }
    }

    private static func department(of owner: Int64, _ tx: any Transaction) throws -> Int64? {
        if owner == tx.actor.userID, let own = tx.actor.departmentID { return own }
        return try tx.get(User.self, Ref(owner))?.department?.id
    }
}
