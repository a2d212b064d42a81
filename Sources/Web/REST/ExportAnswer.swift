import Formats
import Foundation
import Gate
import Hummingbird
import NIOCore
import Records

/// Sends a list as a file, a page at a time, as fast as the reader takes it. Refusals come before the first byte; an export that breaks off
/// later breaks the connection, so that nobody takes a part for the whole. A workbook is written to disk first: it can only be read once it
/// is closed.
enum ExportAnswer {
    static func make(_ gate: Gate, as actor: Actor, entity: String, items: QueryItems) async throws -> Response {
        guard let format = ExportRequest.Format(rawValue: items["format"] ?? "csv") else {
            throw Refusal.unreadable("format 应为 " + ExportRequest.Format.allCases.map(\.rawValue).joined(separator: "、"))
        }
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
        let name = "\(label)-\(gate.clock.now().day.iso).\(format.rawValue)", exporter = Exporter(gate)
        guard !format.isStreamed else {
            let export = try await exporter.begin(request, as: actor)
            let body = ResponseBody { writer in
                try await export.run { bytes in try await writer.write(ByteBuffer(bytes: bytes)) }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: headers(name, format.mediaType), body: body)
        }
        let path = temporaryPath()
        do {
            try await exporter.file(request, as: actor, path: path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        return try send(path, name: name, type: format.mediaType)
    }

    private static func headers(_ name: String, _ type: String) -> HTTPFields {
        [.contentType: type, .contentDisposition: ContentDisposition.attachment(name)]
    }

    private static func fields(_ items: QueryItems) -> [String] {
        (items["fields"] ?? items["columns"] ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    /// An empty sheet with the columns that an import of the entity understands.
    static func template(_ gate: Gate, as actor: Actor, entity: String, format: String, language: Language) async throws -> Response {
        let (form, label) = try await gate.read(as: actor) { view in
            let schema = try view.schema(named: entity)
            return (try ImportForm(schema, view), schema.label(in: language))
        }
        let path = temporaryPath()
        if format == "csv" {
            guard FileManager.default.createFile(atPath: path, contents: Data(form.csv())) else {
                throw Refusal.unavailable("无法写入临时文件，磁盘可能已满。请清理磁盘空间后重试。", retryAfter: 30)
            }
        } else {
            try form.writeWorkbook(to: path)
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
        return Response(status: .ok, headers: headers(name, type), body: body)
    }
}
