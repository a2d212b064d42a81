import Records

/// What people and programs ask for. Each checks the right first, then saves the one way there is.
extension GateTransaction {
    /// Makes a record from what was sent.
    @discardableResult
    public func create(_ schema: Schema, _ input: [String: Plain]) throws -> Row { try create(schema, input, besides: []) }

    /// - Parameter problems: what is already known to be wrong, told with the rest.
    func create(_ schema: Schema, _ input: [String: Plain], besides problems: [Problem]) throws -> Row {
        try keyWrites(schema)
        guard may("create", schema), schema.traits.nature != .log, schema.traits.isCreatable else {
            throw Refusal.forbidden("您没有新建\(schema.label)的权限，请联系系统管理员。")
        }
        var grant: WithheldGrant?
        let saved = try withLines(of: schema, input) {
            var row = schema.blank()
            try acceptAll(input, into: &row, over: nil, besides: problems)
            grant = try withhold(&row, over: nil)
            return try save(row, over: nil)
        }
        try saveLines(of: saved, input)
        try askAfterwards(saved)
        if let grant { try ask(for: grant, of: saved) }
        return try seenAgain(saved)
    }

    /// Asks for the word that a new record takes.
    func askAfterwards(_ saved: Row) throws {
        guard try flows(of: saved.schema).contains(where: { $0.trigger == .create }) else { return }
        let whole = try whole(saved.schema, id: saved.id) ?? saved
        guard let flow = try flow(.create, on: whole) else { return }
        try submit(flow, .create, on: whole, action: saved.schema.actions.first { $0.name == flow.action }, content: [:])
    }

    /// Refuses a change that would have to wait for somebody's word, where nobody can be asked row by row.
    func refuseUnasked(_ row: Row, over old: Row) throws {
        try refuseLocked(row, over: old)
        guard let field = try fieldThatWaits(row, over: old) else { return }
        throw Problems([Problem(field.name, code: "needs_approval", "「\(field.label)」的修改需要审批，不能导入；请在页面上修改并提交审批")])
    }

    /// The changed field that takes somebody's word.
    func fieldThatWaits(_ row: Row, over old: Row) throws -> FieldSpec? {
        let changed = Set(row.schema.fields.filter { $0.isColumn && row[$0] != old[$0] }.map(\.name))
        return try flow(.change, on: row, changed: changed)?.field.flatMap { row.schema[$0] }
    }

    /// Changes the given fields. With `version`, refuses when somebody else was faster.
    @discardableResult
    public func update(_ schema: Schema, id: Int64, _ input: [String: Plain], ifVersion version: Int64? = nil) throws -> Row {
        try update(schema, id: id, input, ifVersion: version, besides: [])
    }

    func update(_ schema: Schema, id: Int64, _ input: [String: Plain], ifVersion version: Int64?, besides problems: [Problem]) throws -> Row
    {
        guard schema.traits.nature != .log else { throw Refusal.forbidden("\(schema.label)由系统维护，不能修改。") }
        try keyWrites(schema)
        let old = try reachable(schema, id: id, "update")
        if let version, version != old.version { throw Refusal.changedMeanwhile(current: shown(old)) }
        let saved: Row? = try withLines(of: schema, input) {
            var row = old
            try acceptAll(input, into: &row, over: old, besides: problems)
            if input["department_id"] == nil { followOwner(&row, over: old) }
            let grant = try withhold(&row, over: old), isAll = grant != nil && row.values == old.values
            let saved = try isAll ? old : revise(old, to: row, hasLines: input.contains { isLines(schema, $0.key) })
            if let grant { try ask(for: grant, of: saved ?? old) }
            return saved
        }
        guard let saved else { return try seenAgain(old) }
        noteDeparture(saved, over: old)
        try saveLines(of: saved, input)
        return try seenAgain(saved)
    }

    /// A record belongs to its new owner's department.
    func followOwner(_ row: inout Row, over old: Row) {
        guard row.ownerID != old.ownerID, let owner = row.ownerID, let slot = row.schema.departmentSlot else { return }
        row.values[slot] = department(of: owner)
    }

    /// Saves what somebody wants a record to be: not what waits for somebody's word, and not without asking whose word it takes. Nil when it
    /// became a request for approval.
    func revise(_ old: Row, to wanted: Row, hasLines: Bool = false) throws -> Row? {
        try refuseLocked(wanted, over: old)
        try refuseSettled(wanted, over: old)
        if try askFirst(wanted, over: old, hasLines: hasLines) { return nil }
        return try save(wanted, over: old)
    }

    /// Moves a record to the recycle bin.
    public func remove(_ schema: Schema, id: Int64) throws {
        guard schema.traits.nature != .log else { throw Refusal.forbidden("\(schema.label)由系统维护，不能删除。") }
        try keyWrites(schema)
        let row = try reachable(schema, id: id, "delete")
        try refuseLocked(row, over: nil)
        try bin(row)
    }

    /// Takes a record out of the recycle bin.
    @discardableResult
    public func restore(_ schema: Schema, id: Int64) throws -> Row {
        try keyWrites(schema)
        let row = try reachable(schema, id: id, "delete", life: .deleted)
        return shown(try unbin(row))
    }

    /// Removes a record from the recycle bin for good; its old values stay in the audit log.
    public func purge(_ schema: Schema, id: Int64) throws {
        guard actor.rights.isAdmin || actor.rights.system.contains("recycle") else { throw Refusal.forbidden("只有管理员可以彻底删除记录。") }
        let row = try reachable(schema, id: id, "delete", life: .deleted)
        try writing.erase(schema, ids: [row.id])
        try audit("erase", row, over: row, slots: [])
    }

    /// Performs a declared action with what was sent for its parameters.
    @discardableResult
    public func perform(_ name: String, _ schema: Schema, id: Int64, _ input: [String: Plain] = [:]) throws -> Row {
        guard let action = schema.actions.first(where: { $0.name == name }) else { throw Refusal.notFound }
        try keyWrites(schema)
        let old = try reachable(schema, id: id, for: action)
        if let reason = action.unavailable(old, actor) { throw Refusal.conflict(reason) }
        let arguments = try read(input, for: action)
        if let flow = try flow(.action, on: old, action: action.name) {
            try submit(flow, .action, on: old, action: action, content: arguments.values.filter { !$0.value.isNull })
            return try seenAgain(old)
        }
        return try run(action, old, arguments)
    }

    /// Performs an action whose right and state are already looked at.
    func run(_ action: Action, _ old: Row, _ arguments: Arguments) throws -> Row {
        let schema = old.schema
        var row = old
        verb = action.name
        defer { verb = nil }
        if let text = arguments.values["reason"]?.text { reason = text }
        try asAction { try action.perform(&row, arguments, self) }
        guard let present = try get(schema, id: old.id) else { return shown(old) }
        // The action may have saved other records, and through their rules this one; only what it changed itself is laid over.
        var merged = present
        for slot in row.values.indices where slot < old.values.count && row.values[slot] != old.values[slot] {
            merged.values[slot] = row.values[slot]
        }
        try refuseLocked(merged, over: present)
        try refuseGivingAway(merged, over: present)
        if actor.userID != 0 { heard["\(schema.name)/\(old.id)", default: []].append(.did(action)) }
        let saved = try asStep { try save(merged, over: present) }
        noteDeparture(saved, over: present)
        return try seenAgain(saved)
    }

    /// Whether a change of fields became a request for approval.
    func askFirst(_ row: Row, over old: Row, hasLines: Bool) throws -> Bool {
        let changed = row.schema.fields.filter { row[$0] != old[$0] && !ApprovalPlan.bookkeeping.contains($0.name) && $0.isColumn }
        guard let flow = try flow(.change, on: row, changed: Set(changed.map(\.name))) else { return false }
        guard !hasLines else { throw Refusal.conflict("「\(row.schema[flow.field ?? ""]?.label ?? "")」的修改需要审批，请与明细分开保存。") }
        try validate(row, over: old)
        let disk = sealed(row)
        try submit(flow, .change, on: row, action: nil, content: Dictionary(changed.map { ($0.name, disk[$0]) }) { first, _ in first })
        return true
    }

    /// An action's parameters, read and checked like fields; all faults at once.
    func read(_ input: [String: Plain], for action: Action) throws -> Arguments {
        var values: [String: Value] = [:]
        var problems = input.keys.sorted().filter { key in !action.parameters.contains { $0.name == key } }
            .map { Problem($0, code: "unknown_field", "\(action.label)没有参数 \($0)") }
        for parameter in action.parameters {
            let value: Value
            do throws(Fault) {
                value = try read(input[parameter.name] ?? .null, parameter.kind)
            } catch {
                problems.append(Problem(parameter.name, code: error.code, "\(parameter.label)：\(error.message)"))
                continue
            }
            if value.isNull, parameter.isRequired {
                problems.append(Problem(parameter.name, code: "required", "请填写「\(parameter.label)」"))
            } else if let target = parameter.target, let id = value.int, let other = catalog[target], try !isReachable(other, id) {
                problems.append(Problem(parameter.name, code: "not_found", "「\(parameter.label)」指向的\(other.label)不存在或您无权查看"))
            }
            values[parameter.name] = value
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return Arguments(values)
    }

    private func isReachable(_ schema: Schema, _ id: Int64) throws -> Bool {
        guard let row = try get(schema, id: id) else { return false }
        return isOpen(schema) || may("read", row)
    }

    /// The saved row as the actor sees it, with what rules and roll-ups of this moment changed in it.
    private func seenAgain(_ row: Row) throws -> Row {
        shown(try whole(row.schema, id: row.id) ?? row)
    }
}

extension View {
    /// What a record written down on another's page takes over from it: the links that both have (a contact's customer).
    public func inherited(from row: Row, by child: Schema) -> [String: Plain] {
        var values: [String: Plain] = [:]
        for field in child.fields
        where field.isLink && field.name != "owner_id" && field.name != "department_id" && !field.traits.isReadOnly {
            if let same = row.schema[field.name], same.target == field.target, let other = row[same].int {
                values[field.name] = .int(other)
            }
        }
        return values
    }
}
