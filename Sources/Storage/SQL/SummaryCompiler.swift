import Records

/// Turns a ``Summary`` into one grouped select, its lines in the order of their keys.
struct SummaryCompiler {
    let summary: Summary
    let library: Library

    func sql() throws -> SQL {
        let select = try SelectCompiler(summary.query, library)
        let table = select.table
        let dialect = library.dialect
        guard summary.groups.count <= 2 else { throw StoreError.failed("最多按两个字段分组") }
        var joins = ""
        let groups = try summary.groups.map { try expression($0, table, &joins) }
        var compiler = ConditionCompiler(library)
        compiler.sql += "select "
        for (place, group) in groups.enumerated() { compiler.sql += (place > 0 ? ", " : "") + group }
        for (place, measure) in summary.measures.enumerated() {
            if place > 0 || !groups.isEmpty { compiler.sql += ", " }
            try add(measure, table, &compiler)
        }
        compiler.sql += " from \(table.quoted) t\(joins) where "
        try select.addWhole(&compiler)
        if !groups.isEmpty {
            let places = groups.indices.map { String($0 + 1) }
            compiler.sql += " group by \(places.joined(separator: ", ")) order by \(order(places, behind: groups.count, dialect))"
        }
        compiler.sql += " limit \(summary.limit)"
        return compiler.sql
    }

    /// By the groups' places; equal measures stand in the order of their keys, so that the same question has one answer.
    private func order(_ places: [String], behind groups: Int, _ dialect: any Dialect) -> String {
        var terms = places.map { dialect.order($0, descending: summary.order == .keysDescending) }
        if summary.order == .largest, !summary.measures.isEmpty { terms.insert(dialect.order(String(groups + 1), descending: true), at: 0) }
        return terms.joined(separator: ", ")
    }

    private func expression(_ group: Summary.Group, _ table: Table, _ joins: inout String) throws -> String {
        if let link = group.link { return try expression(group, through: link, table, &joins) }
        guard let field = table.schema[group.field] else { throw StoreError.failed("\(table.name) 没有字段 \(group.field)") }
        if field.isLinks {
            let alias = "g\(joins.count)"
            joins += " left join \(Table.linkTable(table.name, field.name).quoted) \(alias) on \(alias).record_id = t.id"
            return "\(alias).target_id"
        }
        guard field.isColumn else { throw StoreError.failed("不能按 \(field.name) 分组") }
        return try place(field, "t.\(field.name.quoted)", group.grain)
    }

    /// A field of the record that a link names, as far as it may be seen.
    private func expression(_ group: Summary.Group, through name: String, _ table: Table, _ joins: inout String) throws -> String {
        guard let link = table.schema[name], link.isColumn, let target = link.target else {
            throw StoreError.failed("\(table.name) 没有关联 \(name)")
        }
        let other = try library.schema(named: target)
        guard let field = other[group.field], field.isColumn else { throw StoreError.failed("\(target) 没有字段 \(group.field)") }
        let alias = "g\(joins.count)", reach = group.reach
        joins += " left join \(target.quoted) \(alias) on \(alias).id = t.\(link.name.quoted)"
        if !reach.isEverything {
            let ids = [
                ("owner_id", reach.owners, other.ownerSlot != nil), ("department_id", reach.departments, other.departmentSlot != nil),
                ("id", reach.records, true),
            ].filter { !$0.1.isEmpty && $0.2 }
            let parts = ids.map { "\(alias).\($0.0) in (\($0.1.map(String.init).joined(separator: ", ")))" }
            joins += " and (\(parts.isEmpty ? "1=0" : parts.joined(separator: " or ")))"
        }
        return try place(field, "\(alias).\(field.name.quoted)", group.grain)
    }

    private func place(_ field: FieldSpec, _ column: String, _ grain: Summary.Grain) throws -> String {
        let isDay = field.kind.time == .day, offset = Instant.defaultOffset * 1000
        switch grain {
        case .value: return column
        case .month, .quarter, .year:
            let month = isDay ? library.dialect.month(ofDay: column) : library.dialect.month(ofInstant: column, offset: offset)
            return grain == .month ? month : grain == .year ? Self.year(ofMonth: month) : Self.quarter(ofMonth: month)
        case .day: return isDay ? column : Self.day(ofInstant: column, offset: offset)
        case .week: return Self.week(ofDay: isDay ? column : Self.day(ofInstant: column, offset: offset))
        case .bounds(let bounds): return Self.place(of: column, among: bounds)
        case .ages: throw StoreError.failed("按时间远近分组的日期尚未换算")
        }
    }

    private static func year(ofMonth month: String) -> String { "substr(\(month), 1, 4)" }
    private static func quarter(ofMonth month: String) -> String {
        "\(year(ofMonth: month)) || '-Q' || ((cast(substr(\(month), 6, 2) as integer) + 2) / 3)"
    }

    /// Whole days since 1970. Both engines cut towards zero, so the sum is lifted above it first.
    private static func day(ofInstant column: String, offset: Int) -> String {
        "((\(column) + \(offset) + \(lift * 86_400_000)) / 86400000 - \(lift))"
    }

    /// The week's Monday: 1970-01-01 was a Thursday.
    private static func week(ofDay day: String) -> String { "((\(day) + 3 + \(lift)) / 7 * 7 - 3 - \(lift))" }

    /// A multiple of seven days, longer than any time before 1970.
    private static let lift = 7 * 110_000

    private static func place(of column: String, among bounds: [Int64]) -> String {
        let steps = bounds.enumerated().map { " when \(column) < \($1) then \($0)" }.joined()
        return "case when \(column) is null then null\(steps) else \(bounds.count) end"
    }

    private func add(_ measure: Summary.Measure, _ table: Table, _ compiler: inout ConditionCompiler) throws {
        if case .share(let name, let op, let values) = measure {
            compiler.sql += "avg(case when "
            try compiler.add(.compare(.init(name), op, values), table.schema, "t")
            compiler.sql += " then \(Self.double("100")) else \(Self.double("0")) end)"
        } else {
            compiler.sql += try expression(measure, table)
        }
    }

    private static func double(_ text: String) -> String { "cast(\(text) as double precision)" }

    /// A day or a moment in milliseconds.
    private func milliseconds(_ name: String, _ table: Table) throws -> String {
        guard let field = table.schema[name], field.isColumn, let time = field.kind.time else {
            throw StoreError.failed("\(table.name) 没有日期 \(name)")
        }
        return time == .day ? "(t.\(name.quoted) * 86400000 - \(Instant.defaultOffset * 1000))" : "t.\(name.quoted)"
    }

    private func expression(_ measure: Summary.Measure, _ table: Table) throws -> String {
        func column(_ name: String) throws -> (String, ColumnType) {
            guard let field = table.schema[name], field.isColumn else { throw StoreError.failed("\(table.name) 没有可统计的字段 \(name)") }
            return ("t.\(name.quoted)", field.kind.column)
        }
        switch measure {
        case .count: return "count(*)"
        case .sum(let name):
            let (column, type) = try column(name)
            guard type != .text else { throw StoreError.failed("字段 \(name) 不是数值，不能求和") }
            return type == .integer ? library.dialect.sum(column) : "sum(\(column))"
        case .average(let name):
            let (column, type) = try column(name)
            guard type != .text else { throw StoreError.failed("字段 \(name) 不是数值，不能求平均") }
            return "avg(cast(\(column) as double precision))"
        case .min(let name): return "min(\(try column(name).0))"
        case .max(let name): return "max(\(try column(name).0))"
        case .distinct(let name): return "count(distinct \(try column(name).0))"
        case .balance(let name, let low, let high):
            let value = try column(name).0
            return
                "avg(case when \(value) >= \(high) then \(Self.double("100")) when \(value) <= \(low) then \(Self.double("-100")) when "
                + "\(value) is not null then \(Self.double("0")) end)"
        case .days(let from, let to):
            return "avg(\(Self.double("\(try milliseconds(to, table)) - \(try milliseconds(from, table))")) / 86400000)"
        case .hours(let from, let to):
            return "avg(\(Self.double("\(try milliseconds(to, table)) - \(try milliseconds(from, table))")) / 3600000)"
        case .share: throw StoreError.failed("占比需要条件")
        }
    }
}
