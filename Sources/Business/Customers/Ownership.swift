import Records

/// Who keeps a record: its maker unless somebody else was named; the department follows the owner.
enum Ownership {
    static func settle(_ row: inout Row, _ change: Change, _ tx: any Transaction) throws {
        if change.isNew, row.ownerID == nil, tx.actor.userID != 0 {
            row["owner_id"] = .int(tx.actor.userID)
        }
        guard let owner = row.ownerID, row.departmentID == nil || isMoved(row, change) else { return }
        if let department = try department(of: owner, tx) { row["department_id"] = .int(department) }
    }

    static func department(of owner: Int64, _ tx: any Transaction) throws -> Int64? {
        if owner == tx.actor.userID, let own = tx.actor.departmentID { return own }
        return try tx.get(User.self, Ref(owner))?.department?.id
    }

    /// The owner changed and nobody chose another department.
    private static func isMoved(_ row: Row, _ change: Change) -> Bool {
        guard let old = change.old else { return false }
        return old.ownerID != row.ownerID && old.departmentID == row.departmentID
    }
}
