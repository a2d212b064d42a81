import Gate
import Markup
import Records

/// The composer and what happened, newest first, by day.
struct TimelinePart {
    let record: RecordPage
    private var page: Page { record.page }

    var body: Node {
        div(.class("pad")) {
            composers()
            div(.class("tl-head")) {
                b { page.t("动态", "Timeline") }
                span(.class("grow")) {}
                nav(.class("seg"), .aria("label", page.t("只看", "Show only"))) {
                    a(.href("\(record.base)"), .aria("current", page.items["kind"] == nil ? "true" : nil)) { page.t("全部", "All") }
                    for kind in kinds {
                        a(.href("\(record.base)?kind=\(kind.name)"), .aria("current", page.items["kind"] == kind.name ? "true" : nil)) {
                            kind.label
                        }
                    }
                }
            }
            if record.timeline.isEmpty {
                div(.class("empty")) {
                    span(.class("ico")) { page.site.icon("message-square-text", "lg") }
                    b { page.t("还没有动态", "Nothing yet") }
                    span { page.t("记录第一次跟进，下次联系时间会自动进入待办。", "Log the first contact.") }
                }
            }
            div(.class("tl"), .id("timeline")) { for day in days { dayPart(day) } }
        }.node
    }

    /// What the timeline can be narrowed to.
    private var kinds: [(name: String, label: String)] {
        var kinds: [(name: String, label: String)] = []
        for link in page.catalog.links(to: record.schema.name)
        where link.field.isColumn && link.schema.traits.timeline != nil && page.view.may("read", link.schema)
            && !kinds.contains(where: { $0.name == link.schema.name })
        {
            kinds.append((link.schema.name, link.schema.label(in: page.language)))
        }
        return kinds + [("changes", page.t("修改", "Changes"))]
    }

    private var days: [(day: Day, items: [TimelineItem])] {
        var days: [(day: Day, items: [TimelineItem])] = []
        for item in record.timeline {
            if let last = days.last, last.day == item.at.day {
                days[days.count - 1].items.append(item)
            } else {
                days.append((item.at.day, [item]))
            }
        }
        return days
    }

    private func dayPart(_ day: (day: Day, items: [TimelineItem])) -> Node {
        Group {
            div(.class("day")) { dayLabel(day.day) }
            for item in day.items { event(item) }
        }.node
    }

    private func dayLabel(_ day: Day) -> String {
        let (year, month, date) = day.parts, today = page.view.now.day
        let text = page.t("\(year == today.year ? "" : "\(year) 年 ")\(month) 月 \(date) 日", day.iso)
        switch today - day {
        case 0: return page.t("今天 · ", "Today · ") + text
        case 1: return page.t("昨天 · ", "Yesterday · ") + text
        default: return text
        }
    }

    private func event(_ item: TimelineItem) -> Element {
        switch item.content {
        case .record(let row): recordEvent(row, at: item.at)
        case .change(let entry, let action, let by, let changes):
            ChangePart(page: page, titles: record.titles, row: record.row).event(
                entry, action, by, changes, at: item.at)
        }
    }

    private func recordEvent(_ row: Row, at: Instant) -> Element {
        let schema = row.schema, entry = schema.traits.timeline
        let who = row.ownerID.flatMap { record.titles["users", $0] } ?? page.t("系统", "System")
        let words = schema.fields.filter { $0.kind.choices != nil && !row[$0].isNull }.prefix(3)
        let isPlan = at > page.view.now
        return article(.class("ev", isPlan ? "plan" : nil), .data("type", schema.name)) {
            span(.class("dot")) { page.site.icon(schema.traits.icon) }
            div {
                div(.class("hd")) {
                    b { who }
                    " \(schema.label(in: page.language)) "
                    a(.class("lnk"), .href("/\(schema.name)/\(row.id)")) { row.title }
                    page.moment(at)
                }
                if let text = entry.flatMap({ schema[$0.text] }).flatMap({ row[$0].text }), !text.isEmpty { div(.class("bd")) { text } }
                if !words.isEmpty {
                    div(.class("row wrap")) {
                        for field in words { span(.class("tag")) { field.kind.show(row[field], in: page.language) } }
                    }
                }
            }
        }
    }

    /// One composer for each kind of record that can be written down here (跟进, 任务).
    private func composers() -> Node {
        var seen: Set<String> = []
        let kinds = page.catalog.links(to: record.schema.name).compactMap { link -> (link: Catalog.Link, words: Words)? in
            guard let words = link.schema.traits.timeline?.compose, link.field.isColumn, page.view.may("create", link.schema),
                seen.insert(link.schema.name).inserted
            else { return nil }
            return (link, words)
        }
        guard !kinds.isEmpty, page.view.may("read", record.row) else { return .empty }
        return div(.id("composer"), .class("composers")) {
            for (index, kind) in kinds.enumerated() { composer(kind.link, kind.words(page.language), isFirst: index == 0) }
        }.node
    }

    /// One line until it is written in; then its few fields unfold below. The choice between several is a radio button that CSS reads.
    private func composer(_ link: Catalog.Link, _ label: String, isFirst: Bool) -> Element {
        let schema = link.schema, state = FormState(scope: schema.name)
        let main =
            schema.title.isRequired && !schema.title.traits.isReadOnly ? schema.title : schema.traits.timeline.flatMap { schema[$0.text] }
        let known = page.view.inherited(from: record.row, by: schema)
        let quick = schema.fields.filter {
            $0.traits.isQuick && $0 !== main && $0 !== link.field && known[$0.name] == nil && page.view.right(schema, $0) == .edit
        }
        return section(.class("composer-box"), .aria("label", label)) {
            Markup.label(.class("composer-kind")) {
                input(.type("radio"), .name("composer-kind"), .checked(isFirst), .class("sr-only"))
                page.site.icon(schema.traits.icon, "sm")
                label
            }
            let takesFiles = schema.traits.hasAttachments
            form(
                .class("composer"), .method("post"), .action("\(record.base)/compose/\(schema.name)" + (takesFiles ? "/files" : "")),
                .data("form"), .data("draft", "\(record.base)#\(schema.name)"), .when(takesFiles, .enctype("multipart/form-data")),
                .when(takesFiles, .data("drop"))
            ) {
                page.csrfField
                if let main {
                    textarea(
                        .name(main.name), .rows(1), .placeholder(page.t("\(label)…", "\(label)…")),
                        .aria("label", main.label(in: page.language)), .required(main.isRequired), .data("mention", "/pick/users"),
                        .data("key", isFirst ? "c" : nil)
                    ) {}
                }
                if takesFiles {
                    ul(.class("files"), .data("files")) {}
                    Markup.label(.class("attach")) {
                        page.site.icon("paperclip", "sm")
                        span(.class("sr-only")) { page.t("附件", "Files") }
                        input(.type("file"), .name("files"), .multiple(true), .class("sr-only"))
                    }
                }
                div(.class("fields")) { for field in quick.prefix(8) { page.editor(field, schema.blank(), state, record.titles) } }
                button(.class("btn btn-p btn-sm")) { page.t("保存", "Save") }
            }
        }
    }
}

/// One line of a record's own history.
struct ChangePart {
    let page: Page
    let titles: Titles
    let row: Row
    private var schema: Schema { row.schema }

    func event(
        _ entry: Int64, _ action: String, _ by: Int64?, _ changes: [(field: FieldSpec, old: Value, new: Value)], at: Instant
    ) -> Element {
        let who = by.flatMap { titles["users", $0] } ?? page.t("系统", "System")
        return article(.class("ev"), .data("type", "change")) {
            span(.class("dot")) { page.site.icon("history") }
            div {
                if changes.isEmpty {
                    div(.class("hd")) {
                        b { who }; " \(verb(action))"; page.moment(at)
                    }
                } else {
                    details(.class("chg")) {
                        summary(.class("hd")) {
                            b { who }; page.t(" \(verb(action))（\(changes.count) 个字段）", " \(verb(action)) (\(changes.count) fields)");
                            page.moment(at)
                        }
                        dl(.class("kv")) {
                            for change in changes {
                                dt { change.field.label(in: page.language) }
                                dd {
                                    Element("del", []) { shown(change.field, change.old) }
                                    page.site.icon("arrow-right", "sm")
                                    Element("ins", []) { shown(change.field, change.new) }
                                    if page.view.right(change.field, in: row) == .edit {
                                        form(.method("post"), .action("/\(schema.name)/\(row.id)/putback"), .class("row-s")) {
                                            page.csrfField
                                            input(.type("hidden"), .name("entry"), .value(String(entry)))
                                            input(.type("hidden"), .name("field"), .value(change.field.name))
                                            button(.class("btn btn-g btn-sm")) { page.t("恢复旧值", "Restore") }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func shown(_ field: FieldSpec, _ value: Value) -> String {
        if value.isNull || value == .text("") { return "—" }
        if case .text(let text) = value, field.kind.column != .text { return text }
        if let target = field.target, let id = value.int { return page.name(of: id, in: target) }
        return field.kind.show(value, in: page.language)
    }

    func verb(_ action: String) -> String {
        switch action {
        case "create": page.t("新建了此记录", "created this")
        case "update": page.t("修改了此记录", "changed this")
        case "delete": page.t("删除了此记录", "deleted this")
        case "restore": page.t("恢复了此记录", "restored this")
        case "merge": page.t("合并了记录", "merged records")
        case "undo": page.t("撤销了一次操作", "undid a change")
        case "share": page.t("共享了此记录", "shared this")
        case "unshare": page.t("取消了共享", "unshared this")
        case "reveal": page.t("查看了脱敏内容", "revealed a masked value")
        case "import": page.t("导入了此记录", "imported this")
        case "print": page.t("打印了此记录", "printed this")
        // What was done to another record may have changed this one, too.
        default:
            (schema.actions + page.catalog.schemas.flatMap(\.actions)).first { $0.name == action }.map {
                page.t("执行了「\($0.label)」", $0.label(in: .english))
            } ?? action
        }
    }
}

/// Every change of a record.
struct HistoryPart {
    let record: RecordPage

    var body: Node {
        let items = record.page.view.attempt { try record.page.view.changes(of: record.row, limit: 200) } ?? []
        let part = ChangePart(page: record.page, titles: record.titles, row: record.row)
        return div(.class("pad")) {
            div(.class("tl")) {
                for item in items {
                    if case .change(let entry, let action, let by, let changes) = item.content {
                        part.event(entry, action, by, changes, at: item.at)
                    }
                }
            }
        }.node
    }
}

/// A list that belongs to the record: its newest ten, and the way to all.
struct RelatedPart {
    let record: RecordPage
    let link: Catalog.Link
    let heading: String

    var body: Node {
        let page = record.page, schema = link.schema
        let request = ListRequest(schema, where: .field(link.field.name, .eq, .int(record.row.id)), limit: 10)
        let rows = page.view.attempt { try page.view.page(request).rows } ?? []
        let columns = ListPage.columns(schema, nil, page.view).filter { $0 !== link.field }
        let titles = page.view.attempt({ try Titles(of: rows, fields: columns, page.view) }) ?? Titles(),
            mayUpdate = page.view.may("update", schema)
        return div(.class("related pad")) {
            div(.class("card-h")) {
                h2 { heading }
                span(.class("grow")) {}
                if schema.traits.isCreatable, page.view.may("create", schema) {
                    a(.class("btn btn-sm"), .href("/\(schema.name)/new?\(link.field.name)=\(record.row.id)")) {
                        page.site.icon("plus", "sm"); page.t("新建", "New")
                    }
                }
            }
            if rows.isEmpty {
                div(.class("empty")) {
                    span(.class("ico")) { page.site.icon(schema.traits.icon, "lg") }; b { page.t("还没有\(heading)", "None yet") }
                }
            } else {
                div(.class("tblwrap")) {
                    Markup.table(.class("tbl"), .data("table", schema.name)) {
                        thead {
                            tr {
                                for field in columns {
                                    th(
                                        .scope("col"), .class(field.isFigure ? "r" : ""), .data("col", field.name),
                                        .when(mayUpdate && CellPages.isEditable(field, schema, page.view), .data("edits"))
                                    ) { field.label(in: page.language) }
                                }
                            }
                        }
                        tbody {
                            for row in rows {
                                tr(.data("id", String(row.id))) {
                                    td(.class("c-name")) { a(.class("name"), .href("/\(schema.name)/\(row.id)")) { row.title } }
                                    for field in columns.dropFirst() {
                                        td(.class(field.isFigure ? "r money" : "")) { page.display(field, row, titles, inList: true) }
                                    }
                                }
                            }
                        }
                    }
                }
                a(.class("more lnk"), .href("/\(schema.name)" + QueryItems([("filter[\(link.field.name)]", String(record.row.id))]).suffix))
                { page.t("查看全部", "See all") }
            }
        }.node
    }
}

/// The child lines of a record, as a table.
struct LinesPart {
    let page: Page
    let row: Row
    let field: FieldSpec

    var body: Node {
        guard let kind = field.kind.lines, let child = page.catalog[kind.entity],
            let lines = page.view.attempt({ try page.view.lines(of: row, field) }),
            !lines.isEmpty
        else { return .empty }
        let columns = child.fields.filter {
            !SystemNames.hidden.contains($0.name) && $0.name != kind.link && $0.name != "position" && page.view.right(child, $0) != .hidden
        }
        let titles = page.view.attempt { try Titles(of: lines, fields: columns, page.view) } ?? Titles()
        return section(.class("card")) {
            div(.class("card-h")) { h2 { field.label(in: page.language) } }
            div(.class("tblwrap"), .tabindex(0), .role("region"), .aria("label", field.label(in: page.language))) {
                Markup.table(.class("tbl")) {
                    thead {
                        tr {
                            for field in columns { th(.scope("col"), .class(field.isFigure ? "r" : "")) { field.label(in: page.language) } }
                        }
                    }
                    tbody {
                        for line in lines {
                            tr {
                                for field in columns {
                                    td(.class(field.isFigure ? "r money" : "")) { page.display(field, line, titles, inList: true) }
                                }
                            }
                        }
                    }
                }
            }
        }.node
    }
}

/// Fields of the program's own that no form and no table of facts shows.
enum SystemNames {
    static let hidden: Set<String> = ["id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"]
}
