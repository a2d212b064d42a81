import Formats
import Gate
import Records

/// Writes records as the API answers them: every field the actor may see under its stable name.
struct RecordJSON {
    /// Plain facts only: a list asks for them once a value, and a reference would be counted each time.
    private let columns: [Column]
    private let fields: [FieldSpec]
    private let keys: JSONWriter.Keys

    private struct Column {
        let slot: Int
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
        fields = schema.fields.filter { field in
            guard field.name != "deleted_at", !field.isLines else { return false }
            if let names, field.name != "id", !names.contains(field.name) { return false }
            return view.right(schema, field) != .hidden
        }
        columns = fields.map { field in
            Column(
                slot: field.slot, form: view.right(schema, field) == .masked ? .asStored : field.form, isLink: field.target != nil,
                isList: field.isLinks)
        }
        keys = JSONWriter.Keys(fields.map(\.name))
    }

    /// The members of one record, without the braces.
    func writeMembers(_ row: Row, to json: inout JSONWriter) {
        let values = row.values
        for index in columns.indices {
            let column = columns[index]
            guard column.slot >= 0, column.slot < values.count else {
                json.null(index, of: keys)
                continue
            }
            write(values[column.slot], index, column, to: &json)
        }
    }

    func write(_ row: Row, to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(row, to: &json)
        json.endObject()
    }

    private func write(_ value: Value, _ index: Int, _ column: Column, to json: inout JSONWriter) {
        switch (column.form, value) {
        case (_, .null) where column.isList:
            json.key(index, of: keys)
            Plain.list([]).write(to: &json)
        case (_, .null): json.null(index, of: keys)
        // Made or changed by the program itself, before there were users.
        case (_, .int(0)) where column.isLink: json.null(index, of: keys)
        case (.asStored, .text(let text)):
            json.key(index, of: keys)
            json.string(text)
        case (.asStored, .int(let number)):
            json.key(index, of: keys)
            json.int(number)
        case (.instant, .int(let number)) where Instant.known.contains(number):
            json.key(index, of: keys)
            json.plain { Instant(milliseconds: number).appendRFC3339(to: &$0) }
        case (.instant, _): json.null(index, of: keys)
        case (.json, .text(let text)):
            json.key(index, of: keys)
            (Plain(jsonText: text) ?? .text(text)).write(to: &json)
        default:
            json.key(index, of: keys)
            fields[index].kind.plain(value).write(to: &json)
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
                if field.isLines { return .lines(field) }
                if let target = field.target.flatMap({ view.catalog[$0] }) {
                    guard view.may("read", target) else { throw Refusal.forbidden("您没有查看\(target.label)的权限。") }
                    return field.isLinks ? .links(field, target, key: name) : .link(field, target, key: name)
                }
            }
            if let link = view.catalog.links(to: schema.name).first(where: { $0.schema.name == name && $0.field.isColumn }),
                link.schema.traits.isPublic
            {
                guard view.may("read", link.schema) else { throw Refusal.forbidden("您没有查看\(link.schema.label)的权限。") }
                return .children(link, key: name)
            }
            throw Refusal.unreadable("\(schema.label)不能包含 \(name)")
        }
    }

    var isEmpty: Bool { parts.isEmpty }

    /// What the links of all these records lead to, read at once.
    func found(for rows: [Row], _ view: View) throws -> Found {
        var found = Found()
        for part in parts {
            switch part {
            case .link(let field, let target, let key):
                try found.add(key, view.records(target, ids: Array(Set(rows.compactMap { $0[field].int }))), target, view)
            case .links(let field, let target, let key):
                let ids = rows.flatMap { $0[field].list?.compactMap(LinksKind.id(of:)) ?? [] }
                try found.add(key, view.records(target, ids: Array(Set(ids))), target, view)
            case .children(let link, let key): try found.add(key, [], link.schema, view)
            case .lines: continue
            }
        }
        return found
    }

    /// Linked records by the key they come under.
    struct Found {
        private var rows: [String: [Int64: Row]] = [:]
        private var writers: [String: RecordJSON] = [:]

        fileprivate mutating func add(_ key: String, _ records: [Row], _ schema: Schema, _ view: View) throws {
            rows[key] = try Dictionary(view.linked(records).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            writers[key] = try RecordJSON(schema, view)
        }

        fileprivate func row(_ key: String, _ id: Int64?) -> Row? { id.flatMap { rows[key]?[$0] } }

        fileprivate func write(_ rows: [Row], _ key: String, to json: inout JSONWriter) {
            json.beginArray()
            for row in rows { writers[key]?.write(row, to: &json) }
            json.endArray()
        }

        fileprivate func write(_ row: Row, _ key: String, to json: inout JSONWriter) { writers[key]?.write(row, to: &json) }
    }

    func write(_ row: Row, _ found: Found, _ view: View, to json: inout JSONWriter) throws {
        for part in parts {
            switch part {
            case .link(let field, _, let key):
                json.key(key)
                if let linked = found.row(key, row[field].int) { found.write(linked, key, to: &json) } else { json.null() }
            case .links(let field, _, let key):
                json.key(key + "_records")
                let ids = row[field].list?.compactMap(LinksKind.id(of:)) ?? []
                found.write(ids.compactMap { found.row(key, $0) }, key, to: &json)
            case .children(let link, let key):
                json.key(key)
                let request = ListRequest(link.schema, where: .field(link.field.name, .eq, .int(row.id)), limit: 100)
                try found.write(view.linked(view.page(request).rows), key, to: &json)
            case .lines:
                continue  // They are part of the record already.
            }
        }
    }
}

extension View {
    /// One record with its lines and what was asked to come along.
    func json(_ row: Row, includes: Includes? = nil, fields: [String]? = nil, pending: [String: Plain]? = nil) throws -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        try RecordJSON(row.schema, self, fields: fields).writeMembers(row, to: &json)
        for field in row.schema.fields {
            guard let kind = field.kind.lines, let child = catalog[kind.entity], fields?.contains(field.name) ?? true,
                right(row.schema, field) >= .read
            else { continue }
            json.key(field.name)
            json.beginArray()
            let writer = try RecordJSON(child, self)
            for line in try lines(of: row, field) { writer.write(line, to: &json) }
            json.endArray()
        }
        if let includes { try includes.write(row, includes.found(for: [row], self), self, to: &json) }
        if let pending {
            json.key("pending_approval")
            Plain.object(pending).write(to: &json)
        }
        json.endObject()
        return json.bytes
    }
}
