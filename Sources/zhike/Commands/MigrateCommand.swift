import ArgumentParser
import Foundation
import Gate
import Product
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
        if settings.database == nil {
            try Exchange.finish(in: settings.data)
            guard FileManager.default.fileExists(atPath: settings.data + "/zhike.db") else {
                throw ConfigurationError(
                    message: say(
                        "数据文件夹 \(settings.data) 里没有数据库。请检查 --data；第一次启动 zhike serve 时会建立。",
                        "The data folder \(settings.data) holds no database. Check --data; the first zhike serve makes one."))
            }
        } else if !dryRun {
            try Installation.makeFolder(settings)
        }
        if dryRun { return report(try await plan(settings)) }
        let (store, secrets) = try await Installation.openStore(settings)
        defer { Installation.close(store) }
        let gate = Gate(store: store, packs: Packs.all, secrets: secrets)
        try await gate.refuseForeignKey()
        if let store = store as? SQLiteStore {
            try await AutomaticBackups.beforeUpgrade(store, Installation.catalog, in: settings.data, now: gate.clock.now())
        }
        let did = try await store.sync(Installation.catalog)
        try await gate.confirmKey()
        report(did)
    }

    /// Without making a key where there is none.
    private func plan(_ settings: Settings) async throws -> [String] {
        let path = settings.data + "/zhike.key"
        func refuseForeignKey(_ store: any Store, isUnused: Bool) async throws {
            if let secrets = try Installation.key(path).map(Secrets.init) {
                try await Gate(store: store, packs: Packs.all, secrets: secrets).refuseForeignKey()
            } else if !isUnused {
                throw Installation.missingKey(path)
            }
        }
        if let url = settings.database {
            let store = try PostgreSQLStore(url: url)
            defer { store.close() }
            try await refuseForeignKey(store, isUnused: try await Installation.isUnused(store))
            return try await store.plan(Installation.catalog)
        }
        let store = try SQLiteStore(path: settings.data + "/zhike.db")
        defer { store.close() }
        try await refuseForeignKey(store, isUnused: false)
        return try await store.plan(Installation.catalog)
    }

    private func report(_ lines: [String]) {
        for line in lines { print(line) }
        if lines.isEmpty { print(say("数据库结构已是最新", "The database schema is up to date")) }
    }
}
