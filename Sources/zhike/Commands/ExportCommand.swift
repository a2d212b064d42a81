import ArgumentParser
import Foundation
import Gate
import Records

/// `zhike export ENTITY …`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: say("导出为 CSV、XLSX 或 JSON Lines", "Export as CSV, XLSX or JSON Lines"),
        discussion: say(
            "示例：zhike export customers --filter level=A --filter 'created_at>=2026-01-01' --fields code,name,mobile --out 客户.xlsx",
            "Example: zhike export customers --filter level=A --filter 'created_at>=2026-01-01' --fields code,name,mobile --out "
                + "customers.xlsx"
        )
    )

    @Argument(help: .say("对象，例如 customers", "Entity, for example customers")) var entity: String
    @Option(
        name: .customLong("filter"),
        help: .say("条件：字段=值，另有 != >= <= > < ~（包含）；可多次", "Condition: field=value, also != >= <= > < ~ (contains); repeatable")) var filters:
        [String] = []
    @Option(name: .customLong("q"), help: .say("搜索词", "Words to search for")) var search: String?
    @Option(help: .say("字段，以逗号分隔；不填为全部", "Fields, separated by commas; all when not given")) var fields: String?
    @Option(help: .say("csv、xlsx 或 jsonl（默认按文件名，否则 csv）", "csv, xlsx or jsonl (by the file's name, else csv)")) var format:
        ExportRequest.Format?
    @Option(help: .say("写入的文件；不填为标准输出", "File to write; standard output when not given")) var out: String?
    @OptionGroup var store: StoreOptions
    @OptionGroup var remote: RemoteOptions

    func run() async throws {
        let path = try path()
        let target = try Target(out)
        do {
            try await store.withServer(remote) { server in try await server.download(path, to: target.handle) }
            try target.keep()
        } catch {
            target.drop()
            throw error
        }
    }

    /// The address of the same export over REST.
    func path() throws -> String {
        let ending = out.flatMap { ExportRequest.Format(rawValue: ($0 as NSString).pathExtension.lowercased()) }
        let format = format ?? ending ?? .csv
        if !format.isStreamed, out == nil, isatty(1) == 1 {
            let name = format.rawValue.uppercased()
            throw ValidationError(say("\(name) 不能显示在终端，请用 --out 指定文件", "A terminal cannot show \(name); name a file with --out"))
        }
        var items = [("format", format.rawValue)]
        if let fields { items.append(("fields", fields)) }
        if let search { items.append(("q", search)) }
        items += try filters.map(ExportCommand.item)
        guard !entity.isEmpty, entity.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }) else {
            throw ValidationError(say("没有名为 \(entity) 的对象", "There is no entity \(entity)"))
        }
        return "/api/v1/\(entity)/export?"
            + items.map { "\(ExportCommand.escaped($0.0))=\(ExportCommand.escaped($0.1))" }.joined(separator: "&")
    }

    private static let signs: [(sign: String, word: String?)] = [
        (">=", "gte"), ("<=", "lte"), ("!=", "ne"), ("=", nil), (">", "gt"), ("<", "lt"), ("~", "contains"),
    ]

    /// `level=A`, `amount_cents>=100000` as the list's own words; the sign that stands first counts.
    static func item(_ text: String) throws -> (String, String) {
        let found = signs.compactMap { sign in text.range(of: sign.sign).map { (range: $0, word: sign.word) } }
        guard let first = found.min(by: { $0.range.lowerBound < $1.range.lowerBound }) else {
            throw ValidationError(say("--filter 应为 字段=值：\(text)", "--filter is field=value: \(text)"))
        }
        let field = text[..<first.range.lowerBound].trimmed, value = String(text[first.range.upperBound...])
        guard !field.isEmpty, !field.contains(where: { "[]&=".contains($0) }) else {
            throw ValidationError(say("--filter 应为 字段=值：\(text)", "--filter is field=value: \(text)"))
        }
        return ("filter[\(field)]" + (first.word.map { "[\($0)]" } ?? ""), value)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [45, 46, 95].contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    /// Standard output, or a file that has its name only once it is whole.
    private struct Target {
        let handle: FileHandle
        private let path: String?
        private var draft: String { (path ?? "") + ".part" }

        init(_ path: String?) throws {
            self.path = path
            guard let path else { handle = .standardOutput; return }
            guard FileManager.default.createFile(atPath: path + ".part", contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: path + ".part")
            else {
                throw CommandFailure(message: say("无法写入 \(path)，请检查文件夹和权限。", "Cannot write \(path). Check the folder and its permissions."))
            }
            self.handle = handle
        }

        func keep() throws {
            guard let path else { return }
            try handle.close()
            guard rename(draft, path) == 0 else {
                throw CommandFailure(
                    message: say(
                        "无法写入 \(path)：\(String(cString: strerror(errno)))", "Cannot write \(path): \(String(cString: strerror(errno)))"))
            }
        }

        func drop() { if path != nil { try? FileManager.default.removeItem(atPath: draft) } }
    }
}

extension ExportRequest.Format: ExpressibleByArgument {}
