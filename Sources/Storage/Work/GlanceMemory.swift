import Records
import Synchronization

/// Whose glance at the newest of all records (``SelectCompiler/glance(_:limit:)``) did not fill a page lately: a small share of the records
/// stays small for a while.
final class GlanceMemory: Sendable {
    private let waits = Mutex<[Int: Int]>([:])
    private static let pause = 50, limit = 2000

    func isWorthTrying(_ table: String, _ scope: Reach) -> Bool {
        waits.withLock { waits in
            let key = Self.key(table, scope)
            guard let left = waits[key], left > 0 else { return true }
            waits[key] = left - 1
            return false
        }
    }

    func failed(_ table: String, _ scope: Reach) {
        waits.withLock { waits in
            if waits.count >= Self.limit { waits.removeAll() }
            waits[Self.key(table, scope)] = Self.pause
        }
    }

    private static func key(_ table: String, _ scope: Reach) -> Int {
        var hasher = Hasher()
        hasher.combine(table)
        hasher.combine(scope)
        return hasher.finalize()
    }
}
