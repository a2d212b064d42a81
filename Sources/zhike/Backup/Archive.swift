import Crypto
import Foundation

/// A tar file that ends with the SHA-256 of everything before it, so that one wrong byte anywhere is noticed. `tar xf` reads it as well.
enum Archive {
    static let mark = "\nzhike-sha256 "
    /// The mark and 64 digits.
    static let sealLength = mark.utf8.count + 64 + 1
    fileprivate static let block = 512

    static func hex(_ digest: SHA256.Digest) -> String { digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() }

    /// The digest of a file, or of its first bytes.
    static func digest(of path: String, upTo limit: Int = .max) throws -> String {
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(message: say("无法读取 \(path)", "Cannot read \(path)"))
        }
        defer { try? input.close() }
        var hash = SHA256(), left = limit
        while left > 0, let chunk = try input.read(upToCount: min(1 << 20, left)), !chunk.isEmpty {
            hash.update(data: chunk)
            left -= chunk.count
        }
        return hex(hash.finalize())
    }

    /// Throws unless the file is whole and as it was written.
    static func check(_ path: String) throws {
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(message: say("无法读取备份文件 \(path)", "Cannot read the backup \(path)"))
        }
        defer { try? input.close() }
        let size = Int(try input.seekToEnd())
        guard size > sealLength else { throw damaged(path) }
        try input.seek(toOffset: UInt64(size - sealLength))
        let seal = String(decoding: try input.readToEnd() ?? Data(), as: UTF8.self)
        guard seal == mark + (try digest(of: path, upTo: size - sealLength)) + "\n" else { throw damaged(path) }
    }

    private static func damaged(_ path: String) -> CommandFailure {
        CommandFailure(
            message: say(
                "备份文件 \(path) 不完整或已损坏，没有使用它。请改用另一份备份。", "The backup \(path) is incomplete or damaged and was not used. Use another one."))
    }
}

/// Writes an archive, one member after another.
final class ArchiveWriter {
    private let output: FileHandle
    private var hash = SHA256()

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let output = FileHandle(forWritingAtPath: path)
        else {
            throw CommandFailure(message: say("无法写入 \(path)，请检查文件夹和权限。", "Cannot write \(path). Check the folder and its permissions."))
        }
        self.output = output
    }

    func add(_ name: String, bytes: Data) throws {
        try write(ArchiveWriter.header(name, size: bytes.count))
        try write(bytes)
        try pad(bytes.count)
    }

    func add(_ name: String, file path: String, size: Int) throws {
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(message: say("无法读取 \(path)", "Cannot read \(path)"))
        }
        defer { try? input.close() }
        try write(ArchiveWriter.header(name, size: size))
        var left = size
        while left > 0, let chunk = try input.read(upToCount: min(1 << 20, left)), !chunk.isEmpty {
            try write(chunk)
            left -= chunk.count
        }
        guard left == 0 else {
            throw CommandFailure(message: say("\(path) 在备份时变短了，请重试。", "\(path) became shorter while it was copied. Try again."))
        }
        try pad(size)
    }

    /// Seals the archive and waits until it is on disk.
    func end() throws {
        try write(Data(count: 2 * Archive.block))
        try output.write(contentsOf: Data((Archive.mark + Archive.hex(hash.finalize()) + "\n").utf8))
        try output.synchronize()
        try output.close()
    }

    private func write(_ data: Data) throws {
        hash.update(data: data)
        do { try output.write(contentsOf: data) } catch {
            throw CommandFailure(
                message: say(
                    "写入备份失败：\(error.localizedDescription)。请检查磁盘空间。",
                    "Writing the backup failed: \(error.localizedDescription). Check the disk space."))
        }
    }

    private func pad(_ size: Int) throws {
        let rest = size % Archive.block
        if rest > 0 { try write(Data(count: Archive.block - rest)) }
    }

    private static func header(_ name: String, size: Int) throws -> Data {
        guard name.utf8.count <= 99 else { throw CommandFailure(message: say("文件名过长：\(name)", "The file name is too long: \(name)")) }
        var block = [UInt8](repeating: 0, count: Archive.block)
        func put(_ text: String, at place: Int) { for (offset, byte) in text.utf8.enumerated() { block[place + offset] = byte } }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0)
        put("0000600\0", at: 100)
        put("0000000\0", at: 108)
        put("0000000\0", at: 116)
        if size < 1 << 33 {
            put(octal(size, 11) + "\0", at: 124)
        } else {
            // GNU's way for what eleven octal digits cannot hold.
            block[124] = 0x80
            for index in 0..<8 { block[128 + index] = UInt8(truncatingIfNeeded: size >> (56 - 8 * index)) }
        }
        put(octal(0, 11) + "\0", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\0" + "00", at: 257)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        return Data(block)
    }
}

/// Reads an archive that ``Archive/check(_:)`` has found whole.
final class ArchiveReader {
    struct Member {
        let name: String
        let size: Int
    }

    private let input: FileHandle
    private var next: UInt64 = 0
    private var left = 0

    init(_ path: String) throws {
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(message: say("无法读取备份文件 \(path)", "Cannot read the backup \(path)"))
        }
        self.input = input
    }

    /// The next member; nil at the end.
    func member() throws -> Member? {
        try input.seek(toOffset: next)
        guard let block = try input.read(upToCount: Archive.block), block.count == Archive.block, block.first != 0 else { return nil }
        let bytes = [UInt8](block)
        let name = String(decoding: bytes[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        guard let size = ArchiveReader.size(bytes) else {
            throw CommandFailure(message: say("备份文件的格式无法识别", "This is not a format that backups have"))
        }
        left = size
        next += UInt64(Archive.block + (size + Archive.block - 1) / Archive.block * Archive.block)
        return Member(name: name, size: size)
    }

    /// A piece of the present member; nil when all of it is read.
    func piece() throws -> Data? {
        guard left > 0, let data = try input.read(upToCount: min(1 << 20, left)), !data.isEmpty else { return nil }
        left -= data.count
        return data
    }

    private static func size(_ bytes: [UInt8]) -> Int? {
        if bytes[124] == 0x80 { return bytes[128..<136].reduce(0) { $0 << 8 | Int($1) } }
        return Int(String(decoding: bytes[124..<135], as: UTF8.self), radix: 8)
    }
}
