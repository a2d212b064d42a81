import Formats
import Gate
import Hummingbird
import Records

/// Background work: bulk changes, undo, progress.
struct JobsAPI {
    let gate: Gate
    let jobs: Jobs

    func add(to router: RouterGroup<WebContext>) {
        router.post("{entity}/bulk", use: bulk)
        router.get("jobs/{id}", use: read)
        router.post("jobs/{id}/cancel", use: cancel)
        router.post("jobs/{id}/revert", use: revert)
        router.post("undo/{operation}", use: undo)
    }

    /// `{"ids": […] or "filter": {"level": "A", …}, "action": "update", "values": {…}}`
    @Sendable func bulk(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity()
        try await gate.read(as: actor) { view in _ = try view.changeable(named: name) }
        let sent = try await request.object().members.only("ids", "filter", "q", "action", "values")
        let action = try sent.text("action", "操作")
        let selection: BulkChange.Selection
        if let ids = sent["ids"]?.list {
            let numbers = ids.compactMap(\.int)
            guard numbers.count == ids.count else { throw Problems([Problem("ids", code: "wrong_type", "ids 应为编号的列表")]) }
            selection = .ids(numbers)
        } else {
            let pairs = (sent["filter"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { JobsAPI.pairs($0.key, $0.value) }
            guard sent["filter"] != nil || sent["q"] != nil else { throw Problems([Problem("ids", code: "required", "请给出 ids 或 filter")]) }
            let search = sent["q"]?.text
            selection = try await gate.read(as: actor) { view in
                let query = try ListQuery(QueryItems(pairs), try view.schema(named: name), view)
                return .filter(try query.request(view).filter, search: search)
            }
        }
        let id = try await Bulk.start(
            BulkChange(name, selection, action: action, values: sent["values"]?.object ?? [:]), as: actor, in: gate)
        return try await accepted(id, actor)
    }

    /// `{"amount_cents": {"gte": 100}}` as the list's own words.
    private static func pairs(_ path: String, _ value: Plain) -> [(name: String, value: String)] {
        func text(_ plain: Plain) -> String {
            switch plain {
            case .text(let text): text
            case .int(let number): String(number)
            case .real(let number): String(number)
            case .bool(let flag): flag ? "true" : "false"
            case .list(let values): values.map(text).joined(separator: ",")
            case .null, .object: ""
            }
        }
        if let operators = value.object {
            return operators.sorted { $0.key < $1.key }.map { ("filter[\(path)][\($0.key)]", text($0.value)) }
        }
        return [("filter[\(path)]", text(value))]
    }

    @Sendable func read(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(Int64.init) else { throw Refusal.notFound }
        return .json(Array(JobsAPI.plain(try await jobs.job(id, as: try context.actor())).jsonText.utf8))
    }

    @Sendable func cancel(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor()
        guard let id = context.parameters.get("id").flatMap(Int64.init) else { throw Refusal.notFound }
        try await jobs.cancel(id, as: actor)
        return .json(Array(JobsAPI.plain(try await jobs.job(id, as: actor)).jsonText.utf8))
    }

    /// Takes back all that a job changed.
    @Sendable func revert(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor()
        guard let id = context.parameters.get("id").flatMap(Int64.init) else { throw Refusal.notFound }
        let job = try await jobs.job(id, as: actor)
        guard let operation = job.operation else { throw Refusal.conflict("这个任务没有可撤销的内容。") }
        return try await started(try await Undo.start(Int64(operation), ofJob: id, as: actor, in: gate), actor)
    }

    @Sendable func undo(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor()
        guard let operation = context.parameters.get("operation").flatMap(Int64.init) else { throw Refusal.notFound }
        return try await started(try await Undo.start(operation, as: actor, in: gate), actor)
    }

    private func started(_ outcome: Undo.Outcome, _ actor: Actor) async throws -> Response {
        switch outcome {
        case .done(let report):
            .json(
                Array(
                    Plain.object(["undone": .int(Int64(report.undone)), "conflicts": .list(report.conflicts.map(Plain.text))]).jsonText.utf8
                ))
        case .started(let id): try await accepted(id, actor)
        }
    }

    func accepted(_ id: Int64, _ actor: Actor) async throws -> Response {
        var response = Response.json(Array(JobsAPI.plain(try await jobs.job(id, as: actor)).jsonText.utf8), status: .accepted)
        response.headers[.location] = "/api/v1/jobs/\(id)"
        return response
    }

    static func plain(_ job: Record<JobRow>) -> Plain {
        .object([
            "id": .int(job.row.id), "job": .int(job.row.id), "name": .text(job.title), "label": .text(job.label),
            "status": .text(job.status.rawValue),
            "done": .int(Int64(job.done)), "total": .int(Int64(job.total)), "error": job.error.map(Plain.text) ?? .null,
            "result": job.result.flatMap { Plain(jsonText: $0) } ?? .null, "operation": job.operation.map { .int(Int64($0)) } ?? .null,
            "run_at": .text(job.runAt.rfc3339), "finished_at": job.finishedAt.map { .text($0.rfc3339) } ?? .null,
        ])
    }
}
