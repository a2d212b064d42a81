import Records

/// Where the demo's people, departments, levels and categories have landed: ids by username and code.
struct DemoDirectory: Sendable {
    var users: [String: Int64] = [:]
    var departments: [String: Int64] = [:]
    var levels: [String: Int64] = [:]
    var categories: [String: Int64] = [:]
    var tags: [String: Int64] = [:]
    var products: [String: Int64] = [:]

    init() {}

    init(_ tx: any Transaction) throws {
        users = try ids(of: User.schema.name, by: "username", tx)
        departments = try ids(of: Department.name, by: "code", tx)
        levels = try ids(of: CustomerLevel.name, by: "code", tx)
        categories = try ids(of: CustomerCategory.name, by: "code", tx)
        products = try ids(of: Product.name, by: "name", tx)
        tags = try ids(of: "tags", by: "name", tx)
    }

    private func ids(of entity: String, by field: String, _ tx: any Transaction) throws -> [String: Int64] {
        guard let schema = tx.catalog[entity], let spec = schema[field] else { return [:] }
        let rows = try tx.fetch(Query(schema, limit: 1000))
        return [String: Int64](rows.compactMap { row in row[spec].text.map { ($0, row.id) } }) { first, _ in first }
    }
}
