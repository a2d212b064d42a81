import Gate
import Hummingbird
import Markup
import Records

/// Addresses outside that are told of changes.
struct WebhookPages {
    let site: Site

    private var hooks: Webhooks { Webhooks(site.gate) }

    func add(to router: Router<WebContext>) {
        router.get("settings/webhooks", use: list)
        router.get("settings/webhooks/new", use: new)
        router.post("settings/webhooks", use: create)
        router.get("settings/webhooks/{id}", use: show)
        router.post("settings/webhooks/{id}", use: update)
        router.post("settings/webhooks/{id}/test", use: test)
        router.post("settings/webhooks/{id}/on", use: turnOn)
        router.post("settings/webhooks/{id}/off", use: turnOff)
        router.post("settings/webhooks/{id}/delete", use: delete)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let rows = try await hooks.list(as: try site.governor("webhooks", context))
        return try await site.governed("webhooks", request, context) { page in .shell(WebhookParts(page: page).list(rows)) }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("webhooks", request, context) { page in .shell(WebhookParts(page: page).new(FormState())) }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("webhooks", context)
        do {
            let made = try await hooks.create(
                name: form["name"] ?? "", url: form["url"] ?? "", events: WebhookPages.events(form), as: actor)
            return try await one(made.id, secret: made.secret, FormState(), request, context)
        } catch let wrong as Problems {
            return try await site.governed("webhooks", request, context, status: .unprocessableContent) { page in
                .shell(WebhookParts(page: page).new(FormState(typed: form.typed, problems: wrong.all)))
            }
        }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        try await one(try context.recordID(), secret: nil, FormState(), request, context)
    }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("webhooks", context), id = try context.recordID()
        do {
            try await hooks.change(id, name: form["name"] ?? "", url: form["url"] ?? "", events: WebhookPages.events(form), as: actor)
            return .done("/settings/webhooks/\(id)", context.language("Webhook 已保存", "Webhook saved"))
        } catch let wrong as Problems {
            return try await one(id, secret: nil, FormState(typed: form.typed, problems: wrong.all), request, context)
        }
    }

    @Sendable func test(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("测试消息已发出，稍后刷新查看结果", "A test was sent; reload for the result")) { id, actor in
            _ = try await hooks.ping(id, as: actor)
        }
    }

    @Sendable func turnOn(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("已启用", "On")) { id, actor in try await hooks.turnOn(id, as: actor) }
    }

    @Sendable func turnOff(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("已停用", "Off")) { id, actor in try await hooks.turnOff(id, as: actor) }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        try await step(request, context, context.language("Webhook 已删除", "Webhook deleted"), to: "/settings/webhooks") { id, actor in
            try await hooks.remove(id, as: actor)
        }
    }

    private func step(
        _ request: Request, _ context: WebContext, _ text: String, to url: String? = nil, _ body: (Int64, Actor) async throws -> Void
    ) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("webhooks", context), id = try context.recordID()
        try await body(id, actor)
        return .done(url ?? "/settings/webhooks/\(id)", text)
    }

    private func one(_ id: Int64, secret: String?, _ state: FormState, _ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try site.governor("webhooks", context)
        guard let hook = try await hooks.list(as: actor).first(where: { $0.row.id == id }) else { throw Refusal.notFound }
        let deliveries = try await hooks.deliveries(id, as: actor)
        return try await site.governed("webhooks", request, context, status: state.problems.isEmpty ? .ok : .unprocessableContent) { page in
            .shell(WebhookParts(page: page).one(hook, deliveries, secret: secret, state))
        }
    }

    private static func events(_ form: FormBody) -> [String] {
        let chosen = form.all("events").filter { !$0.isEmpty }
        return chosen.contains("*") ? ["*"] : chosen
    }
}

struct WebhookParts {
    let page: Page

    func list(_ hooks: [Record<Webhook>]) -> Shell {
        let acts = a(.class("btn btn-p"), .href("/settings/webhooks/new")) {
            page.site.icon("plus"); page.t("新建", "New")
        }.node
        return page.settings(
            "/settings/webhooks", "Webhook", page.t("数据变化后，把消息发到您指定的地址。", "Sends a message to your address after a change."), acts: acts
        ) {
            section(.class("card")) {
                if hooks.isEmpty {
                    page.nothing(
                        "webhook", page.t("还没有 Webhook", "No webhooks yet"),
                        page.t("新建一个，让其他系统知道客户或订单的变化。", "Make one to tell another system of changes."))
                }
                for hook in hooks {
                    a(.class("setrow"), .href("/settings/webhooks/\(hook.row.id)")) {
                        div {
                            b { hook.title }; p { hook.url }
                        }
                        if hook.failures > 0 {
                            span(.class("tag tag-warn num")) { page.t("连续失败 \(hook.failures) 次", "\(hook.failures) failures") }
                        }
                        span(.class("st", hook.isActive ? "st-ok" : nil)) { hook.isActive ? page.t("启用", "On") : page.t("停用", "Off") }
                    }
                }
            }
        }
    }

    func new(_ state: FormState) -> Shell {
        page.settings(
            "/settings/webhooks", page.t("新建 Webhook", "New webhook"), page.t("签名密钥只显示一次。", "The signing key is shown once."),
            crumbs: [("Webhook", "/settings/webhooks")]
        ) {
            form("/settings/webhooks", nil, state)
        }
    }

    func one(_ hook: Record<Webhook>, _ deliveries: [Record<WebhookDelivery>], secret: String?, _ state: FormState) -> Shell {
        let base = "/settings/webhooks/\(hook.row.id)"
        let acts = Markup.Group {
            page.act("\(base)/test", page.t("发送测试", "Send a test"), icon: "send")
            if hook.isActive {
                page.act("\(base)/off", page.t("停用", "Turn off"))
            } else {
                page.act("\(base)/on", page.t("启用", "Turn on"), style: "btn btn-p")
            }
        }.node
        return page.settings("/settings/webhooks", hook.title, hook.url, crumbs: [("Webhook", "/settings/webhooks")], acts: acts) {
            if let secret {
                ShownOnce(
                    page: page, label: page.t("签名密钥", "Signing key"), secret: secret,
                    note: page.t(
                        "接收方用它验证 Zhike-Signature 请求头。请现在保存，离开本页后不再显示。",
                        "The receiver verifies the Zhike-Signature header with it. It is shown only now.")
                ).body
            }
            form(base, hook, state)
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("发送记录", "Deliveries") } }
                if deliveries.isEmpty {
                    page.nothing("send", page.t("还没有发送过", "Nothing sent yet"), page.t("点“发送测试”试一次。", "Try “Send a test”."))
                }
                for one in deliveries { delivery(one) }
            }
            section(.class("card danger-zone")) {
                div(.class("setrow")) {
                    div {
                        b { page.t("删除", "Delete") }; p { page.t("不再发送，密钥失效。", "Nothing more is sent.") }
                    }
                    page.act(
                        "\(base)/delete", page.t("删除", "Delete"), style: "btn btn-danger",
                        confirm: page.t("删除后不能恢复。", "This cannot be undone."))
                }
            }
        }
    }

    private func delivery(_ one: Record<WebhookDelivery>) -> Element {
        let isFine = one.status.map { (200..<300).contains($0) } ?? false
        return div(.class("setrow")) {
            div {
                span(.class("st", isFine ? "st-ok" : "st-bad")) { one.status.map(String.init) ?? page.t("未送达", "Not delivered") }
                " "
                code { one.event }
                if let error = one.error { p { error } }
            }
            if let time = one.milliseconds { span(.class("muted num")) { "\(time) ms" } }
            page.moment(one.at)
        }
    }

    /// A single event by its name; those of an entity whose pack is off by the entity's.
    private func label(_ event: String) -> String {
        let entity = String(event.prefix { $0 != "." })
        return page.catalog.resting(entity) == nil ? event : page.name(of: entity)
    }

    private func form(_ url: String, _ hook: Record<Webhook>?, _ state: FormState) -> Element {
        let parts = page.parts(state), chosen = Set(hook?.events.split(separator: ",").map { $0.trimmed } ?? [])
        let entities = page.catalog.schemas.filter { $0.traits.isPublic && $0.traits.nature != .log }
        // What is chosen stays chosen, though its pack is off.
        let known = Set(entities.map { "\($0.name).*" }), single = chosen.filter { $0 != "*" && !known.contains($0) }.sorted()
        let options =
            [(value: "*", label: page.t("全部变化", "Everything"))]
            + entities.map { (value: "\($0.name).*", label: $0.label(in: page.language)) } + single.map { (value: $0, label: label($0)) }
        return Markup.form(.class("card"), .method("post"), .action(url), .data("form"), .novalidate(true)) {
            page.csrfField
            parts.cardFaults
            div(.class("fields")) {
                parts.line("name", page.t("名称", "Name"), hook?.title, required: true, maxlength: 100)
                parts.line(
                    "url", page.t("地址", "Address"), hook?.url, type: "url",
                    hint: page.t("以 https:// 开头；不能是内网地址", "https://…; no internal addresses"), required: true, mode: "url", maxlength: 2000)
                parts.pick("events", page.t("哪些变化", "Which changes"), options, chosen)
            }
            div(.class("card-f row")) {
                span(.class("grow")) {}; a(.class("btn"), .href("/settings/webhooks")) { page.t("取消", "Cancel") };
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }
}
