import ArgumentParser
import Foundation
import TOMLKit

/// Where the data is and how the server listens: command line over `ZHIKE_…` environment over `zhike.toml`.
struct Settings: Sendable {
    var data = "data"
    var database: String?
    var host = "127.0.0.1"
    var port = 8080
    var secure = false
    var trustsProxy = false
    var metrics = false
    var assets: String?
    /// Names of internal hosts that webhooks may reach.
    var allowedHosts: [String] = []

    /// Reads file and environment; the options then lay their values over.
    init(_ options: StoreOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let file = options.config ?? environment["ZHIKE_CONFIG"] ?? "zhike.toml"
        if FileManager.default.fileExists(atPath: file) {
            try read(file)
        } else if options.config != nil {
            throw ConfigurationError(message: say("找不到配置文件 \(file)", "There is no configuration file \(file)"))
        }
        try read(environment)
        if let data = options.data { self.data = data }
        if let database = options.database { self.database = database }
        if let database, !database.hasPrefix("postgres://"), !database.hasPrefix("postgresql://") {
            throw ConfigurationError(
                message: say(
                    "数据库地址应为 postgres://用户:密码@主机:端口/库名；不填则使用内置的 SQLite",
                    "The database's address is postgres://user:password@host:port/name; without one the built-in SQLite is used"))
        }
    }

    private static let known: Set<String> = [
        "data", "database", "host", "port", "secure", "trust_proxy", "metrics", "assets", "allowed_hosts",
    ]

    private mutating func read(_ file: String) throws {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ConfigurationError(message: say("无法读取配置文件 \(file)", "Cannot read the configuration file \(file)"))
        }
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch {
            throw ConfigurationError(message: say("配置文件 \(file) 有误：\(error)", "The configuration file \(file) is wrong: \(error)"))
        }
        for key in table.keys where !Settings.known.contains(key) {
            throw ConfigurationError(message: say("配置文件 \(file) 中没有 \(key) 这个设置", "The configuration file \(file) knows no setting \(key)"))
        }
        func wrong(_ key: String, _ what: String) -> ConfigurationError {
            ConfigurationError(message: say("配置文件 \(file)：\(key) 应为\(what)", "Configuration file \(file): \(key) should be \(what)"))
        }
        for key in table.keys {
            guard let value = table[key] else { continue }
            switch key {
            case "data": guard let text = value.string else { throw wrong(key, say("文字", "text")) }; data = text
            case "database": guard let text = value.string else { throw wrong(key, say("文字", "text")) }; database = text
            case "host": guard let text = value.string else { throw wrong(key, say("文字", "text")) }; host = text
            case "assets": guard let text = value.string else { throw wrong(key, say("文字", "text")) }; assets = text
            case "port":
                guard let number = value.int else { throw wrong(key, say("整数", "a whole number")) }; port = try Settings.port(number)
            case "secure": guard let flag = value.bool else { throw wrong(key, say(" true 或 false", "true or false")) }; secure = flag
            case "trust_proxy":
                guard let flag = value.bool else { throw wrong(key, say(" true 或 false", "true or false")) }; trustsProxy = flag
            case "metrics": guard let flag = value.bool else { throw wrong(key, say(" true 或 false", "true or false")) }; metrics = flag
            case "allowed_hosts":
                guard let list = value.array else { throw wrong(key, say("列表", "a list")) }; allowedHosts = list.compactMap(\.string)
            default: break
            }
        }
    }

    private mutating func read(_ environment: [String: String]) throws {
        func flag(_ name: String) throws -> Bool? {
            guard let text = environment[name] else { return nil }
            switch text.lowercased() {
            case "1", "true", "yes", "on": return true
            case "0", "false", "no", "off", "": return false
            default:
                throw ConfigurationError(message: say("环境变量 \(name) 应为 true 或 false", "The environment variable \(name) is true or false"))
            }
        }
        if let text = environment["ZHIKE_DATA"] { data = text }
        if let text = environment["ZHIKE_DATABASE"], !text.isEmpty { database = text }
        if let text = environment["ZHIKE_HOST"] { host = text }
        if let text = environment["ZHIKE_ASSETS"] { assets = text }
        if let text = environment["ZHIKE_PORT"] {
            guard let number = Int(text) else {
                throw ConfigurationError(message: say("环境变量 ZHIKE_PORT 应为端口号", "The environment variable ZHIKE_PORT is a port number"))
            }
            port = try Settings.port(number)
        }
        if let on = try flag("ZHIKE_SECURE") { secure = on }
        if let on = try flag("ZHIKE_TRUST_PROXY") { trustsProxy = on }
        if let on = try flag("ZHIKE_METRICS") { metrics = on }
        if let text = environment["ZHIKE_ALLOWED_HOSTS"] { allowedHosts = text.split(separator: ",").map(String.init) }
    }

    static func port(_ number: Int) throws -> Int {
        guard (0...65_535).contains(number) else {
            throw ConfigurationError(message: say("端口号应在 0 到 65535 之间", "A port number lies between 0 and 65535"))
        }
        return number
    }
}

/// Options of every command that opens the data.
struct StoreOptions: ParsableArguments {
    @Option(help: .say("数据文件夹（默认 data）", "Data folder (data)")) var data: String?
    @Option(
        help: .say(
            "PostgreSQL 地址 postgres://user:pass@host:port/db；不填为 SQLite",
            "PostgreSQL address postgres://user:pass@host:port/db; SQLite when not given")) var database: String?
    @Option(help: .say("配置文件（默认 zhike.toml）", "Configuration file (zhike.toml)")) var config: String?
}
