import Records

/// What the index holds of one record.
struct SearchDocument: Sendable {
    // Tokens with blanks between.
    var title = ""
    var body = ""
    /// Whose it is, so that "my own records" is one more token to intersect with.
    var scope = ""

    static func owner(_ id: Int64) -> String { "\(SearchText.ownerMark)\(id)" }
    static func department(_ id: Int64) -> String { "\(SearchText.departmentMark)\(id)" }

    static let fewTokens = 8

    static func scope(_ reach: Reach) -> [String] { reach.owners.map(owner) + reach.departments.map(department) }

    /// The tokens by which the index may leave out others' records before they are looked at: none when single records are lent, too, and
    /// none when there are so many that walking all of theirs would take longer than looking at what was found.
    static func narrowScope(_ reach: Reach, _ schema: Schema) -> [String] {
        guard schema.isOwned, !reach.isEverything, reach.records.isEmpty else { return [] }
        let tokens = scope(reach)
        return tokens.count <= fewTokens ? tokens : []
    }
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
        var title = TokenBuffer(), body = TokenBuffer()
        for field in fields {
            guard let text = text(row[field]) else { continue }
            if field === schema.title {
                SearchText.tokens(of: text, as: field.kind.searching, into: &title)
            } else {
                SearchText.tokens(of: text, as: field.kind.searching, into: &body)
            }
        }
        document.title = title.text
        document.body = body.text
        let owner = row.schema.isOwned ? row.ownerID ?? Reach.nobody : nil
        let scope = [owner.map(SearchDocument.owner), row.departmentID.map(SearchDocument.department)]
        document.scope = scope.compactMap(\.self).joined(separator: " ")
        return document
    }

    /// The tokens of some of the fields.
    func tokens(_ row: Row, of some: [FieldSpec]) -> [String] {
        var tokens = TokenBuffer()
        for field in fields where some.contains(where: { $0 === field }) {
            if let text = text(row[field]) { SearchText.tokens(of: text, as: field.kind.searching, into: &tokens) }
        }
        return tokens.tokens
    }

    private func text(_ value: Value) -> String? {
        switch value {
        case .text(let text): text
        case .int(let number): String(number)
        default: nil
        }
    }
}

/// Records whose documents must follow before the commit.
struct StaleDocuments {
    struct Records {
        let table: Table
        /// New ones, with their rows at hand.
        var new: [Int64: Row] = [:]
        /// Changed or removed ones, to be read again.
        var changed: Set<Int64> = []
    }

    private(set) var tables: [String: Records] = [:]

    mutating func add(_ row: Row, _ table: Table) { tables[table.name, default: Records(table: table)].new[row.id] = row }

    mutating func add(_ id: Int64, _ table: Table) {
        tables[table.name, default: Records(table: table)].new[id] = nil
        tables[table.name]?.changed.insert(id)
    }

    /// After something was taken back no row at hand can be trusted.
    mutating func forgetRows() {
        for (name, records) in tables {
            tables[name]?.changed.formUnion(records.new.keys)
            tables[name]?.new = [:]
        }
    }

    mutating func merge(_ other: StaleDocuments) {
        for (name, theirs) in other.tables {
            var ours = tables[name] ?? Records(table: theirs.table)
            for (id, row) in theirs.new { ours.new[id] = row }
            for id in theirs.changed { ours.new[id] = nil }
            ours.changed.formUnion(theirs.changed)
            tables[name] = ours
        }
    }
}
