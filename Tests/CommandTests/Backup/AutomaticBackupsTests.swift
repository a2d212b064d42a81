import ArgumentParser
import Foundation
import Gate
import Logging
import Records
import TestSupport
import Testing

@testable import Storage
@testable import zhike

@Suite(.serialized, .timeLimit(.minutes(10))) struct AutomaticBackupsTests {
    private func settings(_ folder: Folder) throws -> Settings {
        try Settings(try StoreOptions.parse(["--data", folder.path, "--config", folder.write("empty.toml", "")]), environment: [:])
    }

    private func backups(_ folder: Folder) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/backups")) ?? []).sorted()
    }

    @Test("what an older program left is copied once before its structure changes")
    func beforeUpgrade() async throws {
        let folder = try Folder(), settings = try settings(folder)
        try await Installation.open(settings).close()
        #expect(backups(folder).isEmpty, "a new database needs no copy")

        // The same data as an older program knew it: one table fewer.
        let store = try SQLiteStore(path: folder.path + "/zhike.db")
        try await store.define {
            try $0.connection.script("drop table duplicate_pairs; update _meta set value = 'older' where name = 'fingerprint'")
        }
        store.close()

        try await Installation.open(settings).close()
        let made = backups(folder)
        #expect(made.count == 1 && made[0].hasPrefix("before-upgrade-"))
        let users = try await BackupFile.inspect(folder.path + "/backups/" + made[0]) { try $0.count(Query(Role.self), cap: 100) }
        #expect(users > 20, "the copy can be opened and has the old data")

        try await Installation.open(settings).close()
        #expect(backups(folder) == made, "nothing to change, nothing to copy")
    }

    @Test("the night's backup is whole, and the oldest make room")
    func nightly() async throws {
        let folder = try Folder(), settings = try settings(folder)
        // The schedule's own hour never comes.
        let installation = try await Installation.open(settings, clock: .fixed(Watch.start))
        defer { installation.close() }
        try FileManager.default.createDirectory(atPath: folder.path + "/backups", withIntermediateDirectories: true)
        for day in 10...19 { _ = try folder.write("backups/nightly-201901\(day)T013000Z.tar", "old") }
        _ = try folder.write("backups/mine.tar", "kept")

        let runner = installation.jobRunner(isDemo: true, logger: Logger(label: "test"))
        let work = Task { await runner.run() }
        try await installation.gate.write(as: .system()) { tx in try AutomaticBackups.nightly.run([:], tx) }
        defer { work.cancel() }
        func newest() -> String? {
            backups(folder).last { $0.hasPrefix("nightly-2") && !$0.hasPrefix("nightly-2019") && $0.hasSuffix(".tar") }
        }
        try await eventually("a new backup is there and the oldest have gone") {
            newest() != nil && backups(folder).filter { $0.hasPrefix("nightly-") }.count <= 7
        }
        work.cancel()
        await work.value
        try Archive.check(folder.path + "/backups/" + (try #require(newest())))
        #expect(
            backups(folder).count == 8 && backups(folder).contains("mine.tar") && backups(folder).contains("nightly-20190114T013000Z.tar"))
    }
}
