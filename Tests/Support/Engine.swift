import Foundation
import Records
import Storage

/// The engines that tests run on: SQLite always, PostgreSQL when `ZHIKE_TEST_POSTGRES` names a server (`bin/postgres start` prints it).
public enum Engine: String, Sendable, CaseIterable {
    case sqlite, postgresql

    public static let server = ProcessInfo.processInfo.environment["ZHIKE_TEST_POSTGRES"]
    public static let available: [Engine] = server == nil ? [.sqlite] : [.sqlite, .postgresql]

    /// Runs `body` with an empty store of this engine in a folder of its own; both are gone afterwards.
    public func open<T>(_ body: (any Store, URL) async throws -> T) async throws -> T { try await open(nil, body) }

    func open<T>(_ pattern: Pattern?, _ body: (any Store, URL) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zhike-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        switch self {
        case .sqlite:
            let file = folder.appending(path: "zhike.db")
            if let pattern { try FileManager.default.copyItem(atPath: pattern.place, toPath: file.path) }
            let store = try SQLiteStore(path: file.path, readers: 2)
            defer { store.close() }
            return try await body(store, folder)
        case .postgresql:
            return try await Cluster.with(copyOf: pattern?.place) { url in
                let store = try PostgreSQLStore(url: url, poolSize: 4)
                defer { store.close() }
                return try await body(store, folder)
            }
        }
    }

    /// Makes a database, has it filled and closes it, to be copied.
    func pattern<Facts: Sendable>(_ fill: (any Store) async throws -> Facts) async throws -> (Pattern, Facts) {
        switch self {
        case .sqlite:
            // A folder of its own, where nobody else holds the lock.
            let folder = FileManager.default.temporaryDirectory.appending(path: "zhike-pattern-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = folder.appending(path: "zhike.db").path
            let store = try SQLiteStore(path: file, readers: 1)
            // The last one who closes it brings the log into the file.
            defer { store.close() }
            return (Pattern(place: file), try await fill(store))
        case .postgresql:
            let name = try await Cluster.make(copyOf: nil)
            let store = try PostgreSQLStore(url: Cluster.url(of: name), poolSize: 2)
            defer { store.close() }
            return (Pattern(place: name), try await fill(store))
        }
    }
}

/// A database that nobody has open: SQLite's file or the name of PostgreSQL's.
struct Pattern: Sendable {
    var place: String
}
