import Gate
import Hummingbird
import Markup
import Records

/// What is done to an account: password, sessions, on and off, handover, preview.
struct UserStepPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.post("settings/users/{id}/password", use: resetPassword)
        router.post("settings/users/{id}/totp", use: resetTOTP)
        router.post("settings/users/{id}/sessions/end", use: endSessions)
        router.post("settings/users/{id}/sessions/{session}/end", use: endSession)
        router.post("settings/users/{id}/disable", use: disable)
        router.post("settings/users/{id}/enable", use: enable)
        router.post("settings/users/{id}/delete", use: delete)
        router.post("settings/users/{id}/preview", use: preview)
        router.post("settings/preview/end", use: endPreview)
        router.get("settings/users/{id}/handover", use: handoverForm)
        router.post("settings/users/{id}/handover", use: handOver)
    }

    @Sendable func resetPassword(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("users", context), id = try context.recordID()
        let password = try await site.accounts.resetPassword(of: id, as: actor)
        let name = try await site.accounts.chart().members[id]?.name ?? ""
        return try await UserPages(site: site).shown(password, for: name, "/settings/users/\(id)", request, context)
    }

    @Sendable func resetTOTP(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("两步验证已关闭", "Two-step verification is off")) { id, actor in
            try await site.accounts.resetTOTP(of: id, as: actor)
        }
    }

    @Sendable func endSessions(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("已退出全部登录", "All sessions ended")) { id, actor in
            try await site.accounts.endSessions(of: id, as: actor)
        }
    }

    @Sendable func endSession(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let session = context.parameters.get("session").flatMap(Int64.init) else { throw Refusal.notFound }
        return try await step(request, context, context.language("已退出该设备", "Session ended")) { _, actor in
            try await site.accounts.endSession(session, as: actor)
        }
    }

    @Sendable func disable(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("账号已停用", "Account disabled")) { id, actor in
            try await site.accounts.updateUser(id, ["status": .text(User.Status.disabled.rawValue)], as: actor)
        }
    }

    @Sendable func enable(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("账号已启用", "Account enabled")) { id, actor in
            try await site.accounts.updateUser(id, ["status": .text(User.Status.active.rawValue)], as: actor)
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("用户已移到回收站", "Moved to the recycle bin"), to: "/settings/users") { id, actor in
            try await site.accounts.deleteUser(id, as: actor)
        }
    }

    private func step(
        _ request: Request, _ context: WebContext, _ text: String, to url: String? = nil, _ body: (Int64, Actor) async throws -> Void
    ) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("users", context), id = try context.recordID()
        try await body(id, actor)
        return .done(url ?? "/settings/users/\(id)", text)
    }

    // MARK: Preview

    @Sendable func preview(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        _ = try site.governor("users", context)
        try await site.accounts.preview(try context.recordID(), in: try context.visitor())
        return .redirect(to: "/")
    }

    @Sendable func endPreview(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let login = try context.visitor()
        try await site.accounts.preview(nil, in: login)
        return .done("/settings/users/\(login.actor.userID)", context.language("已退出预览", "Preview ended"))
    }

    // MARK: Handover

    @Sendable func handoverForm(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        return try await site.governed("users", request, context) { page in .shell(try Handover(page, from: id, FormState()).shell) }
    }

    @Sendable func handOver(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("users", context), id = try context.recordID()
        let plan: [(String, Int)] = try await site.gate.read(as: actor) { view in
            try Handover.counts(view, owner: id).map { ($0.schema.name, $0.count) }
        }
        do {
            let target = try await receiver(form, actor)
            guard let target else {
                throw Problems([Problem("to", code: "required", context.language("请选择接收的同事", "Choose who takes over"))])
            }
            guard target != id else {
                throw Problems([Problem("to", code: "invalid", context.language("不能交接给本人", "Choose somebody else"))])
            }
            var jobs: [Int64] = []
            for (entity, count) in plan where count > 0 && form.all("entities").contains(entity) {
                let change = BulkChange(
                    entity, .filter(.field("owner_id", .eq, .int(id))), action: "assign", values: ["owner_id": .int(target)])
                jobs.append(try await Bulk.start(change, as: actor, in: site.gate))
            }
            if form.all("disable").contains("true") {
                try await site.accounts.updateUser(id, ["status": .text(User.Status.disabled.rawValue)], as: actor)
            }
            let text = context.language("交接已开始，共 \(jobs.count) 项，可在后台任务中查看进度", "Handover started: \(jobs.count) jobs")
            return .done(
                jobs.isEmpty ? "/settings/users/\(id)" : "/jobs",
                jobs.isEmpty ? context.language("没有需要交接的记录", "Nothing to hand over") : text)
        } catch let wrong as Problems {
            return try await site.governed("users", request, context, status: .unprocessableContent) { page in
                .shell(try Handover(page, from: id, FormState(typed: form.typed, problems: wrong.all)).shell)
            }
        }
    }

    private func receiver(_ form: FormBody, _ actor: Actor) async throws -> Int64? {
        if let id = form.all("to").last(where: { !$0.isEmpty }).flatMap(Int64.init) { return id }
        guard let name = form["to_text"]?.trimmed, !name.isEmpty else { return nil }
        let found = try await site.gate.read(as: actor) { view in try view.identify(view.catalog.schema(User.self), name) }
        guard found.count == 1 else {
            throw Problems([
                Problem(
                    "to", code: "not_found",
                    found.isEmpty ? "没有名为「\(name.prefix(40))」的用户" : "有 \(found.count) 位「\(name.prefix(40))」，请从列表中选择")
            ])
        }
        return found[0]
    }
}

/// What a user owns, and to whom it goes.
struct Handover {
    let page: Page
    let row: Row
    let counts: [(schema: Schema, count: Int)]
    let state: FormState

    static let cap = 100_000

    init(_ page: Page, from id: Int64, _ state: FormState) throws {
        self.page = page
        self.state = state
        row = try page.view.record(page.catalog.schema(User.self), id: id)
        counts = try Handover.counts(page.view, owner: id)
    }

    /// How many records of each entity belong to a user, as far as the actor may give them to somebody else.
    static func counts(_ view: View, owner: Int64) throws -> [(schema: Schema, count: Int)] {
        try view.catalog.schemas.compactMap { schema in
            guard schema.isOwned, schema.traits.isPublic, schema.traits.parent == nil, view.may("read", schema), view.may("assign", schema)
            else { return nil }
            let count = try view.count(ListRequest(schema, where: .field("owner_id", .eq, .int(owner))), cap: cap)
            return count == 0 ? nil : (schema, count)
        }
    }

    var shell: Shell {
        let parts = page.parts(state), name = row.title
        return page.settings(
            "/settings/users", page.t("离职交接：\(name)", "Handover of \(name)"),
            page.t("转移在后台进行，可以撤销。", "Runs in the background and can be undone."),
            crumbs: [(page.t("用户", "Users"), "/settings/users"), (name, "/settings/users/\(row.id)")]
        ) {
            form(.class("card"), .method("post"), .action("/settings/users/\(row.id)/handover"), .data("form"), .novalidate(true)) {
                page.csrfField
                parts.cardFaults
                if counts.isEmpty {
                    page.nothing(
                        "check-check", page.t("没有需要交接的记录", "Nothing to hand over"),
                        page.t("名下没有您可以转移的记录。", "No records that you may assign."))
                }
                for item in counts {
                    label(.class("setrow")) {
                        div { b { item.schema.label(in: page.language) } }
                        span(.class("num")) { ListPage.grouped(min(item.count, Handover.cap)) + (item.count > Handover.cap ? "+" : "") }
                        input(
                            .type("checkbox"), .class("ck"), .name("entities"), .value(item.schema.name),
                            .checked(state.typed.isEmpty || state.typed["entities"]?.contains(item.schema.name) ?? false))
                    }
                }
                div(.class("fields")) {
                    parts.field("to", page.t("交接给", "Given to"), required: true) { _ in
                        div(.class("picker"), .data("picker", "/pick/users")) {
                            input(
                                .class("in"), .id("f-to"), .name("to_text"), .value(state.typed["to_text"]?.last),
                                .placeholder(page.t("输入姓名或拼音", "Name or pinyin")), .autocomplete("off"),
                                .aria("invalid", state.problem("to") == nil ? nil : "true"))
                            input(.type("hidden"), .name("to"), .value(state.typed["to"]?.last ?? ""))
                        }.node
                    }
                    if row.id != page.actor.userID { parts.toggle("disable", page.t("同时停用账号", "Disable the account too"), true) }
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/settings/users/\(row.id)")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("开始交接", "Hand over") }
                }
            }
        }
    }
}

extension Site {
    /// The bar over every page while somebody looks through another user's eyes.
    func previewBanner(_ page: Page) -> Node {
        guard page.actor.previewedBy != nil else { return .empty }
        return div(.class("alert alert-warn"), .role("status")) {
            icon("eye")
            div { b { page.t("正在以「\(page.actor.name)」的身份预览，只能查看", "You see the system as \(page.actor.name); nothing can be changed") } }
            page.act("/settings/preview/end", page.t("退出预览", "Leave preview"), style: "btn btn-sm")
        }.node
    }
}
