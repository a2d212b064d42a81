import Records

/// What a request's summary is made of, so that each reader has it with the fields that they may see.
struct ApprovalParts: Sendable {
    struct Line: Sendable {
        /// The record's field; empty for what only the action asks for.
        var field: String
        var label: String
        var text: String
        /// What a changed field said before; empty when it said nothing, nil for what is no change of a field.
        var old: String?
    }

    var lines: [Line]
    /// The field that the request's amount was taken from.
    var amount: String?

    init(lines: [Line], amount: String?) {
        self.lines = lines
        self.amount = amount
    }

    init?(_ text: String?) {
        guard let members = text.flatMap(Plain.init(jsonText:))?.object, let list = members["lines"]?.list else { return nil }
        lines = list.compactMap { item in
            guard let parts = item.list?.compactMap(\.text), parts.count >= 3 else { return nil }
            return Line(field: parts[0], label: parts[1], text: parts[2], old: parts.count > 3 ? parts[3] : nil)
        }
        amount = members["amount"]?.text
    }

    /// `{"amount": name, "lines": [[field, label, text, old text of a changed field], …]}`.
    var jsonText: String {
        Plain.object([
            "lines": .list(lines.map { .list(([$0.field, $0.label, $0.text] + ($0.old.map { [$0] } ?? [])).map(Plain.text)) }),
            "amount": amount.map(Plain.text) ?? .null,
        ]).jsonText
    }

    /// The lines as one text, without what is not shown.
    static func text(_ lines: [Line], _ isShown: (String) throws -> Bool) rethrows -> String {
        try lines.map { "\($0.label)：\(try $0.field.isEmpty || isShown($0.field) ? $0.text : "****")" }.joined(separator: "；")
    }
}

extension View {
    /// A request as this reader may see what it is about.
    func asked(_ seen: Row, _ request: Row) -> Row {
        guard let parts = ApprovalParts(request["parts"].text), let target = request["entity"].text.flatMap({ catalog.whole[$0] }) else {
            return seen
        }
        let lens = lens(target)
        func isShown(_ name: String) -> Bool { target[name].map(lens.reads) ?? false }
        var seen = seen
        if let field = seen.schema["summary"], !seen[field].isNull { seen[field] = .text(ApprovalParts.text(parts.lines, isShown)) }
        if let amount = parts.amount, !isShown(amount), let field = seen.schema["amount_cents"] { seen[field] = .null }
        return seen
    }
}
