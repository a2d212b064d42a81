import Gate
import Markup
import Records

/// What a step asks.
struct GuideForm {
    let page: Page
    let chart: OrgChart
    /// The trade that was chosen before.
    let chosen: String?
    let state: FormState
    var made: [Accounts.NewUser] = []

    /// The button that asks for more lines.
    static let more = "more"

    private var parts: FormParts { page.parts(state) }

    /// The numbers of the lines in which something stands.
    static func filled(_ form: FormBody) -> [Int] {
        (1...count(form.typed)).filter { number in
            ["name", "username"].contains { !(form["\($0)_\(number)"]?.trimmed ?? "").isEmpty }
        }
    }

    /// How many lines the form has: as many as came, and more when it was asked for.
    private static func count(_ typed: [String: [String]]) -> Int {
        let came = typed.keys.compactMap { $0.hasPrefix("name_") ? Int($0.dropFirst(5)) : nil }.max() ?? 0
        return came.held(in: 6...97) + (typed[more] == nil ? 0 : 3)
    }

    private var count: Int { GuideForm.count(state.typed) }

    static func parameters(_ catalog: Catalog) -> [Parameter] { ParameterPages.all(catalog).filter(\.isRequired) }
    static func packs(_ catalog: Catalog) -> [Pack] { catalog.packs.filter(\.isOptional) }
    static func field(_ trade: Trade) -> String { "pack_" + trade.code }
    static func field(_ parameter: Parameter) -> String { "p_" + parameter.name.replacing(".", with: "_") }

    func content(_ step: SetUpGuide.Step) throws -> Element {
        if !made.isEmpty { return passwords() }
        let asked = step == .parameters ? try GuideForm.parameters(page.catalog).map { ($0, try page.view.value(of: $0)) } : []
        return form(
            .id("guide"), .class("col"), .method("post"), .action("/setup/\(step.rawValue)"), .data("form"), .novalidate(true)
        ) {
            page.csrfField
            // Enter saves; the first button of a form would add lines.
            button(.class("sr-only"), .tabindex(-1), .aria("hidden", "true")) {}
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
            for trade in page.site.trades {
                div(.class("card"), .data("option")) {
                    label {
                        input(
                            .type("radio"), .name("trade"), .value(trade.code), .checked(parts.value("trade", chosen) == trade.code))
                        span(.class("ico")) { page.site.icon(trade.icon) }
                        b { trade.label(page.language) }
                        span(.class("muted small")) { trade.about(page.language) }
                    }
                    ticks(trade)
                }
            }
        }
    }

    /// The packs there are, with those ticked that the trade brings, or that were chosen.
    private func ticks(_ trade: Trade) -> Element {
        let name = GuideForm.field(trade), words = PackWords(language: page.language)
        let ticked = state.typed[name].map(Set.init)
        func isTicked(_ pack: Pack) -> Bool {
            ticked?.contains(pack.name) ?? (chosen == trade.code ? page.catalog.isOn(pack) : trade.packs.contains(pack.name))
        }
        return fieldset(.class("guide-packs"), .id("f-\(name)"), .aria("invalid", state.problem(name) == nil ? nil : "true")) {
            legend(.class("sr-only")) { page.t("\(trade.label.chinese)的功能包", "Packs for \(trade.label.english)") }
            input(.type("hidden"), .name(name), .value(""))
            for pack in GuideForm.packs(page.catalog) {
                let needs = pack.needs.filter(\.isOptional)
                label {
                    input(.type("checkbox"), .class("ck"), .name(name), .value(pack.name), .checked(isTicked(pack)))
                    span { pack.label(page.language) }
                    small(.class("muted")) {
                        pack.about(page.language)
                        if !needs.isEmpty { page.t("（需要\(words.names(needs))）", " (needs \(words.names(needs)))") }
                    }
                }
            }
            if state.problem(name) != nil { div(.class("field")) { parts.fault(name) } }
        }
    }

    private func places() -> Element {
        let departments = chart.departments.values.filter { !$0.isDeleted }.sorted { $0.id < $1.id }
        let company = departments.first { $0.parentID == nil }, present = departments.filter { $0.parentID != nil }
        return section(.class("card")) {
            if !present.isEmpty {
                div(.class("card-b row wrap")) {
                    span(.class("muted small")) { page.t("已有", "There are") }
                    for one in present { span(.class("tag")) { one.name } }
                }
            }
            datalist(.id("places")) { for one in departments { option(.value(one.name)) {} } }
            lines("three") { number in
                Group {
                    parts.line("name_\(number)", page.t("名称", "Name"), maxlength: 100, autofocus: isFirst(number))
                    parts.select(
                        "kind_\(number)", page.t("类型", "Kind"),
                        [("store", page.t("门店", "Store")), ("department", page.t("部门", "Department"))])
                    parts.field("parent_\(number)", page.t("上级部门", "Above it")) { common in
                        Element(
                            void: "input",
                            common + [
                                .class("in"), .type("text"), .list("places"), .value(parts.value("parent_\(number)")), .autocomplete("off"),
                                .maxlength(100), .placeholder(company?.name),
                            ]
                        ).node
                    }
                }.node
            }
        }
    }

    private func people() -> Node {
        let roles = IdleRoles(page.catalog).others(of: chart).map { (value: String($0.id), label: page.roleName($0.name)) }
        return Group {
            colleagues()
            section(.class("card")) {
                lines("four") { number in
                    Group {
                        parts.line("name_\(number)", page.t("姓名", "Name"), maxlength: 100, autofocus: isFirst(number))
                        parts.line("username_\(number)", page.t("登录名", "User name"), maxlength: 100)
                        parts.select("role_\(number)", page.t("角色", "Role"), roles, empty: page.t("请选择", "Choose"))
                        parts.select("department_\(number)", page.t("部门", "Department"), DepartmentForm.options(chart), empty: "—")
                    }.node
                }
            }
        }.node
    }

    /// Who is there already.
    private func colleagues() -> Element {
        let present = chart.members.values.filter(\.isActive).sorted { $0.id < $1.id }
        return section(.class("card")) {
            div(.class("card-h")) {
                h2 { page.t("已有同事", "There already") }
                span(.class("s")) { String(present.count) }
                span(.class("grow")) {}
                a(.class("btn btn-sm"), .href("/settings/users")) { page.t("管理用户", "Users") }
            }
            ul(.class("guide-people")) {
                for one in present.prefix(30) {
                    li {
                        b { one.name }
                        span(.class("muted")) { one.username }
                        span(.class("muted")) {
                            one.roles.compactMap { chart.roles[$0] }.map { page.roleName($0.name) }.joined(separator: "、")
                        }
                        span(.class("muted")) { one.departmentID.flatMap { chart.departments[$0]?.name } ?? "" }
                    }
                }
            }
        }
    }

    /// Numbered lines, and a button for more: with script at once, without by a submit that saves nothing.
    private func lines(_ columns: String, _ content: (Int) -> Node) -> Node {
        Group {
            for number in 1...count {
                div(.class("guide-line", columns), .role("group"), .aria("label", page.t("第 \(number) 行", "Line \(number)"))) {
                    content(number)
                }
            }
            div(.class("card-b")) {
                button(.class("btn btn-sm"), .name(GuideForm.more), .value("1"), .data("more", ".guide-line")) {
                    page.site.icon("plus", "sm"); page.t("添加一行", "Add a line")
                }
            }
        }.node
    }

    private func isFirst(_ number: Int) -> Bool { number == 1 && state.problems.isEmpty && state.typed.isEmpty }

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
        let groups = GuideForm.importable(page)
        return section(.class("card")) {
            if groups.isEmpty {
                page.nothing(
                    "upload", page.t("还没有可以导入的对象", "Nothing to import yet"),
                    page.t("启用功能包之后，这里列出可以导入的数据。", "What can be imported is listed here."))
            }
            for group in groups {
                div(.class("guide-group")) {
                    h2 { group.label }
                    for schema in group.schemas {
                        a(.class("row"), .href("/\(schema.name)/import")) {
                            page.site.icon(schema.traits.icon)
                            span(.class("grow")) { page.t("导入\(schema.label)", "Import \(schema.label(in: page.language).lowercased())") }
                            page.site.icon("chevron-right", "sm")
                        }
                    }
                }
            }
        }
    }

    /// What people bring along, in the navigation's order: the company's business, not what the program writes by itself.
    static func importable(_ page: Page) -> [(label: String, schemas: [Schema])] {
        let own = Set(Platform.entities.map { $0.name })
        return page.site.groups(page).compactMap { group in
            let schemas = group.schemas.filter { $0.traits.isCreatable && !own.contains($0.name) && page.view.may("import", $0) }
            return schemas.isEmpty ? nil : (group.label, schemas)
        }
    }
}
