import Records

extension ImportRound {
    /// Finds the linked records that the rows speak of, and those to be made; writes nothing.
    func matchLinked(_ place: Int) throws {
        let target = layout.targets[place]
        var keys: [Int: [Value]] = [:]
        for index in rows.indices where !rows[index].isRejected {
            guard !rows[index].read.parts[place].isBlank else { continue }
            guard let key = key(of: target, rows[index].values[place]) else {
                reject(
                    index, layout.heading(target.key.first?.name, in: target), "required",
                    "请填写「\(target.key.map(\.label).joined(separator: "、"))」，否则找不到对应的\(target.schema.label)")
                continue
            }
            keys[index] = key
        }
        let found = try tx.match(target.schema, target.key, Set(keys.values), withLinks: target.hasLinks)
        for (index, key) in keys.sorted(by: { $0.key < $1.key }) { use(key, found[key] ?? [], of: place, for: index) }
    }

    private func use(_ key: [Value], _ found: [Row], of place: Int, for index: Int) {
        let target = layout.targets[place]
        if let known = linked[place].byKey[key] { return join(known, of: place, index) }
        let column = layout.heading(target.key.first?.name, in: target), fields = target.key.map(\.label).joined(separator: "、")
        var item = LinkedRecords.Item(row: target.schema.blank())
        if let old = found.first {
            guard tx.may("read", old) || tx.isOpen(target.schema) else {
                return reject(index, column, "not_found", "这一行的\(target.schema.label)不可用：可能属于其他同事，请联系系统管理员")
            }
            guard found.count == 1 else { return reject(index, column, "ambiguous", "按\(fields)找到多条\(target.schema.label)，无法确定是哪一条") }
            item = LinkedRecords.Item(row: old, old: old, id: old.id)
            tx.vouched[target.schema.name, default: []].insert(old.id)
        } else {
            guard layout.createsLinked, layout.mode != .update else {
                return reject(index, column, "not_found", "按\(fields)没有找到\(target.schema.label)，请先建好，或选择自动新建")
            }
        }
        linked[place].byKey[key] = linked[place].items.count
        linked[place].items.append(item)
        join(linked[place].items.count - 1, of: place, index)
    }

    private func join(_ item: Int, of place: Int, _ index: Int) {
        linked[place].items[item].users.append(index)
        rows[index].links[place] = item
        if let link = layout.targets[place].link, linked[place].items[item].old != nil {
            rows[index].values[layout.targets.count - 1].append(.init(slot: link.slot, value: .int(linked[place].items[item].id)))
        }
    }

    /// Whether the row's main record is found by a linked record that is only to be made: then it cannot be there yet.
    func isPending(_ index: Int) -> Bool {
        layout.main.key.contains { field in
            guard let place = layout.targets.firstIndex(where: { $0.link === field }), let item = rows[index].links[place] else {
                return false
            }
            return linked[place].items[item].old == nil
        }
    }

    /// Makes and changes the linked records that rows still need.
    func saveLinked(_ place: Int) throws {
        let target = layout.targets[place]
        var new: [Int] = []
        for item in linked[place].items.indices {
            linked[place].items[item].users.removeAll { rows[$0].isRejected }
            let current = linked[place].items[item]
            guard !current.users.isEmpty else { continue }
            if current.old == nil {
                let row = filled(current.row, for: current.users, place)
                if mayOwn(row) {
                    linked[place].items[item].row = row
                    new.append(item)
                } else {
                    refuse(current.users, [Self.notToAssign], target)
                }
            } else {
                try changeLinked(item, of: place, target)
            }
        }
        guard !new.isEmpty else { return }
        let results = try tx.insertAll(new.map { linked[place].items[$0].row }, absent: target.key)
        for (item, result) in zip(new, results) {
            switch result {
            case .success(let row): made(row, item, of: place)
            case .failure(let error): refuse(linked[place].items[item].users, ImportFault.problems(error, tx.catalog), target)
            }
        }
    }

    private func made(_ row: Row, _ item: Int, of place: Int) {
        linked[place].items[item].id = row.id
        linked[place].items[item].isWritten = true
        outcome.linked[place].created.append(row.id)
        if let first = linked[place].items[item].users.first { outcome.linked[place].keys.append(rows[first].read.parts[place].key) }
        tx.vouched[row.schema.name, default: []].insert(row.id)
        guard let link = layout.targets[place].link else { return }
        for index in linked[place].items[item].users {
            rows[index].values[layout.targets.count - 1].append(.init(slot: link.slot, value: .int(row.id)))
        }
    }

    private func changeLinked(_ item: Int, of place: Int, _ target: ImportLayout.Target) throws {
        let current = linked[place].items[item]
        guard let old = current.old else { return }
        var row = old
        if layout.mode != .add {
            for index in current.users {
                let part = rows[index].read.parts[place]
                lay(rows[index].values[place].filter { !$0.isFixed }, over: &row, overwriting: part.isLast)
            }
        }
        guard row.values != old.values else { return outcome.linked[place].seen.append(old.id) }
        guard row.ownerID == old.ownerID || tx.may("assign", old) else { return refuse(current.users, [Self.notToAssign], target) }
        guard tx.may("update", old) else {
            let reason = "表中的\(target.schema.label)资料与已有的不同，而您没有修改「\(old.title)」的权限"
            return refuse(current.users, [Problem(target.columns.first?.field.name, code: "not_allowed", reason)], target)
        }
        do {
            _ = try tx.takingBack {
                try tx.refuseState(of: row, over: old)
                try tx.refuseUnasked(row, over: old)
                return try tx.save(row, over: old)
            }
            linked[place].items[item].isWritten = true
            outcome.linked[place].updated.append(old.id)
        } catch {
            guard ImportFault.isOfRow(error) else { throw error }
            refuse(current.users, ImportFault.problems(error, tx.catalog), target)
        }
    }

    private func filled(_ blank: Row, for users: [Int], _ place: Int) -> Row {
        var row = blank
        for index in users { for entry in rows[index].values[place] where !entry.isFixed { row.values[entry.slot] = entry.value } }
        for index in users.prefix(1) { for entry in rows[index].values[place] where entry.isFixed { row.values[entry.slot] = entry.value } }
        return row
    }

    private func refuse(_ users: [Int], _ problems: [Problem], _ target: ImportLayout.Target) {
        for index in users { rows[index].faults += problems.map { layout.fault($0, in: target) } }
    }
}
