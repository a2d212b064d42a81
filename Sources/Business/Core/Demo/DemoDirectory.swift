import Records

/// Where the demo's people, departments, levels and categories have landed: ids by username and code.
public struct DemoDirectory: Sendable {
    public var users: [String: Int64] = [:]
    public var departments: [String: Int64] = [:]
    public var levels: [String: Int64] = [:]
    var categories: [String: Int64] = [:]
    var tags: [String: Int64] = [:]

    init() {}

    public init(_ tx: any Transaction) throws {
        users = try Self.ids(of: User.schema.name, by: "username", tx)
        departments = try Self.ids(of: Department.name, by: "code", tx)
        levels = try Self.ids(of: CustomerLevel.name, by: "code", tx)
        categories = try Self.ids(of: CustomerCategory.name, by: "code", tx)
        tags = try Self.ids(of: "tags", by: "name", tx)
    }

    /// Whatever else has landed: ids by a field that tells records apart.
    public static func ids(of entity: String, by field: String, _ tx: any Transaction) throws -> [String: Int64] {
        guard let schema = tx.catalog[entity], let spec = schema[field] else { return [:] }
        let rows = try tx.fetch(Query(schema, limit: 1000))
        return [String: Int64](rows.compactMap { row in row[spec].text.map { ($0, row.id) } }) { first, _ in first }
    }
}
