import Records

extension View {
    /// How much of a field the actor sees or may change in this record: what its state has settled is only read.
    public func right(_ field: FieldSpec, in row: Row) -> FieldRight {
        let right = right(row.schema, field)
        return right == .edit && lock(on: field, of: row) != nil ? .read : right
    }

    /// The lock of the record's state that keeps the actor from changing this field.
    public func lock(on field: FieldSpec, of row: Row) -> Lock? {
        guard let flow = row.schema.flow, let state = row[flow.field].text else { return nil }
        return flow.lock(on: field, in: state) { may($0, row) }
    }

    /// Why the field cannot be changed in this record; nil when its state has not settled it.
    public func settled(_ field: FieldSpec, of row: Row) -> String? {
        lock(on: field, of: row).map { _ in settledProblem(field, row).message }
    }

    /// Which fields of the record are settled, in words for its form; nil when none is.
    public func settled(_ row: Row) -> String? {
        let fields = row.schema.fields.filter { !$0.traits.isReadOnly && right(row.schema, $0) == .edit && lock(on: $0, of: row) != nil }
        guard let first = fields.first else { return nil }
        let open = row.schema.fields.filter {
            !Lock.isNever(on: $0) && !$0.traits.isReadOnly && right($0, in: row) == .edit && $0.name != row.schema.flow?.field
        }
        let what = open.isEmpty ? "内容不能再修改" : "除\(open.map { "「\($0.label)」" }.joined(separator: "、"))外，其余内容不能再修改"
        return "\(row.schema.label)\(stateLabel(of: row))，\(what)\(way(out: first, of: row))"
    }

    /// Why the record may not be thrown away in its state; nil when it may.
    public func keeping(_ row: Row) -> String? {
        if row.schema.traits.isKept { return "\(row.schema.label)要留存，不能删除" }
        guard let flow = row.schema.flow, let state = row[flow.field].text, !flow.mayRemove(state, has: { may($0, row) }) else {
            return nil
        }
        return "\(row.schema.label)「\(row.title)」\(stateLabel(of: row))，不能删除"
    }

    fileprivate func settledProblem(_ field: FieldSpec, _ row: Row) -> Problem {
        Problem(field.name, code: "locked", "\(row.schema.label)\(stateLabel(of: row))，「\(field.label)」不能修改\(way(out: field, of: row))")
    }

    fileprivate func stateLabel(of row: Row) -> String {
        row.schema.flow.flatMap { row.schema[$0.field] }.map { $0.kind.show(row[$0], in: .chinese) } ?? ""
    }

    fileprivate func way(out field: FieldSpec, of row: Row) -> String {
        guard let flow = row.schema.flow, let state = row[flow.field].text, let lock = lock(on: field, of: row),
            let way = flow.wayOut(of: lock, for: field, in: state)
        else { return "" }
        return "；" + way
    }
}

extension GateTransaction {
    /// Refuses what somebody asks to change of what a state has settled, the record's own or that of the record whose line it is.
    func refuseSettled(_ wanted: Row, over old: Row?) throws {
        try refuseSettledParent(of: wanted, over: old)
        guard let old, !bringsHistory, let flow = wanted.schema.flow else { return }
        // Only what is undone changes the state by itself.
        if wanted[flow.field] != old[flow.field] {
            guard let state = old[flow.field].text, !flow.mayUndo(state) else { return }
            throw Refusal.conflict("\(old.schema.label)「\(old.title)」\(stateLabel(of: old))，不能撤销")
        }
        let problems = wanted.schema.fields.compactMap { field -> Problem? in
            // A row out of a list comes without its links.
            guard !field.isLines, wanted[field] != old[field], !(field.isLinks && wanted[field].isNull), lock(on: field, of: old) != nil
            else { return nil }
            return settledProblem(field, old)
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// Refuses to throw away what is settled.
    func refuseRemoval(of row: Row) throws {
        try refuseSettledParent(of: row, over: row)
        if let reason = keeping(row) { throw Refusal.conflict(reason) }
    }

    /// A line belongs to what its parent's state has settled; one that comes along with a new parent is part of it.
    private func refuseSettledParent(of row: Row, over old: Row?) throws {
        guard let link = row.schema.traits.parent.flatMap({ row.schema[$0] }), let target = link.target.flatMap({ catalog[$0] }),
            target.flow != nil, !bringsHistory, old.map({ $0.values != row.values || $0.deletedAt == nil }) ?? true
        else { return }
        for id in Set([row[link].int, old?[link].int].compactMap(\.self)) where !isNewborn(target, id) {
            guard let parent = try settledParent(target, id) else { continue }
            let lines = target.fields.first { $0.kind.lines?.entity == row.schema.name }
            if let lines {
                if lock(on: lines, of: parent) != nil { throw Problems([settledProblem(lines, parent)]) }
            } else if let flow = target.flow, let state = parent[flow.field].text,
                flow.locks(in: state).contains(where: { $0.isWhole && !($0.unless.map { may($0, parent) } ?? false) })
            {
                throw Refusal.conflict("\(target.label)\(stateLabel(of: parent))，「\(row.schema.label)」不能修改")
            }
        }
    }

    /// Looked at once for all the lines of a record.
    private func settledParent(_ schema: Schema, _ id: Int64) throws -> Row? {
        if let known = knownParent, known.schema === schema, known.id == id { return known }
        knownParent = try whole(schema, id: id)
        return knownParent
    }
}
