import Records

/// What is about records of a pack that is off waits out of sight with them.
extension View {
    func presence(_ schema: Schema) -> Condition {
        let away = catalog.restingEntities
        guard let field = schema.traits.about, !away.isEmpty else { return .everything }
        return .field(field, .empty) || .compare(.init(field), .notIn, away.map(Value.text))
    }

    func isPresent(_ row: Row) -> Bool {
        guard let field = row.schema.traits.about, let entity = row[field].text else { return true }
        return catalog[entity] != nil || catalog.whole[entity] == nil
    }
}

extension Refusal {
    /// Nothing can be done about what is switched off, and nothing need be: it is all there.
    public static func resting(_ pack: Pack) -> Refusal { .conflict("「\(pack.label.chinese)」已停用，启用后再处理；内容都保留着。") }
}
