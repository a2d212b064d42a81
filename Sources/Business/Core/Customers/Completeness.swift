import Records

/// A3: how much of what is worth knowing about a customer is known, 0–100. Weights stand at the fields' declarations; a field that is
/// not asked for (a company's gender) does not count. Own fields with a weight count too.
enum Completeness {
    static func score(of row: Row) -> Int {
        var known = 0, possible = 0
        for field in row.schema.fields where field.traits.completeness > 0 && isAsked(field, in: row) {
            possible += field.traits.completeness
            if isKnown(row[field]) { known += field.traits.completeness }
        }
        return possible == 0 ? 100 : (known * 100 + possible / 2) / possible
    }

    /// The labels of what is missing, the weightiest first: what to ask at the next call.
    static func missing(in row: Row) -> [String] {
        row.schema.fields
            .filter { $0.traits.completeness > 0 && isAsked($0, in: row) && !isKnown(row[$0]) }
            .sorted { $0.traits.completeness > $1.traits.completeness }
            .map(\.label)
    }

    private static func isAsked(_ field: FieldSpec, in row: Row) -> Bool {
        guard let only = field.traits.onlyWhen else { return true }
        return only.codes.contains(row[only.field].text ?? "")
    }

    private static func isKnown(_ value: Value) -> Bool {
        switch value {
        case .null: false
        case .text(let text): !text.isEmpty
        case .list(let values): !values.isEmpty
        case .int, .real: true
        }
    }
}
