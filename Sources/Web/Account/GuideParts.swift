import Gate
import Markup
import Records

/// The frame around a step: where one is, what comes next, how to pass it over.
struct GuidePart {
    let page: Page
    let steps: [SetUpGuide.Step]
    let done: Set<SetUpGuide.Step>

    /// A step in which there is nothing to decide is not one.
    init(_ page: Page, _ trades: [Trade]) throws {
        self.page = page
        done = try page.view.setUpGuide()?.done ?? []
        let hasPacks = !trades.isEmpty && page.catalog.packs.contains(where: \.isOptional)
        let hasParameters = !GuideForm.parameters(page.catalog).isEmpty
        steps = SetUpGuide.Step.allCases.filter { ($0 != .trade || hasPacks) && ($0 != .parameters || hasParameters) }
    }

    /// Where it goes on; nil when every step is done.
    var next: String? { steps.first { !done.contains($0) }.map { "/setup/\($0.rawValue)" } }

    func shell(_ step: SetUpGuide.Step, _ form: GuideForm) throws -> Shell {
        guard let place = steps.firstIndex(of: step) else { throw Refusal.notFound }
        let content = try form.content(step)
        return Shell(page.t("初始设置", "Set-up"), active: "settings", back: "/settings") {
            div(.class("guide")) {
                progress(step)
                header(.class("set-head")) {
                    p {
                        page.t(
                            "\(page.actor.name)，第 \(place + 1) 步，共 \(steps.count) 步",
                            "\(page.actor.name), step \(place + 1) of \(steps.count)")
                    }
                    h1 { GuidePart.title(step, page.language) }
                    p { GuidePart.why(step, page.language) }
                }
                content
                form.made.isEmpty ? foot(step) : onward()
            }
        }
    }

    private func progress(_ current: SetUpGuide.Step) -> Element {
        nav(.aria("label", page.t("步骤", "Steps"))) {
            ol(.class("guide-steps")) {
                for (place, step) in steps.enumerated() {
                    li(.class(done.contains(step) ? "done" : nil)) {
                        a(.href("/setup/\(step.rawValue)"), .aria("current", step == current ? "step" : nil)) {
                            span(.class("n")) { done.contains(step) ? page.site.icon("check", "sm").node : .text(String(place + 1)) }
                            span(.class("t")) { GuidePart.short(step, page.language) }
                        }
                    }
                }
            }
        }
    }

    private func foot(_ step: SetUpGuide.Step) -> Element {
        div(.class("guide-foot row")) {
            page.act("/setup/guide/end", page.t("以后再说", "Not now"), style: "btn btn-g")
            span(.class("grow")) {}
            page.act("/setup/\(step.rawValue)/skip", page.t("跳过这一步", "Skip this step"))
            button(.class("btn btn-p"), .form("guide")) {
                step == steps.last ? page.t("完成", "Finish") : page.t("保存并继续", "Save and go on")
            }
        }
    }

    private func onward() -> Element {
        div(.class("guide-foot row")) {
            span(.class("grow")) {}
            a(.class("btn"), .href("/setup/people")) { page.t("再添加几个人", "Add more people") }
            a(.class("btn btn-p"), .href("/setup/guide")) { page.t("已记下，继续", "Noted, go on") }
        }
    }

    private static func short(_ step: SetUpGuide.Step, _ language: Language) -> String {
        switch step {
        case .trade: language("行业", "Trade")
        case .places: language("部门与门店", "Places")
        case .people: language("同事", "People")
        case .parameters: language("参数", "Parameters")
        case .records: language("数据", "Data")
        }
    }

    private static func title(_ step: SetUpGuide.Step, _ language: Language) -> String {
        switch step {
        case .trade: language("您的公司做什么？", "What does your company do?")
        case .places: language("有哪些部门和门店？", "Which departments and stores are there?")
        case .people: language("谁和您一起用？", "Who works with you?")
        case .parameters: language("几项只有您能定的事", "A few things only you can decide")
        case .records: language("把现有的数据带进来", "Bring along what you have")
        }
    }

    private static func why(_ step: SetUpGuide.Step, _ language: Language) -> String {
        switch step {
        case .trade:
            language("按行业启用合适的功能包，以后可以在 设置 ▸ 功能包 随时增减。", "Switches on what fits; you may change it under Settings ▸ Packs.")
        case .places: language("门店也是部门，数据范围按它们划分。空着的行不算。", "Rights follow them. Empty lines do not count.")
        case .people: language("每人一个一次性密码，保存后显示一次。空着的行不算。", "Everybody gets a password, shown once. Empty lines do not count.")
        case .parameters: language("其余参数都有合适的默认值，以后在 设置 ▸ 业务参数 里改。", "Everything else has a fitting default.")
        case .records: language("从 Excel 或 CSV 导入，先检查再写入，整次可以撤销。", "From Excel or CSV: checked first, taken back as a whole.")
        }
    }
}

/// What a step asks.
struct GuideForm {
    let page: Page
    let chart: OrgChart
    let trades: [Trade]
    let state: FormState
    var made: [Accounts.NewUser] = []

    static let lines = 6

    private var parts: FormParts { page.parts(state) }

    /// The numbers of the lines in which something stands.
    static func filled(_ name: String, _ form: FormBody) -> [Int] {
        (1...lines).filter { number in
            [name, "username"].contains { !(form["\($0)_\(number)"]?.trimmed ?? "").isEmpty }
        }
    }

    static func parameters(_ catalog: Catalog) -> [Parameter] { ParameterPages.all(catalog).filter(\.isRequired) }
    static func field(_ parameter: Parameter) -> String { "p_" + parameter.name.replacing(".", with: "_") }

    func content(_ step: SetUpGuide.Step) throws -> Element {
        if !made.isEmpty { return passwords() }
        let asked = step == .parameters ? try GuideForm.parameters(page.catalog).map { ($0, try page.view.value(of: $0)) } : []
        return form(
            .id("guide"), .class("col"), .method("post"), .action("/setup/\(step.rawValue)"), .data("form"), .novalidate(true)
        ) {
            page.csrfField
            parts.faults
            switch step {
            case .trade: trade()
            case .places: places()
            case .people: people()
            case .parameters: parameters(asked)
            case .records: records()
            }
        }
    }

    private func trade() -> Element {
        fieldset(.class("guide-trades"), .id("f-trade")) {
            legend(.class("sr-only")) { page.t("行业", "Trade") }
            for trade in trades {
                let packs = page.catalog.packs.filter { $0.isOptional && trade.packs.contains($0.name) }
                label(.class("card")) {
                    input(.type("radio"), .name("trade"), .value(trade.code), .checked(parts.value("trade") == trade.code))
                    span(.class("ico")) { page.site.icon(trade.icon) }
                    b { trade.label(page.language) }
                    span(.class("muted small")) { trade.about(page.language) }
                    span(.class("row wrap")) {
                        for pack in packs {
                            span(.class("tag", page.catalog.isOn(pack) ? "tag-ok" : nil)) { pack.label(page.language) }
                        }
                    }
                }
            }
        }
    }

    private func places() -> Element {
        let present = chart.departments.values.filter { !$0.isDeleted && $0.parentID != nil }.sorted { $0.id < $1.id }
        return section(.class("card")) {
            if !present.isEmpty {
                div(.class("card-b row wrap")) {
                    span(.class("muted small")) { page.t("已有", "There are") }
                    for one in present { span(.class("tag")) { one.name } }
                }
            }
            for number in 1...GuideForm.lines {
                div(.class("guide-line")) {
                    parts.line("name_\(number)", page.t("名称", "Name"), maxlength: 100, autofocus: number == 1)
                    parts.select(
                        "kind_\(number)", page.t("类型", "Kind"),
                        [("store", page.t("门店", "Store")), ("department", page.t("部门", "Department"))])
                }
            }
        }
    }

    private func people() -> Element {
        let roles = IdleRoles(page.catalog).others(of: chart).map { (value: String($0.id), label: page.roleName($0.name)) }
        return section(.class("card")) {
            for number in 1...GuideForm.lines {
                div(.class("guide-line four")) {
                    parts.line("name_\(number)", page.t("姓名", "Name"), maxlength: 100, autofocus: number == 1)
                    parts.line("username_\(number)", page.t("登录名", "User name"), maxlength: 100)
                    parts.select("role_\(number)", page.t("角色", "Role"), roles, empty: "—")
                    parts.select("department_\(number)", page.t("部门", "Department"), DepartmentForm.options(chart), empty: "—")
                }
            }
        }
    }

    private func passwords() -> Element {
        section(.class("card")) {
            div(.class("card-b")) {
                parts.alert("ok", page.t("已添加 \(made.count) 人", "\(made.count) added")) {
                    p {
                        page.t(
                            "请现在记下这些一次性密码，当面或电话告诉本人：首次登录必须修改，离开本页后不再显示。",
                            "Note these passwords now and hand them over: they must be changed at the first log-in and are shown only now.")
                    }
                }
            }
            for one in made {
                div(.class("setrow")) {
                    div {
                        b { one.row.title }; p { one.row["username"].text ?? "" }
                    }
                    code(.class("num")) { one.initialPassword ?? "" }
                }
            }
        }
    }

    private func parameters(_ asked: [(Parameter, Value)]) -> Element {
        section(.class("card")) {
            div(.class("fields")) {
                for (parameter, value) in asked {
                    ParameterForm.control(
                        parameter, value, GuideForm.field(parameter), page.name(of: parameter), parts, page,
                        hint: parameter.help?(page.language))
                }
            }
        }
    }

    private func records() -> Element {
        let open = page.catalog.schemas.filter {
            $0.traits.nature == .owned && $0.traits.isPublic && $0.traits.menu != nil && page.view.may("import", $0)
        }
        return section(.class("card")) {
            if open.isEmpty {
                page.nothing(
                    "upload", page.t("还没有可以导入的对象", "Nothing to import yet"),
                    page.t("启用功能包之后，这里列出可以导入的数据。", "What can be imported is listed here."))
            }
            for schema in open.prefix(8) {
                a(.class("setrow"), .href("/\(schema.name)/import")) {
                    page.site.icon(schema.traits.icon)
                    div {
                        b { page.t("导入\(schema.label)", "Import \(schema.label(in: page.language).lowercased())") }
                    }
                    page.site.icon("chevron-right", "sm")
                }
            }
        }
    }
}
