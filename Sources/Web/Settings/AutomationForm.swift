import Gate
import Markup
import Records

/// The list of rules, the first step of a new one, and a trial.
struct AutomationParts {
    let page: Page
    private var crumb: (label: String, url: String?) { (page.t("自动化", "Automation"), "/settings/automation") }

    func list(_ rules: [Record<AutomationRule>]) -> Shell {
        let acts = a(.class("btn btn-p"), .href("/settings/automation/new")) {
            page.site.icon("plus"); page.t("新建", "New")
        }.node
        return page.settings(
            "/settings/automation", page.t("自动化", "Automation"),
            page.t("什么情况下，自动改字段、建记录、通知人、调用 Webhook。", "What happens by itself, and when."), acts: acts
        ) {
            section(.class("card")) {
                if rules.isEmpty {
                    page.nothing(
                        "zap", page.t("还没有自动化规则", "No automation rules yet"),
                        page.t("新建一条：选什么时候，设条件，写要做的事；保存后可以先试运行。", "Make one: choose when, set a condition, say what to do; then try it."))
                }
                for rule in rules {
                    a(.class("setrow"), .href("/settings/automation/\(rule.row.id)")) {
                        div {
                            b { rule.title };
                            p { AutomationOccasion(rule, page.catalog)?.label(in: page.language) ?? page.name(of: rule.entity) }
                        }
                        if let failures = rule.failures, failures > 0 {
                            span(.class("tag tag-bad")) { page.t("连续失败 \(failures) 次", "Failed \(failures) times") }
                        }
                        span(.class("st", rule.isActive ? "st-ok" : nil)) { rule.isActive ? page.t("启用", "On") : page.t("停用", "Off") }
                    }
                }
            }
        }
    }

    var choice: Shell {
        page.settings(
            "/settings/automation", page.t("新建自动化规则", "New automation rule"), page.t("先选什么时候执行。", "First: when."), crumbs: [crumb]
        ) {
            form(.class("card"), .method("get"), .action("/settings/automation/new")) {
                div(.class("fields")) {
                    div(.class("field wide")) {
                        label(.for("f-on")) { page.t("何时执行", "When") }
                        select(.class("in"), .id("f-on"), .name("on"), .required(true)) {
                            option(.value("")) { "—" }
                            for schema in page.catalog.schemas
                            where Automations.isOpen(schema, page.catalog) && page.view.may("read", schema) {
                                optgroup(.label(schema.label(in: page.language))) {
                                    for code in AutomationOccasion.codes(schema) {
                                        if let occasion = AutomationOccasion(code, page.catalog) {
                                            option(.value(code)) { occasion.label(in: page.language) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/settings/automation")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("下一步", "Next") }
                }
            }
        }
    }

    func trial(_ rule: Record<AutomationRule>, _ trial: AutomationTrial) -> Shell {
        page.settings(
            "/settings/automation", page.t("试运行", "Trial"),
            page.t("对最新的几条符合条件的记录会做什么；没有真的执行。", "What it would do to the newest records that meet the condition; nothing was done."),
            crumbs: [crumb, (rule.title, "/settings/automation/\(rule.row.id)")]
        ) {
            section(.class("card")) {
                if trial.lines.isEmpty {
                    page.nothing(
                        "search-x", page.t("没有符合条件的记录", "No record meets the condition"),
                        page.t("改一改条件再试。", "Change the condition and try again."))
                }
                for line in trial.lines {
                    a(.class("setrow"), .href("/\(rule.entity)/\(line.id)")) {
                        div {
                            b { line.title }; p { line.text }
                        }
                        span(.class("st", line.isFailed ? "st-bad" : "st-ok")) {
                            line.isFailed ? page.t("会失败", "Would fail") : page.t("可以", "Fine")
                        }
                    }
                }
            }
        }
    }
}

/// One rule with its condition in rows and what it does in rows.
struct AutomationForm {
    let page: Page
    let occasion: AutomationOccasion
    let rule: Record<AutomationRule>?
    let state: FormState
    private let steps: [Record<AutomationStep>]
    private let hooks: [(id: Int64, name: String)]
    private let templates: [(id: Int64, name: String)]
    private let names: [Int64: String]
    private let runs: [(run: Record<AutomationRun>, title: String)]

    init(_ page: Page, _ occasion: AutomationOccasion, rule: Record<AutomationRule>?, _ state: FormState) throws {
        (self.page, self.occasion, self.rule, self.state) = (page, occasion, rule, state)
        let view = page.view
        steps = try rule.map { try view.lines(of: $0.row, Schema.field(\AutomationRule.steps)).map(Record<AutomationStep>.init) } ?? []
        hooks = try view.automationHooks()
        templates = try view.messageTemplates(for: occasion.schema).map { ($0.row.id, $0.title) }
        names = try view.titles(
            view.catalog.schema(User.self), ids: steps.filter { $0.kind == .notify }.flatMap { Automations.ids($0.target) })
        let lately = try rule.map { try view.automationRuns(of: $0.row.id, limit: 20) } ?? []
        let titles = try view.titles(occasion.schema, ids: lately.map { Int64($0.recordID) })
        runs = lately.map { ($0, titles[Int64($0.recordID)] ?? "#\($0.recordID)") }
    }

    private var language: Language { page.language }

    var shell: Shell {
        let url = rule.map { "/settings/automation/\($0.row.id)" } ?? "/settings/automation"
        return page.settings(
            "/settings/automation", rule?.title ?? page.t("新建自动化规则", "New automation rule"), occasion.label(in: language),
            crumbs: [(page.t("自动化", "Automation"), "/settings/automation")]
        ) {
            form(.class("col"), .method("post"), .action(url), .data("form"), .novalidate(true)) {
                page.csrfField
                input(.type("hidden"), .name("on"), .value(occasion.code))
                general
                ConditionRows(page: page, schema: occasion.schema, text: rule?.condition, state: state).card(
                    page.t("满足时才执行；都不填为全部", "Only for what meets it; all when empty"))
                stepsCard
                div(.class("actionbar")) {
                    span(.class("grow")) {}
                    if rule != nil {
                        a(.class("btn"), .href("\(url)/trial")) {
                            page.site.icon("eye"); page.t("试运行", "Try")
                        }
                    }
                    a(.class("btn"), .href("/settings/automation")) { page.t("取消", "Cancel") }
                    button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
            if let rule {
                log
                section(.class("card danger-zone")) {
                    div(.class("setrow")) {
                        div {
                            b { page.t("删除", "Delete") }; p { page.t("做过的事不受影响。", "What it did stays done.") }
                        }
                        page.act(
                            "/settings/automation/\(rule.row.id)/delete", page.t("删除", "Delete"), style: "btn btn-danger",
                            confirm: page.t("以后不再自动执行；可在回收站恢复。", "It no longer runs; the recycle bin keeps it."))
                    }
                }
            }
        }
    }

    private var general: Element {
        let parts = page.parts(state)
        return section(.class("card")) {
            parts.cardFaults
            div(.class("fields")) {
                parts.line("name", page.t("规则名称", "Name"), rule?.title, required: true, maxlength: 100, autofocus: rule == nil)
                parts.line("position", page.t("顺序", "Order"), rule?.position.map(String.init) ?? "0", mode: "numeric", maxlength: 6)
                if occasion.trigger == .day {
                    parts.line(
                        "days", page.t("日期之后几天", "Days after"), rule?.days.map(String.init) ?? "0",
                        hint: page.t(
                            "提前填负数：-7 为提前 7 天；每天早上 6:30 执行，每条记录每个日期一次",
                            "-7 for a week before; every morning at 6:30, once for each record and day"), mode: "numeric", maxlength: 6)
                }
                parts.toggle("is_active", page.t("启用", "Active"), rule?.isActive ?? true)
            }
        }
    }

    // MARK: Steps

    private var stepsCard: Element {
        section(.class("card"), .id("f-steps")) {
            div(.class("card-h")) {
                h2 { page.t("执行", "Do") };
                span(.class("s")) {
                    page.t(
                        "从上到下；空行不保存。内容里的 {字段标识} 代入记录的值，{today} 为当天，today+3 为三天后",
                        "In this order; empty rows are not saved. {field} stands for the record's value, {today} for the day, today+3 for "
                            + "three days later"
                    )
                }
            }
            div(.class("tblwrap")) {
                table(.class("tbl")) {
                    thead {
                        tr {
                            for label in [page.t("做什么", "What"), page.t("通知谁（姓名）", "Whom (names)"), page.t("内容", "Content")] {
                                th(.scope("col")) { label }
                            }
                        }
                    }
                    tbody { for index in 0..<(steps.count + 3) { row(index, index < steps.count ? steps[index] : nil) } }
                }
            }
            details(.class("card-b")) {
                summary { page.t("可代入的字段", "Fields to fill in") }
                p(.class("muted small")) { fields.map { "{\($0.name)} \($0.label(in: language))" }.joined(separator: page.t("、", ", ")) }
                p(.class("muted small")) {
                    page.t("新建记录：每行一个 字段标识=值，例如 title=回访 {name}。", "A new record: one field=value a line, such as title=Call {name}.")
                }
            }
        }
    }

    private var fields: [FieldSpec] {
        occasion.schema.fieldsOnPages.filter { $0.isColumn && !$0.traits.isSealed && !["version", "deleted_at"].contains($0.name) }
    }

    private func row(_ index: Int, _ step: Record<AutomationStep>?) -> Element {
        func typed(_ name: String) -> String? { state.typed["\(name).\(index)"]?.last }
        let what = typed("do") ?? step.map(AutomationForm.place) ?? ""
        let users = step.map { $0.kind == .notify ? Automations.ids($0.target).compactMap { names[$0] }.joined(separator: "、") : "" } ?? ""
        return tr {
            td {
                if let step { input(.type("hidden"), .name("sid.\(index)"), .value(String(step.row.id))) }
                select(.class("in in-sm"), .name("do.\(index)"), .aria("label", "\(page.t("做什么", "What")) \(index + 1)")) {
                    option(.value("")) { "—" }
                    for group in choices {
                        optgroup(.label(group.label)) {
                            for item in group.items { option(.value(item.value), .selected(item.value == what)) { item.label } }
                        }
                    }
                }
            }
            td {
                input(
                    .class("in in-sm"), .name("who.\(index)"), .value(typed("who") ?? users),
                    .aria("label", "\(page.t("通知谁", "Whom")) \(index + 1)"), .autocomplete("off"))
            }
            td {
                textarea(.class("in in-sm"), .name("text.\(index)"), .rows(2), .aria("label", "\(page.t("内容", "Content")) \(index + 1)")) {
                    typed("text") ?? step?.content ?? ""
                }
            }
        }
    }

    private var choices: [(label: String, items: [(value: String, label: String)])] {
        let schema = occasion.schema
        let settable = schema.fields.filter {
            $0.isColumn && !$0.traits.isReadOnly && !$0.traits.isSealed && $0.name != schema.flow?.field && $0.name != "id"
        }
        let makable = page.catalog.schemas.filter { Automations.isOpen($0, page.catalog) && $0.traits.isCreatable }
        var groups: [(label: String, items: [(value: String, label: String)])] = [
            (
                page.t("通知", "Notify"),
                [
                    ("notify.owner", page.t("通知负责人", "Notify the owner")),
                    ("notify.superior", page.t("通知负责人的上级", "Notify the owner's superior")),
                    ("notify.creator", page.t("通知创建人", "Notify the creator")), ("notify.users", page.t("通知指定人员", "Notify named people")),
                ]
            ),
            (
                page.t("修改字段", "Set a field"),
                settable.map { ("set.\($0.name)", page.t("修改「\($0.label)」", "Set \($0.label(in: .english).lowercased())")) }
            ),
            (
                page.t("新建记录", "Create a record"),
                makable.map { ("create.\($0.name)", page.t("新建\($0.label)", "Create in \($0.label(in: .english).lowercased())")) }
            ),
        ]
        if !hooks.isEmpty { groups.append(("Webhook", hooks.map { ("webhook.\($0.id)", page.t("调用「\($0.name)」", "Call “\($0.name)”")) })) }
        if !templates.isEmpty {
            groups.append(
                (page.t("发消息", "Send a message"), templates.map { ("message.\($0.id)", page.t("发送「\($0.name)」", "Send “\($0.name)”")) }))
        }
        return groups
    }

    private static func place(_ step: Record<AutomationStep>) -> String {
        "\(step.kind.rawValue).\(step.kind == .notify && !Automations.ids(step.target).isEmpty ? "users" : step.target)"
    }

    private var log: Element {
        section(.class("card")) {
            div(.class("card-h")) { h2 { page.t("最近执行", "Latest runs") } }
            if runs.isEmpty { page.nothing("history", page.t("还没有执行过", "Not run yet"), page.t("可以先试运行。", "Try it first.")) }
            for (run, title) in runs {
                a(.class("setrow"), .href("/\(occasion.schema.name)/\(run.recordID)")) {
                    div {
                        b { title }; p { run.text }
                    }
                    span(.class("muted num")) { InstantKind().show(run.at.stored, in: language) }
                    span(.class("st", run.isFailed ? "st-bad" : "st-ok")) { run.isFailed ? page.t("失败", "Failed") : page.t("完成", "Done") }
                }
            }
        }
    }
}

/// What the form said, as the gate takes it.
struct AutomationInput {
    let form: FormBody
    let occasion: AutomationOccasion
    let view: View

    var members: [String: Plain] {
        get throws {
            var problems: [Problem] = []
            var input: [String: Plain] = [
                "name": .text(form["name"] ?? ""), "entity": .text(occasion.schema.name), "trigger": .text(occasion.trigger.rawValue),
                "field": occasion.field.map { .text($0.name) } ?? .null,
                "is_active": .bool(form.all("is_active").contains("true")),
                "position": Int64(form["position"]?.trimmed ?? "").map(Plain.int) ?? .int(0),
            ]
            if occasion.trigger == .day {
                if let days = Int64(form["days"]?.trimmed ?? "0") {
                    input["days"] = .int(days)
                } else {
                    problems.append(Problem("days", code: "wrong_type", "天数应为整数，例如 -7"))
                }
            }
            // A condition that the form cannot show is left alone.
            if form["match"] != nil { input["condition"] = try ConditionRows.read(form, occasion.schema, view, &problems) }
            input["steps"] = try steps(&problems)
            guard problems.isEmpty else { throw Problems(problems) }
            return input
        }
    }

    private func steps(_ problems: inout [Problem]) throws -> Plain {
        var lines: [Plain] = []
        for index in 0..<60 {
            guard let what = form["do.\(index)"], let dot = what.firstIndex(of: ".") else { continue }
            let kind = String(what[..<dot])
            var target = String(what[what.index(after: dot)...])
            if kind == "notify", target == "users" {
                target = try people(form["who.\(index)"] ?? "", index, &problems).map(String.init).joined(separator: ",")
            }
            var line: [String: Plain] = ["kind": .text(kind), "target": .text(target), "content": .text(form["text.\(index)"] ?? "")]
            if let id = form["sid.\(index)"].flatMap(Int64.init) { line["id"] = .int(id) }
            lines.append(.object(line))
        }
        if lines.isEmpty { problems.append(Problem("steps", code: "required", "请至少选择一件要做的事")) }
        return .list(lines)
    }

    private func people(_ text: String, _ index: Int, _ problems: inout [Problem]) throws -> [Int64] {
        let (found, faults) = try view.people(named: text)
        problems += faults.map { Problem("steps", code: "not_found", $0) }
        if found.isEmpty, faults.isEmpty { problems.append(Problem("steps", code: "required", "第 \(index + 1) 行请填写通知谁")) }
        return found
    }
}

extension View {
    /// The users of these names, between commas, and what is wrong with the others.
    func people(named text: String) throws -> (ids: [Int64], faults: [String]) {
        var ids: [Int64] = [], faults: [String] = []
        for name in text.split(whereSeparator: { ",，、;；".contains($0) }).map({ $0.trimmed }) where !name.isEmpty {
            let found = try identify(catalog.schema(User.self), name)
            if found.count == 1 {
                ids += found
            } else {
                faults.append(found.isEmpty ? "没有找到人员“\(name)”" : "有 \(found.count) 位“\(name)”，请填登录名")
            }
        }
        return (ids, faults)
    }
}
