import Foundation
import Gate
import Records
import Storage
import Testing

@testable import zhike

@Suite struct VerificationTests {
    @Test("verify names the table, the record and the column of a flipped bit, and tells it from a changed value")
    func named() async throws {
        let folder = try Folder()
        let installation = try await Installation.open(try Settings(try StoreOptions.parse(["--data", folder.path]), environment: [:]))
        defer { installation.close() }
        try await installation.accounts.addUser(username: "liwei", roles: ["admin"], password: "Zhike-test-2026!x")
        let task = Administration(installation: installation)
        let before = try #require(try await task.perform("verify", [:]).object)
        #expect(before.texts("faults") == [] && before["digests"]?.object?["waiting"] == 0 && before["digests"]?.object?["faults"] == 0)
        #expect((before["digests"]?.object?["rows"]?.int ?? 0) > 50)
        func fault(_ sql: String) async throws -> String {
            let made = Process()
            made.executableURL = URL(filePath: "/usr/bin/env")
            made.arguments =
                ["python3", "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"]
                + [folder.path + "/zhike.db", sql]
            try made.run()
            made.waitUntilExit()
            let answer = try #require(try await task.perform("verify", [:]).object)
            #expect(answer["digests"]?.object?["faults"] == 1)
            return answer.texts("faults").joined(separator: "\n")
        }
        // l and m differ in one bit.
        let damaged = try await fault("update users set username = 'miwei' where username = 'liwei'")
        #expect(
            damaged.contains("表 users") && damaged.contains("编号 1") && damaged.contains("损坏") && damaged.contains("username"), "\(damaged)")
        let changed = try await fault("update users set username = 'zhaomin' where username = 'miwei'")
        #expect(changed.contains("表 users") && changed.contains("编号 1") && changed.contains("在程序之外被修改"), "\(changed)")
    }
}
