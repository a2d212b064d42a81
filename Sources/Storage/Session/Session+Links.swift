import Foundation
import Records

// Many-to-many links: a table of their own for each field, one row a link, in the order of the list.
extension Session {
    func links(_ schema: Schema, _ field: FieldSpec, of ids: [Int64]) throws -> [Int64: [Value]] {
        guard let link = library.table(schema).links.first(where: { $0.field.name == field.name }) else {
            throw StoreError.failed("\(schema.name).\(field.name) 不是多值关联")
        }
        return try items(link, of: ids)
    }

    private func items(_ link: Table.Link, of ids: [Int64]) throws -> [Int64: [Value]] {
        guard !ids.isEmpty else { return [:] }
        var found: [Int64: [Value]] = [:]
        for some in ids.chunked(10_000) {
            var sql = SQL(dialect, "select record_id, target_id, attributes from \(link.table) where ")
            dialect.isAny("record_id", of: some.map(Value.int), .integer, &sql)
            sql += " order by record_id, position"
            for row in try run({ try $0.rows(sql) }) {
                let item = link.hasAttributes ? Value.list([row[1]] + LinkAttributes.decode(row[2])) : row[1]
                found[row[0].int ?? 0, default: []].append(item)
            }
        }
        return found
    }

    func withLinks(_ rows: [Row], _ schema: Schema) throws -> [Row] {
        let table = library.table(schema)
        guard !table.links.isEmpty, !rows.isEmpty else { return rows }
        var rows = rows
        let ids = rows.map(\.id)
        for link in table.links {
            let items = try items(link, of: ids)
            for index in rows.indices {
                if let some = items[rows[index].id] { rows[index].values[link.field.slot] = .list(some) }
            }
        }
        return rows
    }

    /// Puts a record's links in place of those it had.
    func setLinks(_ link: Table.Link, of id: Int64, to value: Value, isNew: Bool = false) throws {
        if !isNew {
            var sql = SQL(dialect, "delete from \(link.table) where record_id = ")
            sql.bind(.int(id))
            _ = try run { try $0.execute(sql) }
        }
        try insertLinks(link, [(id, value)])
    }

    func insertLinks(_ link: Table.Link, _ records: [(id: Int64, value: Value)]) throws {
        var rows: [[Value]] = []
        for (id, value) in records {
            var seen: Set<Int64> = []
            for item in value.list ?? [] {
                guard let target = LinksKind.id(of: item), seen.insert(target).inserted else { continue }
                let values: [Value] = [.int(id), .int(target), .int(Int64(seen.count)), LinkAttributes.encode(item)]
                let sum = zip(link.tags, values.dropFirst()).reduce(digest.row(link.tag, id)) { $0 ^ digest.part($1.0, id, $1.1) }
                rows.append(values + [.int(sum)])
            }
        }
        guard !rows.isEmpty else { return }
        try run { try $0.insert(into: link.table, columns: Table.linkColumns + [Table.digest], rows: rows) }
    }
}

/// What a link says of its own, as a JSON array.
enum LinkAttributes {
    static func encode(_ item: Value) -> Value {
        guard let values = item.list, values.count > 1 else { return .null }
        let plain: [Any] = values.dropFirst().map { value in
            switch value {
            case .int(let number): NSNumber(value: number)
            case .real(let number): NSNumber(value: number)
            case .text(let text): text
            case .null, .list: NSNull()
            }
        }
        guard let data = try? JSONSerialization.data(withJSONObject: plain) else { return .null }
        return .text(String(decoding: data, as: UTF8.self))
    }

    static func decode(_ column: Value) -> [Value] {
        guard let text = column.text, let plain = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any] else { return [] }
        return plain.map { part in
            if let text = part as? String { return .text(text) }
            guard let number = part as? NSNumber else { return .null }
            return CFNumberIsFloat(number) ? .real(number.doubleValue) : .int(number.int64Value)
        }
    }

    private static func CFNumberIsFloat(_ number: NSNumber) -> Bool { ["d", "f"].contains(String(cString: number.objCType)) }
}
