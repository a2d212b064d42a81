import Records

/// Turns a ``Query`` into selects.
///
/// Somebody who may see the records of a few owners and departments gets one branch for each of them, which walks its own index in the
/// query's order and stops at the limit; the branches' ids are merged and only the rows of the page are read.
struct SelectCompiler {
    let library: Library
    let table: Table
    let query: Query
    let ordering: Ordering

    /// With more owners, departments and records than this, one filter is cheaper than that many walks.
    static let branchLimit = 64

    init(_ query: Query, _ library: Library) throws {
        self.query = query
        self.library = library
        table = library.table(query.schema)
        ordering = try Ordering(query.sort, table)
    }

    var phases: [Ordering.Phase] { query.scope.isNothing ? [] : ordering.phases(after: query.cursor) }
    private var isBackward: Bool { query.cursor?.isBackward ?? false }
    private var dialect: any Dialect { library.dialect }

    /// One page's rows within one stretch of the order.
    func select(_ phase: Ordering.Phase, limit: Int) throws -> SQL {
        let branches = scopeBranches
        var compiler = ConditionCompiler(library)
        let order = ordering.sql("t", dialect, isBackward: isBackward)
        compiler.sql += "select \(table.selectList) from \(table.quoted) t where "
        if branches.count > 1 {
            let keys = ordering.terms.indices.map { "k\($0)" }
            let keyList = zip(ordering.terms, keys).map { "t.\($0.column) as \($1)" }.joined(separator: ", ")
            compiler.sql += "t.id in (select u.k\(ordering.terms.count - 1) from ("
            for (index, branch) in branches.enumerated() {
                if index > 0 { compiler.sql += " union " }
                compiler.sql += "select * from (select \(keyList) from \(table.quoted) t where "
                try addWhere(&compiler, branch, phase)
                compiler.sql += " order by \(order) limit \(limit)) b\(index)"
            }
            compiler.sql += ") u order by \(ordering.sql("u", dialect, isBackward: isBackward, names: keys)) limit \(limit)) order by \(order)"
        } else {
            try addWhere(&compiler, branches.first, phase)
            compiler.sql += " order by \(order) limit \(limit)"
        }
        return compiler.sql
    }

    /// How many, at most `cap` + 1.
    func count(cap: Int) throws -> SQL {
        var compiler = ConditionCompiler(library)
        let branches = countBranches
        compiler.sql += "select count(*) from ("
        if branches.count > 1 {
            for (index, branch) in branches.enumerated() {
                if index > 0 { compiler.sql += " union " }
                compiler.sql += "select * from (select t.id from \(table.quoted) t where "
                try addWhere(&compiler, branch, Ordering.Phase())
                compiler.sql += " limit \(cap + 1)) b\(index)"
            }
            compiler.sql += " limit \(cap + 1)"
        } else {
            compiler.sql += "select 1 from \(table.quoted) t where "
            try addWhere(&compiler, branches.first, Ordering.Phase())
            compiler.sql += " limit \(cap + 1)"
        }
        compiler.sql += ") c"
        return compiler.sql
    }

    /// The ids a worker may take, in order, skipping those that another holds.
    func claimable(limit: Int, into compiler: inout ConditionCompiler) throws {
        compiler.sql += "select t.id from \(table.quoted) t where "
        try addWhere(&compiler, nil, Ordering.Phase())
        if !query.scope.isEverything {
            compiler.sql += " and "
            addReach(&compiler, query.scope)
        }
        compiler.sql += " order by \(ordering.sql("t", dialect, isBackward: false)) limit \(limit)\(dialect.skipLocked)"
    }

    /// The whole `where` with the scope as one filter, for summaries.
    func addFilter(_ compiler: inout ConditionCompiler) throws {
        try addWhere(&compiler, nil, Ordering.Phase())
        if !query.scope.isEverything {
            compiler.sql += " and "
            addReach(&compiler, query.scope)
        }
    }

    private func addWhere(_ compiler: inout ConditionCompiler, _ branch: Reach?, _ phase: Ordering.Phase) throws {
        var hasOne = false
        func and(_ sql: inout SQL) {
            if hasOne { sql += " and " }
            hasOne = true
        }
        if let branch {
            and(&compiler.sql)
            addReach(&compiler, branch)
        }
        if table.schema.deletedAtSlot != nil, query.life != .both {
            and(&compiler.sql)
            compiler.sql += query.life == .live ? "t.deleted_at is null" : "t.deleted_at is not null"
        }
        if query.condition != .everything {
            and(&compiler.sql)
            try compiler.add(query.condition, table.schema, "t")
        }
        for (term, value) in phase.equal {
            and(&compiler.sql)
            compiler.sql += "t.\(term.column) "
            if value.isNull { compiler.sql += "is null" } else {
                compiler.sql += "= "
                compiler.sql.bind(value)
            }
        }
        if let beyond = phase.beyond {
            and(&compiler.sql)
            add(beyond, &compiler.sql)
        }
        if !hasOne { compiler.sql += "1=1" }
    }

    private func add(_ beyond: Ordering.Phase.Beyond, _ sql: inout SQL) {
        switch beyond {
        case .isNull(let term): sql += "t.\(term.column) is null"
        case .isNotNull(let term): sql += "t.\(term.column) is not null"
        case .than(let term, let value, let id, let isLess):
            let sign = isLess ? "<" : ">"
            guard let id else {
                sql += "t.\(term.column) \(sign) "
                return sql.bind(value)
            }
            sql += "(t.\(term.column), t.id) \(sign) ("
            sql.bind(value)
            sql += ", "
            sql.bind(.int(id))
            sql += ")"
        }
    }

    private func addReach(_ compiler: inout ConditionCompiler, _ reach: Reach) {
        let schema = table.schema
        var parts: [(String, [Int64])] = []
        if schema.ownerSlot != nil { parts.append(("owner_id", reach.owners)) }
        if schema.departmentSlot != nil { parts.append(("department_id", reach.departments)) }
        parts.append(("id", reach.records))
        parts.removeAll { $0.1.isEmpty }
        guard !parts.isEmpty else {
            compiler.sql += "1=0"
            return
        }
        let dialect = dialect
        compiler.sql += "("
        compiler.sql.join(parts, by: " or ") { sql, part in
            dialect.isAny("t.\(part.0)", of: part.1.map(Value.int), .integer, &sql)
        }
        compiler.sql += ")"
    }

    private var scopeBranches: [Reach] {
        let scope = query.scope
        guard !scope.isEverything else { return [] }
        let size = scope.owners.count + scope.departments.count + scope.records.count
        guard size <= Self.branchLimit, table.schema.isOwned else { return [scope] }
        return scope.owners.map { Reach(owners: [$0]) } + scope.departments.map { Reach(departments: [$0]) }
            + (scope.records.isEmpty ? [] : [Reach(records: scope.records)])
    }

    private var countBranches: [Reach] {
        let scope = query.scope
        guard !scope.isEverything else { return [] }
        guard table.schema.isOwned else { return [scope] }
        return [Reach(owners: scope.owners), Reach(departments: scope.departments), Reach(records: scope.records)].filter { !$0.isNothing }
    }
}
