/// A question to the store about one entity: which records, in which order, how many, from where on.
public struct Query: Sendable {
    public var schema: Schema
    public var condition: Condition
    public var sort: [Sort]
    public var limit: Int
    /// Continue behind (or before) this position.
    public var cursor: Cursor?
    /// Live records only, the recycle bin only, or both.
    public var life = Life.live
    /// The records an actor may see, kept apart from ``condition`` so that the store can give each branch its own index walk.
    public var scope = Reach.everything
    /// Load many-to-many links into their slots.
    public var withLinks = false

    public init(_ schema: Schema, where condition: Condition = .everything, sort: [Sort] = [], limit: Int = 50) {
        self.schema = schema
        self.condition = condition
        self.sort = sort
        self.limit = limit
    }

    public init<E: Entity>(_ type: E.Type, where condition: Condition = .everything, sort: [Sort] = [], limit: Int = 50) {
        self.init(E.schema, where: condition, sort: sort, limit: limit)
    }

    public enum Life: Sendable, Hashable { case live, deleted, both }

    /// A field's order; ties are broken by id in the same direction as the last field.
    public struct Sort: Sendable, Hashable {
        public var field: String
        public var isDescending: Bool
        public init(_ field: String, descending: Bool) {
            self.field = field
            isDescending = descending
        }

        /// Reads `-created_at`.
        public init(_ text: some StringProtocol) {
            let isDescending = text.hasPrefix("-")
            self.init(String(isDescending ? text.dropFirst() : text[...]), descending: isDescending)
        }
    }

    /// Where a page ended: the sort fields' values and the id of its last row.
    public struct Cursor: Sendable, Hashable {
        public var values: [Value]
        public var id: Int64
        public var isBackward: Bool
        public init(values: [Value], id: Int64, isBackward: Bool = false) {
            self.values = values
            self.id = id
            self.isBackward = isBackward
        }
    }
}

/// Which records of an owned entity somebody may reach. The union of all parts; nothing when empty.
public struct Reach: Sendable, Hashable {
    public var isEverything: Bool
    public var owners: [Int64]
    public var departments: [Int64]
    /// Single records shared with the actor.
    public var records: [Int64]

    public init(everything: Bool = false, owners: [Int64] = [], departments: [Int64] = [], records: [Int64] = []) {
        isEverything = everything
        self.owners = owners
        self.departments = departments
        self.records = records
    }

    /// Stands among ``owners`` for records that nobody owns: a number that no user ever has.
    public static let nobody = Int64.max

    public static let everything = Reach(everything: true)
    public static let nothing = Reach()

    public var isNothing: Bool { !isEverything && owners.isEmpty && departments.isEmpty && records.isEmpty }

    /// Whether what lies in the pool belongs to it.
    public var hasPool: Bool { owners.contains(Reach.nobody) }

    /// The same without the pool.
    public var withoutPool: Reach {
        var reach = self
        reach.owners.removeAll { $0 == Reach.nobody }
        return reach
    }

    public func union(_ other: Reach) -> Reach {
        isEverything || other.isEverything
            ? .everything
            : Reach(
                owners: Array(Set(owners).union(other.owners)).sorted(),
                departments: Array(Set(departments).union(other.departments)).sorted(),
                records: Array(Set(records).union(other.records)).sorted()
            )
    }

    /// Whether it covers a record with this owner and department.
    public func covers(id: Int64, owner: Int64?, department: Int64?) -> Bool {
        isEverything || owners.contains(owner ?? Reach.nobody) || department.map(departments.contains) ?? false || records.contains(id)
    }
}

/// A question whose answer is numbers by group: how many, how much.
public struct Summary: Sendable {
    public var query: Query
    /// At most two fields; an instant or day may be grouped more coarsely.
    public var groups: [Group]
    public var measures: [Measure]
    public var limit = 1000
    public var order = Order.keys

    public init(_ query: Query, by groups: [Group] = [], measures: [Measure] = [.count]) {
        self.query = query
        self.groups = groups
        self.measures = measures
    }

    /// Which lines come first, and so which stay when there are more than the limit.
    public enum Order: Sendable, Hashable {
        case keys, keysDescending
        /// By the first measure.
        case largest
    }

    public struct Group: Sendable, Hashable {
        public var field: String
        public var grain: Grain
        /// The link through which the field is another record's.
        public var link: String?
        /// Linked records beyond it count as none.
        public var reach = Reach.everything
        public init(_ field: String, _ grain: Grain = .value, link: String? = nil) {
            self.field = field
            self.grain = grain
            self.link = link
        }
    }

    /// How finely the values of a field are told apart.
    public enum Grain: Sendable, Hashable {
        /// Each value by itself.
        case value
        /// A moment's or a day's day, and the Monday of its week, as days since 1970-01-01.
        case day, week
        /// A month as the text `2026-11`, a quarter as `2026-Q4`, a year as `2026`.
        case month, quarter, year
        /// How many of these rising bounds a number has reached: 0 below the first. Null stays null.
        case bounds([Int64])
        /// How long ago a day or a moment is, by these falling numbers of days; told by ``bounds(_:)`` on the day of asking.
        case ages([Int])
    }

    public enum Measure: Sendable, Hashable {
        case count
        case sum(String), average(String), min(String), max(String)
        /// How many values a field has.
        case distinct(String)
        /// What part of the records this holds for, in percent.
        case share(String, Operator, [Value])
        /// The share of those at or above `high` less that of those at or below `low`, of the records with a value; in points from -100 to
        /// 100.
        case balance(String, low: Int64, high: Int64)
        /// The average time between two days or moments.
        case days(from: String, to: String), hours(from: String, to: String)
    }

    public struct Line: Sendable {
        /// One value a group, as its grain says.
        public var keys: [Value]
        public var values: [Value]
        public init(keys: [Value], values: [Value]) {
            self.keys = keys
            self.values = values
        }
    }
}
