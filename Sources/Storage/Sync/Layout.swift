import Records

/// The tables and indexes that a catalog asks for.
struct Layout {
    struct TableSpec {
        let name: String
        /// Name and definition, in order.
        let columns: [(name: String, type: String, definition: String)]
        let isLink: Bool
        var ending = ""
    }

    struct Index {
        let name: String
        let table: String
        let columns: [String]
        let isUnique: Bool
        let filter: String?
        let unique: Library.Unique?
    }

    private(set) var tables: [TableSpec] = []
    private(set) var indexes: [Index] = []
    private(set) var searchTables: [String] = []
    private let dialect: any Dialect
    private var names: Set<String> = []

    init(_ catalog: Catalog, _ library: Library) throws {
        dialect = library.dialect
        for schema in catalog.schemas {
            let table = library.table(schema)
            add(table)
            try addIndexes(table)
            if table.search != nil { searchTables.append(Table.searchTable(schema.name)) }
        }
        for name in tables.map(\.name) + searchTables + indexes.map(\.name) where name.utf8.count > 63 {
            throw StoreError.failed("名称 \(name) 超过 63 个字节，PostgreSQL 不能使用，请缩短对象或字段的名称")
        }
    }

    private mutating func add(_ table: Table) {
        let isLog = table.schema.traits.nature == .log
        var columns = table.columns.map { column -> (name: String, type: String, definition: String) in
            let type = dialect.type(column.type)
            if column.slot == Schema.idSlot { return ("id", dialect.type(.integer), dialect.identity) }
            let isCounted = !isLog && ["version", "created_at", "updated_at"].contains(column.name)
            return (column.name, type, type + (isCounted ? " not null default 0" : ""))
        }
        if table.sortedTitle != nil { columns.append((Table.sortKey, dialect.type(.text), dialect.type(.text) + " not null default ''")) }
        columns.append((Table.digest, dialect.type(.integer), dialect.type(.integer)))
        tables.append(TableSpec(name: table.name, columns: columns, isLink: false, ending: dialect.tableEnding(isLink: false)))
        for link in table.links {
            let (integer, text) = (dialect.type(.integer), dialect.type(.text))
            let name = Table.linkTable(table.name, link.field.name)
            tables.append(
                TableSpec(
                    name: name,
                    columns: [
                        ("record_id", integer, integer + " not null"), ("target_id", integer, integer + " not null"),
                        ("position", integer, integer + " not null"), ("attributes", text, text), (Table.digest, integer, integer),
                    ],
                    isLink: true,
                    ending: dialect.tableEnding(isLink: true)
                ))
            indexes.append(
                Index(
                    name: IndexName.make(name, ["target_id", "record_id"], unique: false), table: name,
                    columns: ["target_id", "record_id"],
                    isUnique: false, filter: nil, unique: nil
                ))
        }
    }

    private mutating func addIndexes(_ table: Table) throws {
        let schema = table.schema
        let live = schema.deletedAtSlot == nil ? nil : "deleted_at is null"
        var wanted: [[String]] = []
        let sorts = schema.traits.sort.map { Query.Sort($0) }.filter { schema[$0.field]?.isColumn == true }
        // All one way, an index is walked from either end; else the directions must be its own, the last one rising as the id does.
        let isMixed = Set(sorts.map(\.isDescending)).count > 1
        let order = sorts.map { ($0.isDescending != sorts.last?.isDescending && isMixed ? "-" : "") + $0.field }
        if !order.isEmpty { wanted.append(order) }
        if schema.isOwned {
            wanted.append(["owner_id"] + order)
            wanted.append(["owner_id", "created_at"])
            wanted.append(["department_id"] + order)
            wanted.append(["department_id", "created_at"])
        }
        for field in schema.fields where field.isColumn && field.slot != Schema.idSlot {
            if field.traits.isUnique { addUnique(table, [field.name], live) }
            guard field.isOrdered, !field.traits.isUnique, field !== schema.title || table.sortedTitle == nil || field.traits.isIndexed
            else { continue }
            wanted.append([field.name] + (schema.follower(of: field).map { [$0.name] } ?? []))
        }
        if table.sortedTitle != nil { wanted.append([Table.sortKey]) }
        for fields in schema.traits.indexes { wanted.append(fields.map { Query.Sort($0).field }) }
        for fields in schema.traits.unique { addUnique(table, fields, live) }
        for columns in wanted {
            for name in columns.map({ Query.Sort($0).field }) where name != Table.sortKey {
                guard schema[name]?.isColumn == true else { throw StoreError.failed("\(schema.name) 的索引用到没有的字段 \(name)") }
            }
            add(
                table,
                columns.map { column in
                    let part = Query.Sort(column)
                    return (part.isDescending ? "-" : "")
                        + (part.field == schema.title.name && table.sortedTitle != nil ? Table.sortKey : part.field)
                }, live)
        }
        if live != nil { add(table, ["deleted_at"], "deleted_at is not null", mark: "bin") }
    }

    private mutating func add(_ table: Table, _ columns: [String], _ filter: String?, mark: String = "") {
        var columns = columns
        if dialect.indexesNameID, columns.last != "id" { columns.append("id") }
        if !dialect.indexesNameID, columns.last == "id" { columns.removeLast() }
        let name = IndexName.make(table.name, columns + (mark.isEmpty ? [] : [mark]), unique: false)
        guard !columns.isEmpty, columns != ["id"], names.insert(name).inserted else { return }
        indexes.append(Index(name: name, table: table.name, columns: columns, isUnique: false, filter: filter, unique: nil))
    }

    private mutating func addUnique(_ table: Table, _ fields: [String], _ filter: String?) {
        let name = IndexName.make(table.name, fields, unique: true)
        guard names.insert(name).inserted else { return }
        indexes.append(
            Index(
                name: name, table: table.name, columns: fields, isUnique: true, filter: filter,
                unique: Library.Unique(entity: table.name, fields: fields)
            ))
    }

    // MARK: As SQL

    func create(_ table: TableSpec) -> String {
        var lines = table.columns.map { "\($0.name.quoted) \($0.definition)" }
        if table.isLink { lines.append("primary key (record_id, target_id)") }
        return "create table \(table.name.quoted) (\(lines.joined(separator: ", ")))\(table.ending)"
    }

    func create(_ index: Index) -> String {
        // Null is the smallest value; PostgreSQL must be told so.
        let columns = index.columns.map { column in
            let part = Query.Sort(column)
            return part.field == "id" ? part.field : dialect.order(part.field.quoted, descending: part.isDescending)
        }
        return
            "create \(index.isUnique ? "unique " : "")index \(index.name.quoted) on \(index.table.quoted) "
            + "(\(columns.joined(separator: ", ")))"
            + (index.filter.map { " where \($0)" } ?? "")
    }

    /// Every statement in order: what the fingerprint is made of.
    var statements: [String] {
        tables.map(create) + indexes.map(create) + searchTables.flatMap(dialect.createSearchTable)
    }
}

/// Names of indexes: readable, and of a length that PostgreSQL accepts.
enum IndexName {
    static let mark = "__ix_", uniqueMark = "__ux_"

    static func make(_ table: String, _ columns: [String], unique: Bool) -> String {
        let name = table + (unique ? uniqueMark : mark) + columns.joined(separator: "_").replacing("-", with: "d_")
        guard name.utf8.count > 63 else { return name }
        return "\(table.prefix(30))\(unique ? uniqueMark : mark)\(columns.joined(separator: "_").prefix(11))_\(hash(name))"
    }

    static func isOurs(_ name: String) -> Bool { name.contains(mark) || name.contains(uniqueMark) }

    /// FNV-1a, 64 bits in hexadecimal.
    static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
