import Crypto
import Foundation
import Gate
import Records
import Storage

/// A backup becomes a data folder again. Nothing of what is there is touched before all of the backup is unpacked and checked.
struct Restoring {
    let file: String
    let folder: String
    let isForced: Bool
    private var stage: String { folder + "/.restoring" }

    struct Outcome {
        var manifest: Manifest
        var hasKey: Bool
        /// Where the data that was there lies now.
        var aside: String?
    }

    func run() async throws -> Outcome {
        try Archive.check(file)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let lock = FolderLock.take(in: folder) else {
            throw CommandFailure(
                message: say("数据文件夹 \(folder) 正由运行中的知客使用。请先停止它。", "The data folder \(folder) is in use by a running zhike. Stop it first."))
        }
        defer { close(lock) }
        let exchange = Exchange(folder: folder)
        _ = try exchange.finish()
        guard try exchange.present().isEmpty || isForced else {
            throw CommandFailure(
                message: say(
                    "数据文件夹 \(folder) 里已有数据，没有改动它。请用 --data 指定空文件夹，或加 --force（现有数据会移到旁边保存）。",
                    "The data folder \(folder) already holds data and was left as it is. Name an empty one with --data, or add --force "
                        + "(the present data is moved aside)."
                ))
        }
        defer { try? FileManager.default.removeItem(atPath: stage) }
        let manifest = try unpack()
        let hasKey = try settleKey(manifest)
        try await check(manifest, hasKey: hasKey)
        try exchange.begin(with: stage)
        return Outcome(manifest: manifest, hasKey: hasKey, aside: try exchange.finish())
    }

    private func unpack() throws -> Manifest {
        try? FileManager.default.removeItem(atPath: stage)
        try FileManager.default.createDirectory(
            atPath: stage + "/files", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let archive = try ArchiveReader(file)
        guard let first = try archive.member(), first.name == "manifest.json", first.size < 64 << 20 else {
            throw CommandFailure(message: say("\(file) 不是知客的备份文件", "\(file) is not a backup of zhike"))
        }
        var text = Data()
        while let piece = try archive.piece() { text += piece }
        guard let manifest = Manifest(json: String(decoding: text, as: UTF8.self)) else {
            throw CommandFailure(
                message: say(
                    "\(file) 的清单无法读取，可能由更新的版本写成", "The list of contents of \(file) cannot be read; a newer version may have written it"))
        }
        for part in manifest.parts {
            guard let member = try archive.member(), member.name == part.name, member.size == part.size else { throw mismatch(part.name) }
            try write(archive, part)
        }
        guard manifest.parts.first?.name == "zhike.db" else { throw mismatch("zhike.db") }
        return manifest
    }

    private func write(_ archive: ArchiveReader, _ part: Manifest.Part) throws {
        let words = part.name.split(separator: "/", omittingEmptySubsequences: false)
        guard
            ["zhike.db", "zhike.key"].contains(part.name)
                || words.count > 1 && words[0] == "files" && !words.contains("..") && !words.contains("")
        else {
            throw mismatch(part.name)
        }
        let path = stage + "/" + part.name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let output = FileHandle(forWritingAtPath: path)
        else {
            throw CommandFailure(message: say("无法写入 \(path)", "Cannot write \(path)"))
        }
        defer { try? output.close() }
        var hash = SHA256()
        while let piece = try archive.piece() {
            hash.update(data: piece)
            do { try output.write(contentsOf: piece) } catch {
                throw CommandFailure(
                    message: say(
                        "写入 \(path) 失败：\(error.localizedDescription)。请检查磁盘空间。",
                        "Writing \(path) failed: \(error.localizedDescription). Check the disk space."))
            }
        }
        try output.synchronize()
        guard Archive.hex(hash.finalize()) == part.digest else { throw mismatch(part.name) }
    }

    private func mismatch(_ name: String) -> CommandFailure {
        CommandFailure(
            message: say(
                "备份中的 \(name) 与清单不符，没有使用这份备份。", "\(name) in the backup does not match its list of contents; the backup was not used."))
    }

    /// The key from the backup, or the one already in the folder if the data was written with it.
    private func settleKey(_ manifest: Manifest) throws -> Bool {
        let key = stage + "/zhike.key"
        if FileManager.default.fileExists(atPath: key) { return true }
        guard let secrets = KeyFile.read(folder + "/zhike.key"), secrets.mark == manifest.keyMark else { return false }
        try FileManager.default.copyItem(atPath: folder + "/zhike.key", toPath: key)
        return true
    }

    /// The numbers of the manifest once more, out of the unpacked database; with the key the audit log too.
    private func check(_ manifest: Manifest, hasKey: Bool) async throws {
        let schemas = Installation.catalog.schemas.filter { manifest.rows[$0.name] != nil },
            secrets = hasKey ? KeyFile.read(stage + "/zhike.key") : nil
        let found = try await BackupFile.inspect(stage + "/zhike.db") { reading in
            var found = Manifest()
            try found.count(reading, schemas)
            let faults = try secrets.map { try AuditTrail.verify(reading, $0).faults } ?? []
            return (found, faults)
        }
        for (entity, count) in found.0.rows where manifest.rows[entity] != count {
            throw CommandFailure(
                message: say("备份中 \(entity) 的记录数与清单不符", "The number of \(entity) in the backup does not match its list of contents"))
        }
        guard found.0.auditHead == manifest.auditHead else {
            throw CommandFailure(message: say("备份中的操作日志与清单不符", "The audit log in the backup does not match its list of contents"))
        }
        guard found.1.isEmpty else {
            throw CommandFailure(
                message: say("备份中的操作日志没有通过校验：\n", "The audit log in the backup does not verify:\n") + found.1.joined(separator: "\n"))
        }
    }
}

/// The file with the installation's key.
enum KeyFile {
    static func read(_ path: String) -> Secrets? {
        guard let data = FileManager.default.contents(atPath: path),
            let bytes = Data(base64Encoded: String(decoding: data, as: UTF8.self).trimmed), bytes.count == 32
        else {
            return nil
        }
        return Secrets(root: [UInt8](bytes))
    }
}
