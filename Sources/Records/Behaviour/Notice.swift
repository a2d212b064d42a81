/// What somebody should know before dealing with a record: shown at the head of its page, whatever tab is open (忌讳, 免打扰, 刚被同事联系过).
public struct Notice: Sendable, Hashable {
    public var tone: Tone
    public var text: Words
    /// The record it leads to.
    public var entity: String?
    public var recordID: Int64?

    public init(_ tone: Tone, _ chinese: String, _ english: String, entity: String? = nil, id: Int64? = nil) {
        self.tone = tone
        text = Words(chinese, english)
        self.entity = entity
        recordID = id
    }
}

/// What helps whoever works on a record — words to say, an article — shown beside it.
public struct Aid: Sendable, Hashable {
    public var title: String
    public var text: String
    /// The record it comes from.
    public var entity: String
    public var recordID: Int64

    public init(_ title: String, _ text: String, entity: String, id: Int64) {
        self.title = title
        self.text = text
        self.entity = entity
        recordID = id
    }
}

/// What a rule may look at when nothing is written.
public protocol Looking: AnyObject {
    var actor: Actor { get }
    var now: Instant { get }
    var catalog: Catalog { get }

    func get(_ schema: Schema, id: Int64) throws -> Row?
    func fetch(_ query: Query) throws -> [Row]
    func count(_ query: Query, cap: Int) throws -> Int
    func summarize(_ summary: Summary) throws -> [Summary.Line]
    /// Whether the reader may open this record: a rule looks at all of them, what it says is for one.
    func sees(_ row: Row) -> Bool
    /// What a record is called to the reader: who may not open it is not told.
    func name(of row: Row) -> String
    /// A question that somebody saved as JSON (an assignment rule's condition), about this entity's records.
    func question(_ text: String, about schema: Schema) throws -> Condition
    /// A parameter's value on `day` (today when nil).
    func value(of parameter: Parameter, on day: Day?) throws -> Value
}

extension Looking {
    public var today: Day { now.day }

    public func get<E: Entity>(_ type: E.Type, _ ref: Ref<E>) throws -> Record<E>? {
        try get(catalog.schema(E.self), id: ref.id).map(Record<E>.init)
    }

    public func all<E: Entity>(
        _ type: E.Type, where condition: Condition = .everything, sort: [Query.Sort] = [], limit: Int = 1000
    ) throws -> [Record<E>] {
        try fetch(Query(catalog.schema(E.self), where: condition, sort: sort, limit: limit)).map(Record<E>.init)
    }

    public func first<E: Entity>(_ type: E.Type, where condition: Condition) throws -> Record<E>? {
        try all(type, where: condition, limit: 1).first
    }

    public func int(_ parameter: Parameter) throws -> Int { Int(truncatingIfNeeded: try value(of: parameter, on: nil).int ?? 0) }
    public func isOn(_ parameter: Parameter) throws -> Bool { try value(of: parameter, on: nil) == .int(1) }
}
