import Foundation
import Gate
import Product
import Records
import Storage

/// One installation opened: its database, its keys, its gate.
struct Installation: Sendable {
    /// What this program knows, whatever is switched on, without administrators' own fields.
    static var catalog: Catalog { Catalog(packs: [.engine] + Packs.all).whole }

    let settings: Settings
    let store: any Store
    let gate: Gate
    let accounts: Accounts

    /// Opens the data folder, makes the schema fit and prepares an empty system's company, roles and lists.
    static func open(_ settings: Settings, clock: Clock = .system) async throws -> Installation {
        try makeFolder(settings)
        try Exchange.finish(in: settings.data)
        let isNew = !FileManager.default.fileExists(atPath: settings.data + "/zhike.db")
        let (store, secrets) = try await openStore(settings)
        loadRegions(settings)
        let gate = Gate(store: store, packs: Packs.all, secrets: secrets, clock: clock)
        try await gate.refuseForeignKey()
        if let store = store as? SQLiteStore, !isNew {
            try await AutomaticBackups.beforeUpgrade(store, catalog, in: settings.data, now: clock.now())
        }
        try await gate.openStore()
        let accounts = Accounts(gate)
        try await accounts.prepare()
        return Installation(settings: settings, store: store, gate: gate, accounts: accounts)
    }

    func close() { Installation.close(store) }

    static func close(_ store: any Store) {
        (store as? SQLiteStore)?.close()
        (store as? PostgreSQLStore)?.close()
    }

    /// Why writes are refused now; nil when all is well.
    @Sendable func health() -> String? { (store as? SQLiteStore)?.health ?? (store as? PostgreSQLStore)?.health }

    static func makeFolder(_ settings: Settings) throws {
        // What lies here is for this user alone: database, uploads, keys.
        umask(0o077)
        do {
            try FileManager.default.createDirectory(
                atPath: settings.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError(
                message: say(
                    "无法创建数据文件夹 \(settings.data)：\(error.localizedDescription)",
                    "Cannot create the data folder \(settings.data): \(error.localizedDescription)"))
        }
    }

    /// The database with its key; an empty one gets a key of its own.
    static func openStore(_ settings: Settings) async throws -> (any Store, Secrets) {
        let path = settings.data + "/zhike.key", known = try key(path)
        guard let url = settings.database else {
            guard known != nil || !FileManager.default.fileExists(atPath: settings.data + "/zhike.db") else { throw missingKey(path) }
            let secrets = Secrets(root: try known ?? makeKey(path))
            return (try SQLiteStore(path: settings.data + "/zhike.db"), secrets)
        }
        let store = try PostgreSQLStore(url: url)
        do {
            if let known { return (store, Secrets(root: known)) }
            guard try await isUnused(store) else { throw missingKey(path) }
            return (store, Secrets(root: try makeKey(path)))
        } catch {
            store.close()
            throw error
        }
    }

    /// Whether no installation has been set up in a database yet.
    static func isUnused(_ store: PostgreSQLStore) async throws -> Bool {
        if try await store.isEmpty() { return true }
        let schema = catalog.schema(Secret.self)
        return try await store.read { try $0.count(Query(schema), cap: 1) == 0 }
    }

    static func key(_ path: String) throws -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let bytes = Data(base64Encoded: String(decoding: data, as: UTF8.self).trimmed), bytes.count == 32 else {
            throw ConfigurationError(
                message: say(
                    "密钥文件 \(path) 已损坏。请从备份中取回；没有它，已加密的字段无法读取。",
                    "The key file \(path) is damaged. Take it from a backup; without it encrypted fields cannot be read."))
        }
        return [UInt8](bytes)
    }

    static func missingKey(_ path: String) -> ConfigurationError {
        ConfigurationError(
            message: say(
                "已有数据库，却没有它的密钥文件 \(path)。请从备份或其他实例取回密钥文件。",
                "There is a database without its key file \(path). Take the key from a backup or from another instance."))
    }

    private static func makeKey(_ path: String) throws -> [UInt8] {
        let bytes = Secrets.fresh()
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data((Data(bytes).base64EncodedString() + "\n").utf8), attributes: [.posixPermissions: 0o600])
        else {
            throw ConfigurationError(message: say("无法写入密钥文件 \(path)", "Cannot write the key file \(path)"))
        }
        return bytes
    }

    /// Provinces, cities and districts, installed with the other assets.
    private static func loadRegions(_ settings: Settings) {
        for folder in Assets.vendorFolders(settings) {
            if let data = FileManager.default.contents(atPath: folder + "/divisions.json"), let regions = try? Regions(json: data) {
                Regions.current = regions
                return
            }
        }
    }
}
