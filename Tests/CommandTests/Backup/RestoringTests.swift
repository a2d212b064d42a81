import Foundation
import Gate
import Records
import Testing

@testable import zhike

@Suite struct RestoringTests {
    private func settings(_ folder: String) throws -> Settings {
        try Settings(try StoreOptions.parse(["--data", folder]), environment: [:])
    }

    /// An installation with one user, and its backup.
    private func backup(in folder: Folder, withKey: Bool) async throws -> String {
        let installation = try await Installation.open(try settings(folder.path + "/old"))
        defer { installation.close() }
        try await installation.accounts.addUser(username: "liwei", roles: ["admin"], password: "Zhike-test-2026!x")
        let answer = try await Administration(installation: installation).perform(
            "backup", ["out": .text(folder.path + "/b.tar"), "with_key": .bool(withKey)])
        return try (answer.object ?? [:]).text("path")
    }

    @Test("a restored folder has the same people and an intact audit log")
    func roundTrip() async throws {
        let folder = try Folder(), file = try await backup(in: folder, withKey: true)
        let outcome = try await Restoring(file: file, folder: folder.path + "/new", isForced: false).run()
        #expect(outcome.hasKey && outcome.aside == nil && outcome.manifest.rows["users"] == 1)
        let installation = try await Installation.open(try settings(folder.path + "/new"))
        defer { installation.close() }
        let task = Administration(installation: installation)
        #expect(try await task.perform("user.list", [:]).object?["users"]?.list?.first?.object?["username"] == "liwei")
        #expect(try await task.perform("verify", [:]).object?["faults"] == .list([]))
    }

    @Test("present data stays as it is unless --force, which puts it aside")
    func present() async throws {
        let folder = try Folder(), file = try await backup(in: folder, withKey: false), place = folder.path + "/old"
        await #expect(throws: CommandFailure.self) { try await Restoring(file: file, folder: place, isForced: false).run() }
        let outcome = try await Restoring(file: file, folder: place, isForced: true).run()
        // The key in the folder is the one that the data was written with.
        #expect(outcome.hasKey)
        let aside = try #require(outcome.aside)
        #expect(FileManager.default.fileExists(atPath: aside + "/zhike.db") && FileManager.default.fileExists(atPath: place + "/zhike.db"))
    }

    @Test("nothing is touched while a server runs or the backup is damaged")
    func refused() async throws {
        let folder = try Folder(), file = try await backup(in: folder, withKey: true), place = folder.path + "/old"
        let lock = try #require(FolderLock.take(in: place))
        await #expect(throws: CommandFailure.self) { try await Restoring(file: file, folder: place, isForced: true).run() }
        close(lock)
        truncate(file, 4000)
        await #expect(throws: CommandFailure.self) { try await Restoring(file: file, folder: place, isForced: true).run() }
        #expect(FileManager.default.fileExists(atPath: place + "/zhike.db"))
    }

    @Test("without the key a backup is restored, and said to lack it")
    func withoutKey() async throws {
        let folder = try Folder(), file = try await backup(in: folder, withKey: false)
        #expect(try await Restoring(file: file, folder: folder.path + "/new", isForced: false).run().hasKey == false)
    }
}
