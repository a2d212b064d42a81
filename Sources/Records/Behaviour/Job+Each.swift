/// The job that a transaction does: what it is called, and what it was given.
public struct Errand: Sendable {
    public var job: String
    public var payload: [String: Plain]

    public init(_ job: String, _ payload: [String: Plain]) {
        self.job = job
        self.payload = payload
    }
}

extension Transaction {
    /// Does `work` for each record that meets a condition, each ``apart(_:_:)`` from the others.
    ///
    /// ```swift
    /// try tx.each(Todo.self, where: due, sort: "remind_at") { task in … }
    /// ```
    ///
    /// The first `batch` are done in this transaction, the rest in runs of the same job that follow. Each run begins behind the last record
    /// of the one before: records that stay as they are, because they were refused, neither come again in this period nor hold up those
    /// behind them. The job's next period begins at the first again.
    ///
    /// - Parameters:
    ///   - sort: the order, by a field of the entity (`-due_on` for the last first); records that are equal in it come by number.
    ///   - part: tells several such walks of one job apart; a run that follows goes on with its own and leaves the others alone.
    public func each<E: Entity>(
        _ type: E.Type, where condition: Condition, sort: String = "id", batch: Int = 200, part: String = "",
        _ work: (Record<E>) throws -> Void
    ) throws {
        let query = Query(catalog.schema(E.self), where: condition, sort: [Query.Sort(sort)], limit: batch)
        try each(query, part: part) { try work(Record($0)) }
    }

    /// The same for a query whose limit is the batch and whose order is the way.
    public func each(_ query: Query, part: String = "", _ work: (Row) throws -> Void) throws {
        let place = errand?.payload["after"].flatMap(Query.Cursor.init(plain:))
        if place != nil, errand?.payload["part"]?.text ?? "" != part { return }
        var query = query
        query.cursor = place
        while true {
            let rows = try fetch(query)
            for row in rows { try apart(row) { try work(row) } }
            guard rows.count == query.limit, let last = rows.last else { return }
            let cursor = query.cursor(at: last)
            if let errand { return try goOn(errand, part, behind: cursor) }
            query.cursor = cursor
        }
    }

    /// The rest of a walk, in a run of its own.
    private func goOn(_ errand: Errand, _ part: String, behind cursor: Query.Cursor) throws {
        let given = errand.payload.filter { $0.key != "after" && $0.key != "part" }
        let key = ([errand.job, part] + given.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: "/")
        try enqueue(errand.job, given.merging(["after": cursor.plain, "part": .text(part)]) { $1 }, key: String(key.prefix(200)), after: 1)
    }
}
