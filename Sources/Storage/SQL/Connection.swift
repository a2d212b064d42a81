import Records

/// One connection to a database, used by one thread only. Values travel by position; there are no names and no decoding by type.
protocol Connection: AnyObject {
    var dialect: any Dialect { get }
    /// What it has done since it was opened.
    var done: Tally.Work { get }

    /// Runs a statement and gives its rows, each value in the slot that `shape` names.
    func rows(_ sql: String, _ values: [Value], into shape: Shape?) throws -> [[Value]]

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [Value]) throws -> Int

    /// Runs statements without values, for definitions.
    func script(_ sql: String) throws

    /// Inserts rows, all with the same columns, as fast as the engine can. Ids stand in the rows or are given by the engine.
    func insert(into table: String, columns: [String], rows: [[Value]]) throws

    /// The ids of the next `count` rows of `table`, at least one.
    func reserveIDs(_ count: Int, of table: String) throws -> [Int64]

    /// Inserts one row under an id that stands among the values, and returns it.
    func insertOne(_ sql: String, _ values: [Value], id: NewID) throws -> Int64
}

/// Where a new row's id comes from.
enum NewID {
    /// From ``Connection/reserveIDs(_:of:)``.
    case reserved(Int64)
    /// From outside; it must not be given again.
    case given(Int64)

    var number: Int64 {
        switch self {
        case .reserved(let id), .given(let id): id
        }
    }
}

extension Connection {
    func rows(_ sql: String, _ values: [Value] = []) throws -> [[Value]] { try rows(sql, values, into: nil) }
    func rows(_ sql: SQL, into shape: Shape? = nil) throws -> [[Value]] { try rows(sql.text, sql.values, into: shape) }
    func first(_ sql: String, _ values: [Value] = []) throws -> [Value]? { try rows(sql, values, into: nil).first }
    @discardableResult func execute(_ sql: SQL) throws -> Int { try execute(sql.text, sql.values) }
    @discardableResult func execute(_ sql: String) throws -> Int { try execute(sql, []) }
}

/// Where a statement's columns go in a row.
struct Shape: Sendable {
    /// How many slots a row has.
    let width: Int
    /// The slot of each column.
    let slots: [Int]
    /// Slots whose text is an encoded list of choices.
    let choices: [Int]
}

/// Why the engine refused a statement, in words both engines share.
struct SQLFailure: Error {
    enum Reason: Sendable, Equatable {
        /// A unique index said no: its name, or the columns the engine named.
        case unique(index: String?, table: String?, columns: [String])
        case full, readOnly, ioError, corrupt
        /// The database server has no memory left for the statement; as a full disk, it passes.
        case outOfMemory
        /// The connection broke; what was sent may or may not have been done.
        case disconnected
        /// Another transaction was in the way; trying again may help.
        case conflict
        /// Another transaction holds what is wanted, for too long.
        case busy
        case tooLong
        case other
    }

    var reason: Reason
    var message: String
    var sql: String
}
