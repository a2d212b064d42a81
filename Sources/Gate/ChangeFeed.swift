import Records
import Synchronization

/// A record was changed.
public struct ChangeEvent: Sendable, Hashable {
    public enum Kind: String, Sendable { case created, updated, deleted, restored }
    public var entity: String
    public var id: Int64
    public var kind: Kind
    public var by: Int64
    /// Another instance of the program did it, and has told us.
    public var isElsewhere = false

    public init(entity: String, id: Int64, kind: Kind, by: Int64) {
        self.entity = entity
        self.id = id
        self.kind = kind
        self.by = by
    }
}

/// Who wants to know of changes gets them here, after they are on disk.
public final class ChangeFeed: Sendable {
    private let listeners = Mutex<[Int: @Sendable ([ChangeEvent]) -> Void]>([:])
    private let counter = Mutex(0)

    public init() {}

    /// Calls `body` after every commit until the returned number is given to ``forget(_:)``. `body` must be quick.
    @discardableResult
    public func listen(_ body: @escaping @Sendable ([ChangeEvent]) -> Void) -> Int {
        let number = counter.withLock {
            $0 += 1; return $0
        }
        listeners.withLock { $0[number] = body }
        return number
    }

    public func forget(_ number: Int) { _ = listeners.withLock { $0.removeValue(forKey: number) } }

    public func publish(_ events: [ChangeEvent]) {
        for listener in listeners.withLock({ Array($0.values) }) { listener(events) }
    }
}
