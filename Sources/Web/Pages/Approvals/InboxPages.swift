import Gate
import Hummingbird
import Markup
import Records

/// Requests for approval as an inbox (§4.9 step 2): the boxes, one slip after another, several at once.
struct InboxPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.post("{entity}/decide", use: approveTicked)
        router.post("{entity}/{id}/decide", use: decide)
    }

    /// What a slip's own form sends, and what is said of it.
    private static let steps = [
        "approve": Words("已批准", "Approved"), "reject": Words("已驳回", "Rejected"), "send_back": Words("已退回", "Sent back"),
    ]

    /// So many are decided in one go.
    private static let most = 100

    /// A word on one request; then the next that waits.
    @Sendable func decide(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try await InboxPages.checked(context), form = try await FormBody(request, context)
        guard let step = form["do"], let done = InboxPages.steps[step] else { throw Refusal.notFound }
        do {
            let (title, next, left) = try await site.gate.write(as: try context.actor()) { tx in
                let title = try InboxPages.perform(step, id, form, tx)
                return (title, try tx.approvals(in: .waiting, limit: 1).first?.id, try tx.countApprovals(in: .waiting, cap: 999))
            }
            return .done(
                next.map { "/\(ApprovalRequest.name)/\($0)" } ?? "/\(ApprovalRequest.name)",
                context.language("\(done.chinese)：\(title)", "\(done.english): \(title)") + InboxPages.rest(left, context.language))
        } catch let wrong as Problems {
            return try await again(id, form, wrong.all, .unprocessableContent, request, context)
        } catch Refusal.conflict(let text) {
            return try await again(id, form, [Problem(nil, code: "conflict", text)], .conflict, request, context)
        }
    }

    /// The same word of approval on each that is ticked; what cannot be approved is named with its reason.
    @Sendable func approveTicked(_ request: Request, _ context: WebContext) async throws -> Response {
        guard try context.entity() == ApprovalRequest.name else { throw Refusal.notFound }
        let form = try await FormBody(request, context), actor = try context.actor()
        let ids = form.all("id").compactMap(Int64.init).prefix(InboxPages.most)
        guard !ids.isEmpty else { throw Problems([Problem("id", code: "required", "请先勾选要批准的审批单")]) }
        var failures: [(id: Int64, reason: String)] = []
        for id in ids {
            do {
                try await site.gate.write(as: actor) { tx in _ = try InboxPages.perform("approve", id, form, tx) }
            } catch let wrong as Problems {
                failures.append((id, wrong.all.map(\.message).joined(separator: "；")))
            } catch Refusal.conflict(let text), Refusal.forbidden(let text) {
                failures.append((id, text))
            } catch Refusal.notFound {
                failures.append((id, "审批单不存在或您无权查看"))
            }
        }
        let (done, kept) = (ids.count - failures.count, failures)
        guard !kept.isEmpty else {
            let left = try await site.gate.read(as: actor) { try $0.countApprovals(in: .waiting, cap: 999) }
            return .done(
                "/\(ApprovalRequest.name)",
                context.language("已批准 \(done) 件", "\(done) approved") + InboxPages.rest(left, context.language))
        }
        return try await site.page(request, context) { page in .shell(try ApprovalInbox(page, .waiting, done: done, failures: kept).shell) }
    }

    private static func checked(_ context: WebContext) async throws -> Int64 {
        guard try context.entity() == ApprovalRequest.name else { throw Refusal.notFound }
        return try context.recordID()
    }

    private static func rest(_ left: Int, _ language: Language) -> String {
        left == 0 ? language("，没有待审批的了", "; nothing waits any more") : language("，还有 \(left) 件", "; \(left) still waiting")
    }

    /// Performs a step with what the form says for it, and gives the request's title.
    private static func perform(_ step: String, _ id: Int64, _ form: FormBody, _ tx: GateTransaction) throws -> String {
        let schema = try tx.schema(named: ApprovalRequest.name)
        guard let action = schema.actions.first(where: { $0.name == step }) else { throw Refusal.notFound }
        tx.isTyped = true
        var input: [String: Plain] = [:]
        for parameter in action.parameters { input[parameter.name] = try form.plain(parameter, form.all(parameter.name), tx) }
        return try tx.perform(step, schema, id: id, input).title
    }

    private func again(
        _ id: Int64, _ form: FormBody, _ problems: [Problem], _ status: HTTPResponse.Status, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in
            .shell(try SlipPage(page, id, FormState(typed: form.typed, problems: problems)).shell)
        }
        response.status = status
        return response
    }
}
