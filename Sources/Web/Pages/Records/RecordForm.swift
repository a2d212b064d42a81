import Gate
import Markup
import Records

/// The form that makes or changes a record, in the entity's sections.
struct RecordForm {
    let page: Page
    let row: Row
    let isNew: Bool
    let state: FormState
    let titles: Titles
    /// Only the few fields that a quick entry needs.
    let isShort: Bool

    var schema: Schema { row.schema }

    init(_ page: Page, _ row: Row, isNew: Bool, state: FormState = FormState(), isShort: Bool = false) throws {
        self.page = page
        self.row = row
        self.isNew = isNew
        self.state = state
        self.isShort = isShort
        var titles = try Titles(of: [row], fields: row.schema.fields, page.view, areTyped: isNew)
        for field in row.schema.fields {
            guard let target = field.target, let other = page.catalog[target] else { continue }
            let ids = state.typed[field.name]?.compactMap(Int64.init) ?? []
            if !ids.isEmpty { titles.add(try page.view.titles(other, ids: ids), of: target) }
        }
        self.titles = titles
    }

    /// The fields of a quick entry: those that say so, those that must be filled in, and those that the record's next step will ask for.
    static func quick(_ schema: Schema) -> [FieldSpec] {
        let start = schema.flow.flatMap { schema.blank()[$0.field].text }
        let next = schema.flow?.transitions.filter { $0.isPrimary && $0.from.contains(start ?? "") }.flatMap(\.requires) ?? []
        let asked = Set(next + (schema.traits.alternatives?.fields ?? []))
        return schema.fields.filter {
            $0.traits.isQuick || !$0.traits.isReadOnly && (asked.contains($0.name) || $0.isRequired && $0.traits.initial == nil)
        }
    }

    /// What stands in no section of its own; what the engine adds.
    static let basics = Words("基本资料", "Basics"), ownership = Words("归属", "Ownership")

    struct Part {
        var label: Words
        var fields: [FieldSpec]
    }

    /// The entity's fields by section, as far as the actor sees them; for a new record only what can be filled in.
    static func sections(of schema: Schema, _ view: View, creating: Bool) -> [Part] {
        var parts: [Part] = []
        for field in schema.fieldsOnPages {
            let right = view.right(schema, field)
            guard right != .hidden, !SystemNames.hidden.contains(field.name), !field.traits.isInternal, !field.isLines,
                !field.kind.isDocument
            else { continue }
            if creating, right != .edit || field.kind.numbering != nil { continue }
            let isSystem = ["owner_id", "department_id", "tags"].contains(field.name)
            let label = field.traits.section ?? (isSystem ? ownership : basics)
            if let place = parts.firstIndex(where: { $0.label == label }) {
                parts[place].fields.append(field)
            } else {
                parts.append(Part(label: label, fields: [field]))
            }
        }
        // What the engine adds stands last.
        return parts.filter { $0.label != ownership } + parts.filter { $0.label == ownership }
    }

    private var sections: [Part] {
        var parts = RecordForm.sections(of: schema, page.view, creating: true)
        if schema.isOwned, isNew, !page.view.may("assign", schema) {
            for place in parts.indices { parts[place].fields.removeAll { $0.name == "owner_id" || $0.name == "department_id" } }
        }
        // A state moves by its steps; a new record begins where its flow begins.
        if let state = schema.flow?.field { for place in parts.indices { parts[place].fields.removeAll { $0.name == state } } }
        // What its state has settled is read on the record's page.
        if !isNew { for place in parts.indices { parts[place].fields.removeAll { page.view.right($0, in: row) != .edit } } }
        guard isShort else { return parts.filter { !$0.fields.isEmpty } }
        let names = RecordForm.quick(schema)
        return [Part(label: RecordForm.basics, fields: names.filter { page.view.right(schema, $0) == .edit })]
    }

    var shell: Shell {
        let label = schema.label(in: page.language)
        let heading = isNew ? page.t("新建\(label)", "New \(label.lowercased())") : page.t("编辑 \(row.title)", "Edit \(row.title)")
        let back = isNew ? "/\(schema.name)" : "/\(schema.name)/\(row.id)"
        return Shell(heading, active: schema.name, crumbs: [(label, "/\(schema.name)")], back: back) { form(heading, back) }
    }

    /// Where this form stands, with what it was given; the short form and the whole one are the same.
    private var address: String {
        if !isNew { return "/\(schema.name)/\(row.id)/edit" }
        if let typed = state.typed["_at"]?.last { return LocalPath.checked(typed) }
        return "/\(schema.name)/new" + page.items.removing { $0 == "full" }.suffix
    }

    private func form(_ heading: String, _ back: String) -> Element {
        let url = isNew ? "/\(schema.name)" : "/\(schema.name)/\(row.id)"
        let hasDuplicates = isNew && !schema.rules.duplicates.isEmpty
        return Markup.form(
            .class("form"), .method("post"), .action(url), .data("form"), .data("draft", address), .data("at", address), .novalidate(true)
        ) {
            page.csrfField
            if isNew { input(.type("hidden"), .name("_at"), .value(address)) }
            if !isNew { input(.type("hidden"), .name("_version"), .value(String(row.version))) }
            if isShort { input(.type("hidden"), .name("_short"), .value("1")) }
            div(.class("pagehead")) {
                h1 { heading }
                span(.class("grow")) {}
                if isNew, isShort {
                    a(.class("btn btn-g"), .href("/\(schema.name)/new" + page.items.setting("full", "1").suffix)) {
                        page.t("更多字段", "All fields")
                    }
                }
            }
            page.faults(state.problems)
            page.confirmation(of: state.problems)
            if !isNew, let settled = page.view.settled(row) {
                p(.class("notice")) {
                    page.site.icon("lock", "sm"); settled
                }
            }
            if hasDuplicates {
                div(
                    .id("dup"), .class("dup"), .aria("live", "polite"), .hxGet("/\(schema.name)/duplicates"),
                    .hxTrigger("input delay:500ms from:closest form"), .hx("include", "closest form"), .hx("sync", "this:replace")
                ) {}
            }
            for section in sections {
                Markup.section(.class("card")) {
                    div(.class("card-h")) { h2 { section.label(page.language) } }
                    div(.class("fields")) { for field in section.fields { page.editor(field, row, state, titles) } }
                }
            }
            for field in schema.fields where field.isLines && page.view.right(field, in: row) == .edit {
                LinesEditor(page: page, row: row, field: field, state: state).body
            }
            div(.class("actionbar")) {
                a(.class("btn"), .href(back)) { page.t("取消", "Cancel") }
                span(.class("grow")) {}
                if isNew { button(.class("btn"), .name("then"), .value("new")) { page.t("保存并新建", "Save and new") } }
                button(.class("btn btn-p"), .data("key", "ctrl+s")) { page.t("保存", "Save") }
            }
        }
    }
}

/// The rows in which an order's lines are typed: those there are, and a few more; scripts add as many as are wanted.
struct LinesEditor {
    let page: Page
    let row: Row
    let field: FieldSpec
    let state: FormState

    var body: Node {
        guard let kind = field.kind.lines, let child = page.catalog[kind.entity] else { return .empty }
        let columns = LinesEditor.columns(child, kind)
        let present = row.id == 0 ? [] : page.view.attempt { try page.view.lines(of: row, field) } ?? []
        let titles = self.titles(present, columns), count = max(present.count + 3, typedCount)
        return section(.class("card lines"), .data("lines"), .data("weigh", "/\(row.schema.name)/lines")) {
            if row.id != 0 { input(.type("hidden"), .name("_id"), .value(String(row.id))) }
            div(.class("card-h")) {
                h2 { field.label(in: page.language) }; span(.class("s")) { page.t("空行不保存", "Empty rows are not saved") }
            }
            if let problem = state.problem(field.name) { p(.class("err pad")) { problem.message } }
            table(.class("tbl")) {
                thead {
                    tr {
                        for column in columns {
                            th(.scope("col"), .class(column.isFigure ? "r" : nil)) { column.label(in: page.language) }
                        }
                        for column in outcomes(child) { th(.scope("col"), .class("r")) { column.label(in: page.language) } }
                        th { span(.class("sr-only")) { page.t("移除", "Remove") } }
                    }
                }
                tbody {
                    for index in 0..<count { line(String(index), index < present.count ? present[index] : child.blank(), columns, titles) }
                }
            }
            template { line("_", child.blank(), columns, titles) }
            div(.class("card-f")) {
                button(.type("button"), .class("btn btn-sm"), .data("add-line")) {
                    page.site.icon("plus", "sm"); page.t("添加一行", "Add a row")
                }
                span(.class("grow")) {}
                span(.class("sums"), .data("sums"), .aria("live", "polite")) {}
            }
        }.node
    }

    static func columns(_ child: Schema, _ kind: LinesKind) -> [FieldSpec] {
        child.fields.filter {
            !$0.traits.isReadOnly && !SystemNames.hidden.contains($0.name) && $0.name != kind.link && $0.name != "position"
                && !$0.isLines && !$0.isLinks
        }
    }

    /// What a line comes to: worked out by the entity's rules, never typed.
    private func outcomes(_ child: Schema) -> [FieldSpec] {
        child.fields.filter { $0.traits.isReadOnly && $0.traits.isInList && page.view.right(child, $0) >= .read && $0.isFigure }
    }

    /// One more than the highest row that was sent.
    private var typedCount: Int {
        let prefix = field.name + "."
        let numbers = state.typed.keys.compactMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count).prefix { $0 != "." }) : nil }
        return (numbers.max() ?? -1).adding(clamping: 1).held(in: 0...FormBody.mostLines)
    }

    private func titles(_ present: [Row], _ columns: [FieldSpec]) -> Titles {
        var titles = page.view.attempt { try Titles(of: present, fields: columns, page.view) } ?? Titles()
        for column in columns {
            guard let target = column.target, let other = page.catalog[target] else { continue }
            let ids = state.typed.filter { $0.key.hasPrefix(field.name + ".") && $0.key.hasSuffix("." + column.name) }.values.compactMap {
                $0.first.flatMap(Int64.init)
            }
            if !ids.isEmpty, let found = page.view.attempt({ try page.view.titles(other, ids: ids) }) { titles.add(found, of: target) }
        }
        return titles
    }

    private func line(_ index: String, _ line: Row, _ columns: [FieldSpec], _ titles: Titles) -> Element {
        tr {
            for (place, column) in columns.enumerated() {
                td(.data("label", column.label(in: page.language)), .class(column.isFigure ? "c-n" : nil)) {
                    if place == 0, line.id != 0 { input(.type("hidden"), .name("\(field.name).\(index).id"), .value(String(line.id))) }
                    control(
                        column, line, "\(field.name).\(index).\(column.name)",
                        "\(column.label(in: page.language)) \((Int(index) ?? 0) + 1)", titles)
                }
            }
            for column in outcomes(line.schema) {
                td(.data("label", column.label(in: page.language)), .class("c-n")) {
                    Element("output", [.class("num"), .data("out", "\(field.name).\(index).\(column.name)")]) {
                        line[column].isNull ? "" : column.kind.show(line[column], in: page.language)
                    }
                }
            }
            td(.class("c-x")) {
                button(
                    .type("button"), .class("btn btn-g btn-sm btn-i"), .data("drop-line"),
                    .aria("label", page.t("移除这一行", "Remove this row"))
                ) { page.site.icon("x", "sm") }
            }
        }
    }

    private func control(_ column: FieldSpec, _ line: Row, _ name: String, _ label: String, _ titles: Titles) -> Element {
        let typed = state.typed[name]?.first
        switch column.kind.editor {
        case .choice(let options):
            let chosen = typed ?? line[column].text ?? ""
            return select(.class("in in-sm"), .name(name), .aria("label", label)) {
                option(.value("")) { "—" }
                for item in options { option(.value(item.code), .selected(item.code == chosen)) { item.label(in: page.language) } }
            }
        case .link(let entity):
            let id = typed.flatMap(Int64.init) ?? (typed == nil ? line[column].int : nil),
                text = state.typed[name + "_text"]?.first ?? id.flatMap { titles[entity, $0] } ?? ""
            return div(.class("picker"), .data("picker", "/pick/\(entity)")) {
                input(.class("in in-sm"), .name(name + "_text"), .value(text), .autocomplete("off"), .aria("label", label))
                input(.type("hidden"), .name(name), .value(id.map(String.init) ?? ""))
            }
        default:
            return input(
                .class("in in-sm", column.isFigure ? "num" : nil), .name(name), .autocomplete("off"), .aria("label", label),
                .inputmode(column.isFigure ? "decimal" : nil),
                .value(typed ?? (line[column].isNull ? "" : column.kind.edit(line[column]))))
        }
    }
}

extension FieldSpec {
    /// The same field where it must be filled in.
    fileprivate var needed: FieldSpec {
        FieldSpec(
            name, label, kind, isRequired: true, isCustom: isCustom,
            [.english(label(in: .english))] + (traits.unit.map { [.unit($0.chinese, $0.english)] } ?? []))
    }
}

/// A declared action's parameters in a dialog.
struct ActionPart {
    let page: Page
    let row: Row
    let action: Action
    let state: FormState
    /// Fields that the step needs and the record has not.
    var missing: [FieldSpec] = []

    private var url: String { "/\(row.schema.name)/\(row.id)/actions/\(action.name)" }

    var dialog: Element {
        Markup.dialog(.class("dlg"), .id("act-\(action.name)"), .aria("labelledby", "act-\(action.name)-t")) { form(inDialog: true) }
    }

    var shell: Shell {
        Shell(action.label(in: page.language), active: row.schema.name, crumbs: [(row.title, "/\(row.schema.name)/\(row.id)")]) {
            div(.class("narrow pad")) { form(inDialog: false) }
        }
    }

    private func form(inDialog: Bool) -> Element {
        Markup.form(.method("post"), .action(url), .data("form"), .data("draft", url)) {
            page.csrfField
            header { h2(.id("act-\(action.name)-t")) { action.label(in: page.language) } }
            div(.class("dlg-b col")) {
                page.faults(state.problems)
                if !missing.isEmpty { p(.class("muted")) { page.t("“\(action.label)”之前需要填写：", "Needed before this step:") } }
                for field in missing { page.editor(field.needed, Row(row.schema, []), state, Titles()) }
                if action.parameters.isEmpty, missing.isEmpty {
                    p { page.t("确定对「\(row.title)」执行“\(action.label)”？", "\(action.label(in: .english)) “\(row.title)”?") }
                }
                for parameter in action.parameters { page.editor(parameter, Row(row.schema, []), state, Titles()) }
            }
            footer {
                if inDialog {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                } else {
                    a(.class("btn"), .href("/\(row.schema.name)/\(row.id)")) { page.t("取消", "Cancel") }
                }
                button(.class("btn btn-p")) { action.label(in: page.language) }
            }
        }
    }
}

/// The files beside a record.
struct FilesPart {
    let record: RecordPage

    var body: Node {
        let page = record.page
        let files = page.view.attempt { try page.view.files(of: record.row) } ?? []
        return div(.class("pad")) {
            if page.view.may("update", record.row) {
                form(.method("post"), .action("\(record.base)/files"), .enctype("multipart/form-data"), .class("col")) {
                    page.csrfField
                    div(.class("drop"), .data("drop")) {
                        Markup.label {
                            page.site.icon("upload", "lg")
                            span {
                                page.t("拖到这里、粘贴，或", "Drop, paste or "); b(.class("lnk")) { page.t("选择文件", "choose files") }
                            }
                            input(.type("file"), .name("files"), .multiple(true), .class("sr-only"))
                        }
                        ul(.class("files"), .data("files")) {}
                    }
                    div { button(.class("btn btn-p btn-sm")) { page.t("上传", "Upload") } }
                }
            }
            if files.isEmpty {
                div(.class("empty")) {
                    span(.class("ico")) { page.site.icon("paperclip", "lg") }; b { page.t("还没有附件", "No files yet") }
                }
            }
            ul(.class("files")) {
                for file in files {
                    li {
                        FilesPart.entry(file, page)
                        if page.view.may("update", record.row) {
                            form(.method("post"), .action("/files/\(file.row.id)/delete")) {
                                page.csrfField;
                                button(.class("btn btn-g btn-sm"), .aria("label", page.t("删除 \(file.title)", "Delete \(file.title)"))) {
                                    page.site.icon("trash-2", "sm")
                                }
                            }
                        }
                    }
                }
            }
        }.node
    }

    /// What a file is called, with a look at it where the browser has one.
    static func entry(_ file: Record<File>, _ page: Page) -> Node {
        Group {
            if file.type.hasPrefix("image/") {
                img(.src("/files/\(file.row.id)?preview=1"), .alt(file.title), .loading("lazy"), .width(96))
            } else {
                page.site.icon("file", "lg")
            }
            a(.class("lnk"), .href("/files/\(file.row.id)")) { file.title }
            if file.type == "application/pdf" {
                a(.class("btn btn-sm"), .href("/files/\(file.row.id)?preview=1"), .target("_blank")) { page.t("预览", "Preview") }
            }
            span(.class("muted num")) { FilesPart.size(file.size) }
            page.moment(file.uploadedAt)
        }.node
    }

    static func size(_ bytes: Int) -> String {
        bytes < 1024 ? "\(bytes) B" : bytes < 1 << 20 ? "\(bytes / 1024) KB" : "\(bytes >> 20).\((bytes & 0xFFFFF) * 10 >> 20) MB"
    }
}
