import Foundation
import Gate
import Records
import Storage

/// What could be wrong with an installation, looked at without changing anything.
struct Doctor {
    enum Mark: String { case fine = "✓", notice = "!", fault = "✗" }

    struct Finding {
        var mark: Mark
        var text: String
    }

    let settings: Settings

    func findings() async -> [Finding] {
        [program, engine, files] + [folder, key, space, server].compactMap(\.self) + (await data())
    }

    private var program: Finding {
        let database = settings.database == nil ? "SQLite：\(settings.data)/zhike.db" : "PostgreSQL"
        return Finding(
            mark: .fine,
            text: say(
                "知客 \(Zhike.version)，数据文件夹 \(settings.data)，\(database)，监听 \(settings.host):\(settings.port)",
                "zhike \(Zhike.version), data folder \(settings.data), \(database), listening on \(settings.host):\(settings.port)"))
    }

    private var engine: Finding {
        guard settings.database == nil else {
            let number = Libraries.postgreSQL
            return Finding(mark: .fine, text: "libpq \(number / 10_000).\(number % 10_000)")
        }
        let version = Libraries.sqlite
        guard Libraries.hasLogResetFault(version) else { return Finding(mark: .fine, text: "SQLite \(version)") }
        return Finding(
            mark: .notice,
            text: say(
                "SQLite \(version) 有“WAL 重置”缺陷（3.51.3、3.50.7、3.44.6 起修复）。知客只用一个写入连接，避开了它；请勿让其他程序同时打开数据库文件。",
                "SQLite \(version) has the WAL-reset fault (mended in 3.51.3, 3.50.7, 3.44.6). zhike writes through one connection only, "
                    + "which avoids it; let no other program open the database file."
            ))
    }

    private var files: Finding {
        let files = OpenFiles.raise()
        return Finding(
            mark: files.limit < 4096 ? .notice : .fine,
            text: say(
                "最多打开 \(files.limit) 个文件，服务同时接受 \(files.connections) 个连接",
                "\(files.limit) open files at most; the server takes \(files.connections) connections at once")
                + (files.limit < 4096 ? say("。建议：ulimit -Hn 65536", ". Better: ulimit -Hn 65536") : ""))
    }

    private var folder: Finding? {
        guard let mode = Disk.mode(of: settings.data) else {
            return Finding(
                mark: .notice,
                text: say(
                    "数据文件夹 \(settings.data) 还不存在，第一次启动时建立", "The data folder \(settings.data) does not exist yet; the first start makes it")
            )
        }
        guard access(settings.data, W_OK) == 0 else {
            return Finding(
                mark: .fault,
                text: say(
                    "数据文件夹 \(settings.data) 不可写，请检查权限和磁盘", "The data folder \(settings.data) cannot be written. Check permissions and disk")
            )
        }
        return mode & 0o077 == 0
            ? nil
            : Finding(
                mark: .notice,
                text: say(
                    "其他用户可以进入数据文件夹（\(String(mode, radix: 8))）。建议：chmod 700 \(settings.data)",
                    "Other users can enter the data folder (\(String(mode, radix: 8))). Better: chmod 700 \(settings.data)"))
    }

    private var key: Finding? {
        let path = settings.data + "/zhike.key"
        guard let mode = Disk.mode(of: path) else {
            let isMissing = FileManager.default.fileExists(atPath: settings.data + "/zhike.db")
            return isMissing
                ? Finding(
                    mark: .fault,
                    text: say(
                        "有数据库却没有密钥文件 \(path)。请从备份中取回。", "There is a database without its key file \(path). Take the key from a backup."))
                : nil
        }
        guard KeyFile.read(path) != nil else {
            return Finding(mark: .fault, text: say("密钥文件 \(path) 已损坏。请从备份中取回。", "The key file \(path) is damaged. Take it from a backup."))
        }
        guard mode & 0o077 == 0 else {
            return Finding(
                mark: .fault,
                text: say(
                    "其他用户可以读取密钥文件（\(String(mode, radix: 8))）。请执行：chmod 600 \(path)",
                    "Other users can read the key file (\(String(mode, radix: 8))). Run: chmod 600 \(path)"))
        }
        return Finding(
            mark: .fine,
            text: say(
                "密钥文件只有本用户可读。请另存一份：没有它，备份中加密的字段无法读取。",
                "Only this user can read the key file. Keep a copy elsewhere: without it a backup's encrypted fields cannot be read."))
    }

    private var space: Finding? {
        guard let free = Disk.free(at: settings.data) else { return nil }
        let used = Disk.size(of: settings.data + "/zhike.db") ?? 0,
            text = say("磁盘剩余 \(free >> 20) MiB，数据库 \(used >> 20) MiB", "\(free >> 20) MiB of disk left, database \(used >> 20) MiB")
        if free < 256 << 20 { return Finding(mark: .fault, text: text + say("。空间即将用尽，请清理或扩容。", ". Nearly full: clean up or enlarge it.")) }
        return Finding(
            mark: free < 2 * used ? .notice : .fine, text: free < 2 * used ? text + say("：不足以在此备份", ": not enough for a backup here") : text
        )
    }

    private var server: Finding? {
        guard settings.database == nil else { return nil }
        guard FolderLock.isHeld(in: settings.data) else {
            return ServerNote.read(in: settings.data).map { _ in
                Finding(
                    mark: .notice,
                    text: say("上次服务没有正常停止；下次启动会自动恢复", "The server did not stop in order last time; the next start recovers by itself"))
            } ?? Finding(mark: .fine, text: say("没有服务在使用这个数据文件夹", "No server uses this data folder"))
        }
        guard let note = ServerNote.read(in: settings.data) else {
            return Finding(mark: .notice, text: say("另一个知客进程正在使用这个数据文件夹", "Another zhike process uses this data folder"))
        }
        return Finding(mark: .fine, text: say("服务正在运行：\(note.url)", "The server is running: \(note.url)"))
    }

    private func data() async -> [Finding] {
        do {
            let answer: Plain
            if settings.database == nil, let server = Server.running(on: settings.data) {
                answer = .object(try await server.perform("doctor", [:]))
            } else if let url = settings.database {
                let store = try PostgreSQLStore(url: url, poolSize: 1)
                defer { store.close() }
                answer = try await Doctor.database(of: store, settings)
            } else {
                guard FileManager.default.fileExists(atPath: settings.data + "/zhike.db") else {
                    return [Finding(mark: .notice, text: say("还没有数据库，第一次启动时建立", "There is no database yet; the first start makes it"))]
                }
                let store = try SQLiteStore(path: settings.data + "/zhike.db", readers: 1)
                defer { store.close() }
                answer = try await Doctor.database(of: store, settings)
            }
            let steps = answer.object?["pending"]?.list?.count ?? 0
            var found = [
                steps == 0
                    ? Finding(mark: .fine, text: say("数据库结构已是最新", "The database schema is up to date"))
                    : Finding(
                        mark: .notice,
                        text: say(
                            "数据库结构有 \(steps) 步待升级，下次启动时自动进行；zhike migrate --dry-run 查看",
                            "\(steps) steps bring the database schema up to date at the next start; see zhike migrate --dry-run"))
            ]
            if let fault = answer.object?["key"]?.text { found.append(Finding(mark: .fault, text: fault)) }
            if let trouble = answer.object?["trouble"]?.text {
                found.append(Finding(mark: .fault, text: say("目前不能写入：\(trouble)", "Nothing can be written now: \(trouble)")))
            }
            return found
        } catch { return [Finding(mark: .fault, text: say("数据库：\(Exit(error).message)", "Database: \(Exit(error).message)"))] }
    }

    static func database(of installation: Installation) async throws -> Plain {
        try await database(of: installation.store, installation.settings)
    }

    private static func database(of store: any Store, _ settings: Settings) async throws -> Plain {
        let (pending, trouble) =
            switch store {
            case let store as SQLiteStore: (try await store.plan(Installation.catalog), store.health)
            case let store as PostgreSQLStore: (try await store.plan(Installation.catalog), store.health)
            default: ([String](), String?.none)
            }
        return [
            "pending": .list(pending.map(Plain.text)), "trouble": trouble.map(Plain.text) ?? .null,
            "key": try await keyFault(store, settings).map(Plain.text) ?? .null,
        ]
    }

    /// What is wrong between the key file as it lies there now and the database.
    private static func keyFault(_ store: any Store, _ settings: Settings) async throws -> String? {
        let path = settings.data + "/zhike.key"
        if let secrets = KeyFile.read(path) {
            let catalog = Installation.catalog
            // What an older program's tables do not answer, its upgrade will.
            let standing = try? await store.read { try KeyStanding.read($0, catalog, secrets) }
            return standing == .foreign ? Exit(WrongKey()).message : nil
        }
        guard Disk.mode(of: path) == nil, let store = store as? PostgreSQLStore, try await !Installation.isUnused(store) else { return nil }
        return Installation.missingKey(path).message
    }
}

/// The versions of the C libraries that this process has loaded.
enum Libraries {
    static var sqlite: String {
        guard let function = dlsym(nil, "sqlite3_libversion") else { return "?" }
        return String(cString: unsafeBitCast(function, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
    }

    static var postgreSQL: Int {
        guard let function = dlsym(nil, "PQlibVersion") else { return 0 }
        return Int(unsafeBitCast(function, to: (@convention(c) () -> Int32).self)())
    }

    /// Whether a version may lose commits when two connections write and checkpoint at the same moment (3.7.0 to 3.51.2; fixed in 3.51.3,
    /// 3.50.7, 3.44.6).
    static func hasLogResetFault(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 3, numbers[0] == 3 else { return false }
        let fixes = [51: 3, 50: 7, 44: 6]
        return numbers[1] < 52 && fixes[numbers[1]].map { numbers[2] < $0 } ?? true
    }
}
