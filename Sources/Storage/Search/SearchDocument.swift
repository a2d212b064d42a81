import Records

/// What the index holds of one record.
struct SearchDocument: Sendable {
    var title: [String] = []
    var body: [String] = []
    /// Whose it is, so that "my own records" is one more token to intersect with.
    var scope: [String] = []

    static func owner(_ id: Int64) -> String { "\(SearchText.ownerMark)\(id)" }
    static func department(_ id: Int64) -> String { "\(SearchText.departmentMark)\(id)" }

    static func scope(_ reach: Reach) -> [String] { reach.owners.map(owner) + reach.departments.map(department) }
}

/// Which fields of an entity are searched, and how.
struct SearchPlan: Sendable {
    let fields: [FieldSpec]
    private let schema: Schema

    /// Nil when no field is searchable. What is sealed is not: only its cipher is stored.
    init?(_ schema: Schema) {
        self.schema = schema
        fields = schema.fields.filter { field in
            guard field.traits.isSearchable, !field.traits.isSealed, field.isColumn else { return false }
            if case .none = field.kind.searching { return false }
            return true
        }
        if fields.isEmpty { return nil }
    }

    /// Nil for a record in the recycle bin.
    func document(_ row: Row) -> SearchDocument? {
        guard row.deletedAt == nil else { return nil }
        var document = SearchDocument()
        var title = TokenSet(), body = TokenSet()
        for field in fields {
            guard let text = text(row[field]) else { continue }
            if field === schema.title {
                SearchText.tokens(of: text, as: field.kind.searching, into: &title)
            } else {
                SearchText.tokens(of: text, as: field.kind.searching, into: &body)
            }
        }
        document.title = title.tokens
        document.body = body.tokens
        if let owner = row.ownerID { document.scope.append(SearchDocument.owner(owner)) }
        if let department = row.departmentID { document.scope.append(SearchDocument.department(department)) }
        return document
    }

    private func text(_ value: Value) -> String? {
        switch value {
        case .text(let text): text
        case .int(let number): String(number)
        default: nil
        }
    }
}

/// Records whose documents must follow before the commit; those just inserted with their rows at hand.
struct StaleDocuments {
    private(set) var tables: [String: (table: Table, rows: [Int64: Row?])] = [:]
    var isEmpty: Bool { tables.isEmpty }

    /// A new record.
    mutating func add(_ row: Row, _ table: Table) { tables[table.name, default: (table, [:])].rows[row.id] = .some(row) }

    /// A changed or removed record, to be read again.
    mutating func add(_ id: Int64, _ table: Table) { tables[table.name, default: (table, [:])].rows[id] = .some(nil) }

    /// After something was taken back no row at hand can be trusted.
    mutating func forgetRows() {
        for name in tables.keys { tables[name]?.rows = tables[name]?.rows.mapValues { _ in nil } ?? [:] }
    }

    mutating func merge(_ other: StaleDocuments) {
        for (name, theirs) in other.tables {
            tables[name, default: (theirs.table, [:])].rows.merge(theirs.rows) { _, _ in nil }
        }
    }
}
