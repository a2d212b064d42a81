import Foundation
import Gate
import Records
import Storage

/// Backups that nobody has to think of: one before the structure of existing data changes, one every night. SQLite only; a PostgreSQL
/// server has its own.
enum AutomaticBackups {
    static let job = "backup"
    /// Of those made before upgrades.
    private static let upgradesKept = 3
    private static let nightlyPrefix = "nightly-", upgradePrefix = "before-upgrade-"

    /// Starts the night's backup.
    static let nightly = Job("backup.nightly", "每日自动备份", schedule: .daily(hour: 1, minute: 30)) { _, tx in
        if try tx.int(JobParameters.backupsKept) > 0 { try tx.enqueue(job, [:], key: job, after: 0) }
    }

    /// The handler of `backup` jobs.
    static func handler(of installation: @escaping @Sendable () -> Installation) -> JobHandler {
        { context in
            let installation = installation()
            do {
                let count = try await installation.gate.read(as: .system()) {
                    Int(truncatingIfNeeded: try $0.value(of: JobParameters.backupsKept).int ?? 0)
                }
                let folder = try self.folder(in: installation.settings.data)
                let path = "\(folder)/\(nightlyPrefix)\(stamp(context.gate.clock.now())).tar"
                let made = try await BackupFile.make(of: installation, ["out": .text(path)])
                prune(folder, nightlyPrefix, keeping: max(1, count))
                return .object(["path": made.object?["path"] ?? .null])
            } catch {
                if context.isLastAttempt {
                    let people = try await installation.accounts.chart().administrators
                    try await context.write { tx in JobStep(try tx.notify(people, of: .trouble, "自动备份失败：\(Exit(error).message)")) }
                }
                throw error
            }
        }
    }

    /// A copy of the database as the older program left it, when this one is about to change its structure.
    static func beforeUpgrade(_ store: SQLiteStore, _ catalog: Catalog, in data: String, now: Instant) async throws {
        guard try await !store.plan(catalog).isEmpty else { return }
        do {
            let folder = try self.folder(in: data)
            try BackupFile.needSpace(for: data + "/zhike.db", at: folder)
            try await store.backup(to: "\(folder)/\(upgradePrefix)\(stamp(now)).db")
            prune(folder, upgradePrefix, keeping: upgradesKept)
        } catch {
            throw CommandFailure(
                message: say(
                    "升级数据库结构之前的自动备份没有成功，因此没有升级：\(Exit(error).message)",
                    "The backup before the upgrade failed, so nothing was upgraded: \(Exit(error).message)"))
        }
    }

    private static func folder(in data: String) throws -> String {
        let backups = data + "/backups"
        try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return backups
    }

    static func stamp(_ now: Instant) -> String { now.rfc3339.prefix(19).filter { $0.isNumber || $0 == "T" } + "Z" }

    /// The names carry the time: the last in their order are the newest.
    private static func prune(_ folder: String, _ prefix: String, keeping count: Int) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasPrefix(prefix) && ($0.hasSuffix(".tar") || $0.hasSuffix(".db"))
        }
        for name in names.sorted().dropLast(count) { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    }
}
