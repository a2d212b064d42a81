import Records

/// How a ``JobRunner`` works.
public struct JobSettings: Sendable {
    /// Jobs at once.
    public var workers = 4
    /// A run says so again every third of this; one that did not for the whole of it is taken for dead.
    public var lease: Duration = .seconds(30)
    /// How often the table is looked at when nobody rings.
    public var poll: Duration = .seconds(1)
    /// A handler without a sign of life for this long is given up, so that a hanging one does not keep its worker for ever.
    public var patience: Duration = .seconds(900)
    /// How long a stop waits for handlers to end.
    public var grace: Duration = .seconds(4)
    public var retry = Retry()
    /// Other rules for single kinds of job.
    public var retries: [String: Retry] = ["webhook": .webhook]
    /// How many of one kind may run at once; one worker is always left for the others unless said otherwise here.
    public var limits: [String: Int] = [:]
    /// No other instance works on this database (SQLite): what is marked as running at the start was interrupted by the end of this one.
    public var isAlone = true
    /// Scheduled jobs that may have nothing to do: asked while reading, so that an idle system writes nothing.
    public var nothingToDo: [String: @Sendable (any Reading, Instant) throws -> Bool] = [:]
    /// Told of what went wrong, for the log.
    public var onError: @Sendable (String, any Error) -> Void = { _, _ in }

    public init() {}

    /// When a failed job is tried again.
    public struct Retry: Sendable {
        public var attempts: Int
        public var first: Int64
        public var factor: Int64
        public var most: Int64

        public init(attempts: Int = 5, first: Int64 = 10, factor: Int64 = 4, most: Int64 = 3600) {
            self.attempts = attempts
            self.first = first
            self.factor = factor
            self.most = most
        }

        /// Half a minute, two, eight, half an hour, two hours.
        public static let webhook = Retry(attempts: 6, first: 30, most: 7200)

        /// Seconds until the next try after `attempt`, up to a fifth more or less so that those who failed together do not come back
        /// together.
        func delay(after attempt: Int, jitter: Double = .random(in: -0.2...0.2)) -> Int64 {
            var seconds = first
            for _ in 1..<max(attempt, 1) { seconds = min(most, seconds * factor) }
            return max(1, Int64((Double(min(seconds, most)) * (1 + jitter)).rounded()))
        }
    }

    func retry(_ name: String) -> Retry { retries[name] ?? retry }
    func limit(_ name: String) -> Int { limits[name] ?? max(1, workers - 1) }
}

/// What an error says to whoever reads the list of jobs.
enum Reason {
    static func text(_ error: any Error) -> String {
        let text =
            switch error {
            case let problems as Problems: problems.all.map(\.message).joined(separator: "；")
            case let problem as Problem: problem.message
            case let refusal as Refusal: refusal.reason
            case JobFailure.permanent(let text), JobFailure.again(let text, _): text
            case StoreError.unavailable(let text), StoreError.full(let text), StoreError.lost(let text), StoreError.failed(let text),
                StoreError.foreignSchema(let text):
                text
            default: String(describing: error)
            }
        return String(text.prefix(2000))
    }

    /// Whether the same would happen again.
    static func isFinal(_ error: any Error) -> Bool {
        switch error {
        case is Problems, is Problem: true
        case JobFailure.permanent: true
        case Refusal.changedMeanwhile, Refusal.tooMany, Refusal.unavailable: false
        case is Refusal: true
        default: false
        }
    }
}

extension Refusal {
    /// Why, as a sentence.
    var reason: String {
        switch self {
        case .notFound: "记录不存在或您无权查看"
        case .forbidden(let text), .conflict(let text), .unreadable(let text): text
        case .changedMeanwhile: "记录同时被他人修改"
        case .tooMany(let text, _), .unavailable(let text, _): text
        }
    }
}
