import Records
import Synchronization

/// A store whose disk a test fills up and empties; what else may be wrong with it comes through.
public final class FullDisk: Store {
    private let base: any Store
    private let trouble = Mutex<StoreError?>(nil)
    /// What is written under it finds room all the same.
    @TaskLocal public static var isSpared = false

    public init(_ base: any Store) { self.base = base }

    public func fill(_ error: StoreError = .full("磁盘空间不足")) { trouble.withLock { $0 = error } }
    public func empty() { trouble.withLock { $0 = nil } }

    public var isShared: Bool { base.isShared }
    public func use(_ digest: RowDigest) { base.use(digest) }
    public func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T { try await base.read(body) }
    public func write<T: Sendable>(_ body: @escaping @Sendable (any Writing) throws -> T) async throws -> T {
        let isSpared = FullDisk.isSpared
        return try await base.write { writing in
            let result = try body(writing)
            if !isSpared, let trouble = self.trouble.withLock({ $0 }) { throw trouble }
            return result
        }
    }
    public func sync(_ catalog: Catalog) async throws -> [String] { try await base.sync(catalog) }
    public func analyze() async throws { try await base.analyze() }
    public func rebuildSearch(_ schema: Schema) async throws { try await base.rebuildSearch(schema) }
}
