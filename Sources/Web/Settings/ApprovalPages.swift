import Gate
import Hummingbird
import Markup
import Records

/// Who must agree to what: the flows an administrator writes without code.
struct ApprovalPages {
    let site: Site
    private static let base = "/settings/approvals"

    func add(to router: Router<WebContext>) {
        router.get("settings/approvals", use: list)
        router.get("settings/approvals/new", use: new)
        router.post("settings/approvals", use: create)
        router.get("settings/approvals/{id}", use: show)
        router.post("settings/approvals/{id}", use: update)
        router.post("settings/approvals/{id}/delete", use: delete)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await governed(request, context) { page in
            let flows = try page.view.page(ListRequest(page.catalog.schema(ApprovalFlow.self), limit: 500)).rows.map(
                Record<ApprovalFlow>.init)
            return .shell(ApprovalFlowList(page: page, flows: flows).shell)
        }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        try await governed(request, context) { page in
            guard let text = page.items["on"] else { return .shell(ApprovalFlowList(page: page, flows: []).choice) }
            guard let occasion = ApprovalOccasion(text, page.catalog) else { throw Refusal.notFound }
            return .shell(try ApprovalFlowForm(page, occasion, flow: nil, FormState()).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response { try await save(nil, request, context) }
    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        try await save(try context.recordID(), request, context)
    }

    private func save(_ id: Int64?, _ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try context.actor()
        guard let occasion = ApprovalOccasion(form["on"] ?? "", site.gate.catalog) else { throw Refusal.notFound }
        do {
            try await site.gate.write(as: actor) { tx in
                let schema = tx.catalog.schema(ApprovalFlow.self),
                    input = try ApprovalFlowInput(form: form, occasion: occasion, view: tx).members
                if let id { try tx.update(schema, id: id, input) } else { try tx.create(schema, input) }
            }
            return .done(ApprovalPages.base, context.language("审批流程已保存", "Approval flow saved"))
        } catch let wrong as Problems {
            let state = FormState(typed: form.typed, problems: wrong.all)
            var response = try await governed(request, context) { page in
                .shell(try ApprovalFlowForm(page, occasion, flow: try id.map { try ApprovalPages.flow($0, page) }, state).shell)
            }
            response.status = .unprocessableContent
            return response
        }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        return try await governed(request, context) { page in
            let flow = try ApprovalPages.flow(id, page)
            guard let occasion = ApprovalOccasion(flow, page.catalog) else {
                if let pack = page.catalog.resting(flow.entity) { throw Refusal.resting(pack) }
                throw Refusal.conflict(page.t("这个流程的对象或操作已不存在，可以删除它。", "What this flow is about no longer exists."))
            }
            return .shell(try ApprovalFlowForm(page, occasion, flow: flow, FormState()).shell)
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let id = try context.recordID()
        let operation = try await site.gate.write(as: try context.actor()) { tx in
            try tx.remove(tx.catalog.schema(ApprovalFlow.self), id: id)
            return tx.operation
        }
        return .done(ApprovalPages.base, context.language("审批流程已删除", "Approval flow deleted"), undo: operation)
    }

    private static func flow(_ id: Int64, _ page: Page) throws -> Record<ApprovalFlow> {
        Record(try page.view.record(page.catalog.schema(ApprovalFlow.self), id: id))
    }

    private func governed(
        _ request: Request, _ context: WebContext, _ body: @escaping @Sendable (Page) throws -> PageAnswer
    ) async throws -> Response {
        try await site.page(request, context) { page in
            guard page.view.may("update", page.catalog.schema(ApprovalFlow.self)) else {
                throw Refusal.forbidden(
                    page.t("您没有管理审批流程的权限，请联系系统管理员。", "You may not manage approval flows. Please ask your administrator."))
            }
            return try body(page)
        }
    }
}

/// What can need approval: `orders.action.cancel`, `orders.create`, `orders.change.amount_cents`.
struct ApprovalOccasion {
    let schema: Schema
    let trigger: ApprovalFlow.Trigger
    let name: String?

    init?(_ text: String, _ catalog: Catalog) {
        let words = text.split(separator: ".").map(String.init)
        guard words.count >= 2, words.count <= 3, let trigger = ApprovalFlow.Trigger(rawValue: words[1]) else { return nil }
        self.init(words[0], trigger, words.count == 3 ? words[2] : nil, catalog)
    }

    init?(_ flow: Record<ApprovalFlow>, _ catalog: Catalog) {
        self.init(flow.entity, flow.trigger, flow.trigger == .action ? flow.action : flow.trigger == .change ? flow.field : nil, catalog)
    }

    private init?(_ entity: String, _ trigger: ApprovalFlow.Trigger, _ name: String?, _ catalog: Catalog) {
        guard let schema = catalog[entity], ApprovalOccasion.isOpen(schema, catalog) else { return nil }
        switch trigger {
        case .action: guard schema.actions.contains(where: { $0.name == name }) else { return nil }
        case .change: guard name.flatMap({ schema[$0] }).map(ApprovalOccasion.mayGuard) ?? false else { return nil }
        case .create: break
        }
        (self.schema, self.trigger, self.name) = (schema, trigger, trigger == .create ? nil : name)
    }

    static func isOpen(_ schema: Schema, _ catalog: Catalog) -> Bool {
        catalog.standsAlone(schema) && schema.traits.nature != .log && schema.name != ApprovalRequest.name
            && schema.name != ApprovalFlow.name
    }

    static func mayGuard(_ field: FieldSpec) -> Bool { field.isColumn && !field.traits.isReadOnly && !field.traits.isSealed }

    var action: Action? { schema.actions.first { $0.name == name } }
    var code: String { [schema.name, trigger.rawValue, name].compactMap(\.self).joined(separator: ".") }

    func label(in language: Language) -> String {
        let entity = schema.label(in: language)
        switch trigger {
        case .create: return language("新建\(entity)", "New \(entity.lowercased())")
        case .action: return "\(entity) · \(action?.label(in: language) ?? "")"
        case .change:
            return "\(entity) · "
                + language(
                    "修改「\(name.flatMap { schema[$0] }?.label ?? "")」",
                    "change of \(name.flatMap { schema[$0] }?.label(in: .english).lowercased() ?? "")")
        }
    }
}

struct ApprovalFlowList {
    let page: Page
    let flows: [Record<ApprovalFlow>]

    var shell: Shell {
        let acts = a(.class("btn btn-p"), .href("/settings/approvals/new")) {
            page.site.icon("plus"); page.t("新建", "New")
        }.node
        return page.settings(
            "/settings/approvals", page.t("审批流程", "Approval flows"), page.t("哪些操作、新建或修改要先经谁同意。", "What needs whose word first."), acts: acts
        ) {
            section(.class("card")) {
                if flows.isEmpty {
                    page.nothing(
                        "workflow", page.t("还没有审批流程", "No approval flows yet"),
                        page.t("新建一个：选对象和操作，设条件，排步骤。", "Make one: choose the occasion, the condition and the steps."))
                }
                for flow in flows {
                    a(.class("setrow"), .href("/settings/approvals/\(flow.row.id)")) {
                        div {
                            b { flow.title };
                            p { ApprovalOccasion(flow, page.catalog)?.label(in: page.language) ?? page.name(of: flow.entity) }
                        }
                        span(.class("st", flow.isActive ? "st-ok" : nil)) { flow.isActive ? page.t("启用", "On") : page.t("停用", "Off") }
                    }
                }
            }
        }
    }

    /// The first step of a new one: on what occasion.
    var choice: Shell {
        page.settings(
            "/settings/approvals", page.t("新建审批流程", "New approval flow"), page.t("先选什么情况下需要审批。", "First: on what occasion."),
            crumbs: [(page.t("审批流程", "Approval flows"), "/settings/approvals")]
        ) {
            form(.class("card"), .method("get"), .action("/settings/approvals/new")) {
                div(.class("fields")) {
                    div(.class("field wide")) {
                        label(.for("f-on")) { page.t("何时需要审批", "Occasion") }
                        select(.class("in"), .id("f-on"), .name("on"), .required(true)) {
                            option(.value("")) { "—" }
                            for schema in page.catalog.schemas
                            where ApprovalOccasion.isOpen(schema, page.catalog) && page.view.may("read", schema) {
                                optgroup(.label(schema.label(in: page.language))) {
                                    for code in ApprovalFlowList.codes(schema) {
                                        if let occasion = ApprovalOccasion(code, page.catalog) {
                                            option(.value(code)) { occasion.label(in: page.language) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/settings/approvals")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("下一步", "Next") }
                }
            }
        }
    }

    private static func codes(_ schema: Schema) -> [String] {
        var codes = schema.actions.map { "\(schema.name).action.\($0.name)" }
        if schema.traits.isCreatable { codes.append("\(schema.name).create") }
        return codes
            + schema.fields.filter { ApprovalOccasion.mayGuard($0) && $0.name != schema.flow?.field }.map {
                "\(schema.name).change.\($0.name)"
            }
    }
}
