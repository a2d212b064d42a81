import Gate
import Markup
import Records

/// One flow with its condition in rows and its steps in rows: what there is, and a few more to fill in.
struct ApprovalFlowForm {
    let page: Page
    let occasion: ApprovalOccasion
    let flow: Record<ApprovalFlow>?
    let state: FormState
    private let steps: [Record<ApprovalStep>]
    private let roles: [(id: Int64, name: String)]
    private let names: [Int64: String]

    init(_ page: Page, _ occasion: ApprovalOccasion, flow: Record<ApprovalFlow>?, _ state: FormState) throws {
        (self.page, self.occasion, self.flow, self.state) = (page, occasion, flow, state)
        let view = page.view, field = Schema.field(\ApprovalFlow.steps)
        steps = try flow.map { try view.linked(view.lines(of: $0.row, field)).map(Record<ApprovalStep>.init) } ?? []
        let idle = IdleRoles(view.catalog), chosen = Set(steps.compactMap { $0.role?.id })
        roles = try view.page(ListRequest(view.catalog.schema(Role.self), limit: 500)).rows.filter {
            chosen.contains($0.id) || !idle.contains(Record<Role>($0))
        }.map { ($0.id, $0.title) }
        names = try view.titles(view.catalog.schema(User.self), ids: steps.flatMap(\.users.ids))
    }

    private var schema: Schema { occasion.schema }
    private var language: Language { page.language }

    var shell: Shell {
        let url = flow.map { "/settings/approvals/\($0.row.id)" } ?? "/settings/approvals"
        return page.settings(
            "/settings/approvals", flow?.title ?? page.t("新建审批流程", "New approval flow"), occasion.label(in: language),
            crumbs: [(page.t("审批流程", "Approval flows"), "/settings/approvals")]
        ) {
            form(.class("col"), .method("post"), .action(url), .data("form"), .novalidate(true)) {
                page.csrfField
                input(.type("hidden"), .name("on"), .value(occasion.code))
                general
                ConditionRows(page: page, schema: schema, text: flow?.condition, state: state).card(
                    page.t("满足时才需要审批；都不填为全部", "Only what meets it; all when empty"))
                stepsCard
                div(.class("actionbar")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/settings/approvals")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
            if let flow {
                section(.class("card danger-zone")) {
                    div(.class("setrow")) {
                        div {
                            b { page.t("删除", "Delete") }; p { page.t("正在审批中的申请按原步骤走完。", "Requests under way go on as they began.") }
                        }
                        page.act(
                            "/settings/approvals/\(flow.row.id)/delete", page.t("删除", "Delete"), style: "btn btn-danger",
                            confirm: page.t("以后不再需要审批；可在回收站恢复。", "No approval is asked for any more."))
                    }
                }
            }
        }
    }

    private var general: Element {
        let parts = page.parts(state)
        let money = schema.fields.filter(\.isMoney) + (occasion.action?.parameters.filter(\.isMoney) ?? [])
        let lockable = schema.fields.filter { ApprovalOccasion.mayGuard($0) }
        return section(.class("card")) {
            parts.cardFaults
            div(.class("fields")) {
                parts.line("name", page.t("流程名称", "Name"), flow?.title ?? defaultName, required: true, maxlength: 100)
                parts.line(
                    "position", page.t("顺序", "Order"), flow?.position.map(String.init) ?? "0",
                    hint: page.t("同一操作有多个流程时，取第一个满足条件的", "The first that fits is taken"), mode: "numeric", maxlength: 6)
                parts.select(
                    "amount_field", page.t("按哪个金额分级", "Amount that grades the steps"), money.map { ($0.name, $0.label(in: language)) },
                    flow?.amountField, empty: page.t("不分级", "None"))
                if occasion.trigger == .create {
                    parts.select(
                        "action", page.t("批准后执行", "Then perform"), schema.actions.map { ($0.name, $0.label(in: language)) }, flow?.action,
                        empty: page.t("只解除锁定", "Only unlock"))
                }
                parts.select(
                    "on_reject", page.t("驳回后执行", "After rejection"), schema.actions.map { ($0.name, $0.label(in: language)) },
                    flow?.onReject, empty: page.t("不执行", "Nothing"))
                parts.toggle("is_active", page.t("启用", "Active"), flow?.isActive ?? true)
                parts.pick(
                    "locked_fields", page.t("审批中锁定的字段", "Locked meanwhile"), lockable.map { ($0.name, $0.label(in: language)) },
                    Set(locked), hint: page.t("都不选为锁定整条记录", "The whole record when none is chosen"))
            }
        }
    }

    private var defaultName: String { "\(occasion.label(in: .chinese).replacing(" · ", with: ""))审批" }
    private var locked: [String] { (flow?.locked ?? "").split(separator: ",").map(String.init) }

    // MARK: Steps

    private var stepsCard: Element {
        let labels = [
            page.t("步骤", "Step"), page.t("审批人", "Approver"), page.t("指定人员", "Named users"), page.t("方式", "Mode"), page.t("金额超过", "Over"),
            page.t("金额不超过", "Up to"), page.t("催办（工作小时）", "Remind after (h)"),
        ]
        return section(.class("card"), .id("f-steps")) {
            div(.class("card-h")) {
                h2 { page.t("步骤", "Steps") };
                span(.class("s")) {
                    page.t("从上到下依次审批；申请人不审批自己的申请；空行不保存", "In this order; the applicant never approves; empty rows are not saved")
                }
            }
            div(.class("tblwrap")) {
                table(.class("tbl")) {
                    thead { tr { for label in labels { th(.scope("col")) { label } } } }
                    tbody { for index in 0..<(steps.count + 3) { stepRow(index, index < steps.count ? steps[index] : nil) } }
                }
            }
        }
    }

    private func stepRow(_ index: Int, _ step: Record<ApprovalStep>?) -> Element {
        func typed(_ name: String) -> String? { state.typed["\(name).\(index)"]?.last }
        func cell(_ name: String, _ label: String, _ value: String?, numeric: Bool = false) -> Element {
            td {
                input(
                    .class("in in-sm", numeric ? "num" : nil), .name("\(name).\(index)"), .value(typed(name) ?? value ?? ""),
                    .aria("label", "\(label) \(index + 1)"), .autocomplete("off"))
            }
        }
        let who = typed("who") ?? step.map(ApprovalFlowForm.place) ?? "superior.1", mode = typed("mode") ?? step?.mode.rawValue ?? "any"
        return tr {
            td {
                if let step { input(.type("hidden"), .name("sid.\(index)"), .value(String(step.row.id))) }
                input(
                    .class("in in-sm"), .name("sn.\(index)"), .value(typed("sn") ?? step?.title ?? ""),
                    .aria("label", "\(page.t("步骤", "Step")) \(index + 1)"), .autocomplete("off"))
            }
            td {
                select(.class("in in-sm"), .name("who.\(index)"), .aria("label", "\(page.t("审批人", "Approver")) \(index + 1)")) {
                    for item in choices { option(.value(item.value), .selected(item.value == who)) { item.label } }
                }
            }
            cell("users", page.t("指定人员", "Named users"), step.map { $0.users.ids.compactMap { names[$0] }.joined(separator: "、") })
            td {
                select(.class("in in-sm"), .name("mode.\(index)"), .aria("label", "\(page.t("方式", "Mode")) \(index + 1)")) {
                    for item in ApprovalStep.Mode.options {
                        option(.value(item.value.rawValue), .selected(item.value.rawValue == mode)) { item.value.label(in: language) }
                    }
                }
            }
            cell("over", page.t("金额超过", "Over"), step?.over.map { MoneyKind().edit($0.stored) }, numeric: true)
            cell("upto", page.t("金额不超过", "Up to"), step?.upTo.map { MoneyKind().edit($0.stored) }, numeric: true)
            cell("hours", page.t("催办", "Remind"), step?.remindHours.map(String.init), numeric: true)
        }
    }

    private var choices: [(value: String, label: String)] {
        var found = [
            ("superior.1", page.t("直属上级", "Superior")), ("superior.2", page.t("上两级", "Two levels up")),
            ("superior.3", page.t("上三级", "Three levels up")),
            ("department_head", page.t("部门负责人", "Department head")), ("users", page.t("指定人员", "Named users")),
        ]
        found += roles.map { ("role.\($0.id)", page.t("角色：\($0.name)", "Role: \($0.name)")) }
        found += schema.fields.filter { $0.target == User.name && !["created_by", "updated_by"].contains($0.name) }.map {
            ("field.\($0.name)", page.t("记录的「\($0.label)」", "The record's \($0.label(in: .english).lowercased())"))
        }
        return found.map { (value: $0.0, label: $0.1) }
    }

    private static func place(_ step: Record<ApprovalStep>) -> String {
        switch step.approver {
        case .superior: "superior.\(step.levels ?? 1)"
        case .departmentHead: "department_head"
        case .users: "users"
        case .role: "role.\(step.role?.id ?? 0)"
        case .field: "field.\(step.field ?? "")"
        }
    }
}

/// What the form said, as the gate takes it.
struct ApprovalFlowInput {
    let form: FormBody
    let occasion: ApprovalOccasion
    let view: View

    var members: [String: Plain] {
        get throws {
            var problems: [Problem] = []
            var input: [String: Plain] = [
                "name": .text(form["name"] ?? ""), "entity": .text(occasion.schema.name), "trigger": .text(occasion.trigger.rawValue),
                "action": text(occasion.trigger == .action ? occasion.name : form["action"]), "amount_field": text(form["amount_field"]),
                "on_reject": text(form["on_reject"]),
                "locked_fields": text(form.all("locked_fields").filter { !$0.isEmpty }.joined(separator: ",")),
                "is_active": .bool(form.all("is_active").contains("true")),
                "position": Int64(form["position"]?.trimmed ?? "").map(Plain.int) ?? .int(0),
            ]
            if occasion.trigger == .change { input["field"] = text(occasion.name) }
            // A condition that the form cannot show is left alone.
            if form["match"] != nil { input["condition"] = try ConditionRows.read(form, occasion.schema, view, &problems) }
            input["steps"] = try steps(&problems)
            guard problems.isEmpty else { throw Problems(problems) }
            return input
        }
    }

    private func text(_ value: String?) -> Plain { value.map { $0.trimmed.isEmpty ? .null : .text($0.trimmed) } ?? .null }

    private func steps(_ problems: inout [Problem]) throws -> Plain {
        var lines: [Plain] = []
        for index in 0..<60 {
            guard let name = form["sn.\(index)"]?.trimmed, !name.isEmpty else { continue }
            let who = (form["who.\(index)"] ?? "").split(separator: ".", maxSplits: 1).map(String.init)
            var line: [String: Plain] = [
                "name": .text(name), "approver": .text(who.first ?? "superior"), "mode": .text(form["mode.\(index)"] ?? "any"),
                "levels": .null, "role_id": .null, "field": .null, "user_ids": .list([]),
                "remind_hours": Int64(form["hours.\(index)"]?.trimmed ?? "").map(Plain.int) ?? .null,
            ]
            if let id = form["sid.\(index)"].flatMap(Int64.init) { line["id"] = .int(id) }
            switch who.first {
            case "superior": line["levels"] = Int64(who.last ?? "1").map(Plain.int) ?? .int(1)
            case "role": line["role_id"] = Int64(who.last ?? "").map(Plain.int) ?? .null
            case "field": line["field"] = .text(who.last ?? "")
            case "users": line["user_ids"] = .list(try people(form["users.\(index)"] ?? "", index, &problems).map(Plain.int))
            default: break
            }
            for (key, field) in [("over", "over_cents"), ("upto", "up_to_cents")] {
                let typed = form["\(key).\(index)"]?.trimmed ?? ""
                do throws(Fault) { line[field] = typed.isEmpty ? .null : try MoneyKind().parse(typed).int.map(Plain.int) ?? .null } catch {
                    problems.append(Problem("steps", code: error.code, "步骤「\(name)」的金额：\(error.message)"))
                }
            }
            lines.append(.object(line))
        }
        if lines.isEmpty { problems.append(Problem("steps", code: "required", "请至少填写一个步骤")) }
        return .list(lines)
    }

    private func people(_ text: String, _ index: Int, _ problems: inout [Problem]) throws -> [Int64] {
        let (found, faults) = try view.people(named: text)
        problems += faults.map { Problem("steps", code: "not_found", $0) }
        if found.isEmpty, problems.isEmpty { problems.append(Problem("steps", code: "required", "第 \(index + 1) 行请填写指定人员的姓名")) }
        return found
    }
}
