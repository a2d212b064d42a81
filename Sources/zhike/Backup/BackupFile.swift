import Foundation
import Gate
import Records
import Storage

/// One file with all of an installation: the database as of one moment, the uploaded files, and the key if asked for.
enum BackupFile {
    /// Made beside its target, checked, and given its name only then: what bears the name is whole.
    static func make(of installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        guard let store = installation.store as? SQLiteStore else {
            throw CommandFailure(
                message: say(
                    "使用 PostgreSQL 时请用 pg_dump 备份数据库，并另行复制 \(installation.settings.data)/files 和 zhike.key。",
                    "With PostgreSQL, back the database up with pg_dump, and copy \(installation.settings.data)/files and zhike.key."))
        }
        let folder = installation.settings.data, target = try given["out"]?.text ?? usualPath(in: folder, installation.gate.clock.now())
        let work = target + ".work", draft = target + ".part"
        try needSpace(for: folder + "/zhike.db", at: (target as NSString).deletingLastPathComponent)
        try? FileManager.default.removeItem(atPath: work)
        do {
            try FileManager.default.createDirectory(
                atPath: work, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                message: say(
                    "无法在 \((target as NSString).deletingLastPathComponent) 中写入备份：\(error.localizedDescription)",
                    "Cannot write a backup in \((target as NSString).deletingLastPathComponent): \(error.localizedDescription)"))
        }
        defer {
            try? FileManager.default.removeItem(atPath: work)
            try? FileManager.default.removeItem(atPath: draft)
        }
        let copy = work + "/zhike.db"
        try await store.backup(to: copy)
        var manifest = try await describe(copy, installation)
        var sources = [("zhike.db", copy)]
        for name in try uploads(in: folder) { sources.append(("files/\(name)", "\(folder)/files/\(name)")) }
        if given["with_key"]?.bool == true { sources.append(("zhike.key", folder + "/zhike.key")) }
        for (name, path) in sources { manifest.parts.append(try part(name, path)) }

        let archive = try ArchiveWriter(draft)
        try archive.add("manifest.json", bytes: Data(manifest.plain.jsonText.utf8))
        for ((_, path), part) in zip(sources, manifest.parts) { try archive.add(part.name, file: path, size: part.size) }
        try archive.end()
        try Archive.check(draft)
        guard rename(draft, target) == 0 else {
            throw CommandFailure(
                message: say(
                    "无法写入 \(target)：\(String(cString: strerror(errno)))", "Cannot write \(target): \(String(cString: strerror(errno)))"))
        }
        try Disk.synchronize((target as NSString).deletingLastPathComponent)
        return ["path": .text(target), "manifest": manifest.plain]
    }

    private static func usualPath(in folder: String, _ now: Instant) throws -> String {
        let backups = folder + "/backups"
        try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return "\(backups)/zhike-\(AutomaticBackups.stamp(now)).tar"
    }

    /// Rows are counted in the copy: they are of the same moment as its digest.
    private static func describe(_ copy: String, _ installation: Installation) async throws -> Manifest {
        let schemas = installation.gate.catalog.whole.schemas
        var manifest = try await inspect(copy) { reading in
            var manifest = Manifest()
            try manifest.count(reading, schemas)
            return manifest
        }
        manifest.createdAt = installation.gate.clock.now().rfc3339
        manifest.keyMark = installation.gate.secrets.mark
        return manifest
    }

    /// Reads a database file that nobody uses.
    static func inspect<T: Sendable>(_ path: String, _ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        let store = try SQLiteStore(path: path, readers: 1)
        defer {
            store.close()
            for leftover in ["zhike.db-wal", "zhike.db-shm", "zhike.lock"] {
                try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent + "/" + leftover)
            }
        }
        return try await store.read(body)
    }

    private static func uploads(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder + "/files") else { return [] }
        return names.sorted().filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/files/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    private static func part(_ name: String, _ path: String) throws -> Manifest.Part {
        guard let size = Disk.size(of: path) else { throw CommandFailure(message: say("无法读取 \(path)", "Cannot read \(path)")) }
        return Manifest.Part(name: name, size: size, digest: try Archive.digest(of: path, upTo: size))
    }

    /// The copy and the archive lie there together for a while.
    static func needSpace(for database: String, at folder: String) throws {
        let needed = 2 * ((Disk.size(of: database) ?? 0) + (Disk.size(of: database + "-wal") ?? 0)) + (64 << 20)
        guard let free = Disk.free(at: folder), free < needed else { return }
        throw CommandFailure(
            message: say(
                "磁盘空间不足：备份约需 \(needed >> 20) MiB，\(folder) 只剩 \(free >> 20) MiB。请用 --out 指定另一块磁盘。",
                "Not enough disk space: the backup takes about \(needed >> 20) MiB, \(folder) has \(free >> 20) MiB left. Name another "
                    + "disk with --out."
            ))
    }
}

/// Small questions to the file system.
enum Disk {
    static func size(of path: String) -> Int? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
    }

    static func mode(of path: String) -> UInt32? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : nil
    }

    static func free(at folder: String) -> Int? {
        var facts = statvfs()
        return statvfs(folder.isEmpty ? "." : folder, &facts) == 0 ? Int(facts.f_bavail) * Int(facts.f_frsize) : nil
    }

    static func synchronize(_ path: String) throws {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY)
        guard descriptor >= 0 else {
            throw CommandFailure(
                message: say("无法打开 \(path)：\(String(cString: strerror(errno)))", "Cannot open \(path): \(String(cString: strerror(errno)))")
            )
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw CommandFailure(
                message: say(
                    "无法写入磁盘 \(path)：\(String(cString: strerror(errno)))",
                    "Cannot write to the disk \(path): \(String(cString: strerror(errno)))"))
        }
    }
}
