/// A database that keeps records. Two engines implement it; nobody above ``Storage`` knows which.
///
/// A unit of work is one synchronous closure on a thread of the store's own: inside it everything is plain synchronous Swift.
public protocol Store: Sendable {
    /// Whether other processes may write to the same database.
    var isShared: Bool { get }

    /// Rows that are written from now on carry a digest made with it.
    func use(_ digest: RowDigest)

    /// Runs `body` on a consistent picture of the data.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T

    /// Runs `body` in a transaction of its own and returns once it is on disk. A thrown error takes back all of it.
    func write<T: Sendable>(_ body: @escaping @Sendable (any Writing) throws -> T) async throws -> T

    /// Makes tables, columns and indexes fit the catalog: additive, never destructive. Returns what it did, in words.
    @discardableResult
    func sync(_ catalog: Catalog) async throws -> [String]

    /// Counts what the indexes hold, for the engine's choice between them: nightly, and after much has come in at once.
    func analyze() async throws

    /// Makes an entity's search index anew.
    func rebuildSearch(_ schema: Schema) async throws
}

/// Reading inside a unit of work.
public protocol Reading {
    func fetch(_ query: Query) throws -> [Row]
    func row(_ schema: Schema, id: Int64) throws -> Row?
    func rows(_ schema: Schema, ids: [Int64]) throws -> [Row]
    /// How many, counted up to `cap`: an answer of `cap` + 1 means more.
    func count(_ query: Query, cap: Int) throws -> Int
    /// Every record in turn, without holding them all; return false to stop.
    func forEach(_ query: Query, _ body: (Row) throws -> Bool) throws
    func summarize(_ summary: Summary) throws -> [Summary.Line]
    /// The ids that the index finds for what a person typed, best first.
    func search(_ schema: Schema, _ text: String, within reach: Reach, preferring owner: Int64?, limit: Int) throws -> [Int64]
    /// Whether what a person typed is found in these fields of the row alone.
    func finds(_ text: String, in row: Row, fields: [FieldSpec]) -> Bool
    /// The items of a many-to-many link, by record, as a row holds them: see ``LinksKind``.
    func links(_ schema: Schema, _ field: FieldSpec, of ids: [Int64]) throws -> [Int64: [Value]]
    /// Reads every row of the database again, also of what is switched off, and holds it against its digest; names up to `limit` faults.
    func verifyRows(limit: Int) throws -> RowVerdict
    /// The last number that ``Writing/next(_:by:)`` gave of a named sequence; 0 when it has given none.
    func last(_ sequence: String) throws -> Int64
}

/// Writing inside a unit of work. The search index and the links' tables follow by themselves.
public protocol Writing: Reading {
    /// Inserts a row and returns its id; a row that carries an id keeps it.
    @discardableResult
    func insert(_ row: Row) throws -> Int64
    /// Inserts many rows of one schema quickly; ids in order.
    func insert(_ rows: [Row]) throws -> [Int64]
    /// Writes the given slots (all when nil) of a row. False when `version` is given and no longer the stored one. It is quicker when `old`
    /// says what the row holds.
    func update(_ row: Row, slots: [Int]?, ifVersion version: Int64?, from old: Row?) throws -> Bool
    /// Removes rows for good.
    func erase(_ schema: Schema, ids: [Int64]) throws
    /// Sets fields of all records that meet the condition; returns how many.
    func set(_ schema: Schema, _ values: [String: Value], where condition: Condition) throws -> Int
    /// Takes up to `limit` records for this worker, skipping those that another has just taken, and sets fields in them.
    func claim(_ query: Query, setting values: [String: Value]) throws -> [Row]
    /// The next number of a named sequence, starting at 1, part of this unit of work: nobody else gets one before it has ended.
    func next(_ sequence: String, by step: Int64) throws -> Int64
    /// As ``next(_:by:)`` for numbers that only need to differ: nobody waits for them, and those of work that was taken back may be lost.
    func number(_ sequence: String, by step: Int64) throws -> Int64
    /// The entities that this unit of work has changed, where other processes may remember them; empty where there are none.
    var changedForOthers: Set<String> { get }
    /// Runs `body` so that an error inside it takes back only its own writes.
    func attempt<T>(_ body: () throws -> T) throws -> T
    /// Runs after the data is on disk.
    func afterCommit(_ body: @escaping @Sendable () -> Void)
}

/// What a store says when it cannot.
public enum StoreError: Error, Sendable {
    /// A unique index refused: which fields of which entity.
    case duplicate(entity: String, fields: [String])
    /// Nothing can be written now (read-only, connection away); the text says what to do.
    case unavailable(String)
    /// There is no room for a write (disk full); it passes by itself, and reading goes on meanwhile.
    case full(String)
    /// The disk failed under a commit; the process must stop and recover.
    case lost(String)
    /// The database is of a newer program or was changed by hand.
    case foreignSchema(String)
    case failed(String)
}

extension Writing {
    public func update(_ row: Row, slots: [Int]?, ifVersion version: Int64?) throws -> Bool {
        try update(row, slots: slots, ifVersion: version, from: nil)
    }
}

extension Reading {
    /// The records that a many-to-many link names, by record.
    public func linked(_ schema: Schema, _ field: FieldSpec, of ids: [Int64]) throws -> [Int64: [Int64]] {
        try links(schema, field, of: ids).mapValues { $0.compactMap(LinksKind.id(of:)) }
    }
}
