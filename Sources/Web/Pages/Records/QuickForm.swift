import Gate
import Markup
import Records

/// A new record where it is wanted — in a board's column, on a calendar's day, from a form that links to it — with the fields of a quick
/// entry; what the place says is already filled in.
struct QuickForm {
    let page: Page
    let schema: Schema
    private let row: Row
    private let given: [(field: FieldSpec, text: String)]
    private let state: FormState

    /// - Throws: forbidden when the actor makes no such records.
    init(_ page: Page, _ schema: Schema, state: FormState = FormState()) throws {
        guard page.view.may("create", schema), schema.traits.isCreatable else {
            throw Refusal.forbidden("您没有新建\(schema.label)的权限，请联系系统管理员。")
        }
        self.page = page
        self.schema = schema
        self.state = FormState(typed: state.typed, problems: state.problems, scope: "quick")
        var row = schema.blank(), given: [(FieldSpec, String)] = []
        for pair in page.items.pairs {
            guard let field = schema[pair.name], page.view.right(schema, field) == .edit, let value = try? field.kind.parse(pair.value)
            else { continue }
            row[field] = value
            given.append((field, pair.value))
        }
        page.inherit(into: &row)
        self.row = row
        self.given = given
    }

    static func url(_ schema: Schema, _ given: [(name: String, value: String)], back: String, inline: Bool = false) -> String {
        "/\(schema.name)/quick" + QueryItems(given + [("back", back)] + (inline ? [("inline", "1")] : [])).suffix
    }

    /// The form in which a picker's typed name becomes a record that the picker then chooses.
    static func picking(_ schema: Schema, named text: String) -> String {
        "/\(schema.name)/quick" + QueryItems([(schema.title.name, text), ("pick", "1")]).suffix
    }

    private var isPicking: Bool { page.items["pick"] != nil || state.typed["_pick"] != nil }

    /// A day as a form's field has it; a moment at nine in the morning.
    static func text(_ day: Day, _ field: FieldSpec) -> String { BoardAxis.moved(.null, of: field, to: day) }

    private var fields: [FieldSpec] {
        RecordForm.quick(schema).filter { field in
            page.view.right(schema, field) == .edit && field.isColumn && field.name != schema.flow?.field && field.name != "owner_id"
                && (field.traits.onlyWhen == nil || field.isRequired)
        }
    }

    var body: Element { page.items["inline"] == nil ? dialog : inline }

    private var inline: Element {
        let hidden = given.filter { !$0.field.isTime }
        return form(.class("kcard kform"), .method("post"), .action("/\(schema.name)"), .data("form")) {
            carried(hidden)
            for field in fields where !hidden.contains(where: { $0.field === field }) { page.editor(field, row, state, Titles()) }
            div(.class("row-s")) {
                button(.class("btn btn-p btn-sm")) { page.t("保存", "Save") }
                button(.type("button"), .class("btn btn-sm"), .data("drop-form")) { page.t("取消", "Cancel") }
            }
        }
    }

    private var dialog: Element {
        let shown = given.map(\.field).filter { field in !fields.contains { $0 === field } }
        return form(.method("post"), .action("/\(schema.name)"), .data("form"), .novalidate(true)) {
            carried([])
            header { h2 { page.t("新建\(schema.label)", "New \(schema.label(in: .english).lowercased())") } }
            div(.class("dlg-b col")) {
                page.faults(state.problems, scope: state.scope)
                page.confirmation(of: state.problems)
                for field in fields + shown { page.editor(field, row, state, Titles()) }
            }
            footer {
                if !isPicking {
                    a(
                        .class("btn btn-g"),
                        .href("/\(schema.name)/new" + QueryItems(given.map { ($0.field.name, $0.text) } + [("full", "1")]).suffix)
                    ) { page.t("更多字段", "All fields") }
                }
                button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }

    private func carried(_ hidden: [(field: FieldSpec, text: String)]) -> Node {
        Group {
            page.csrfField
            input(.type("hidden"), .name("_short"), .value("1"))
            if isPicking { input(.type("hidden"), .name("_pick"), .value("1")) }
            input(.type("hidden"), .name("back"), .value(LocalPath.checked(page.items["back"])))
            for (field, text) in hidden { input(.type("hidden"), .name(field.name), .value(text)) }
        }.node
    }
}
