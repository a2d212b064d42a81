import Records

extension ConditionCompiler {
    /// A field of the row, or of the record that one of its links names.
    mutating func addComparison(
        _ path: Condition.Path, _ op: Operator, _ values: [Value], _ schema: Schema, _ alias: String, _ negated: Bool
    ) throws {
        guard let through = path.link else {
            guard let field = schema[path.field] else { throw StoreError.failed("\(schema.name) 没有字段 \(path.field)") }
            return try addField(field, op, values, schema, alias, negated)
        }
        guard let link = schema[through] ?? schema[through + "_id"], let target = link.target else {
            throw StoreError.failed("\(schema.name) 没有关联 \(through)")
        }
        let other = try library.schema(named: target)
        guard let field = other[path.field] else { throw StoreError.failed("\(target) 没有字段 \(path.field)") }
        // Who has no such record differs from every value too, as an empty field does.
        let (op, negates) = op.positive
        let x = nextAlias()
        if negated != negates { sql += "not " }
        if link.isLinks {
            let k = nextAlias()
            sql +=
                "exists (select 1 from \(Table.linkTable(schema.name, link.name).quoted) \(k) join \(target.quoted) \(x) on \(x).id = \(k)"
                + ".target_id where \(k).record_id = \(alias).id and "
        } else {
            sql += "exists (select 1 from \(target.quoted) \(x) where \(x).id = \(alias).\(link.name.quoted) and "
        }
        try addField(field, op, values, other, x, false)
        sql += ")"
    }

    private mutating func addField(
        _ field: FieldSpec, _ op: Operator, _ values: [Value], _ schema: Schema, _ alias: String, _ negated: Bool
    ) throws {
        let (op, negates) = op.positive
        let negated = negated != negates
        let values = values.flatMap(\.flat)
        if field.isLinks {
            return try addLinks(field, op, values, schema, alias, negated)
        }
        guard field.isColumn else { throw StoreError.failed("字段 \(field.name) 不能用于筛选") }
        let column = "\(alias).\(field.name.quoted)"
        if field.kind.isCodeList, op != .empty { return addChoices(column, op, values, negated) }
        switch op {
        case .eq, .in: addMembership(column, values, field.kind.column, negated)
        case .empty: addEmpty(column, field.kind.column, negated)
        case .contains, .starts: addMatch(column, op, values, field.kind.column, negated)
        case .between: try addBetween(column, values, field.kind.column, negated)
        default: try addOrdering(column, op, values, field.kind.column, negated)
        }
    }

    /// A comparison that null fails: its opposite holds for null.
    private mutating func atom(_ column: String, _ negated: Bool, _ append: (inout ConditionCompiler) -> Void) {
        guard negated else { return append(&self) }
        sql += "(\(column) is null or not ("
        append(&self)
        sql += "))"
    }

    private mutating func addMembership(_ column: String, _ values: [Value], _ type: ColumnType, _ negated: Bool) {
        let fitting = values.compactMap { Operand.fit($0, type) }
        let wantsEmpty = values.contains(.null)
        switch (fitting.isEmpty, wantsEmpty) {
        case (true, false): sql += negated ? "1=1" : "1=0"
        case (true, true): addEmpty(column, type, negated)
        case (false, false): atom(column, negated) { $0.dialect.isAny(column, of: fitting, type, &$0.sql) }
        case (false, true):
            sql += "("
            addEmpty(column, type, negated)
            sql += negated ? " and " : " or "
            atom(column, negated) { $0.dialect.isAny(column, of: fitting, type, &$0.sql) }
            sql += ")"
        }
    }

    private mutating func addEmpty(_ column: String, _ type: ColumnType, _ negated: Bool) {
        switch (type, negated) {
        case (.text, false): sql += "(\(column) is null or \(column) = '')"
        case (.text, true): sql += "(\(column) is not null and \(column) <> '')"
        case (_, false): sql += "\(column) is null"
        case (_, true): sql += "\(column) is not null"
        }
    }

    private mutating func addMatch(_ column: String, _ op: Operator, _ values: [Value], _ type: ColumnType, _ negated: Bool) {
        let patterns = values.compactMap { Operand.fit($0, .text)?.text }.filter { $0.utf8.count <= 10_000 }
        guard !patterns.isEmpty, type != .real else {
            sql += negated ? "1=1" : "1=0"
            return
        }
        let text = type == .text ? column : "cast(\(column) as text)"
        let like = dialect.like
        atom(column, negated) { me in
            me.sql += "("
            me.sql.join(patterns, by: " or ") { sql, pattern in
                sql += "\(text) \(like) "
                sql.bind(.text((op == .contains ? "%" : "") + pattern.likeEscaped + "%"))
                sql += " escape '\\'"
            }
            me.sql += ")"
        }
    }

    /// One of the codes is among the encoded list `,a,b,`.
    private mutating func addChoices(_ column: String, _ op: Operator, _ values: [Value], _ negated: Bool) {
        let codes = [.eq, .in, .contains].contains(op) ? values.compactMap(\.text) : []
        let wantsEmpty = (op == .eq || op == .in) && values.contains(.null)
        guard !codes.isEmpty || wantsEmpty else {
            sql += negated ? "1=1" : "1=0"
            return
        }
        sql += negated ? "not (" : "("
        if wantsEmpty { sql += "\(column) is null or \(column) = ''" }
        if wantsEmpty, !codes.isEmpty { sql += " or " }
        let position = dialect.position
        sql.join(codes, by: " or ") { sql, code in
            sql += "coalesce(\(position)(\(column), "
            sql.bind(.text(",\(code),"))
            sql += "), 0) > 0"
        }
        sql += ")"
    }

    private mutating func addOrdering(_ column: String, _ op: Operator, _ values: [Value], _ type: ColumnType, _ negated: Bool) throws {
        guard let value = values.first else { throw StoreError.failed("比较缺少数值") }
        guard let (op, operand) = Operand.fit(op, value, type) else {
            sql += negated ? "1=1" : "1=0"
            return
        }
        let sign: String =
            switch op {
            case .lt: "<"
            case .lte: "<="
            case .gt: ">"
            default: ">="
            }
        atom(column, negated) {
            $0.sql += "\(column) \(sign) "
            $0.sql.bind(operand)
        }
    }

    /// Both ends belong to it; an end of null is open.
    private mutating func addBetween(_ column: String, _ values: [Value], _ type: ColumnType, _ negated: Bool) throws {
        guard values.count == 2 else { throw StoreError.failed("区间需要两个数值") }
        if values == [.null, .null] { return addEmpty(column, .integer, !negated) }
        sql += "("
        var isFirst = true
        for (value, op) in zip(values, [Operator.gte, .lte]) where !value.isNull {
            if !isFirst { sql += negated ? " or " : " and " }
            isFirst = false
            try addOrdering(column, op, [value], type, negated)
        }
        sql += ")"
    }

    /// Any of the targets is linked.
    private mutating func addLinks(
        _ field: FieldSpec, _ op: Operator, _ values: [Value], _ schema: Schema, _ alias: String, _ negated: Bool
    ) throws {
        let link = Table.linkTable(schema.name, field.name).quoted
        let k = nextAlias()
        let ids = values.compactMap { Operand.fit($0, .integer) }
        let wantsEmpty = op == .empty || ((op == .eq || op == .in) && values.contains(.null))
        guard [.eq, .in, .contains, .empty].contains(op), wantsEmpty || !ids.isEmpty else {
            sql += negated ? "1=1" : "1=0"
            return
        }
        sql += negated ? "not (" : "("
        if wantsEmpty { sql += "not exists (select 1 from \(link) \(k) where \(k).record_id = \(alias).id)" }
        if wantsEmpty, !ids.isEmpty { sql += " or " }
        if !ids.isEmpty {
            sql += "\(alias).id in (select \(k).record_id from \(link) \(k) where "
            dialect.isAny("\(k).target_id", of: ids, .integer, &sql)
            sql += ")"
        }
        sql += ")"
    }
}

extension String {
    var likeEscaped: String { replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") }
}
