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
        try Exchange.finish(in: settings.data)
        let secrets = Secrets(root: try key(in: settings.data))
        let isNew = !FileManager.default.fileExists(atPath: settings.data + "/zhike.db")
        let store: any Store =
            if let url = settings.database { try PostgreSQLStore(url: url) } else { try SQLiteStore(path: settings.data + "/zhike.db") }
        loadRegions(settings)
        if let store = store as? SQLiteStore, !isNew {
            try await AutomaticBackups.beforeUpgrade(store, catalog, in: settings.data, now: clock.now())
        }
        let gate = Gate(store: store, packs: Packs.all, secrets: secrets, clock: clock)
        try await gate.openStore()
        let accounts = Accounts(gate)
        try await accounts.prepare()
        return Installation(settings: settings, store: store, gate: gate, accounts: accounts)
    }

    func close() {
        (store as? SQLiteStore)?.close()
        (store as? PostgreSQLStore)?.close()
    }

    /// Why writes are refused now; nil when all is well.
    @Sendable func health() -> String? { (store as? SQLiteStore)?.health ?? (store as? PostgreSQLStore)?.health }

    /// The key file beside the data, made on the first start.
    private static func key(in folder: String) throws -> [UInt8] {
        let path = folder + "/zhike.key"
        if let data = FileManager.default.contents(atPath: path) {
            guard let bytes = Data(base64Encoded: String(decoding: data, as: UTF8.self).trimmed), bytes.count == 32 else {
                throw ConfigurationError(
                    message: say(
                        "密钥文件 \(path) 已损坏。请从备份中取回；没有它，已加密的字段无法读取。",
                        "The key file \(path) is damaged. Take it from a backup; without it encrypted fields cannot be read."))
            }
            return [UInt8](bytes)
        }
        guard !FileManager.default.fileExists(atPath: folder + "/zhike.db") else {
            throw ConfigurationError(
                message: say(
                    "数据文件夹里有数据库，却没有密钥文件 \(path)。请从备份中取回密钥文件。",
                    "The data folder holds a database, but not its key file \(path). Take the key from a backup."))
        }
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
