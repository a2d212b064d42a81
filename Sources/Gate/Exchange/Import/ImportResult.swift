import Formats
import Records

/// What an import did, in the words of the command line and the API.
public struct ImportResult: Sendable, Hashable {
    /// A fault of a rejected row.
    public struct Rejection: Sendable, Hashable {
        /// The row's number in the sheet, the header being 1.
        public var line: Int
        public var column: String
        public var code: String
        public var reason: String
    }

    public var job: Int64?
    /// Rows read, the header not counted.
    public var rows = 0
    /// By entity. Rows for the entity itself, records for linked ones.
    public var created: [String: Int] = [:]
    public var updated: [String: Int] = [:]
    public var unchanged: [String: Int] = [:]
    /// Rows not taken.
    public var rejected = 0
    /// Their faults, the first ``mostRejections``; all of them are in the sheet of rejected rows.
    public var rejections: [Rejection] = []
    public var seconds = 0.0
    /// It was stopped; what was done stays until it is reverted.
    public var isCancelled = false
    /// The changes' number, for ``Importer/revert(_:as:progress:)``.
    public var operation: Int64 = 0

    /// Records made or changed.
    var written: Int { created.values.reduce(0, +) + updated.values.reduce(0, +) }

    public static let mostRejections = 1000

    public init() {}

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("job")
        if let job { json.int(job) } else { json.null() }
        json.key("rows")
        json.int(rows)
        for (name, counts) in [("created", created), ("updated", updated), ("unchanged", unchanged)] {
            json.key(name)
            json.beginObject()
            for (entity, count) in counts.sorted(by: { $0.key < $1.key }) {
                json.key(entity)
                json.int(count)
            }
            json.endObject()
        }
        json.key("rejected")
        json.int(rejected)
        json.key("rejected_rows")
        json.beginArray()
        for fault in rejections { fault.write(to: &json) }
        json.endArray()
        json.key("seconds")
        json.real((seconds * 1000).rounded() / 1000)
        json.endObject()
    }

    public var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension ImportResult.Rejection {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("line")
        json.int(line)
        json.key("column")
        json.string(column)
        json.key("code")
        json.string(code)
        json.key("reason")
        json.string(reason)
        json.endObject()
    }
}

/// The running count of an import, with everything another run needs to go on after a crash.
struct ImportTally: Sendable {
    var result = ImportResult()
    private let entities: [String]
    private var made: [NumberSet], changed: [NumberSet], seen: [NumberSet]

    init(_ layout: ImportLayout) {
        entities = layout.targets.map(\.schema.name)
        let none = [NumberSet](repeating: NumberSet(), count: entities.count - 1)
        (made, changed, seen) = (none, none, none)
        for entity in entities { for counts in [\ImportResult.created, \.updated, \.unchanged] { result[keyPath: counts][entity] = 0 } }
    }

    mutating func add(_ outcome: BatchOutcome, rejected: [RejectedRow]) {
        result.rows += outcome.created + outcome.updated + outcome.unchanged + rejected.count
        let main = entities[entities.count - 1]
        result.created[main, default: 0] += outcome.created
        result.updated[main, default: 0] += outcome.updated
        result.unchanged[main, default: 0] += outcome.unchanged
        for (index, linked) in outcome.linked.enumerated() { add(linked, index) }
        result.rejected += rejected.count
        for row in rejected {
            for fault in row.faults where result.rejections.count < ImportResult.mostRejections {
                result.rejections.append(.init(line: row.line, column: fault.column, code: fault.code, reason: fault.reason))
            }
        }
    }

    /// Linked records of which only the number is known, by target.
    mutating func addLinked(_ counts: [Int]) {
        for (index, count) in counts.enumerated() { result.created[entities[index], default: 0] += count }
    }

    /// A linked record counts once, as what became of it in the end, however many rows speak of it.
    private mutating func add(_ linked: BatchOutcome.LinkedOutcome, _ index: Int) {
        let entity = entities[index]
        for id in linked.created where made[index].insert(id) { result.created[entity, default: 0] += 1 }
        for id in linked.updated where !made[index].contains(id) && changed[index].insert(id) {
            result.updated[entity, default: 0] += 1
            if seen[index].contains(id) { result.unchanged[entity, default: 0] -= 1 }
        }
        for id in linked.seen where !made[index].contains(id) && !changed[index].contains(id) && seen[index].insert(id) {
            result.unchanged[entity, default: 0] += 1
        }
    }
}

/// Record numbers, which lie close together: a bit each.
struct NumberSet: Sendable {
    private var pages: [Int64: [UInt64]] = [:]

    @discardableResult
    mutating func insert(_ number: Int64) -> Bool {
        let (page, word, bit) = place(number)
        let old = pages[page]?[word] ?? 0
        guard old & bit == 0 else { return false }
        pages[page, default: Array(repeating: 0, count: 16)][word] |= bit
        return true
    }

    func contains(_ number: Int64) -> Bool {
        let (page, word, bit) = place(number)
        return (pages[page]?[word] ?? 0) & bit != 0
    }

    private func place(_ number: Int64) -> (page: Int64, word: Int, bit: UInt64) {
        // bounded: six bits.
        (number >> 10, Int((number >> 6) & 15), 1 << UInt64(number & 63))
    }
}
