import Records

/// A schema as its table sees it: which columns in which order, and the statements that never change. Made once per schema.
final class Table: Sendable {
    struct Column: Sendable {
        let name: String
        let slot: Int
        let type: ColumnType
        let isChoices: Bool
        /// Of the digest: see ``RowDigest/tag(_:_:)``.
        let tag: UInt64
    }

    /// A value that a column is given, as it is stored.
    struct Assignment {
        /// Quoted.
        let column: String
        let tag: UInt64
        let value: Value
    }

    let schema: Schema
    let name: String
    let quoted: String
    /// In slot order; the first is the id.
    let columns: [Column]
    let columnsBySlot: [Int: Column]
    let shape: Shape
    let selectList: String
    /// Fields kept in a link table of their own.
    let links: [Link]
    /// The title's slot when the table has a shadow column with its pinyin for sorting.
    let sortedTitle: Int?
    let search: SearchPlan?
    /// Slots whose change changes the search document.
    let searchSlots: Set<Int>
    /// Columns of an insert, id and digest excluded, sort key last.
    let insertNames: [String]
    /// Of the id, those columns and the digest.
    let insert: String

    struct Link: Sendable {
        let field: FieldSpec
        let table: String
        let hasAttributes: Bool
        let tag: UInt64
        /// Of the columns but the record's id.
        let tags: [UInt64]
    }

    /// Of the table, and of ``insertNames``.
    private let tag: UInt64
    private let tags: [UInt64]

    static let sortKey = "sort_key"
    /// The keyed digest of the row; no field, so neither page nor interface knows it.
    static let digest = "row_digest"
    static let linkColumns = ["record_id", "target_id", "position", "attributes"]
    static func linkTable(_ entity: String, _ field: String) -> String { "\(entity)__\(field)" }
    static func searchTable(_ entity: String) -> String { "\(entity)__search" }

    init(_ schema: Schema, _ dialect: any Dialect) {
        self.schema = schema
        name = schema.name
        quoted = schema.name.quoted
        let columns = schema.fields.filter(\.isColumn).map {
            Column(
                name: $0.name, slot: $0.slot, type: $0.kind.column, isChoices: $0.kind.isCodeList, tag: RowDigest.tag(schema.name, $0.name))
        }
        self.columns = columns
        columnsBySlot = Dictionary(columns.map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
        shape = Shape(width: schema.width, slots: columns.map(\.slot), choices: columns.filter(\.isChoices).map(\.slot))
        selectList = columns.map { "t." + $0.name.quoted }.joined(separator: ", ")
        links = schema.fields.filter(\.isLinks).map { field in
            let name = Self.linkTable(schema.name, field.name)
            return Link(
                field: field, table: name.quoted, hasAttributes: !(field.kind.reference?.attributes ?? []).isEmpty,
                tag: RowDigest.tag(name), tags: Self.linkColumns.dropFirst().map { RowDigest.tag(name, $0) })
        }
        let hasSortKey = schema.traits.nature != .log && schema.title.kind.column == .text && !schema.title.kind.isCodeList
        sortedTitle = hasSortKey ? schema.title.slot : nil
        search = SearchPlan(schema)
        searchSlots =
            search.map { plan in
                Set(plan.fields.map(\.slot) + [schema.ownerSlot, schema.departmentSlot, schema.deletedAtSlot].compactMap { $0 })
            } ?? []
        insertNames = columns.dropFirst().map(\.name) + (hasSortKey ? [Self.sortKey] : [])
        tag = RowDigest.tag(schema.name)
        tags = insertNames.map { RowDigest.tag(schema.name, $0) }
        let names = ["id"] + insertNames + [Self.digest]
        let places = names.indices.map { dialect.hasNumberedPlaceholders ? "$\($0 + 1)" : "?" }.joined(separator: ", ")
        insert = "insert into \(schema.name.quoted) (\(names.map(\.quoted).joined(separator: ", "))) values (\(places))"
    }

    /// The digest of a row with the values of ``insertNames``.
    func digest(_ digest: RowDigest, _ id: Int64, _ values: [Value]) -> Value {
        .int(zip(tags, values).reduce(digest.row(tag, id)) { $0 ^ digest.part($1.0, id, $1.1) })
    }

    /// What a row gives to the columns of these slots (all when nil), the sort key with the title.
    func assignments(_ row: Row, slots: [Int]?) -> [Assignment] {
        columns.dropFirst().filter { slots?.contains($0.slot) ?? true }.flatMap { column in
            assignments(column, column.slot < row.values.count ? row.values[column.slot] : .null)
        }
    }

    func assignments(_ column: Column, _ value: Value) -> [Assignment] {
        let one = Assignment(column: column.name.quoted, tag: column.tag, value: stored(value, column))
        guard column.slot == sortedTitle else { return [one] }
        return [
            one,
            Assignment(column: Self.sortKey, tag: RowDigest.tag(name, Self.sortKey), value: .text(SortKey.make(value.text ?? ""))),
        ]
    }

    /// A row's values for ``insertNames``.
    func insertValues(_ row: Row) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(insertNames.count)
        for column in columns.dropFirst() {
            values.append(stored(column.slot < row.values.count ? row.values[column.slot] : .null, column))
        }
        if let sortedTitle { values.append(.text(SortKey.make(row.values[sortedTitle].text ?? ""))) }
        return values
    }

    /// A slot's value as its column keeps it.
    func stored(_ value: Value, _ column: Column) -> Value {
        switch (value, column.type) {
        case (.list(let codes), .text): ChoicesKind.encode(codes).map(Value.text) ?? .null
        case (.list, _): .null
        case (.int(let number), .real): .real(Double(number))
        case (.int(let number), .text): .text(String(number))
        case (.real(let number), .real): number.isNaN ? .null : value
        case (.real(let number), .integer): Int64(exactly: number.rounded()).map(Value.int) ?? .null
        case (.real(let number), .text): .text(String(number))
        default: value
        }
    }
}
