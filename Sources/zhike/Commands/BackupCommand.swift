import ArgumentParser
import Foundation
import Records

/// `zhike backup`: one file with everything, also while the server runs.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: say("备份数据库和上传的文件；服务运行中也可以", "Back up the database and the uploaded files, also while the server runs"))
    @Option(help: .say("写入的文件（默认 数据文件夹/backups/zhike-时间.tar）", "File to write (DATA/backups/zhike-TIME.tar)")) var out: String?
    @Flag(
        help: .say(
            "把密钥也放进备份。有了它，谁拿到备份都能读取加密的字段", "Put the key into the backup too. Whoever gets hold of the backup can then read encrypted fields"
        )) var withKey = false
    @Flag(help: .say("最后输出清单（JSON）", "Print the list of contents (JSON) at the end")) var json = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        var given: [String: Plain] = ["with_key": .bool(withKey)]
        // The server has a working folder of its own.
        if let out { given["out"] = .text(URL(fileURLWithPath: out).path) }
        let answer = try await store.perform("backup", given)
        if json { return print(Plain.object(answer).jsonText) }
        let path = try answer.text("path"), parts = answer["manifest"]?.object?["parts"]?.list ?? []
        print(
            say(
                "已备份到 \(path)（\((Disk.size(of: path) ?? 0) >> 10) KiB，\(parts.count) 个部分），写入后已校验。",
                "Backed up to \(path) (\((Disk.size(of: path) ?? 0) >> 10) KiB, \(parts.count) parts), checked after writing."))
        if !withKey {
            print(
                say(
                    "密钥没有放进备份。请另行妥善保存 zhike.key：没有它，备份中加密的字段无法读取。",
                    "The key is not in the backup. Keep zhike.key safe elsewhere: without it the backup's encrypted fields cannot be read.")
            )
        }
    }
}

/// `zhike restore FILE`: the data as it was.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: say("从备份恢复", "Restore a backup"))
    @Argument(help: .say("备份文件", "Backup file")) var file: String
    @Flag(
        help: .say(
            "数据文件夹里已有数据时也恢复；现有数据移到其中的 before-restore-… 保存",
            "Restore although the data folder holds data; that is kept in before-restore-… inside it")) var force = false
    @Flag(help: .say("只检查备份，不恢复", "Check the backup, restore nothing")) var checkOnly = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try Settings(store)
        if checkOnly {
            try Archive.check(file)
            return print(say("备份完整", "The backup is complete"))
        }
        guard settings.database == nil else {
            throw ConfigurationError(message: say("使用 PostgreSQL 时请用 pg_restore 恢复", "With PostgreSQL, restore with pg_restore"))
        }
        let outcome = try await Restoring(file: file, folder: settings.data, isForced: force).run()
        print(
            say(
                "已恢复 \(outcome.manifest.createdAt) 的备份到 \(settings.data)，记录数和操作日志与清单一致。",
                "Restored the backup of \(outcome.manifest.createdAt) to \(settings.data); record counts and audit log match its list of "
                    + "contents."
            ))
        if let aside = outcome.aside { print(say("原有数据保存在 \(aside)", "The data that was there is kept in \(aside)")) }
        if !outcome.hasKey {
            print(
                say(
                    "备份中没有密钥。请把原来的 zhike.key 放进 \(settings.data) 再启动。",
                    "The backup holds no key. Put the original zhike.key into \(settings.data) before you start."))
        }
    }
}
