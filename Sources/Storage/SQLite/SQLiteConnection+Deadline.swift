import GRDBSQLite

extension SQLiteConnection {
    /// Stops every statement that runs longer than `limit`.
    func limitStatements(to limit: Duration) {
        statementLimit = limit
        // The connection outlives its handle's use: GRDB closes it after the last statement.
        sqlite3_progress_handler(
            handle, 100_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().isOverdue ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private var isOverdue: Bool { statementLimit.map { ContinuousClock.now - statementStart > $0 } ?? false }
}
