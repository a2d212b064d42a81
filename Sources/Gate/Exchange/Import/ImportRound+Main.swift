import Records

extension ImportRound {
    func saveMain() throws {
        try refuseLate(rows.indices.filter { rows[$0].isRejected })
        var new: [Int] = [], records: [Row] = []
        for index in rows.indices where !rows[index].isRejected {
            if rows[index].old != nil {
                try change(index)
            } else if let row = makeRow(index) {
                new.append(index)
                records.append(row)
            }
        }
        let results = try tx.insertAll(records, absent: layout.main.key)
        for (index, result) in zip(new, results) {
            switch result {
            case .success:
                outcome.created += 1
                outcome.made.append(.init(line: rows[index].read.line, key: rows[index].read.parts.last?.key ?? 0))
            case .failure(let error):
                rows[index].faults += ImportFault.problems(error, tx.catalog).map { layout.fault($0, in: layout.main) }
            }
        }
        try refuseLate(rows.indices.filter { rows[$0].isRejected })
    }

    /// A rejected row leaves nothing behind: if a linked record was written for it, the round begins again without it.
    private func refuseLate(_ rejected: [Int]) throws {
        let isLate = rejected.contains { index in
            rows[index].links.enumerated().contains { place, item in item.map { linked[place].items[$0].isWritten } ?? false }
        }
        guard isLate else { return }
        throw LateRejections(
            rows: rejected.map { RejectedRow(line: rows[$0].read.line, cells: rows[$0].read.cells, faults: rows[$0].faults) })
    }

    private func makeRow(_ index: Int) -> Row? {
        var row = layout.schema.blank()
        for entry in rows[index].values[layout.targets.count - 1] { row.values[entry.slot] = entry.value }
        guard mayOwn(row) else {
            rows[index].faults.append(layout.fault(Self.notToAssign, in: layout.main))
            return nil
        }
        return row
    }

    /// Whether the actor may make a record that belongs to this owner.
    func mayOwn(_ row: Row) -> Bool {
        row.ownerID == nil || row.ownerID == tx.actor.userID || tx.may("assign", row.schema)
    }

    static let notToAssign = Problem("owner_id", code: "not_allowed", "您没有指定负责人的权限；请去掉这一列，或请上级导入")

    private func change(_ index: Int) throws {
        guard let old = rows[index].old else { return }
        var row = old
        lay(rows[index].values[layout.targets.count - 1], over: &row, overwriting: rows[index].read.parts.last?.isLast ?? true)
        if row.ownerID != old.ownerID {
            guard tx.may("assign", old) else {
                return reject(index, layout.heading("owner_id", in: layout.main), "not_allowed", "您没有转移「\(old.title)」的权限")
            }
            if let slot = layout.schema.departmentSlot, let owner = row.ownerID, row.departmentID == old.departmentID {
                row.values[slot] = tx.department(of: owner)
            }
        }
        guard row.values != old.values else {
            outcome.unchanged += 1
            return
        }
        do {
            _ = try tx.takingBack {
                try tx.refuseState(of: row, over: old)
                try tx.refuseUnasked(row, over: old)
                return try tx.save(row, over: old)
            }
            outcome.updated += 1
        } catch {
            guard ImportFault.isOfRow(error) else { throw error }
            rows[index].faults += ImportFault.problems(error, tx.catalog).map { layout.fault($0, in: layout.main) }
        }
    }

    /// Lays a sheet's values over an existing record. What the program keeps stays as it is; an earlier row about the same record only
    /// fills what is empty, so that importing a sheet again changes nothing.
    func lay(_ entries: [ReadRow.Entry], over row: inout Row, overwriting: Bool) {
        for entry in entries where row.schema.field(at: entry.slot).map({ !$0.traits.isReadOnly }) ?? false {
            let present = row.values.indices.contains(entry.slot) ? row.values[entry.slot] : .null
            guard overwriting || present.isNull || present == .text("") else { continue }
            if case .list(let new) = entry.value, case .list(let old) = present, Set(new) == Set(old) { continue }
            row.values[entry.slot] = entry.value
        }
    }
}
