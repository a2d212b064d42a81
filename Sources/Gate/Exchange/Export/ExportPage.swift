import Records

/// A stretch of an export as it came from the database, with the names of what it links to.
struct ExportPage: Sendable {
    var rows: [Row] = []
    /// Names by entity and number.
    var titles: [String: [Int64: String]] = [:]
    /// Linked records of columns one link deep, by the link's name.
    var linked: [String: [Int64: Row]] = [:]
    var next: Query.Cursor?
}

extension View {
    /// The query of an export: the list's, narrowed to what the right to export reaches.
    func exportQuery(_ request: ExportRequest) throws -> Query? {
        let schema = request.list.schema
        guard schema.traits.isPublic, may("export", schema) else { throw Refusal.forbidden("您没有导出\(schema.label)的权限，请联系系统管理员。") }
        guard var query = try query(for: request.list) else { return nil }
        let reach = actor.reach(schema, "export")
        if query.scope.isEverything {
            query.scope = reach
        } else if !reach.isEverything {
            query.condition = query.condition && within(query.scope, link: nil)
            query.scope = reach
        }
        return query.scope.isNothing ? nil : query
    }

    func exportPage(_ query: Query, _ columns: ExportColumns, known: [String: [Int64: String]]) throws -> ExportPage {
        let found = try reading.fetch(query)
        var page = ExportPage(rows: try seen(found))
        if found.count == query.limit, let last = found.last { page.next = cursor(at: last, query.sort) }
        try load(&page, columns, known)
        return page
    }

    private func load(_ page: inout ExportPage, _ columns: ExportColumns, _ known: [String: [Int64: String]]) throws {
        for link in Set(columns.columns.compactMap(\.link?.name)) {
            guard let field = columns.schema[link], let target = field.target.flatMap({ catalog[$0] }) else { continue }
            let ids = Set(page.rows.compactMap { $0[field].int })
            page.linked[link] = Dictionary(
                try records(target, ids: Array(ids)).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        }
        var wanted: [String: Set<Int64>] = [:]
        for column in columns.columns {
            guard let target = column.cell.target else { continue }
            for row in page.rows {
                let value = column.value(in: row, page)
                if let id = value.int, known[target]?[id] == nil { wanted[target, default: []].insert(id) }
                for case let item in value.list ?? [] {
                    if let id = LinksKind.id(of: item), known[target]?[id] == nil { wanted[target, default: []].insert(id) }
                }
            }
        }
        for (entity, ids) in wanted {
            if let schema = catalog[entity] { page.titles[entity] = try titles(linkedTo: schema, ids: ids) }
        }
    }
}

extension ExportColumns.Column {
    func value(in row: Row, _ page: ExportPage) -> Value {
        guard let link else { return row[field] }
        return row[link].int.flatMap { page.linked[link.name]?[$0] }?[field] ?? .null
    }
}
