import Records

/// A statement in the making: text with placeholders, and the values bound to them in order. Only quoted identifiers of a schema and
/// the room's own words ever get into the text; every value is bound.
struct SQL {
    private(set) var text = ""
    private(set) var values: [Value] = []
    private let isNumbered: Bool

    init(_ dialect: any Dialect, _ text: String = "") {
        isNumbered = dialect.hasNumberedPlaceholders
        self.text = text
    }

    static func += (sql: inout SQL, text: String) { sql.text += text }

    /// Appends a placeholder for `value`.
    mutating func bind(_ value: Value) {
        values.append(value)
        text += isNumbered ? "$\(values.count)" : "?"
    }

    /// Appends `parts` with `separator` between them.
    mutating func join<Part>(_ parts: some Sequence<Part>, by separator: String, _ append: (inout SQL, Part) throws -> Void) rethrows {
        var isFirst = true
        for part in parts {
            if !isFirst { text += separator }
            isFirst = false
            try append(&self, part)
        }
    }
}

extension String {
    /// An identifier in SQL.
    var quoted: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
    /// A text literal in SQL, for the few statements (DDL) that cannot bind.
    var literal: String { "'" + replacing("'", with: "''") + "'" }
}
