import Formats
import Foundation
import Gate
import Hummingbird
import NIOCore
import Records

/// Sends a list as a file. It is written to disk first, a page at a time, so that a refusal half-way is still an answer with its reason and
/// nothing large is ever in memory.
enum ExportAnswer {
    static func make(_ gate: Gate, as actor: Actor, entity: String, items: QueryItems) async throws -> Response {
        guard let format = ExportRequest.Format(rawValue: items["format"] ?? "csv") else { throw Refusal.unreadable("format 应为 csv、xlsx 或 jsonl") }
        let list = items.removing { ["format", "fields", "columns", "header", "limit", "cursor", "all"].contains($0) }
        let (request, label) = try await gate.read(as: actor) { view in
            let schema = try view.schema(named: entity)
            var request = ExportRequest(try ListQuery(list, schema, view).request(view), fields: fields(items), format: format)
            if let header = items["header"] {
                guard let known = ExportRequest.Header(rawValue: header) else { throw Refusal.unreadable("header 应为 labels 或 names") }
                request.header = known
            }
            return (request, schema.label)
        }
        let path = temporaryPath()
        do {
            try await Exporter(gate).file(request, as: actor, path: path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        return try send(path, name: "\(label)-\(gate.clock.now().day.iso).\(format.rawValue)", type: format.mediaType)
    }

    private static func fields(_ items: QueryItems) -> [String] {
        (items["fields"] ?? items["columns"] ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    /// An empty sheet with the columns that an import of the entity understands.
    static func template(_ gate: Gate, as actor: Actor, entity: String, format: String, language: Language) async throws -> Response {
        let (labels, label) = try await gate.read(as: actor) { view in
            let schema = try view.schema(named: entity)
            guard view.may("import", schema) else { throw Refusal.forbidden("您没有导入\(schema.label)的权限，请联系系统管理员。") }
            let fields = schema.writable.filter { view.right(schema, $0) == .edit && !($0.kind is LinesKind) && $0.kind.name != "attachments" && !($0.kind is JSONTextKind) }
            return (fields.map { $0.label(in: language) }, schema.label(in: language))
        }
        let path = temporaryPath()
        if format == "csv" {
            var writer = CSVWriter()
            writer.row(labels)
            guard FileManager.default.createFile(atPath: path, contents: Data(writer.take())) else { throw Refusal.unavailable("无法写入临时文件", retryAfter: 30) }
        } else {
            let writer = try XLSXWriter(path: path, sheet: label, columns: labels.map { XLSXWriter.Column($0) })
            try writer.close()
        }
        let kind: ExportRequest.Format = format == "csv" ? .csv : .xlsx
        return try send(path, name: "\(label)-模板.\(kind.rawValue)", type: kind.mediaType)
    }

    private static func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("zhike-\(FilePages.newName())").path
    }

    /// The open file keeps its bytes although its name is already gone.
    private static func send(_ path: String, name: String, type: String) throws -> Response {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Refusal.unavailable("无法读取临时文件", retryAfter: 30) }
        let size = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 0)
        try? FileManager.default.removeItem(atPath: path)
        let body = ResponseBody(contentLength: size) { writer in
            defer { try? handle.close() }
            while let chunk = try handle.read(upToCount: 256 << 10), !chunk.isEmpty { try await writer.write(ByteBuffer(bytes: chunk)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: type, .contentDisposition: ContentDisposition.attachment(name)], body: body)
    }
}
