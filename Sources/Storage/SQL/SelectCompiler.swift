import Records

/// Turns a ``Query`` into selects.
///
/// How the rows are reached (see ``Way``) is decided here rather than left to the engines, which do not know that a salesperson's own
/// records are few and a page is short.
struct SelectCompiler {
    let library: Library
    let table: Table
    let query: Query
    let ordering: Ordering
    private let way: Way

    private let walksSearch: Bool

    init(_ query: Query, _ library: Library, walkingSearch: Bool = false) throws {
        self.query = query
        walksSearch = walkingSearch
        self.library = library
        table = library.table(query.schema)
        ordering = try Ordering(query.sort, table)
        way = Way(query, walkingSearch: walkingSearch)
    }

    var phases: [Ordering.Phase] { query.scope.isNothing ? [] : ordering.phases(after: query.cursor) }
    private var isBackward: Bool { query.cursor?.isBackward ?? false }
    private var dialect: any Dialect { library.dialect }

    /// One page's rows within one stretch of the order.
    func select(_ phase: Ordering.Phase, limit: Int) throws -> SQL {
        let branches = way.branches
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
            compiler.sql +=
                ") u order by \(ordering.sql("u", dialect, isBackward: isBackward, names: keys)) limit \(limit)) order by \(order)"
        } else if way.readsLate {
            // Only those of the page are read whole.
            compiler.sql += "t.id in (select t.id from \(table.quoted) t where "
            try addWhere(&compiler, branches.first, phase)
            compiler.sql += " order by \(order) limit \(limit)) order by \(order)"
        } else {
            try addWhere(&compiler, branches.first, phase)
            compiler.sql += " order by \(order) limit \(limit)"
        }
        return compiler.sql
    }

    /// Somebody who may see a large share of the records finds a page of them among the first few hundred of all: a short walk in order
    /// instead of one for every owner. When it does not fill the page, nothing has been said.
    func glance(_ phase: Ordering.Phase, limit: Int) throws -> SQL {
        var compiler = ConditionCompiler(library)
        let order = ordering.sql("t", dialect, isBackward: isBackward)
        let keys = ordering.terms.indices.map { "k\($0)" }
        let keyList = zip(ordering.terms, keys).map { "t.\($0.column) as \($1)" }.joined(separator: ", ")
        compiler.sql +=
            "select \(table.selectList) from \(table.quoted) t where t.id in (select t.k\(ordering.terms.count - 1) from (select \(keyList)"
            + ", t.id, t.owner_id, t.department_id from \(table.quoted) t where "
        try addWhere(&compiler, nil, phase)
        compiler.sql += " order by \(order) limit \(limit * Self.glanceWidth)) t where "
        addReach(&compiler, query.scope)
        compiler.sql += " order by \(ordering.sql("t", dialect, isBackward: isBackward, names: keys)) limit \(limit)) order by \(order)"
        return compiler.sql
    }

    var mayGlance: Bool { way.branches.count > Self.manyBranches && query.condition == .everything }
    private static let manyBranches = 8, glanceWidth = 8

    /// Whether a search finds more than `limit` records, as the index itself says; nil where it cannot say it of this query.
    func countOfSearch(cap: Int) -> SQL? {
        guard let text = query.condition.search, table.search != nil, query.life == .live,
            query.scope.isEverything || query.scope.records.isEmpty && table.schema.isOwned,
            let question = SearchQuestion(text)
        else { return nil }
        var sql = SQL(dialect, "select count(*) from (")
        dialect.searchIDs(
            Table.searchTable(table.name), question, scope: query.scope.isEverything ? [] : SearchDocument.scope(query.scope),
            titleOnly: false, &sql)
        sql += " limit \(cap + 1)) f"
        return sql
    }

    /// How many each branch has by itself, where there are several.
    func countsOfBranches(cap: Int) throws -> [SQL] {
        guard way.countBranches.count > 1 else { return [] }
        return try way.countBranches.map { branch in
            var compiler = ConditionCompiler(library)
            compiler.sql += "select count(*) from (select 1 from \(table.quoted) t where "
            try addWhere(&compiler, branch, Ordering.Phase())
            compiler.sql += " limit \(cap + 1)) c"
            return compiler.sql
        }
    }

    /// How many, at most `cap` + 1.
    func count(cap: Int) throws -> SQL {
        var compiler = ConditionCompiler(library)
        let branches = way.countBranches
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
        try addWhole(&compiler)
        compiler.sql += " order by \(ordering.sql("t", dialect, isBackward: false)) limit \(limit)\(dialect.skipLocked)"
    }

    /// The whole `where` with the scope as one condition.
    func addWhole(_ compiler: inout ConditionCompiler) throws {
        try addWhere(&compiler, query.scope.isEverything ? nil : query.scope, Ordering.Phase())
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
        if let filter = way.filter {
            and(&compiler.sql)
            addReach(&compiler, filter, isFilter: true)
        }
        if table.schema.deletedAtSlot != nil, query.life != .both {
            and(&compiler.sql)
            compiler.sql += query.life == .live ? "t.deleted_at is null" : "t.deleted_at is not null"
        }
        if query.condition != .everything {
            and(&compiler.sql)
            let scope = query.scope.isEverything ? branch ?? .everything : query.scope
            compiler.searchScope = SearchDocument.narrowScope(scope, table.schema)
            compiler.holdsAgainstSearch = walksSearch
            try compiler.add(query.condition, table.schema, "t")
        }
        for (term, value) in phase.equal {
            and(&compiler.sql)
            compiler.sql += "t.\(term.column) "
            if value.isNull {
                compiler.sql += "is null"
            } else {
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

    /// As a filter it is kept away from the engine's choice of an index by a plus sign.
    private func addReach(_ compiler: inout ConditionCompiler, _ reach: Reach, isFilter: Bool = false) {
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
            let column = "\(isFilter ? "+" : "")t.\(part.0)"
            let ids = part.0 == "owner_id" ? part.1.filter { $0 != Reach.nobody } : part.1
            guard ids.count < part.1.count else { return dialect.isAny(column, of: ids.map(Value.int), .integer, &sql) }
            sql += "\(column) is null"
            if !ids.isEmpty {
                sql += " or "
                dialect.isAny(column, of: ids.map(Value.int), .integer, &sql)
            }
        }
        compiler.sql += ")"
    }
}
