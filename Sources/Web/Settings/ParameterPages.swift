import Gate
import Hummingbird
import Markup
import Records

/// The numbers and choices a company may change: each with its default, its range, from which day on it counts, and why.
struct ParameterPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/parameters", use: list)
        router.get("settings/parameters/{name}", use: show)
        router.post("settings/parameters/{name}", use: save)
    }

    /// The capabilities' parameters and those of logging in.
    static func all(_ catalog: Catalog) -> [Parameter] {
        let known = Set(catalog.parameters.map(\.name))
        return catalog.parameters + AccountParameters.all.filter { !known.contains($0.name) }
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("parameters", request, context) { page in .shell(try ParameterList(page).shell) }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameter = try parameter(context)
        return try await site.governed("parameters", request, context) { page in
            .shell(try ParameterForm(page: page, parameter: parameter, state: FormState()).shell())
        }
    }

    @Sendable func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("parameters", context),
            parameter = try parameter(context)
        do {
            let from = form["valid_from"]?.trimmed ?? "", day = from.isEmpty ? nil : try? DayKind().parse(from)
            guard from.isEmpty || day != nil else {
                throw Problems([
                    Problem("valid_from", code: "invalid", context.language("生效日应为日期，例如 2026-12-01", "A day such as 2026-12-01"))
                ])
            }
            try await site.gate.write(as: actor) { tx in
                try tx.set(parameter, to: form["value"] ?? "", from: day.map(Day.init(stored:)), reason: form["reason"] ?? "")
            }
            return .done("/settings/parameters", context.language("「\(parameter.label)」已保存", "Saved"))
        } catch let wrong as Problems {
            return try await site.governed("parameters", request, context, status: .unprocessableContent) { page in
                .shell(
                    try ParameterForm(page: page, parameter: parameter, state: FormState(typed: form.typed, problems: wrong.all)).shell())
            }
        }
    }

    private func parameter(_ context: WebContext) throws -> Parameter {
        let name = context.parameters.get("name") ?? ""
        guard let found = ParameterPages.all(site.gate.catalog).first(where: { $0.name == name }) else { throw Refusal.notFound }
        return found
    }
}

extension Page {
    func name(of parameter: Parameter) -> String { language == .chinese ? parameter.label : parameter.english ?? parameter.label }

    func shown(_ value: Value, _ parameter: Parameter) -> String {
        let text = parameter.kind.show(value, in: language)
        return text.isEmpty ? "—" : parameter.unit.map { "\(text) \($0(language))" } ?? text
    }
}

struct ParameterList {
    let page: Page
    /// In the order of the sections.
    let sections: [(label: String, items: [(parameter: Parameter, value: Value, planned: Record<ParameterValue>?)])]

    init(_ page: Page) throws {
        self.page = page
        let wanted = page.items["section"]
        let all = ParameterPages.all(page.catalog).filter {
            // bounded: words.
            wanted == nil || $0.section.chinese == wanted || $0.name.hasPrefix((wanted ?? "") + ".")
        }
        var sections: [(label: String, items: [(parameter: Parameter, value: Value, planned: Record<ParameterValue>?)])] = []
        let history = try page.view.parameterHistory(), today = page.view.now.day
        for parameter in all {
            let values = history[parameter.name] ?? []
            let present = values.first { $0.validFrom <= today }.flatMap { try? parameter.kind.parse($0.value) } ?? parameter.initial
            let item = (parameter: parameter, value: present, planned: values.last { $0.validFrom > today })
            if let place = sections.firstIndex(where: { $0.label == parameter.section(page.language) }) {
                sections[place].items.append(item)
            } else {
                sections.append((parameter.section(page.language), [item]))
            }
        }
        self.sections = sections
    }

    private var url: String { page.items["section"] == "accounts" ? "/settings/parameters?section=accounts" : "/settings/parameters" }

    var shell: Shell {
        page.settings(
            url, page.t("业务参数", "Parameters"),
            page.t("修改从生效日起算，旧日期的业务按旧值。", "A change counts from its day on; earlier days keep the old value.")
        ) {
            for section in sections {
                Markup.section(.class("card")) {
                    div(.class("card-h")) { h2 { section.label } }
                    for item in section.items { row(item.parameter, item.value, item.planned) }
                }
            }
        }
    }

    private func row(_ parameter: Parameter, _ value: Value, _ planned: Record<ParameterValue>?) -> Element {
        let isChanged = value != parameter.initial
        return a(.class("setrow"), .href("/settings/parameters/\(parameter.name)")) {
            div {
                b { page.name(of: parameter) }
                p {
                    [
                        parameter.help?(page.language),
                        isChanged ? page.t("默认 ", "default ") + page.shown(parameter.initial, parameter) : nil,
                    ].compactMap(\.self).joined(separator: " · ")
                }
                if let planned {
                    p {
                        page.t("\(planned.validFrom.iso) 起改为 ", "from \(planned.validFrom.iso): ")
                            + ((try? parameter.kind.parse(planned.value)).map { page.shown($0, parameter) } ?? planned.value)
                    }
                }
            }
            span(.class("num", isChanged ? "strong" : "muted")) { page.shown(value, parameter) }
            page.site.icon("chevron-right", "sm")
        }
    }
}

struct ParameterForm {
    let page: Page
    let parameter: Parameter
    let state: FormState

    func shell() throws -> Shell {
        let history = try page.view.history(of: parameter), present = try page.view.value(of: parameter)
        let people = try page.view.titles(page.catalog.schema(User.self), ids: history.compactMap { $0.setBy?.id })
        return page.settings(
            "/settings/parameters", page.name(of: parameter),
            parameter.help?(page.language) ?? page.t("修改须说明原因，并记入操作日志。", "A change needs a reason and is logged."),
            crumbs: [(page.t("业务参数", "Parameters"), "/settings/parameters")]
        ) {
            form(present)
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("历史", "History") } }
                if history.isEmpty {
                    page.nothing("history", page.t("从未修改", "Never changed"), page.t("现在使用默认值。", "The default is in use."))
                }
                for one in history {
                    div(.class("setrow")) {
                        div {
                            b { (try? parameter.kind.parse(one.value)).map { page.shown($0, parameter) } ?? one.value }
                            " "
                            if one.validFrom > page.view.now.day { span(.class("tag tag-sky")) { page.t("待生效", "Planned") } }
                            p { one.reason }
                            p { [one.setBy.flatMap { people[$0.id] } ?? page.t("系统", "System"), one.setAt.shown].joined(separator: " · ") }
                        }
                        span(.class("muted num")) { page.t("\(one.validFrom.iso) 起", "from \(one.validFrom.iso)") }
                    }
                }
            }
        }
    }

    private func form(_ present: Value) -> Element {
        let parts = page.parts(state)
        return Markup.form(
            .class("card"), .method("post"), .action("/settings/parameters/\(parameter.name)"), .data("form"), .novalidate(true)
        ) {
            page.csrfField
            parts.cardFaults
            div(.class("fields")) {
                control(parts, present)
                parts.line(
                    "valid_from", page.t("生效日", "Counts from"), page.view.now.day.iso, type: "date",
                    hint: page.t("不能早于今天", "Today or later"))
                parts.area(
                    "reason", page.t("修改原因", "Reason"), required: true, rows: 2,
                    placeholder: page.t("例如：2027 年服务标准调整", "e.g. new service standard"))
            }
            div(.class("card-f row")) {
                span(.class("muted small grow")) {
                    page.t("默认 ", "Default ") + page.shown(parameter.initial, parameter)
                        + (range.map { page.t("，可填 ", ", range ") + $0 } ?? "")
                }
                a(.class("btn"), .href("/settings/parameters")) { page.t("取消", "Cancel") }
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }

    private var range: String? {
        parameter.range.map {
            "\(parameter.kind.show(.int($0.lowerBound), in: page.language))–\(parameter.kind.show(.int($0.upperBound), in: page.language))"
        }
    }

    private func control(_ parts: FormParts, _ present: Value) -> Element {
        ParameterForm.control(parameter, present, "value", page.t("新的值", "New value"), parts, page)
    }

    /// The line of a form in which a parameter's value is typed or chosen.
    static func control(
        _ parameter: Parameter, _ present: Value, _ field: String, _ label: String, _ parts: FormParts, _ page: Page, hint: String? = nil
    ) -> Element {
        let name = label + (parameter.unit.map { page.t("（\($0.chinese)）", " (\($0.english))") } ?? "")
        switch parameter.kind.editor {
        case .yesNo:
            return parts.radios(
                field, name, [("true", page.t("是", "Yes")), ("false", page.t("否", "No"))], present == .int(1) ? "true" : "false", hint: hint
            )
        case .choice(let options):
            return parts.select(
                field, name, options.map { ($0.code, $0.label(in: page.language)) }, present.text, hint: hint, required: true)
        default:
            return parts.line(
                field, name, parameter.kind.edit(present), hint: hint, required: true,
                mode: parameter.kind.figure == .count ? "numeric" : nil,
                autofocus: field == "value")
        }
    }
}
