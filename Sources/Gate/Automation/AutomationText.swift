import Records

/// A value as an administrator writes it: `{field}` stands for the record's value, `{id}` for its number, `{today}` for the day; `today+3`
/// is a day.
struct AutomationText {
    let text: String

    /// Names in braces, in order.
    var names: [String] {
        var names: [String] = [], rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            names.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return names
    }

    /// The one name that the text is, without anything beside it.
    var only: String? { names.count == 1 && text == "{\(names[0])}" ? names[0] : nil }

    static func isKnown(_ name: String, _ schema: Schema) -> Bool {
        name == "id" || name == "today" || schema[name].map { !$0.traits.isSealed && $0.isColumn } ?? false
    }
}

extension View {
    /// The text with the record's values in their places, as people read them. A person whom the record does not name stays the name in
    /// braces when `demandsPeople`.
    func filled(_ text: String, from row: Row, demandsPeople: Bool = false) throws -> String {
        var filled = "", rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close]), value = try shown(name, row)
            filled += demandsPeople && value.isEmpty && row.schema[name]?.target == User.name ? "{\(name)}" : value
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }

    private func shown(_ name: String, _ row: Row) throws -> String {
        if name == "id" { return String(row.id) }
        if name == "today" { return now.day.iso }
        guard let field = row.schema[name], AutomationText.isKnown(name, row.schema) else { return "{\(name)}" }
        // A masked value is text, whatever the field holds.
        if let text = row[field].text, field.kind.column == .integer { return text }
        guard let target = field.target, let other = catalog[target] else { return field.kind.show(row[field], in: .chinese) }
        let ids = row[field].int.map { [$0] } ?? row[field].list?.compactMap(LinksKind.id(of:)) ?? []
        let names = try titles(other, ids: ids)
        return ids.compactMap { names[$0] }.joined(separator: "、")
    }
}

extension GateTransaction {
    /// What `text` means for a field, with the values of `row` in it.
    func value(_ text: String, for field: FieldSpec, from row: Row) throws -> Value {
        let written = AutomationText(text: text.trimmed)
        // A value that is handed on whole stays what it is.
        if let name = written.only, let source = name == "id" ? row.schema["id"] : row.schema[name],
            AutomationText.isKnown(name, row.schema)
        {
            let isSame =
                field.target == nil
                ? source.target == nil && source.kind.column == field.kind.column
                : (name == "id" ? row.schema.name : source.target) == field.target
            if isSame { return name == "id" ? .int(row.id) : row[source] }
        }
        let filled = try filled(written.text, from: row)
        guard !filled.isEmpty else { return .null }
        if let time = field.kind.time, let day = Day.relative(filled, to: now.day) {
            return time == .day ? day.stored : Instant(day, hour: 9, minute: 0).stored
        }
        if let name = field.target, let target = catalog[name] {
            if let id = Int64(filled) { return .int(id) }
            let found = try identify(target, filled, limit: 2)
            guard found.count == 1 else {
                throw Problem(
                    field.name, code: "not_found", found.isEmpty ? "没有找到\(target.label)“\(filled)”" : "有多个\(target.label)叫“\(filled)”，请填编号")
            }
            return field.isLinks ? .list([.int(found[0])]) : .int(found[0])
        }
        do throws(Fault) {
            if let value = try? field.kind.accept(.text(filled)), !value.isNull { return value }
            return try field.kind.parse(filled)
        } catch {
            throw Problem(field.name, code: error.code, "「\(field.label)」：\(error.message)")
        }
    }
}
