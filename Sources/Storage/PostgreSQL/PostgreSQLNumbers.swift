import Records
import Synchronization

/// Gives out numbers of sequences on a connection of its own, each in a transaction that ends at once: a number that is taken in somebody's
/// unit of work would lock its sequence until that has committed, and whoever makes a record of the same entity would wait. Numbers of work
/// that was taken back are lost; numbers are unique, not without gaps.
final class PostgreSQLNumbers: Sendable {
    private let settings: PostgreSQLSettings
    private let connection = Mutex<PostgreSQLConnection?>(nil)

    init(_ settings: PostgreSQLSettings) { self.settings = settings }

    func next(_ sequence: String, by step: Int64) throws -> Int64 {
        try connection.withLock { connection in
            // A connection that idled may have been cut; a fresh one may not.
            if let used = connection, used.isAlive, let number = try? Self.take(sequence, step, used) { return number }
            connection = nil
            let fresh = try PostgreSQLConnection(settings)
            // Whoever uses the number commits after it, and a log is flushed in its order: this commit need not wait for the disk.
            try fresh.script("set synchronous_commit = off")
            connection = fresh
            return try Self.take(sequence, step, fresh)
        }
    }

    private static func take(_ sequence: String, _ step: Int64, _ connection: PostgreSQLConnection) throws -> Int64 {
        let sql =
            "insert into _sequences (name, value) values ($1, $2) on conflict (name) do update set value = _sequences.value + "
            + "excluded.value returning value"
        let last = try connection.rows(sql, [.text(sequence), .int(step)], into: nil).first?.first?.int ?? step
        return last - step + 1
    }

    func close() { connection.withLock { $0 = nil } }
}
