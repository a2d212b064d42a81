import Records

extension Schema {
    /// Whether somebody may make a record in this state.
    func mayBegin(in state: Value) -> Bool {
        guard let flow, let field = self[flow.field] else { return true }
        return state.isNull || state == blank()[field] || flow.starts.contains(state.text ?? "")
    }
}

extension GateTransaction {
    /// Reads what was sent into the row: every wrong field is reported at once, nothing is silently left out.
    func accept(_ input: [String: Plain], into row: inout Row, isNew: Bool) throws {
        let schema = row.schema
        let lens = lens(schema)
        let old = row
        var problems: [Problem] = []
        let input = try organised(input, schema, &problems)
        for (name, plain) in input.sorted(by: { $0.key < $1.key }) {
            guard let field = schema[name], lens.right(field) != .hidden else {
                problems.append(Problem(name, code: "unknown_field", "\(schema.label)没有字段 \(name)，请检查字段名"))
                continue
            }
            guard lens.edits(field) || field.traits.isReadOnly && source == "import" && GateTransaction.kept.contains(name) else {
                problems.append(
                    Problem(
                        name, code: "not_allowed", field.traits.isReadOnly ? "「\(field.label)」由系统维护，不能直接修改" : "您没有修改「\(field.label)」的权限"))
                continue
            }
            if name == schema.flow?.field, isRequestedStateChange(plain, field, row, isNew: isNew) {
                problems.append(Problem(name, code: "use_action", "「\(field.label)」不能直接修改，请使用相应的操作按钮"))
                continue
            }
            // Sent back as it was shown.
            if Secrets.isSealed(row[field].text), plain.text?.trimmed == Secrets.unopened { continue }
            do throws(Fault) {
                let value = try read(plain, field.kind)
                // A warning keeps the value when the user insists.
                if !value.isNull, let fault = field.kind.check(value), !(fault.isWarning && (ignoresWarnings || source == "import")) {
                    throw fault
                }
                row[field] = value.isNull && field.isLinks ? .list([]) : value
            } catch {
                problems.append(Problem(name, code: error.code, "\(field.label)：\(error.message)"))
            }
        }
        mayAssign(row, over: isNew ? nil : old, &problems)
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// The same; when something is wrong, also what the rest of the saving would have found wrong: required fields left out, links to
    /// nothing.
    func acceptAll(_ input: [String: Plain], into row: inout Row, over old: Row?, besides known: [Problem] = []) throws {
        var problems = known
        do {
            try accept(input.filter { !isLines(row.schema, $0.key) }, into: &row, isNew: old == nil)
        } catch let wrong as Problems {
            problems += wrong.all
        }
        guard !problems.isEmpty else { return }
        // Nothing of this attempt stays: the error takes the transaction back.
        try collect(&problems) { try prepare(&row, Change(old: old, source: source)) }
        if old == nil { try number(&row) }
        try collect(&problems) { try validate(row, over: old) }
        throw Problems(problems)
    }

    private func collect(_ problems: inout [Problem], _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let more as Problems {
            let named = Set(problems.map(\.field))
            problems += more.all.filter { !named.contains($0.field) }
        } catch let one as Problem {
            if !problems.contains(where: { $0.field == one.field }) { problems.append(one) }
        } catch is Refusal {
            // What is asked for with half of the fields need not be what is meant.
        }
    }

    func read(_ plain: Plain, _ kind: any FieldKind) throws(Fault) -> Value {
        guard isTyped, let text = plain.text?.trimmed else { return try kind.accept(GateTransaction.stored(plain, kind)) }
        return text.isEmpty ? .null : try kind.parse(text)
    }

    /// A field that holds a JSON document keeps it as text.
    private static func stored(_ plain: Plain, _ kind: any FieldKind) -> Plain {
        guard kind.isDocument, plain.object != nil || plain.list != nil else { return plain }
        return .text(plain.jsonText)
    }

    /// A state machine's field moves by its steps only; sending the present state again, or making a record in a state where it may begin,
    /// is no step.
    private func isRequestedStateChange(_ plain: Plain, _ field: FieldSpec, _ row: Row, isNew: Bool) -> Bool {
        guard let value = try? read(plain, field.kind) else { return !isNew }
        return !(value == row[field] || isNew && row.schema.mayBegin(in: value))
    }

    /// Whether records may be brought in as they were elsewhere, states and all, without anybody's word: that is moving house, which the
    /// administrator does.
    var bringsHistory: Bool { source == "import" && actor.rights.isAdmin }

    /// Refuses a state that only a step leads to in a record that a sheet brings. What is over may come as it ended.
    func refuseState(of row: Row, over old: Row?) throws {
        guard let flow = row.schema.flow, let field = row.schema[flow.field], !bringsHistory else { return }
        let value = row[field]
        if value == (old ?? row.schema.blank())[field] { return }
        if old == nil, row.schema.mayBegin(in: value) || !flow.transitions.contains(where: { $0.from.contains(value.text ?? "") }) {
            return
        }
        throw Problems([
            Problem(
                field.name, code: "use_action",
                "「\(field.label)」不能直接导入为「\(field.kind.show(value, in: .chinese))」，请导入后使用相应的操作按钮，或由系统管理员导入")
        ])
    }

    /// Fields of the program's own that an import may bring with it.
    static let kept: Set<String> = ["created_at", "created_by", "updated_at"]

    /// Whose a record is and which department it belongs to decides who sees it, so giving it to others, or to nobody, is a right of its
    /// own.
    func mayAssign(_ row: Row, over old: Row?, _ problems: inout [Problem]) {
        let schema = row.schema
        let allowed = old.map { may("assign", $0) } ?? (actor.rights.scope(schema.name, "assign") != .none)
        guard !allowed, schema.isOwned else { return }
        let isMine = old == nil && (row.ownerID == nil || row.ownerID == actor.userID)
        if !isMine, row.ownerID != old?.ownerID { problems.append(Problem("owner_id", code: "not_allowed", "您没有指定负责人的权限；请联系上级转移")) }
        let isMyPlace = old == nil && (row.departmentID == nil || row.departmentID == actor.departmentID)
        if !isMyPlace, row.departmentID != old?.departmentID {
            problems.append(Problem("department_id", code: "not_allowed", "您没有指定所属部门的权限；请联系上级转移"))
        }
    }

    /// Required fields, lengths and formats of what a rule filled in, and links that lead somewhere the actor may see.
    func validate(_ row: Row, over old: Row?) throws {
        var problems: [Problem] = []
        let schema = row.schema
        for field in schema.fields {
            let value = row[field]
            if value.isNull || value == .text("") {
                if field.isRequired(from: source), isAsked(field, row) {
                    problems.append(Problem(field.name, code: "required", "请填写「\(field.label)」"))
                }
                continue
            }
            if let old, old[field] == value { continue }
            if field.traits.isSealed, Secrets.isSealed(value.text) {
                problems.append(Problem(field.name, code: "sealed", "「\(field.label)」是加密后的内容，请填写原文"))
            }
            // Who made and who changed it: written by the gate, and nobody when it was the program itself.
            if field.name == "created_by" || field.name == "updated_by" { continue }
            if let name = field.kind.asks, let other = catalog[name] {
                checkQuestion(field, value, about: other, &problems)
            }
            if let target = field.target, let other = catalog[target] {
                try checkLinks(field, value, to: other, &problems)
            }
        }
        let needed = schema.traits.needsOneOf.compactMap { schema[$0] }
        if let first = needed.first, needed.allSatisfy({ row[$0].isNull }) {
            problems.append(
                Problem(first.name, code: "required", "请填写" + needed.map { "「\($0.label)」" }.joined(separator: "或")))
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// A saved question can be read, and asks nothing that its author may not see.
    private func checkQuestion(_ field: FieldSpec, _ value: Value, about other: Schema, _ problems: inout [Problem]) {
        guard let asked = value.text.flatMap(Condition.init(jsonText:)) else {
            return problems.append(
                Problem(field.name, "「\(field.label)」应为筛选条件，例如 {\"field\":\"name\",\"op\":\"contains\",\"values\":[\"张\"]}"))
        }
        guard !isRule else { return }
        do { _ = try checked(asked, in: other) } catch {
            problems.append(Problem(field.name, code: "not_allowed", "「\(field.label)」：\(Reason.text(error))"))
        }
    }

    private func isAsked(_ field: FieldSpec, _ row: Row) -> Bool {
        guard let only = field.traits.onlyWhen else { return true }
        return only.codes.contains(row[only.field].text ?? "")
    }

    private func checkLinks(_ field: FieldSpec, _ value: Value, to other: Schema, _ problems: inout [Problem]) throws {
        let ids = value.list?.compactMap(\.int) ?? value.int.map { [$0] } ?? []
        let wanted = ids.filter { !isKnown(other, $0) }
        guard !wanted.isEmpty else { return }
        let found = try reading.rows(other, ids: wanted)
        // A person's input may only point to what that person may see; a rule's may point anywhere.
        let live = found.filter { $0.deletedAt == nil && (isRule || isOpen(other) || may("read", $0)) }.map(\.id)
        remember(other, live)
        if live.count < Set(wanted).count {
            problems.append(Problem(field.name, code: "not_found", "「\(field.label)」指向的\(other.label)不存在或您无权查看，请重新选择"))
        }
    }

    /// Gives auto-numbered fields their next number.
    func number(_ row: inout Row) throws {
        for field in row.schema.fields where row[field].isNull {
            guard let kind = field.kind.numbering else { continue }
            let key = "\(row.schema.name).\(field.name).\(kind.sequence(on: today))"
            row[field] = .text(kind.format(next: try writing.number(key, by: 1), on: today))
        }
    }

    /// Exact duplicates block the save; likely ones warn unless the user insists.
    func refuseDuplicates(of row: Row, over old: Row?) throws {
        for match in try duplicates(of: row, over: old, exactOnly: ignoresWarnings) {
            let visible = may("read", match.row), isBlind = self.isBlind(match.rule, match.row)
            if !isRule, isBlind || !visible, let wait = memory.guesses.note(actor.userID, at: now) {
                throw Refusal.tooMany("一小时内与您看不到的记录重复的次数过多，请稍后再试或联系系统管理员。", retryAfter: wait)
            }
            let isElsewhere = match.rule.other != nil
            let title = isBlind || !visible ? "" : "「\(shown(match.row).title)」"
            let owner = isBlind || visible && !isElsewhere ? "" : "（负责人：\(try ownerName(of: match.row))）"
            let what = isElsewhere ? match.row.schema.label : "记录"
            let way = isBlind ? "，请联系其负责人或系统管理员核对" : visible ? "，请打开已有记录" : "，请打开已有记录或申请协作"
            throw Problems([
                Problem(
                    match.rule.fields.first, code: match.rule.isExact ? "duplicate" : "likely_duplicate",
                    "\(match.rule.message)的\(what)已存在\(title)\(owner)\(way)")
            ])
        }
    }

    /// Records that are the same as this one by the entity's rules, at most five a rule.
    public func duplicates(of row: Row, over old: Row?, exactOnly: Bool = false) throws -> [(rule: Duplicate, row: Row)] {
        let schema = row.schema
        var found: [(Duplicate, Row)] = []
        for rule in schema.rules.duplicates where rule.isExact || !exactOnly {
            let fields = rule.fields.compactMap { schema[$0] }
            guard !fields.contains(where: { row[$0].isNull || row[$0] == .text("") }),
                let there = catalog[rule.other ?? schema.name]
            else { continue }
            if let old, !fields.contains(where: { old[$0] != row[$0] }) { continue }
            let disk = sealed(row)
            let condition = zip(fields, rule.counterparts(in: there)).reduce(rule.condition) { $0 && .field($1.1.name, .eq, disk[$1.0]) }
            for match in try reading.fetch(Query(there, where: condition, limit: 6)) where rule.counts(match, against: row) {
                found.append((rule, opened(match)))
            }
        }
        return found
    }

    private func ownerName(of row: Row) throws -> String {
        guard let owner = row.ownerID else { return "公海" }
        return try titles(catalog.schema(User.self), ids: [owner])[owner] ?? "未知"
    }
}
