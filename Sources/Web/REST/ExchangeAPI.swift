import Formats
import Foundation
import Gate
import Hummingbird
import NIOCore
import Records

/// Import and export over REST.
struct ExchangeAPI {
    let gate: Gate
    let folder: String
    private var imports: ImportJob { ImportJob(dataFolder: folder) }

    init(gate: Gate, folder: String) {
        self.gate = gate
        self.folder = folder
    }

    func add(to router: RouterGroup<WebContext>) {
        router.post("{entity}/import", use: importSheet)
        router.get("{entity}/export", use: export)
        router.get("jobs/{id}/rejected", use: rejected)
    }

    /// multipart: `file`, `mapping` (JSON: columns, set), `match`, `mode`, `create_linked`, `dry_run`, `sheet`.
    @Sendable func importSheet(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), imports = imports
        try await gate.read(as: actor) { view in
            let schema = try view.changeable(named: name)
            guard view.may("import", schema) else { throw Refusal.forbidden("您没有导入\(schema.label)的权限，请联系系统管理员。") }
        }
        var limits = MultipartLimits()
        limits.fileBytes = 1 << 30
        limits.bodyBytes = (1 << 30) + (1 << 20)
        try await imports.makeRoom(for: actor, in: gate)
        // Refused before any byte is taken, too.
        _ = try imports.newPlace(of: actor.userID)
        let (form, files) = try await Upload.read(request, limits: limits) { try imports.newPlace(of: actor.userID).path }
        guard let file = files.first(where: { $0.field == "file" }) else {
            for file in files { try? FileManager.default.removeItem(atPath: file.path) }
            throw Problems([Problem("file", code: "required", "请上传要导入的表格（字段名 file）")])
        }
        do {
            let plan = try ExchangeAPI.plan(form, into: name)
            let place = String(file.path.split(separator: "/").last ?? "")
            let id = try await imports.start(plan, place: place, fileName: file.name, as: actor, in: gate)
            let job = try await Jobs(gate).job(id, as: actor)
            var response = Response.json(Array(JobsAPI.plain(job).jsonText.utf8), status: .accepted)
            response.headers[.location] = "/api/v1/jobs/\(id)"
            return response
        } catch {
            try? FileManager.default.removeItem(atPath: file.path)
            throw error
        }
    }

    static func plan(_ form: FormText, into entity: String) throws -> ImportPlan {
        var plan = ImportPlan(into: entity)
        if let text = form["mapping"], !text.trimmed.isEmpty {
            guard var members = Plain(jsonText: text)?.object else {
                throw Problems([Problem("mapping", code: "wrong_type", "mapping 应为 JSON 对象：列名到字段")])
            }
            // `{"列名": "field"}` is the short form of `{"columns": {…}, "set": {…}}`.
            if members["columns"] == nil, members["set"] == nil { members = ["columns": .object(members)] }
            members["entity"] = .text(entity)
            guard let read = ImportPlan(.object(members)) else { throw Problems([Problem("mapping", code: "invalid", "mapping 无法读取")]) }
            plan = read
        }
        if let match = form["match"] { plan.match = match.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty } }
        if let mode = form["mode"] {
            guard let known = ImportPlan.Mode(rawValue: mode) else {
                throw Problems([Problem("mode", code: "invalid", "mode 应为 add、update 或 both")])
            }
            plan.mode = known
        }
        plan.createsLinked = form["create_linked"] == "true" || form["create_linked"] == "1"
        plan.isDryRun = form["dry_run"] == "true" || form["dry_run"] == "1"
        plan.sheet = form["sheet"].flatMap { $0.isEmpty ? nil : $0 }
        return plan
    }

    /// The rows that an import did not take, with the reasons.
    @Sendable func rejected(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(Int64.init) else { throw Refusal.notFound }
        let job = try await Jobs(gate).job(id, as: try context.actor())
        guard let path = imports.rejectedPath(of: job), let handle = FileHandle(forReadingAtPath: path) else { throw Refusal.notFound }
        let body = ResponseBody { writer in
            defer { try? handle.close() }
            while let chunk = try handle.read(upToCount: 64 << 10), !chunk.isEmpty { try await writer.write(ByteBuffer(bytes: chunk)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: ContentDisposition.attachment("未导入的行.csv")], body: body)
    }

    @Sendable func export(_ request: Request, _ context: WebContext) async throws -> Response {
        try await ExportAnswer.make(
            gate, as: try context.actor(), entity: try context.entity(), items: try QueryItems(parsing: request.uri.query))
    }
}
