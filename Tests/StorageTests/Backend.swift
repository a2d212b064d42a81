import Foundation
import Records
import Testing

@testable import Storage

/// The engines every test runs on: SQLite always, PostgreSQL when `ZHIKE_TEST_POSTGRES` names a server (`bin/postgres start` prints it).
enum Backend: String, Sendable, CustomTestStringConvertible {
    case sqlite, postgresql

    static let server = ProcessInfo.processInfo.environment["ZHIKE_TEST_POSTGRES"]
    static let available: [Backend] = server == nil ? [.sqlite] : [.sqlite, .postgresql]

    var testDescription: String { rawValue }

    /// Runs `body` with an empty store of this engine that knows `catalog`.
    func withStore<T>(_ catalog: Catalog? = Shop.catalog, _ body: (any TestStore) async throws -> T) async throws -> T {
        switch self {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "zhike-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try SQLiteStore(path: folder.appending(path: "zhike.db").path, readers: 2)
            defer { store.close() }
            if let catalog { try await store.sync(catalog) }
            let result = try await body(store)
            try await store.expectSound()
            return result
        case .postgresql:
            let schema = "t_" + UUID().uuidString.prefix(8).lowercased()
            let store = try PostgreSQLStore(url: Self.server ?? "", poolSize: 3, schema: schema)
            defer { store.close() }
            if let catalog { try await store.sync(catalog) }
            let result: Result<T, any Error>
            do {
                let made = try await body(store)
                try await store.expectSound()
                result = .success(made)
            } catch { result = .failure(error) }
            try? await store.define { session in try session.connection.script("drop schema \(schema.quoted) cascade") }
            return try result.get()
        }
    }
}

protocol TestStore: SessionStore, Announcing {
    func plan(_ catalog: Catalog) async throws -> [String]
    func rebuildSearch(_ schema: Schema) async throws
    func close()
}
extension SQLiteStore: TestStore {}
extension PostgreSQLStore: TestStore {}

extension TestStore {
    /// Whatever a test wrote through the store, and in whatever way: each row carries the digest of its values.
    func expectSound() async throws {
        let verdict = try await read { try $0.verifyRows(limit: 5) }
        #expect(verdict.count == 0 && verdict.waiting == 0, "\(verdict)")
    }

    @discardableResult
    func add(_ rows: Row...) async throws -> [Int64] { try await write { tx in try rows.map { try tx.insert($0) } } }

    func ids(_ query: Query) async throws -> [Int64] { try await read { try $0.fetch(query).map(\.id) } }

    func search(_ text: String, within reach: Reach = .everything, preferring owner: Int64? = nil, limit: Int = 20) async throws -> [Int64]
    {
        try await read { try $0.search(Customer.schema, text, within: reach, preferring: owner, limit: limit) }
    }
}
