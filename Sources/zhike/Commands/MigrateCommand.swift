import ArgumentParser
import Foundation
import Gate
import Records
import Storage

/// `zhike migrate`: makes the database fit this program; every start does so too.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: say("升级数据库结构", "Bring the database schema up to date"))
    @Flag(help: .say("只显示将执行的 SQL", "Only show the SQL")) var dryRun = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try Settings(store)
        let catalog = Installation.catalog
        if let url = settings.database {
            let store = try PostgreSQLStore(url: url)
            defer { store.close() }
            report(dryRun ? try await store.plan(catalog) : try await store.sync(catalog))
        } else {
            try Exchange.finish(in: settings.data)
            guard FileManager.default.fileExists(atPath: settings.data + "/zhike.db") else {
                throw ConfigurationError(
                    message: say(
                        "数据文件夹 \(settings.data) 里没有数据库。请检查 --data；第一次启动 zhike serve 时会建立。",
                        "The data folder \(settings.data) holds no database. Check --data; the first zhike serve makes one."))
            }
            let store = try SQLiteStore(path: settings.data + "/zhike.db")
            defer { store.close() }
            if !dryRun { try await AutomaticBackups.beforeUpgrade(store, catalog, in: settings.data, now: Clock.system.now()) }
            report(dryRun ? try await store.plan(catalog) : try await store.sync(catalog))
        }
    }

    private func report(_ lines: [String]) {
        for line in lines { print(line) }
        if lines.isEmpty { print(say("数据库结构已是最新", "The database schema is up to date")) }
    }
}
