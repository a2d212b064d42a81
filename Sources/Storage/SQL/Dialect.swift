import Records

/// All that differs between the engines' SQL. What is not here is the same text for both.
protocol Dialect: Sendable {
    /// `sqlite` or `postgresql`.
    var name: String { get }
    /// Whether other processes may write to the same database.
    var isShared: Bool { get }
    /// `$1, $2 …` rather than `?`.
    var hasNumberedPlaceholders: Bool { get }

    func type(_ column: ColumnType) -> String
    /// The definition of an `id` column that numbers itself and never gives a number twice.
    var identity: String { get }
    /// What stands behind a table's closing bracket; a link table needs no row ids.
    func tableEnding(isLink: Bool) -> String

    /// Case-insensitive in ASCII only, with `\` as escape.
    var like: String { get }
    /// The function that finds a text in another: 0 when absent.
    var position: String { get }
    /// An order in which null is the smallest value.
    func order(_ expression: String, descending: Bool) -> String
    /// Whether a column's type as the database names it is the one a definition wrote.
    func isSame(_ existing: String, _ defined: String) -> Bool
    /// Whether the row's id must be named as an index's last column.
    var indexesNameID: Bool { get }
    /// The lock clause of a select that takes jobs.
    var skipLocked: String { get }

    /// `column` is one of the bound values.
    func isAny(_ column: String, of values: [Value], _ type: ColumnType, _ sql: inout SQL)

    /// The sum of a column of whole numbers, exact; the greatest or least whole number where it would be beyond. Null of nothing.
    func sum(_ column: String) -> String

    /// The month `2026-11` of an instant (milliseconds) or a day's number.
    func month(ofInstant expression: String, offset: Int) -> String
    func month(ofDay expression: String) -> String

    /// The lock clause of a select whose rows are about to be changed.
    var lock: String { get }
    /// Equal, null to null too.
    var equals: String { get }
    /// Appends a whole number in a column with those bits turned over that `change` has.
    func flip(_ column: String, by change: Int64, _ sql: inout SQL)
    /// Gives rows, named by their keys, the same values, and each its digest.
    func assign(
        _ assignments: [Table.Assignment], _ rows: [Signature], keys: [String], in table: String, on connection: any Connection) throws
    /// A text's bytes in hexadecimal, also where they are no text.
    func hex(_ column: String) -> String

    /// Counts what the indexes hold.
    var analysis: String { get }

    func existingColumns(_ connection: any Connection) throws -> [String: [String: String]]
    func existingIndexes(_ connection: any Connection) throws -> [ExistingIndex]

    /// The search table of an entity.
    func createSearchTable(_ name: String) -> [String]
    /// The column that holds the record's id.
    var searchKey: String { get }
    /// How many matches are looked at for the newest among them; nil when the engine finds them newest first and can stop.
    var searchWindow: Int? { get }
    /// Appends `record_id in (…)`-ready select of the ids that match a question within tokens of scope.
    func searchIDs(_ table: String, _ question: SearchQuestion, scope: [String], titleOnly: Bool, _ sql: inout SQL)
    /// Writes documents (nil removes) of one table.
    func index(_ table: String, _ documents: [(id: Int64, document: SearchDocument?)], areNew: Bool, on connection: any Connection) throws
}

/// An index as the database has it.
struct ExistingIndex {
    let name: String
    let table: String
    var columns: [String]
}
