import Gate
import Markup
import Records

/// Where a card may go, each place a button.
struct MoveChoice {
    let page: Page
    let row: Row
    let axis: BoardAxis

    private var url: String { "/\(row.schema.name)/\(row.id)/move" + page.items.suffix }
    private var back: String { "/\(row.schema.name)" + page.items.setting("layout", "board").suffix }

    func shell() throws -> Shell {
        let form = try form(inDialog: false)
        return Shell(
            page.t("移动到…", "Move to…"), active: row.schema.name, crumbs: [(row.title, "/\(row.schema.name)/\(row.id)")], back: back
        ) { div(.class("narrow pad")) { form } }
    }

    func form(inDialog: Bool) throws -> Element {
        let present = axis.key(of: row), places = try places()
        return Markup.form(.method("post"), .action(url), .data("move", String(row.id))) {
            page.csrfField
            input(.type("hidden"), .name("by"), .value(axis.field.name))
            input(.type("hidden"), .name("_version"), .value(String(row.version)))
            header { h2 { page.t("移动「\(row.title)」到…", "Move “\(row.title)” to…") } }
            div(.class("dlg-b col")) {
                div(.class("kplaces")) {
                    for place in places {
                        let isHere = place.key == present, isOpen = axis.flow == nil || !axis.steps(from: row, to: place.key).isEmpty
                        button(
                            .class("btn"), .name("to"), .value(place.key), .disabled(isHere || !isOpen),
                            .aria("pressed", isHere ? "true" : nil)
                        ) { place.label }
                    }
                }
            }
            footer {
                if inDialog {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                } else {
                    a(.class("btn"), .href(back)) { page.t("取消", "Cancel") }
                }
            }
        }
    }

    private func places() throws -> [(key: String, label: String)] {
        var places: [(key: String, label: String)] = []
        if let choices = axis.field.kind.choices {
            places = choices.map { ($0.code, $0.label(in: page.language)) }
        } else if axis.isMonth {
            places = Board.window(page.items["at"], today: page.view.now.day).map { ($0, Board.monthLabel($0, page)) }
        } else if !axis.isPeople {
            places = try axis.records(page.view, beside: Set([row[axis.field].int].compactMap(\.self))).map { (String($0.id), $0.title) }
        } else {
            let people = try page.view.page(ListRequest(page.catalog.schema(User.self), where: \User.status == .active, limit: 100)).rows
            places = people.map { (String($0.id), $0.title) }
        }
        if axis.flow == nil, !axis.field.isRequired, axis.field.name != "owner_id" {
            places.append((BoardAxis.blank, page.t("未填写", "Empty")))
        }
        return places
    }
}

/// What a step asks before it is taken: its parameters, and the fields that must be filled in by then.
struct MoveQuestion {
    let page: Page
    let row: Row
    let axis: BoardAxis
    let to: String
    let state: FormState

    private var back: String { "/\(row.schema.name)" + page.items.setting("layout", "board").suffix }

    func shell() throws -> Shell {
        let form = try form(inDialog: false)
        return Shell(page.t("移动", "Move"), active: row.schema.name, crumbs: [(row.title, "/\(row.schema.name)/\(row.id)")], back: back) {
            div(.class("narrow pad")) { form }
        }
    }

    func form(inDialog: Bool) throws -> Element {
        guard axis.flow != nil else { return try plain(inDialog: inDialog) }
        let step = try BoardMove(schema: row.schema, id: row.id, axis: axis, to: to).step(of: row, page.view)
        let titles = try Titles(of: [row], fields: row.schema.fields, page.view)
        let label = step.label(in: page.language)
        // Parameters go by names of their own, so that they do not meet the record's fields.
        let parameters = step.parameters.map {
            FieldSpec(BoardMove.name($0), $0.label, $0.kind, isRequired: $0.isRequired, [.english($0.label(in: .english))])
        }
        return Markup.form(
            .method("post"), .action("/\(row.schema.name)/\(row.id)/move" + page.items.suffix), .data("move", String(row.id)),
            .novalidate(true)
        ) {
            page.csrfField
            for (name, value) in [("by", axis.field.name), ("to", to), ("_asked", "1")] {
                input(.type("hidden"), .name(name), .value(value))
            }
            header { h2 { "\(label) · \(row.title)" } }
            div(.class("dlg-b col")) {
                page.faults(state.problems)
                for field in BoardMove.missing(step, row) { page.editor(field, row, state, titles) }
                for parameter in parameters { page.editor(parameter, Row(row.schema, []), renamed, Titles()) }
            }
            footer {
                if inDialog {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                } else {
                    a(.class("btn"), .href(back)) { page.t("取消", "Cancel") }
                }
                button(.class("btn btn-p")) { label }
            }
        }
    }

    /// What the entity's rules want to know before a plain value changes.
    private func plain(inDialog: Bool) throws -> Element {
        let names = Set(state.problems.compactMap(\.field)).union(state.typed.keys),
            fields = row.schema.fields.filter { names.contains($0.name) && $0 !== axis.field }
        let titles = try Titles(of: [row], fields: fields, page.view)
        return Markup.form(
            .method("post"), .action("/\(row.schema.name)/\(row.id)/move" + page.items.suffix), .data("move", String(row.id)),
            .novalidate(true)
        ) {
            page.csrfField
            for (name, value) in [("by", axis.field.name), ("to", to), ("_asked", "1")] {
                input(.type("hidden"), .name(name), .value(value))
            }
            header { h2 { page.t("移动「\(row.title)」", "Move “\(row.title)”") } }
            div(.class("dlg-b col")) {
                page.faults(state.problems)
                for field in fields { page.editor(field, row, state, titles) }
            }
            footer {
                if inDialog {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                } else {
                    a(.class("btn"), .href(back)) { page.t("取消", "Cancel") }
                }
                button(.class("btn btn-p")) { page.t("移动", "Move") }
            }
        }
    }

    /// The faults of parameters under the names that the form has for them.
    private var renamed: FormState {
        var state = state
        state.problems = state.problems.map { problem in Problem(problem.field.map { "step." + $0 }, code: problem.code, problem.message) }
        return state
    }
}

extension Flow.Transition {
    func label(in language: Language) -> String {
        language == .chinese ? label : english ?? String(name.prefix(1)).uppercased() + name.dropFirst().replacing("_", with: " ")
    }
}
