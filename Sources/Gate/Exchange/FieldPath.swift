import Records

/// A field as a mapping names it, found in the catalog: `name`, `amount` for `amount_cents`, `customer` for `customer_id`, `customer.code`.
struct FieldPath: Sendable {
    /// The link that leads to the field's record; nil for the entity itself.
    var link: FieldSpec?
    var schema: Schema
    var field: FieldSpec

    init(_ text: String, in entity: Schema, _ catalog: Catalog) throws(Problem) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { $0.trimmed }
        guard parts.count <= 2, let first = parts.first, !first.isEmpty else { throw Self.unknown(text, entity) }
        if parts.count == 1 {
            guard let field = entity.field(called: first) else { throw Self.unknown(text, entity) }
            (link, schema, self.field) = (nil, entity, field)
            return
        }
        guard let link = entity.field(called: first), link.isLink, let target = link.target.flatMap({ catalog[$0] }),
            target.traits.isPublic
        else {
            throw Problem(text, code: "unknown_field", "\(entity.label)没有指向其他对象的字段「\(first.prefix(40))」，请检查「\(text.prefix(80))」")
        }
        guard let field = target.field(called: parts[1]) else { throw Self.unknown(parts[1], target) }
        (self.link, schema, self.field) = (link, target, field)
    }

    /// `客户.客户编号`: how a person reads it.
    var label: String { link.map { "\($0.label).\(field.label)" } ?? field.label }
    /// `customer_id.code`
    var name: String { link.map { "\($0.name).\(field.name)" } ?? field.name }

    private static func unknown(_ text: String, _ schema: Schema) -> Problem {
        Problem(text, code: "unknown_field", "\(schema.label)没有字段「\(text.prefix(80))」，请检查字段名")
    }
}

extension Schema {
    /// A field by its name, its name without the unit (`amount`), or its label.
    func field(called name: String) -> FieldSpec? {
        if let field = self[name] ?? self[name + "_id"] ?? self[name + "_cents"] ?? self[name + "_ids"] { return field }
        let labelled = fields.filter { $0.label == name }
        return labelled.count == 1 ? labelled[0] : nil
    }
}
