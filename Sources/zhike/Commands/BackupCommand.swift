import ArgumentParser
import Foundation
import Records

/// `zhike backup`: one file with everything, also while the server runs.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "backup", abstract: "备份数据库和上传的文件；服务运行中也可以")
    @Option(help: "写入的文件（默认 数据文件夹/backups/zhike-时间.tar）") var out: String?
    @Flag(help: "把密钥也放进备份。有了它，谁拿到备份都能读取加密的字段") var withKey = false
    @Flag(help: "最后输出清单（JSON）") var json = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        var given: [String: Plain] = ["with_key": .bool(withKey)]
        // The server has a working folder of its own.
        if let out { given["out"] = .text(URL(fileURLWithPath: out).path) }
        let answer = try await store.perform("backup", given)
        if json { return print(Plain.object(answer).jsonText) }
        let path = try answer.text("path"), parts = answer["manifest"]?.object?["parts"]?.list ?? []
        print("已备份到 \(path)（\((Disk.size(of: path) ?? 0) >> 10) KiB，\(parts.count) 个部分），写入后已校验。")
        if !withKey { print("密钥没有放进备份。请另行妥善保存 zhike.key：没有它，备份中加密的字段无法读取。") }
    }
}

/// `zhike restore FILE`: the data as it was.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: "从备份恢复")
    @Argument(help: "备份文件") var file: String
    @Flag(help: "数据文件夹里已有数据时也恢复；现有数据移到其中的 before-restore-… 保存") var force = false
    @Flag(help: "只检查备份，不恢复") var checkOnly = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try Settings(store)
        if checkOnly {
            try Archive.check(file)
            return print("备份完整")
        }
        guard settings.database == nil else { throw ConfigurationError(message: "使用 PostgreSQL 时请用 pg_restore 恢复") }
        let outcome = try await Restoring(file: file, folder: settings.data, isForced: force).run()
        print("已恢复 \(outcome.manifest.createdAt) 的备份到 \(settings.data)，记录数和操作日志与清单一致。")
        if let aside = outcome.aside { print("原有数据保存在 \(aside)") }
        if !outcome.hasKey { print("备份中没有密钥。请把原来的 zhike.key 放进 \(settings.data) 再启动。") }
    }
}
