import Records

/// Turns a ``Condition`` into SQL. Its logic has two values: what is not true is false, also for null, so `ne` finds empty fields too and
/// `not` is always the complement. Negation is therefore carried down to the comparisons instead of being left to SQL's three values.
struct ConditionCompiler {
    let library: Library
    var sql: SQL
    /// Tokens of owner and department for a search about the query's own rows: intersecting them in the index spares finding everybody's.
    var searchScope: [String] = []
    /// Rows are walked in order and held against what the search finds, instead of being looked up one by one.
    var holdsAgainstSearch = false
    private var aliases = 0

    var dialect: any Dialect { library.dialect }

    init(_ library: Library) {
        self.library = library
        sql = SQL(library.dialect)
    }

    /// Appends `condition` about the row that `alias` names.
    mutating func add(_ condition: Condition, _ schema: Schema, _ alias: String, negated: Bool = false, depth: Int = 0) throws {
        guard depth < 40 else { throw StoreError.failed("筛选条件嵌套过深") }
        switch condition {
        case .all(let parts): try addParts(parts, and: !negated, schema, alias, negated, depth)
        case .any(let parts): try addParts(parts, and: negated, schema, alias, negated, depth)
        case .not(let inner): try add(inner, schema, alias, negated: !negated, depth: depth + 1)
        case .compare(let path, let op, let values): try addComparison(path, op, values, schema, alias, negated)
        case .ids(let ids): addIDs(ids, alias, negated)
        case .search(let text): try addSearch(text, schema, alias, negated)
        case .exists(let entity, let field, let inner): try addExists(entity, field, inner, alias, negated, depth)
        case .listed(let entity, let field, let inner): try addListed(entity, field, inner, alias, negated, depth)
        }
    }

    private mutating func addParts(_ parts: [Condition], and: Bool, _ schema: Schema, _ alias: String, _ negated: Bool, _ depth: Int) throws
    {
        guard !parts.isEmpty else {
            sql += and ? "1=1" : "1=0"
            return
        }
        sql += "("
        for (index, part) in parts.enumerated() {
            if index > 0 { sql += and ? " and " : " or " }
            try add(part, schema, alias, negated: negated, depth: depth + 1)
        }
        sql += ")"
    }

    mutating func addIDs(_ ids: [Int64], _ alias: String, _ negated: Bool = false) {
        guard !ids.isEmpty else {
            sql += negated ? "1=1" : "1=0"
            return
        }
        if negated { sql += "not " }
        dialect.isAny("\(alias).id", of: ids.map(Value.int), .integer, &sql)
    }

    mutating func nextAlias() -> String {
        aliases += 1
        return "x\(aliases)"
    }

    private mutating func addSearch(_ text: String, _ schema: Schema, _ alias: String, _ negated: Bool) throws {
        guard library.table(schema).search != nil, let question = SearchQuestion(text) else {
            sql += negated ? "1=1" : "1=0"
            return
        }
        sql += "\(holdsAgainstSearch && alias == "t" ? "+" : "")\(alias).id \(negated ? "not in" : "in") ("
        dialect.searchIDs(
            Table.searchTable(schema.name), question, scope: alias == "t" && !negated ? searchScope : [], titleOnly: false, &sql)
        sql += ")"
    }

    /// A live record of `entity` links here.
    private mutating func addExists(
        _ entity: String, _ field: String, _ inner: Condition, _ alias: String, _ negated: Bool, _ depth: Int
    ) throws {
        let (other, link) = try linked(entity, field)
        let x = nextAlias()
        if negated { sql += "not " }
        if link.isLinks {
            let k = nextAlias()
            sql +=
                "exists (select 1 from \(Table.linkTable(entity, field).quoted) \(k) join \(entity.quoted) \(x) on \(x).id = \(k)"
                + ".record_id where \(k).target_id = \(alias).id"
        } else {
            sql += "exists (select 1 from \(entity.quoted) \(x) where \(x).\(field.quoted) = \(alias).id"
        }
        try addRest(inner, other, x, depth)
    }

    /// The id is a value of `field` in live records of `entity`.
    private mutating func addListed(
        _ entity: String, _ field: String, _ inner: Condition, _ alias: String, _ negated: Bool, _ depth: Int
    ) throws {
        let (other, link) = try linked(entity, field)
        let x = nextAlias()
        sql += "\(alias).id \(negated ? "not in" : "in") ("
        if link.isLinks {
            let k = nextAlias()
            sql +=
                "select \(k).target_id from \(Table.linkTable(entity, field).quoted) \(k) join \(entity.quoted) \(x) on \(x).id = \(k)"
                + ".record_id where 1=1"
        } else {
            sql += "select \(x).\(field.quoted) from \(entity.quoted) \(x) where \(x).\(field.quoted) is not null"
        }
        try addRest(inner, other, x, depth)
    }

    private mutating func addRest(_ inner: Condition, _ schema: Schema, _ alias: String, _ depth: Int) throws {
        if schema.deletedAtSlot != nil { sql += " and \(alias).deleted_at is null" }
        if inner != .everything {
            sql += " and "
            try add(inner, schema, alias, depth: depth + 1)
        }
        sql += ")"
    }

    private func linked(_ entity: String, _ name: String) throws -> (Schema, FieldSpec) {
        let schema = try library.schema(named: entity)
        guard let field = schema[name], field.kind.column == .integer || field.isLinks else {
            throw StoreError.failed("\(entity) 没有关联字段 \(name)")
        }
        return (schema, field)
    }
}
