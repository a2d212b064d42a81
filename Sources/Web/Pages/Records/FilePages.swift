import Formats
import Foundation
import Gate
import Hummingbird
import NIOCore
import Records

/// Files beside records: put there, shown, fetched, taken away.
struct FilePages {
    let site: Site
    let folder: String

    init(site: Site, folder: String) {
        self.site = site
        self.folder = folder + "/files"
    }

    func add(to router: Router<WebContext>) {
        router.post("{entity}/{id}/files", use: upload)
        router.post("{entity}/{id}/compose/{child}/files", use: compose)
        router.get("files/{id}", use: download)
        router.post("files/{id}/delete", use: remove)
    }

    @Sendable func upload(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await taking(request, context) { _, files in
            guard !files.isEmpty else { throw Problems([Problem("files", code: "required", "请选择要上传的文件")]) }
            try await site.gate.write(as: try context.actor()) { tx in try files.attach(to: try tx.schema(named: name), id: id, tx) }
            return .done("/\(name)/\(id)?tab=files", context.language("已上传 \(files.count) 个文件", "\(files.count) files uploaded"))
        }
    }

    /// What was written in a composer, with the files that were dropped on it: both or neither.
    @Sendable func compose(_ request: Request, _ context: WebContext) async throws -> Response {
        try await taking(request, context) { form, files in
            try await EntityPages(site: site).composed(form, request, context) { tx, row in try files.attach(to: row.schema, id: row.id, tx)
            }
        }
    }

    /// Files on disk, known for what they are.
    private struct Accepted: Sendable {
        var files: [(name: String, type: String, size: Int, digest: String, place: String)] = []
        var count: Int { files.count }
        var isEmpty: Bool { files.isEmpty }

        func attach(to schema: Schema, id: Int64, _ tx: GateTransaction) throws {
            for file in files { try tx.attach(file, to: schema, id: id) }
        }
    }

    /// Reads a form with files beside the record of its address; on any fault nothing of them stays.
    private func taking(
        _ request: Request, _ context: WebContext, _ body: (FormBody, Accepted) async throws -> Response
    ) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        let name = try context.entity(), id = try context.recordID(), folder = folder
        // Seen before any byte is taken.
        try await site.gate.read(as: login.actor) { view in _ = try view.record(try view.schema(named: name), id: id) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var limits = MultipartLimits()
        limits.fileBytes = 50 << 20
        limits.bodyBytes = 200 << 20
        let (form, files) = try await Upload.read(request, limits: limits) { folder + "/" + FilePages.newName() }
        do {
            guard let token = request.headers[.csrfToken] ?? form["_csrf"], FormBody.equal(token, login.csrf) else {
                throw HTTPAnswer.forged
            }
            let accepted = try files.filter { $0.size > 0 }.map { file in
                (
                    name: file.name, type: try FilePages.type(of: file), size: file.size, digest: file.digest,
                    place: String(file.path.dropFirst(folder.count + 1))
                )
            }
            let response = try await body(FormBody(form), Accepted(files: accepted))
            // A refused form comes back without its files.
            for file in files where file.size == 0 || response.status.code >= 400 { try? FileManager.default.removeItem(atPath: file.path) }
            return response
        } catch {
            for file in files { try? FileManager.default.removeItem(atPath: file.path) }
            throw error
        }
    }

    /// What a file is, by its content; active content is refused.
    private static func type(of file: Upload.File) throws -> String {
        switch try MimeSniffer.recognise(path: file.path, name: file.name) {
        case .known(let kind): return kind.mediaType
        case .active: throw Problems([Problem("files", code: "not_allowed", "「\(file.name)」可能含有可执行内容，不能上传。请改用 PDF、图片、Office 文档或文本")])
        case .unknown: throw Problems([Problem("files", code: "not_allowed", "无法识别「\(file.name)」的类型。可上传图片、PDF、Office 文档、文本、音频、视频和压缩包")])
        }
    }

    static func newName() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
    }

    @Sendable func download(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        guard let id = context.parameters.get("id").flatMap(Int64.init) else { throw Refusal.notFound }
        let file = try await site.gate.read(as: login.actor) { view in try view.file(id: id) }
        guard file.place.utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) }),
            let handle = FileHandle(forReadingAtPath: folder + "/" + file.place)
        else { throw Refusal.notFound }
        let items = try QueryItems(parsing: request.uri.query)
        let isShown = items["preview"] != nil && (file.type.hasPrefix("image/") || file.type == "application/pdf")
        var headers: HTTPFields = [.contentType: file.type, .cacheControl: "private, max-age=300"]
        headers[.contentDisposition] = isShown ? ContentDisposition.inline(file.title) : ContentDisposition.attachment(file.title)
        let body = ResponseBody(contentLength: file.size) { writer in
            defer { try? handle.close() }
            while let chunk = try handle.read(upToCount: 64 << 10), !chunk.isEmpty { try await writer.write(ByteBuffer(bytes: chunk)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    @Sendable func remove(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        guard let id = context.parameters.get("id").flatMap(Int64.init) else { throw Refusal.notFound }
        let (entity, record) = try await site.gate.write(as: try context.actor()) { tx in
            let file = try tx.file(id: id)
            try tx.detach(fileID: id)
            return (file.entity, file.recordID)
        }
        return .done("/\(entity)/\(record)?tab=files", context.language("附件已删除", "File deleted"))
    }
}
