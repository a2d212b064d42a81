import ArgumentParser
import Business
import Gate
import Records
import Storage

/// `zhike migrate`: makes the database fit this program; every start does so too.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "migrate", abstract: "升级数据库结构")
    @Flag(help: "只显示将执行的 SQL") var dryRun = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try Settings(store)
        let catalog = Catalog([Platform.self] + Capabilities.all)
        if let url = settings.database {
            let store = try PostgreSQLStore(url: url)
            defer { store.close() }
            report(dryRun ? try await store.plan(catalog) : try await store.sync(catalog))
        } else {
            let store = try SQLiteStore(path: settings.data + "/zhike.db")
            defer { store.close() }
            report(dryRun ? try await store.plan(catalog) : try await store.sync(catalog))
        }
    }

    private func report(_ lines: [String]) {
        for line in lines { print(line) }
        if lines.isEmpty { print("数据库结构已是最新") }
    }
}

/// `zhike verify`: reads the audit chain and every table again.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: "校验操作日志的完整性")
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let installation = try await Installation.open(try Settings(store))
        defer { installation.close() }
        let secrets = installation.gate.secrets
        let verdict = try await installation.store.read { try AuditTrail.verify($0, secrets) }
        print("操作日志 \(verdict.entries) 条，封印 \(verdict.seals) 个")
        guard verdict.isIntact else { throw CommandFailure(message: "发现问题：\n" + verdict.faults.joined(separator: "\n")) }
        print("完整，未被改动")
    }
}
