import Records

extension View {
    /// The records of another entity that belong to this one: those that meet its saved question now (a dynamic group), or those it names
    /// (a static one). Nil when it gathers none of that entity.
    public func gathered(by row: Row, of schema: Schema) -> Condition? {
        let lens = lens(row.schema)
        for field in row.schema.fields where lens.reads(field) {
            if field.kind.asks == schema.name,
                let condition = row[field].text.flatMap(Condition.init(jsonText:))
            {
                return condition
            }
        }
        let links = row.schema.fields.first { $0.isLinks && $0.target == schema.name && lens.reads($0) }
        return links.map { .listed(entity: row.schema.name, field: $0.name, .ids([row.id])) }
    }

    /// The entity whose records this one gathers by a saved question or by naming them; nil when it does not.
    public func gathers(_ row: Row) -> Schema? {
        let names = row.schema.fields.compactMap(\.kind.asks)
        return names.first.flatMap { catalog[$0] }.flatMap { may("read", $0) ? $0 : nil }
    }
}
