import ArgumentParser
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
        let catalog = Installation.catalog
        if let url = settings.database {
            let store = try PostgreSQLStore(url: url)
            defer { store.close() }
            report(dryRun ? try await store.plan(catalog) : try await store.sync(catalog))
        } else {
            try Exchange.finish(in: settings.data)
            let store = try SQLiteStore(path: settings.data + "/zhike.db")
            defer { store.close() }
            if !dryRun { try await AutomaticBackups.beforeUpgrade(store, catalog, in: settings.data, now: Clock.system.now()) }
            report(dryRun ? try await store.plan(catalog) : try await store.sync(catalog))
        }
    }

    private func report(_ lines: [String]) {
        for line in lines { print(line) }
        if lines.isEmpty { print("数据库结构已是最新") }
    }
}
