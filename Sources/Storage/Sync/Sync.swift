import Foundation
import Records

/// Makes a database fit a catalog: patches, then tables, columns and indexes, all additive. Runs inside one transaction.
struct Sync {
    let session: Session
    let catalog: Catalog
    let patches: [Patch]
    private let layout: Layout
    /// Grows when an older program could no longer work with the database.
    static let programVersion: Int64 = 2

    var connection: any Connection { session.connection }
    var library: Library { session.library }
    var dialect: any Dialect { library.dialect }

    init(session: Session, catalog: Catalog, patches: [Patch] = Patch.all) throws {
        self.session = session
        self.catalog = catalog
        self.patches = patches
        layout = try Layout(catalog, session.library)
    }

    /// Does the work and says what it did.
    func run() throws -> [String] {
        try prepareOwnTables()
        let isNew = try meta("version") == nil
        let version = try meta("version").flatMap(Int64.init) ?? Self.programVersion
        guard version <= Self.programVersion else {
            throw StoreError.foreignSchema("数据库的结构版本是 \(version)，本程序只认识到 \(Self.programVersion)：它由更新的程序写过。请升级程序，或恢复升级前的备份")
        }
        try refuseUnknownPatches()
        var did: [String] = []
        let before = try applied()
        if isNew { try recordAll() } else { did += try apply(.before) }
        let fingerprint = Self.fingerprint(of: layout)
        if try meta("fingerprint") != fingerprint {
            for step in try steps() {
                do { try connection.script(step.sql) } catch let failure as SQLFailure { throw step.explained(failure, library) }
                if let table = step.newTable { try session.noteSigned(table) }
                did.append(step.text)
            }
        }
        if !isNew { did += try apply(.after) }
        did += try followSearch()
        try setMeta("fingerprint", fingerprint)
        try setMeta("version", String(Self.programVersion))
        let new = isNew ? [] : patches.filter { !before.contains(Int64($0.number)) }
        for table in Set(new.flatMap(\.tables)) { try session.forgetDigests(table) }
        return did
    }

    /// What ``run()`` would do, as SQL; a patch as a comment that names it.
    func pending() throws -> [String] {
        var patching: [String] = []
        if try dialect.existingColumns(connection)["_meta"] != nil {
            let done = try applied()
            patching = patches.sorted { $0.number < $1.number }.filter { !done.contains(Int64($0.number)) }.map {
                "-- 升级 \($0.number)：\($0.name)"
            }
            if try meta("fingerprint") == Self.fingerprint(of: layout) { return patching }
        }
        return patching + (try steps().map { $0.sql + ";" })
    }

    private static func fingerprint(of layout: Layout) -> String { IndexName.hash(layout.statements.joined(separator: ";")) }

    /// The unique indexes by name, for telling which fields a refusal is about.
    var uniques: [String: Library.Unique] {
        Dictionary(layout.indexes.compactMap { index in index.unique.map { (index.name, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    struct Step {
        let sql: String
        let text: String
        var unique: Library.Unique?
        var newTable: String?

        func explained(_ failure: SQLFailure, _ library: Library) -> any Error {
            guard case .unique = failure.reason, let unique else { return failure.storeError(library) }
            return StoreError.failed("\(unique.entity) 中 \(unique.fields.joined(separator: "、")) 已有重复的数据，不能设为唯一。请先合并或修改重复的记录")
        }
    }

    /// What is missing, as statements.
    private func steps() throws -> [Step] {
        let columns = try dialect.existingColumns(connection)
        let existing = try dialect.existingIndexes(connection)
        let indexes = Set(existing.map(\.name))
        var steps: [Step] = []
        // An index that is no longer asked for goes first: a unique one would go on refusing. What a catalog does not know (own fields,
        // before they are read) is left alone.
        let wanted = Set(layout.indexes.map(\.name))
        let known = Dictionary(layout.tables.map { ($0.name, Set($0.columns.map(\.name))) }, uniquingKeysWith: { first, _ in first })
        for index in existing.sorted(by: { $0.name < $1.name }) where IndexName.isOurs(index.name) && !wanted.contains(index.name) {
            guard let columns = known[index.table], columns.isSuperset(of: index.columns) else { continue }
            steps.append(Step(sql: "drop index \(index.name.quoted)", text: "删除不再使用的索引 \(index.name)"))
        }
        for table in layout.tables {
            guard let existing = columns[table.name] else {
                steps.append(Step(sql: layout.create(table), text: "新建表 \(table.name)", newTable: table.name))
                continue
            }
            for column in table.columns {
                guard let type = existing[column.name] else {
                    steps.append(
                        Step(
                            sql: "alter table \(table.name.quoted) add column \(column.name.quoted) \(column.definition)",
                            text: "表 \(table.name) 增加列 \(column.name)"))
                    continue
                }
                guard dialect.isSame(type, column.type) else {
                    throw StoreError.foreignSchema("表 \(table.name) 的列 \(column.name) 是 \(type)，应为 \(column.type)：数据库被其他程序改过。请恢复备份或联系技术支持")
                }
            }
        }
        for index in layout.indexes where !indexes.contains(index.name) {
            steps.append(Step(sql: layout.create(index), text: "新建索引 \(index.name)", unique: index.unique))
        }
        for name in layout.searchTables where columns[name] == nil {
            for sql in dialect.createSearchTable(name) { steps.append(Step(sql: sql, text: "新建全文索引 \(name)")) }
        }
        return steps
    }

    // MARK: The search index

    /// Makes an entity's index anew when what it should hold of the existing records has changed.
    private func followSearch() throws -> [String] {
        var did: [String] = []
        for schema in catalog.schemas {
            guard let plan = library.table(schema).search else { continue }
            let fields = plan.fields.map(\.name)
            let key = "search.\(schema.name)", now = "\(SearchText.version):\(fields.joined(separator: ","))"
            let before = try meta(key)
            let known = before?.split(separator: ":").last?.split(separator: ",").map(String.init) ?? []
            // Fields that this catalog does not know (own ones, before they are read) are no reason to do anything.
            guard before != now, !(before?.hasPrefix("\(SearchText.version):") == true && known.filter { schema[$0] != nil } == fields)
            else { continue }
            try setMeta(key, now)
            // An own field that has just been made is empty everywhere.
            let added = schema.fields.filter { fields.contains($0.name) && !known.contains($0.name) }
            if before?.hasPrefix("\(SearchText.version):") == true, added.allSatisfy(\.isCustom), known.allSatisfy(fields.contains) {
                continue
            }
            guard try connection.first("select 1 from \(schema.name.quoted) limit 1") != nil else { continue }
            try session.rebuildSearch(schema)
            did.append("重建 \(schema.label) 的全文索引")
        }
        return did
    }

    // MARK: The program's own tables

    private func prepareOwnTables() throws {
        let (text, integer) = (dialect.type(.text), dialect.type(.integer))
        for definition in [
            "_meta (name \(text) primary key, value \(text) not null)",
            "_patches (number \(integer) primary key, name \(text) not null, applied_at \(text) not null)",
            "_sequences (name \(text) primary key, value \(integer) not null)",
        ] {
            try connection.script("create table if not exists \(definition)\(dialect.tableEnding(isLink: false))")
        }
        // Whoever comes second waits here.
        try connection.execute("insert into _meta (name, value) values ('lock', '') on conflict (name) do update set value = ''")
    }

    private func meta(_ name: String) throws -> String? {
        try connection.first("select value from _meta where name = \(name.literal)")?.first?.text
    }

    private func setMeta(_ name: String, _ value: String) throws {
        try connection.execute(
            "insert into _meta (name, value) values (\(name.literal), \(value.literal)) on conflict (name) do update set value = "
                + "excluded.value"
        )
    }

    // MARK: Patches

    private func applied() throws -> Set<Int64> { Set(try connection.rows("select number from _patches").compactMap { $0[0].int }) }

    private func refuseUnknownPatches() throws {
        let known = Set(patches.map { Int64($0.number) })
        guard let foreign = try applied().subtracting(known).min() else { return }
        throw StoreError.foreignSchema("数据库做过本程序不认识的升级（第 \(foreign) 号）：它由更新的程序写过。请升级程序，或恢复升级前的备份")
    }

    private func apply(_ phase: Patch.Phase) throws -> [String] {
        let done = try applied()
        var did: [String] = []
        for patch in patches.sorted(by: { $0.number < $1.number }) where patch.phase == phase && !done.contains(Int64(patch.number)) {
            do { try patch.body(connection, dialect) } catch let failure as SQLFailure { throw failure.storeError(library) }
            try record(patch)
            did.append("升级 \(patch.number)：\(patch.name)")
        }
        return did
    }

    /// A new database is as the patches would have made it.
    private func recordAll() throws { for patch in patches { try record(patch) } }

    private func record(_ patch: Patch) throws {
        try connection.execute(
            "insert into _patches (number, name, applied_at) values (\(patch.number), \(patch.name.literal), "
                + "\(Date().formatted(.iso8601).literal))"
        )
    }
}
