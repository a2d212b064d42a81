import Records

/// What one actor sees of one entity's fields; made once and then laid over every row.
struct Lens: Sendable {
    let schema: Schema
    private let rights: [FieldRight]
    private let hidden: [Int]
    private let masked: [FieldSpec]
    /// Whether the search index knows of something that the actor may not read.
    let hidesSearchable: Bool

    init(_ schema: Schema, _ rights: Rights) {
        self.schema = schema
        var bySlot = [FieldRight](repeating: .hidden, count: schema.width)
        var hidden: [Int] = [], masked: [FieldSpec] = []
        for field in schema.fields {
            bySlot[field.slot] = rights.field(schema, field)
            switch bySlot[field.slot] {
            case .hidden: hidden.append(field.slot)
            case .masked: masked.append(field)
            case .read, .edit: break
            }
        }
        self.hidden = hidden
        self.masked = masked
        self.rights = bySlot
        hidesSearchable = schema.fields.contains { $0.traits.isSearchable && bySlot[$0.slot] < .read }
    }

    func right(_ field: FieldSpec) -> FieldRight { field.slot >= 0 && field.slot < rights.count ? rights[field.slot] : .hidden }
    func reads(_ field: FieldSpec) -> Bool { right(field) >= .read }
    func edits(_ field: FieldSpec) -> Bool { right(field) == .edit }

    /// The row with hidden values gone and masked ones masked.
    func seen(_ row: Row) -> Row {
        if hidden.isEmpty && masked.isEmpty { return row }
        var row = row
        for slot in hidden where slot < row.values.count { row.values[slot] = .null }
        for field in masked where !row[field].isNull { row[field] = .text(field.kind.mask(row[field])) }
        return row
    }
}
