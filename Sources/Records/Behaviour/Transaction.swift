/// What a business rule can do, inside the gate's transaction and with its actor. Everything here is checked, audited, indexed and undoable
/// like what a person does; the rule has never heard of SQL.
public protocol Transaction: AnyObject {
    var actor: Actor { get }
    var now: Instant { get }
    var catalog: Catalog { get }

    func get(_ schema: Schema, id: Int64) throws -> Row?
    func fetch(_ query: Query) throws -> [Row]
    func count(_ query: Query, cap: Int) throws -> Int
    func summarize(_ summary: Summary) throws -> [Summary.Line]

    /// Inserts a record and returns it as it was saved.
    @discardableResult func insert(_ row: Row) throws -> Row
    /// Saves the changed fields of a record.
    @discardableResult func save(_ row: Row) throws -> Row
    /// Moves a record to the recycle bin.
    func delete(_ schema: Schema, id: Int64) throws
    /// Removes link rows and other small facts of the program's own for good.
    func erase(_ schema: Schema, ids: [Int64]) throws

    /// A parameter's value on `day` (today when nil).
    func value(of parameter: Parameter, on day: Day?) throws -> Value
    /// Tells people in the program; by other channels as they chose.
    func notify(_ users: [Int64], _ text: String, about row: Row?) throws
    /// Runs a declared job later, in a transaction of its own; once per `key` while one is waiting.
    func enqueue(_ job: String, _ payload: [String: Plain], key: String?, after delay: Int64) throws
    /// The next number of a sequence.
    func next(_ sequence: String) throws -> Int64
}

extension Transaction {
    public var today: Day { now.day }

    public func get<E: Entity>(_ type: E.Type, _ ref: Ref<E>) throws -> Record<E>? {
        try get(catalog.schema(E.self), id: ref.id).map(Record<E>.init)
    }

    public func all<E: Entity>(_ type: E.Type, where condition: Condition = .everything, sort: [Query.Sort] = [], limit: Int = 1000) throws -> [Record<E>] {
        try fetch(Query(catalog.schema(E.self), where: condition, sort: sort, limit: limit)).map(Record<E>.init)
    }

    public func first<E: Entity>(_ type: E.Type, where condition: Condition) throws -> Record<E>? {
        try all(type, where: condition, limit: 1).first
    }

    @discardableResult
    public func insert<E: Entity>(_ record: Record<E>) throws -> Record<E> { Record(try insert(record.row)) }

    @discardableResult
    public func save<E: Entity>(_ record: Record<E>) throws -> Record<E> { Record(try save(record.row)) }

    public func int(_ parameter: Parameter) throws -> Int { Int(truncatingIfNeeded: try value(of: parameter, on: nil).int ?? 0) }
    public func isOn(_ parameter: Parameter) throws -> Bool { try value(of: parameter, on: nil) == .int(1) }
}
