import Gate
import Hummingbird
import Markup
import Records

/// `/{entity}/{id}/message`: choose a template, read what it becomes for this record, change it, send it.
struct MessagePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/{id}/message", use: compose)
        router.post("{entity}/{id}/message", use: send)
    }

    @Sendable func compose(_ request: Request, _ context: WebContext) async throws -> Response {
        try await page(FormState(), request, context)
    }

    @Sendable func send(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        var input: [String: Plain] = [:]
        for field in ["template_id", "subject", "text"] { input[field] = form[field].map(Plain.text) ?? .null }
        input["template_id"] = form["template_id"].flatMap { Int64($0) }.map(Plain.int) ?? .null
        let sent = input
        do {
            try await site.gate.write(as: try context.actor()) { tx in
                _ = try tx.perform(Action.sendMessage.name, try tx.schema(named: name), id: id, sent)
            }
            return .done("/\(name)/\(id)", context.language("消息已交付发送", "The message is on its way"))
        } catch let wrong as Problems {
            return try await page(FormState(typed: form.typed, problems: wrong.all), request, context)
        } catch Refusal.conflict(let why) {
            return try await page(FormState(typed: form.typed, problems: [Problem(nil, why)]), request, context)
        }
    }

    private func page(_ state: FormState, _ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        var response = try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            guard schema.actions.contains(where: { $0.name == Action.sendMessage.name }) else { throw Refusal.notFound }
            return .shell(try MessagePart(page: page, row: try page.view.record(schema, id: id), state: state).shell)
        }
        if !state.problems.isEmpty { response.status = .unprocessableContent }
        return response
    }
}

/// The composer's page.
struct MessagePart {
    let page: Page
    let row: Row
    let state: FormState

    private var base: String { "/\(row.schema.name)/\(row.id)" }

    var shell: Shell {
        get throws {
            let templates = try page.view.messageTemplates(for: row.schema)
            let wanted = state.typed["template_id"]?.last ?? page.items["template"]
            let chosen = templates.first { String($0.row.id) == wanted } ?? templates.first
            let draft = try chosen.map { try page.view.preview($0, about: row) }
            return Shell(
                page.t("发消息", "Send a message"), active: row.schema.name,
                crumbs: [(row.schema.label(in: page.language), "/\(row.schema.name)"), (row.title, base)], back: base
            ) {
                div(.class("pagehead")) { h1 { page.t("发消息：\(row.title)", "Message about \(row.title)") } }
                div(.class("narrow pad col")) {
                    if let chosen, let draft {
                        composer(templates, chosen, draft)
                    } else {
                        section(.class("card")) {
                            page.nothing(
                                "mail", page.t("没有给\(row.schema.label)用的消息模板", "No template for this"),
                                page.t("请在设置的“消息模板”中新建一个。", "Make one in the settings under “Message templates”."))
                        }
                    }
                }
            }
        }
    }

    @HTMLBuilder private func composer(
        _ templates: [Record<MessageTemplate>], _ chosen: Record<MessageTemplate>, _ draft: (subject: String, text: String)
    ) -> Node {
        let parts = page.parts(state)
        section(.class("card")) {
            form(.method("get"), .action("\(base)/message"), .class("card-b row")) {
                div(.class("grow")) {
                    parts.select(
                        "template", page.t("模板", "Template"), templates.map { (String($0.row.id), "\($0.title) · \(label($0.kind))") },
                        String(chosen.row.id))
                }
                button(.class("btn")) {
                    page.site.icon("eye"); page.t("套用", "Use it")
                }
            }
        }
        form(.class("card"), .method("post"), .action("\(base)/message"), .data("form"), .novalidate(true)) {
            page.csrfField
            input(.type("hidden"), .name("template_id"), .value(String(chosen.row.id)))
            div(.class("card-h")) {
                h2 { page.t("预览与修改", "Preview and edit") }
                span(.class("s")) {
                    chosen.purpose == .marketing
                        ? page.t("营销消息：遵守拒绝打扰、退订、同意、频次和静默时段", "Advertising: refusals, opt-outs, consent and quiet hours are obeyed")
                        : page.t("服务通知", "A service message")
                }
            }
            parts.cardFaults
            div(.class("fields")) {
                if chosen.kind != .sms {
                    parts.line("subject", page.t("主题", "Subject"), draft.subject, required: chosen.kind == .email, maxlength: 200)
                }
                parts.area("text", page.t("内容", "Text"), draft.text, required: true)
            }
            div(.class("card-f row")) {
                span(.class("grow")) {}
                a(.class("btn"), .href(base)) { page.t("取消", "Cancel") }
                button(.class("btn btn-p")) {
                    page.site.icon("send"); page.t("发送", "Send")
                }
            }
        }
    }

    private func label(_ kind: MessageChannel.Kind) -> String { ChoiceKind(MessageChannel.Kind.self).show(kind.stored, in: page.language) }
}
