/// What a business rule can do, inside the gate's transaction and with its actor. Everything here is checked, audited, indexed and undoable
/// like what a person does; the rule has never heard of SQL.
public protocol Transaction: Looking {
    /// Inserts a record and returns it as it was saved.
    @discardableResult func insert(_ row: Row) throws -> Row
    /// Saves the changed fields of a record.
    @discardableResult func save(_ row: Row) throws -> Row
    /// The job that is at work; nil outside of one.
    var errand: Errand? { get }
    /// Does `work`, which is about one record among many. When it is refused, only what it did is taken back: the record is set aside, the
    /// job's report names it with the reason, and the job goes on.
    ///
    /// - Returns: whether it was done.
    /// - Throws: what is not the record's fault: the database is away, somebody saved the record in the same moment.
    @discardableResult func apart(_ row: Row, _ work: () throws -> Void) throws -> Bool

    /// Moves a record to the recycle bin.
    func delete(_ schema: Schema, id: Int64) throws
    /// Removes link rows and other small facts of the program's own for good.
    func erase(_ schema: Schema, ids: [Int64]) throws

    /// The files beside one record lie beside another from now on.
    func moveFiles(of row: Row, to schema: Schema, id: Int64) throws
    /// Performs a declared action in somebody's name, as if they had asked for it; where it needs approval, it waits for it.
    func perform(_ action: String, _ row: Row, as user: Int64, _ values: [String: Plain]) throws

    /// Whoever asked for this is led to that record next: what an action has made.
    func lead(to row: Row)

    /// Tells people in the program; by other channels as they chose.
    func notify(_ users: [Int64], of subject: NotificationSubject, _ text: String, about row: Row?) throws
    /// Writes a message by a template (``Action/sendMessage``) to whom a record is about; whatever forbids it is thrown. Subject and text
    /// stand in for the template's.
    func post(_ template: Int64, about row: Row, subject: String?, text: String?) throws
    /// Runs a declared job later, in a transaction of its own; once per `key` while one is waiting.
    func enqueue(_ job: String, _ payload: [String: Plain], key: String?, after delay: Int64) throws
    /// The next number of a sequence.
    func next(_ sequence: String) throws -> Int64
}

extension Transaction {
    @discardableResult
    public func apart<E: Entity>(_ record: Record<E>, _ work: () throws -> Void) throws -> Bool { try apart(record.row, work) }

    @discardableResult
    public func insert<E: Entity>(_ record: Record<E>) throws -> Record<E> { Record(try insert(record.row)) }

    @discardableResult
    public func save<E: Entity>(_ record: Record<E>) throws -> Record<E> { Record(try save(record.row)) }
}
