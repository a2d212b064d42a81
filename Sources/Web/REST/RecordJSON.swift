import Formats
import Gate
import Records

/// Writes records as the API answers them: every field the actor may see under its stable name.
struct RecordJSON {
    private let columns: [Column]

    private struct Column {
        let field: FieldSpec
        let slot: Int
        let key: JSONWriter.Key
        let form: PlainForm
        let isLink: Bool
        /// Nothing linked is an empty list.
        let isList: Bool
    }

    /// - Parameter names: the fields wanted; all when nil. `id` always comes.
    /// - Throws: a 400 for a field there is not.
    init(_ schema: Schema, _ view: View, fields names: [String]? = nil) throws {
        if let unknown = names?.first(where: { name in schema[name].map { view.right(schema, $0) == .hidden } ?? true }) {
            throw Refusal.unreadable("\(schema.label)没有字段 \(unknown)")
        }
        columns = schema.fields.compactMap { field in
            guard field.name != "deleted_at", !(field.kind is LinesKind) else { return nil }
            if let names, field.name != "id", !names.contains(field.name) { return nil }
            let right = view.right(schema, field)
            guard right != .hidden else { return nil }
            let form = right == .masked ? .asStored : field.form
            return Column(field: field, slot: field.slot, key: JSONWriter.Key(field.name), form: form, isLink: field.target != nil, isList: field.kind is LinksKind)
        }
    }

    /// The members of one record, without the braces.
    func writeMembers(_ row: Row, to json: inout JSONWriter) {
        for column in columns {
            json.key(column.key)
            guard column.slot >= 0, column.slot < row.values.count else {
                json.null()
                continue
            }
            RecordJSON.write(row.values[column.slot], column, to: &json)
        }
    }

    func write(_ row: Row, to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(row, to: &json)
        json.endObject()
    }

    private static func write(_ value: Value, _ column: Column, to json: inout JSONWriter) {
        switch (column.form, value) {
        case (_, .null) where column.isList: Plain.list([]).write(to: &json)
        case (_, .null): json.null()
        // Made or changed by the program itself, before there were users.
        case (_, .int(0)) where column.isLink: json.null()
        case (.asStored, .text(let text)): json.string(text)
        case (.asStored, .int(let number)): json.int(number)
        case (.instant, .int(let number)) where InstantKind.known.contains(number): json.plain { Instant(milliseconds: number).appendRFC3339(to: &$0) }
        case (.instant, _): json.null()
        case (.json, .text(let text)): (Plain(jsonText: text) ?? .text(text)).write(to: &json)
        default: column.field.kind.plain(value).write(to: &json)
        }
    }
}

/// Records that come along with a record: `?include=contacts,owner`.
struct Includes {
    private enum Part {
        case link(FieldSpec, Schema, key: String)
        case links(FieldSpec, Schema, key: String)
        case children(Catalog.Link, key: String)
        case lines(FieldSpec)
    }

    private let parts: [Part]

    init(_ text: String?, _ schema: Schema, _ view: View) throws {
        let names = (text ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
        guard names.count <= 10 else { throw Refusal.unreadable("include 最多 10 项") }
        parts = try names.map { name in
            if let field = schema[name] ?? schema[name + "_id"] {
                guard view.right(schema, field) >= .read else { throw Refusal.forbidden("您没有查看「\(field.label)」的权限。") }
                if field.kind is LinesKind { return .lines(field) }
                if let target = field.target.flatMap({ view.catalog[$0] }) {
                    guard view.may("read", target) else { throw Refusal.forbidden("您没有查看\(target.label)的权限。") }
                    return field.kind is LinksKind ? .links(field, target, key: name) : .link(field, target, key: name)
                }
            }
            if let link = view.catalog.links(to: schema.name).first(where: { $0.schema.name == name && $0.field.isColumn }), link.schema.traits.isPublic {
                guard view.may("read", link.schema) else { throw Refusal.forbidden("您没有查看\(link.schema.label)的权限。") }
                return .children(link, key: name)
            }
            throw Refusal.unreadable("\(schema.label)不能包含 \(name)")
        }
    }

    var isEmpty: Bool { parts.isEmpty }

    func write(_ row: Row, _ view: View, to json: inout JSONWriter) throws {
        for part in parts {
            switch part {
            case .link(let field, let target, let key):
                json.key(key)
                if let id = row[field].int, let found = try view.linked(view.records(target, ids: [id])).first {
                    try RecordJSON(target, view).write(found, to: &json)
                } else {
                    json.null()
                }
            case .links(let field, let target, let key):
                json.key(key + "_records")
                try write(view.records(target, ids: row[field].list?.compactMap(LinksKind.id(of:)) ?? []), target, view, to: &json)
            case .children(let link, let key):
                json.key(key)
                let request = ListRequest(link.schema, where: .field(link.field.name, .eq, .int(row.id)), limit: 100)
                try write(view.page(request).rows, link.schema, view, to: &json)
            case .lines:
                continue // They are part of the record already.
            }
        }
    }

    private func write(_ rows: [Row], _ schema: Schema, _ view: View, to json: inout JSONWriter) throws {
        let writer = try RecordJSON(schema, view)
        json.beginArray()
        for row in try view.linked(rows) { writer.write(row, to: &json) }
        json.endArray()
    }
}

extension View {
    /// One record with its lines and what was asked to come along.
    func json(_ row: Row, includes: Includes? = nil, fields: [String]? = nil) throws -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        try RecordJSON(row.schema, self, fields: fields).writeMembers(row, to: &json)
        for field in row.schema.fields {
            guard let kind = field.kind as? LinesKind, let child = catalog[kind.entity], fields?.contains(field.name) ?? true, right(row.schema, field) >= .read else { continue }
            json.key(field.name)
            json.beginArray()
            let writer = try RecordJSON(child, self)
            for line in try lines(of: row, field) { writer.write(line, to: &json) }
            json.endArray()
        }
        try includes?.write(row, self, to: &json)
        json.endObject()
        return json.bytes
    }
}
