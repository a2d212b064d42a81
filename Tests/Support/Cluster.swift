import CLibpq
import Foundation

/// The databases of the PostgreSQL server that the tests use.
enum Cluster {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs `body` with the address of a new database, empty or like the one named; it is gone afterwards.
    static func with<T>(copyOf pattern: String?, _ body: (String) async throws -> T) async throws -> T {
        let name = try await make(copyOf: pattern)
        let result: Result<T, any Error>
        do { result = .success(try await body(url(of: name))) } catch { result = .failure(error) }
        try await run("drop database \(name) with (force)")
        return try result.get()
    }

    static func make(copyOf pattern: String?) async throws -> String {
        let name = "zhike_" + UUID().uuidString.replacing("-", with: "").lowercased()
        try await run("create database \(name)" + (pattern.map { " template \($0)" } ?? " template template0"))
        return name
    }

    static func url(of name: String) -> String {
        guard var parts = URLComponents(string: Engine.server ?? "") else { return "" }
        parts.path = "/" + name
        return parts.string ?? ""
    }

    /// On a thread that may wait: the few that run tests may not.
    private static func run(_ sql: String) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async { done.resume(with: Result { try runNow(sql) }) }
        }
    }

    private static func runNow(_ sql: String) throws {
        let connection = PQconnectdb(Engine.server ?? "")
        defer { PQfinish(connection) }
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw Failure(description: "\(sql): \(String(cString: PQerrorMessage(connection)))")
        }
    }
}
