import Records

/// One pass over rows that are about different records: look up, match, then write.
final class ImportRound {
    let tx: GateTransaction
    let layout: ImportLayout
    var rows: [Work]
    var outcome = BatchOutcome()
    /// New and changed linked records, by target.
    var linked: [LinkedRecords]

    /// A row on its way.
    struct Work {
        let read: ReadRow
        /// By target, values by slot, links found.
        var values: [[ReadRow.Entry]]
        var faults: [RejectedCell] = []
        /// By target: the index of its linked record in ``LinkedRecords``.
        var links: [Int?]
        /// The main record that is there already.
        var old: Row?
        var isRejected: Bool { !faults.isEmpty }
    }

    /// The linked records of one target that the rows speak of.
    struct LinkedRecords {
        struct Item {
            var row: Row
            /// As it is in the database; nil for one to be made.
            var old: Row?
            var id: Int64 = 0
            /// Something was written for it in this round.
            var isWritten = false
            /// The rows that need it.
            var users: [Int] = []
        }

        var items: [Item] = []
        var byKey: [[Value]: Int] = [:]
    }

    init(_ tx: GateTransaction, _ layout: ImportLayout, _ rows: ArraySlice<ReadRow>) {
        self.tx = tx
        self.layout = layout
        let none = [Int?](repeating: nil, count: layout.targets.count)
        self.rows = rows.map { Work(read: $0, values: $0.parts.map(\.values), links: none) }
        linked = Array(repeating: LinkedRecords(), count: layout.targets.count - 1)
        outcome.linked = Array(repeating: .init(), count: layout.targets.count - 1)
    }

    func save() throws -> BatchOutcome {
        try lookUp()
        for index in linked.indices { try matchLinked(index) }
        try matchMain()
        for index in linked.indices { try saveLinked(index) }
        try saveMain()
        outcome.rejected = rows.filter(\.isRejected).map { RejectedRow(line: $0.read.line, cells: $0.read.cells, faults: $0.faults) }
        return outcome
    }

    func reject(_ index: Int, _ column: String, _ code: String, _ reason: String) {
        rows[index].faults.append(RejectedCell(column: column, code: code, reason: reason))
    }

    // MARK: Links given by name

    private func lookUp() throws {
        var texts: [String: Set<String>] = [:]
        for row in rows {
            for part in row.read.parts { for lookup in part.lookups { texts[lookup.schema.name, default: []].formUnion(lookup.names) } }
        }
        var named: [String: [String: GateTransaction.Named]] = [:]
        for (entity, names) in texts {
            guard let schema = tx.catalog[entity] else { continue }
            let found = try tx.identify(schema, all: names)
            named[entity] = found
            tx.vouched[entity, default: []].formUnion(found.values.compactMap { if case .one(let id) = $0 { id } else { nil } })
        }
        for index in rows.indices {
            for (target, part) in rows[index].read.parts.enumerated() {
                for lookup in part.lookups { settle(lookup, of: index, target, named[lookup.schema.name] ?? [:]) }
            }
        }
    }

    private func settle(_ lookup: ReadRow.Lookup, of index: Int, _ target: Int, _ named: [String: GateTransaction.Named]) {
        var ids: [Value] = []
        for name in lookup.names {
            switch named[name] ?? .nothing {
            case .one(let id): if !ids.contains(.int(id)) { ids.append(.int(id)) }
            case .nothing: reject(index, lookup.header, "not_found", "没有找到\(lookup.schema.label)「\(name.prefix(40))」，请核对名称或编号")
            case .several: reject(index, lookup.header, "ambiguous", "有多条\(lookup.schema.label)都叫「\(name.prefix(40))」，请改填编号")
            }
        }
        if let id = ids.first {
            rows[index].values[target].append(
                .init(slot: lookup.field.slot, value: lookup.isSeveral ? .list(ids) : id, isFixed: lookup.isFixed))
        }
    }

    // MARK: The main record

    private func matchMain() throws {
        let main = layout.targets.count - 1, target = layout.main
        guard !target.key.isEmpty else { return }
        var keys: Set<[Value]> = []
        var byRow: [Int: [Value]] = [:]
        for index in rows.indices where !rows[index].isRejected {
            guard let key = key(of: target, rows[index].values[main]) else {
                if layout.mode == .update {
                    reject(
                        index, target.key.first.map { layout.heading($0.name, in: target) } ?? "", "required",
                        "用于查找的「\(target.key.map(\.label).joined(separator: "、"))」是空的，无法找到要更新的\(target.schema.label)")
                }
                continue
            }
            // A record that is about to be made has no records yet.
            if isPending(index) { continue }
            keys.insert(key)
            byRow[index] = key
        }
        let found = try tx.match(target.schema, target.key, keys, withLinks: target.hasLinks)
        for (index, key) in byRow { check(index, found[key] ?? [], target) }
    }

    private func check(_ index: Int, _ found: [Row], _ target: ImportLayout.Target) {
        let column = target.key.first.map { layout.heading($0.name, in: target) } ?? ""
        let fields = target.key.map(\.label).joined(separator: "、")
        let notFound = "按\(fields)没有找到可以更新的\(target.schema.label)"
        guard let old = found.first else {
            if layout.mode == .update { reject(index, column, "not_found", notFound) }
            return
        }
        guard tx.may("read", old) else {
            return reject(
                index, column, layout.mode == .update ? "not_found" : "duplicate",
                layout.mode == .update ? notFound : "\(fields)相同的\(target.schema.label)已存在，但不属于您，请联系系统管理员")
        }
        guard found.count == 1 else {
            return reject(index, column, "ambiguous", "按\(fields)找到多条\(target.schema.label)，无法确定是哪一条，请先合并或改用编号匹配")
        }
        switch layout.mode {
        case .add: reject(index, column, "duplicate", "\(fields)相同的\(target.schema.label)「\(old.title)」已存在")
        case .update, .both:
            guard tx.may("update", old) else { return reject(index, column, "not_allowed", "您没有修改\(target.schema.label)「\(old.title)」的权限") }
            rows[index].old = old
        }
    }

    /// The values of the match fields; nil when all are empty.
    func key(of target: ImportLayout.Target, _ values: [ReadRow.Entry]) -> [Value]? {
        let key = target.key.map { field in values.last { $0.slot == field.slot }?.value ?? .null }
        return key.contains { !$0.isNull } ? key : nil
    }
}
