import Gate
import Markup
import Records

/// A condition in a settings form: comparisons side by side, what there is and a few more to fill in.
struct ConditionRows {
    let page: Page
    let schema: Schema
    let text: String?
    let state: FormState

    private var language: Language { page.language }

    func card(_ hint: String) -> Element {
        let present = FlatCondition(text), parts = page.parts(state)
        return section(.class("card")) {
            div(.class("card-h")) {
                h2 { page.t("条件", "Condition") }; span(.class("s")) { hint }
            }
            if present.isFlat {
                div(.class("fields")) {
                    parts.radios(
                        "match", page.t("多个条件", "Several"),
                        [("all", page.t("同时满足", "All of them")), ("any", page.t("满足其一", "Any of them"))], present.isAny ? "any" : "all")
                }
                div(.class("tblwrap")) {
                    table(.class("tbl")) {
                        thead {
                            tr {
                                for label in [page.t("字段", "Field"), page.t("比较", "Comparison"), page.t("值", "Value")] {
                                    th(.scope("col")) { label }
                                }
                            }
                        }
                        tbody {
                            for index in 0..<(present.rows.count + 3) { row(index, index < present.rows.count ? present.rows[index] : nil) }
                        }
                    }
                }
            } else {
                div(.class("card-b")) {
                    p(.class("muted")) { page.t("此条件由接口设置，保存时保持不变。", "Set through the API; it stays as it is.") }
                    Markup.code { text ?? "" }
                }
            }
        }
    }

    private func row(_ index: Int, _ row: FlatCondition.Row?) -> Element {
        func typed(_ name: String) -> String? { state.typed["\(name).\(index)"]?.last }
        let chosen = typed("cf") ?? row?.field ?? "", op = typed("co") ?? row?.op.rawValue ?? "eq"
        let value =
            typed("cv") ?? row.map { row in
                schema[row.field].map { field in row.values.map { field.kind.edit($0) }.joined(separator: ",") } ?? ""
            } ?? ""
        return tr {
            td {
                select(.class("in in-sm"), .name("cf.\(index)"), .aria("label", "\(page.t("字段", "Field")) \(index + 1)")) {
                    option(.value("")) { "—" }
                    for field in schema.fieldsOnPages
                    where field.isColumn && !field.comparisons.isEmpty && !field.traits.isSealed && page.view.right(schema, field) >= .read
                    {
                        option(.value(field.name), .selected(field.name == chosen)) { field.label(in: language) }
                    }
                }
            }
            td {
                select(.class("in in-sm"), .name("co.\(index)"), .aria("label", "\(page.t("比较", "Comparison")) \(index + 1)")) {
                    for item in [Operator.eq, .ne, .gt, .gte, .lt, .lte, .in, .notIn, .contains, .empty, .notEmpty] {
                        option(.value(item.rawValue), .selected(item.rawValue == op)) { item.label(in: language) }
                    }
                }
            }
            td {
                input(
                    .class("in in-sm"), .name("cv.\(index)"), .value(value), .aria("label", "\(page.t("值", "Value")) \(index + 1)"),
                    .autocomplete("off"))
            }
        }
    }

    /// The rows in the words of a list's address, so that a value means here what it means there.
    static func read(_ form: FormBody, _ schema: Schema, _ view: View, _ problems: inout [Problem]) throws -> Plain {
        var parts: [Condition] = []
        for index in 0..<40 {
            guard let field = form["cf.\(index)"], !field.isEmpty else { continue }
            let op = form["co.\(index)"] ?? "eq", value = form["cv.\(index)"]?.trimmed ?? ""
            do {
                guard !value.isEmpty || op == "empty" || op == "not_empty" else {
                    throw Refusal.unreadable("「\(schema[field]?.label ?? field)」的条件没有填值")
                }
                parts.append(try ListQuery(QueryItems([("filter[\(field)][\(op)]", value)]), schema, view).request(view).filter)
            } catch Refusal.unreadable(let reason) {
                problems.append(Problem("condition", reason))
            }
        }
        guard !parts.isEmpty else { return .null }
        let flat = parts.flatMap { part in if case .all(let inner) = part { inner } else { [part] } }
        return .text((form["match"] == "any" ? Condition.any(flat) : .all(flat)).plain.jsonText)
    }
}

/// A condition as rows, when it is one of comparisons side by side.
struct FlatCondition {
    struct Row {
        var field: String
        var op: Operator
        var values: [Value]
    }

    var rows: [Row] = []
    var isAny = false
    var isFlat = true

    init(_ text: String?) {
        guard let text else { return }
        guard let condition = Condition(jsonText: text) else {
            isFlat = false
            return
        }
        let parts: [Condition]
        switch condition {
        case .all(let list): parts = list
        case .any(let list): (parts, isAny) = (list, true)
        default: parts = [condition]
        }
        for part in parts {
            guard case .compare(let path, let op, let values) = part, path.link == nil else {
                isFlat = false
                return
            }
            rows.append(Row(field: path.field, op: op, values: values))
        }
    }
}
