import GRDBSQLite

extension SQLiteConnection {
    /// Stops statements that run longer in all than `seconds`, so that one hopeless question cannot hold a thread for ever.
    func within<T>(seconds: Int, _ body: () throws -> T) throws -> T {
        let deadline = Deadline(.now + .seconds(seconds))
        sqlite3_progress_handler(handle, 200_000, { context in
            guard let context else { return 0 }
            return Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
        }, Unmanaged.passUnretained(deadline).toOpaque())
        defer {
            sqlite3_progress_handler(handle, 0, nil, nil)
            withExtendedLifetime(deadline) {}
        }
        return try body()
    }

    private final class Deadline {
        let end: ContinuousClock.Instant
        init(_ end: ContinuousClock.Instant) { self.end = end }
        var isOver: Bool { ContinuousClock.now > end }
    }
}
