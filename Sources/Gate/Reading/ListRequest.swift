import Records

/// What a list, an export or a bulk command asks for.
public struct ListRequest: Sendable {
    public var schema: Schema
    public var filter: Condition
    /// Words for the search index.
    public var search: String?
    public var sort: [Query.Sort]
    public var limit: Int
    public var cursor: Query.Cursor?
    public var life: Query.Life
    /// Count up to this many; nil for no count.
    public var countCap: Int?
    public var withLinks: Bool
    /// These few records only, in this order.
    public var order: [Int64]?

    public init(
        _ schema: Schema, where filter: Condition = .everything, search: String? = nil, sort: [Query.Sort]? = nil, limit: Int = 50,
        cursor: Query.Cursor? = nil, life: Query.Life = .live, countCap: Int? = nil, withLinks: Bool = false
    ) {
        self.schema = schema
        self.filter = filter
        self.search = search
        self.sort = sort ?? schema.traits.sort.map { Query.Sort($0) }
        self.limit = limit
        self.cursor = cursor
        self.life = life
        self.countCap = countCap
        self.withLinks = withLinks
    }
}

/// One page of a list, as the actor sees it.
public struct Listing: Sendable {
    public var rows: [Row]
    public var next: Query.Cursor?
    public var previous: Query.Cursor?
    public var count: Int?
    /// There are more than `count`.
    public var isCapped = false
}
