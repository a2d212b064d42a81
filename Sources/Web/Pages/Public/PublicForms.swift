import Gate
import Hummingbird
import Markup
import Records

/// `/forms/{code}`: a form that people without an account fill in, and that programs send to as JSON. It renders whatever a capability lets
/// in.
struct PublicForms {
    let site: Site
    /// Filled in by programs that fill in everything; people do not see it.
    private static let trap = "homepage"

    func add(to router: Router<WebContext>) {
        router.get("forms/{code}", use: show)
        router.post("forms/{code}", use: take)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        .html(page(try await site.gate.form(try code(context)), FormState(), site.language(request, context)))
    }

    @Sendable func take(_ request: Request, _ context: WebContext) async throws -> Response {
        let code = try code(context)
        if request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true {
            return try await takeJSON(request, code, context)
        }
        let sent = try await FormBody(atTheDoor: request), language = site.language(request, context), form = try await site.gate.form(code)
        do {
            if (sent[Self.trap] ?? "").isEmpty {
                let input = Dictionary(sent.pairs.filter { $0.name != Self.trap }.map { ($0.name, Plain.text($0.value)) }) { _, last in last
                }
                try await site.gate.handIn(code, input, from: context.address)
            }
        } catch let wrong as Problems {
            return .html(page(form, FormState(typed: sent.typed, problems: wrong.all), language), status: .unprocessableContent)
        } catch Refusal.tooMany(let text, _) {
            return .html(page(form, FormState(typed: sent.typed, problems: [Problem(nil, text)]), language), status: .tooManyRequests)
        }
        return .html(
            site.doorPage(form.row.title, language) {
                h1 { language("谢谢", "Thank you") }
                p { form.row["thanks_text"].text ?? language("已收到，我们会尽快与您联系。", "We will be in touch.") }
            })
    }

    private func takeJSON(_ request: Request, _ code: String, _ context: WebContext) async throws -> Response {
        // A browser on another site is no program.
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { throw HTTPAnswer.forged }
        do {
            try await site.gate.handIn(code, try await request.object(limit: 16 << 10).members, from: context.address)
        } catch let error as Problems {
            return Failure(error).problemDetails(requestID: context.requestID)
        } catch let error as Refusal {
            return Failure(error).problemDetails(requestID: context.requestID)
        }
        return .json(Array(Plain.object(["status": "received"]).jsonText.utf8), status: .created)
    }

    private func code(_ context: WebContext) throws -> String {
        guard let code = context.parameters.get("code"), code.utf8.count <= 40 else { throw Refusal.notFound }
        return code
    }

    private func page(_ open: OpenForm, _ state: FormState, _ language: Language) -> HTMLDocument {
        let parts = FormParts(site: site, language: language, state: state)
        return site.doorPage(open.row.title, language) {
            h1 { open.row.title }
            form(.class("col"), .method("post"), .action("/forms/\(open.row["code"].text ?? "")"), .data("form"), .novalidate(true)) {
                parts.faults
                for field in open.fields { control(field, open, parts) }
                div(.hidden(true)) { input(.type("text"), .name(Self.trap), .autocomplete("off"), .tabindex(-1)) }
                Markup.label(.class("check")) {
                    input(
                        .type("checkbox"), .class("ck"), .id("f-consent"), .name("consent"), .value("true"),
                        .checked(state.typed["consent"] != nil))
                    span { open.row["consent_text"].text ?? "" }
                }
                parts.fault("consent")
                button(.class("btn btn-p btn-lg")) { language("提交", "Send") }
            }
        }
    }

    private func control(_ field: FieldSpec, _ open: OpenForm, _ parts: FormParts) -> Element {
        let label = field.label(in: parts.language), isRequired = open.isRequired(field)
        switch field.kind.editor {
        case .choice(let options):
            return parts.select(
                field.name, label, options.map { ($0.code, $0.label(in: parts.language)) }, required: isRequired, empty: "—")
        case .area: return parts.area(field.name, label, required: isRequired)
        default: return parts.line(field.name, label, required: isRequired, mode: field.kind.contact == .phone ? "tel" : nil)
        }
    }
}
