import Records

/// What a job over many records has done so far, and which it could not: `{"total","done","failed","failures":[{"id","title",
/// "reason","entity"}]}`, the entity where a job looks after several.
public struct BulkReport: Sendable, Equatable {
    public var total = 0
    public var done = 0
    public var failed = 0
    /// The first of those that failed.
    public var failures: [Failure] = []

    public struct Failure: Sendable, Equatable {
        public var id: Int64
        public var title: String
        public var reason: String
        /// What kind of record it is, where the reader cannot know.
        public var entity: String?
    }

    static let kept = 200

    public init() {}

    mutating func fail(_ id: Int64, _ title: String?, _ reason: String, entity: String? = nil) {
        failed += 1
        guard failures.count < Self.kept else { return }
        failures.append(Failure(id: id, title: String((title ?? "#\(id)").prefix(100)), reason: String(reason.prefix(300)), entity: entity))
    }

    public var plain: Plain {
        [
            "total": .int(Int64(total)), "done": .int(Int64(done)), "failed": .int(Int64(failed)),
            "failures": .list(failures.map(\.plain)),
        ]
    }

    public init?(plain: Plain) {
        guard let members = plain.object, let total = members["total"]?.int, let done = members["done"]?.int,
            let failed = members["failed"]?.int
        else { return nil }
        self.total = Int(total)
        self.done = Int(done)
        self.failed = Int(failed)
        failures =
            members["failures"]?.list?.compactMap { item in
                guard let item = item.object, let id = item["id"]?.int else { return nil }
                return Failure(id: id, title: item["title"]?.text ?? "", reason: item["reason"]?.text ?? "", entity: item["entity"]?.text)
            } ?? []
    }

    /// The report with where to go on after an interruption.
    func plain(with extra: [String: Plain]) -> Plain { .object((plain.object ?? [:]).merging(extra) { $1 }) }
}

extension BulkReport.Failure {
    fileprivate var plain: Plain {
        var members: [String: Plain] = ["id": .int(id), "title": .text(title), "reason": .text(reason)]
        if let entity { members["entity"] = .text(entity) }
        return .object(members)
    }
}

extension GateTransaction {
    public func apart(_ row: Row, _ work: () throws -> Void) throws -> Bool {
        report.total += 1
        do {
            try takingBack(work)
            report.done += 1
            return true
        } catch {
            let reason = (error as? StoreError).map { Gate.refusal(for: $0, in: catalog) } ?? error
            guard Reason.isFinal(reason) else { throw error }
            report.fail(row.id, row.title, Reason.text(reason), entity: row.schema.name)
            return false
        }
    }

    /// Runs `body` so that a refusal takes back only what `body` did, news of it included; returns why it was refused.
    func refusal(of body: () throws -> Void) throws -> String? {
        let mark = events.count
        do {
            try writing.attempt(body)
            return nil
        } catch let error where error is Problems || error is Problem || error is Refusal || error is StoreError {
            if let store = error as? StoreError {
                guard case .duplicate = store else { throw error }
            }
            if events.count > mark { events.removeLast(events.count - mark) }
            return Reason.text((error as? StoreError).map { Gate.refusal(for: $0, in: catalog) } ?? error)
        }
    }
}
