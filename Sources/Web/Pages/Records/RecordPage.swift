import Gate
import Markup
import Records

/// One record: its head, its facts, what happened to it, what belongs to it.
struct RecordPage {
    let page: Page
    let row: Row
    let titles: Titles
    let timeline: [TimelineItem]
    let timelineTitles: Titles
    let tabs: [Tab]
    let isFollowed: Bool
    let state: FormState
    /// What can be done now, asked once for the head, the strip, the menu and the dialogs.
    let offers: [ActionOffer]
    private let next: NextStep
    /// The list the reader came from, and the records beside this one in it.
    private let list: QueryItems?
    private let neighbours: (previous: Int64?, next: Int64?)

    var schema: Schema { row.schema }
    var base: String { "/\(schema.name)/\(row.id)" }
    private var tab: String { page.items["tab"] ?? (schema.traits.hasTimeline ? "timeline" : "details") }

    init(_ page: Page, _ schema: Schema, id: Int64, state: FormState = FormState()) throws {
        self.page = page
        self.state = state
        let view = page.view
        row = try view.record(schema, id: id)
        tabs = try RecordPage.related(row, view)
        timeline = schema.traits.hasTimeline ? try view.timeline(row, kinds: page.items["kind"].map { [$0] }, before: nil, limit: 40) : []
        let records = timeline.compactMap { item in if case .record(let row) = item.content { row } else { nil } }
        var names = try Titles(of: [row], fields: schema.fields, view)
        for group in Dictionary(grouping: records, by: \.schema.name).values {
            names.merge(try Titles(of: group, fields: group.first?.schema.fields ?? [], view))
        }
        let people = timeline.compactMap { item in if case .change(_, _, let by, _) = item.content { by } else { nil } }
        names.add(
            try view.titles(view.catalog.schema(User.self), ids: people + [row[schema["created_by"] ?? schema.fields[0]].int ?? 0]),
            of: User.name)
        titles = names
        timelineTitles = names
        isFollowed = try view.isFollowed(row)
        offers = ActionOffer.all(for: row, view)
        next = NextStep(page, row, offers)
        list = RecordPage.list(page, schema)
        if let items = list, let request = try? ListQuery(items, schema, view).request(view) {
            neighbours = try view.neighbours(of: row, in: request)
        } else {
            neighbours = (nil, nil)
        }
    }

    /// Said by the address, or by the list that led here.
    private static func list(_ page: Page, _ schema: Schema) -> QueryItems? {
        if let text = page.items["list"] { return try? QueryItems(parsing: text) }
        guard let referer = page.referer else { return nil }
        let parts = referer.split(separator: "?", maxSplits: 1)
        guard parts.first == "/\(schema.name)" else { return nil }
        return (try? QueryItems(parsing: parts.count > 1 ? String(parts[1]) : ""))?.removing {
            ["cursor", "at", "limit", "columns"].contains($0)
        }
    }

    /// The same record's page with another tab, still in the list.
    private func address(_ id: Int64, tab: String? = nil) -> String {
        var pairs: [(name: String, value: String)] = tab.map { [("tab", $0)] } ?? []
        if let list { pairs.append(("list", list.text)) }
        return "/\(schema.name)/\(id)" + QueryItems(pairs).suffix
    }

    private func steps() -> Node {
        guard neighbours.previous != nil || neighbours.next != nil else { return .empty }
        func step(_ id: Int64?, _ icon: String, _ label: String, _ rel: String, _ key: String) -> Element {
            guard let id else {
                return button(.type("button"), .class("btn btn-i"), .disabled(true), .aria("label", label)) { page.site.icon(icon) }
            }
            return a(.class("btn btn-i"), .rel(rel), .href(address(id)), .aria("label", label), .data("key", key)) { page.site.icon(icon) }
        }
        return span(.class("bgroup")) {
            step(neighbours.previous, "chevron-left", page.t("上一条", "Previous record"), "prev", "[")
            step(neighbours.next, "chevron-right", page.t("下一条", "Next record"), "next", "]")
        }.node
    }

    /// One list that belongs to the record: who points to it through which link.
    struct Tab {
        let link: Catalog.Link
        /// The entity's name; with the field's behind it for a second link of the same entity.
        let name: String
        let isSecond: Bool
        let count: Int

        func label(in language: Language) -> String {
            if let words = link.field.traits.reverse { return words(language) }
            let label = link.schema.label(in: language)
            return isSecond || link.field.target == link.schema.name ? "\(label) · \(link.field.label(in: language))" : label
        }
    }

    /// The lists that belong to a record: what links to it, as far as the actor may read it, with how many there are.
    static func related(_ row: Row, _ view: View) throws -> [Tab] {
        var seen: Set<String> = []
        let links = view.catalog.links(to: row.schema.name).filter { link in
            view.catalog.standsAlone(link.schema) && link.schema.traits.nature != .log && link.field.isColumn
                && !["created_by", "updated_by", "merged_into_id"].contains(link.field.name)
                && view.may("read", link.schema) && view.right(link.schema, link.field) >= .read
        }
        let order = row.schema.traits.related
        let sorted = links.enumerated().sorted { a, b in
            (order.firstIndex(of: a.element.schema.name) ?? .max, a.offset) < (
                order.firstIndex(of: b.element.schema.name) ?? .max, b.offset
            )
        }
        return try sorted.map(\.element).map { link in
            let isFirst = seen.insert(link.schema.name).inserted
            let count = try view.count(ListRequest(link.schema, where: .field(link.field.name, .eq, .int(row.id))), cap: 99)
            return Tab(
                link: link, name: isFirst ? link.schema.name : "\(link.schema.name).\(link.field.name)", isSecond: !isFirst, count: count)
        }
    }

    var shell: Shell {
        Shell(title, active: schema.name, crumbs: [(schema.label(in: page.language), "/\(schema.name)")], back: "/\(schema.name)") {
            div(.class("rec")) {
                div(.class("rec-main")) {
                    head()
                    strip()
                    page.notices(of: row)
                    next.notice
                    path()
                    highlights()
                    tabBar()
                    tabBody()
                }
                side()
            }
            dialogs()
        }
    }

    var title: String { row.title }

    private func head() -> Element {
        header(.class("rec-head")) {
            span(.class("av lg lg-xl", "h\(Site.hue(row.id))"), .aria("hidden", "true")) { String(title.prefix(1)) }
            div(.class("grow")) {
                div(.class("rec-title")) {
                    h1 { title }
                    for id in row["tags"].list?.compactMap(LinksKind.id(of:)) ?? [] {
                        span(.class("tag tag-violet")) { titles["tags", id] ?? "" }
                    }
                }
                div(.class("rec-meta")) {
                    if let state = schema.state { page.display(state, row, titles) }
                    owner
                    if schema.createdAtSlot != nil {
                        span(.class("ic only-d")) {
                            page.site.icon("calendar-days", "sm"); page.t("创建于 ", "Created ") + row.createdAt.day.iso
                        }
                    }
                }
            }
            div(.class("rec-acts")) { actions() }
        }
    }

    /// Whose it is; a click hands it over, where that is allowed.
    private var owner: Node {
        guard let id = row.ownerID else { return .empty }
        let name = titles["users", id] ?? "#\(id)"
        let shown = Group {
            page.site.icon("user-round", "sm"); name
        }
        guard let action = schema.actions.first(where: { $0.permission == "assign" }), action.unavailable(row, page.actor) == nil,
            page.view.may("assign", row)
        else { return span(.class("ic")) { shown }.node }
        return a(
            .class("ic lnk"), .href("\(base)/actions/\(action.name)"), .data("dialog", "act-\(action.name)"),
            .aria("label", page.t("负责人 \(name)，点击转移", "Owner \(name); hand over"))
        ) { shown }.node
    }

    private func strip() -> Element {
        nav(.class("rec-strip only-m"), .aria("label", page.t("快捷操作", "Quick actions"))) {
            next.strip
            if let phone = phone {
                a(.href("tel:\(phone)")) {
                    page.site.icon("phone", "lg"); page.t("电话", "Call")
                }
            }
            if let phone = phone {
                a(.href("sms:\(phone)")) {
                    page.site.icon("message-circle", "lg"); page.t("短信", "Text")
                }
            }
            if schema.traits.hasTimeline {
                a(.href("#composer")) {
                    page.site.icon("square-pen", "lg"); page.t("跟进", "Log")
                }
            }
            if page.view.may("update", row) {
                a(.href("\(base)/edit")) {
                    page.site.icon("pencil", "lg"); page.t("编辑", "Edit")
                }
            }
        }
    }

    private var phone: String? {
        schema.fields.first { $0.kind.contact == .phone && page.view.right(schema, $0) >= .read && !row[$0].isNull }
            .flatMap { row[$0].text }
    }

    private func actions() -> Node {
        let available = offers.map(\.action), shown = Set(next.ready.map(\.action.name))
        return Group {
            steps()
            form(.method("post"), .action("\(base)/follow")) {
                page.csrfField
                button(
                    .class("btn btn-i"), .aria("label", isFollowed ? page.t("取消关注", "Unfollow") : page.t("关注", "Follow")),
                    .aria("pressed", isFollowed)
                ) { page.site.icon("star") }
            }
            if page.view.may("update", row) {
                a(.class("btn only-d"), .href("\(base)/edit"), .data("key", "e")) {
                    page.site.icon("pencil"); page.t("编辑", "Edit")
                }
            }
            if let desk = schema.traits.desk, row.ownerID == page.actor.userID,
                schema.actions.first(where: { $0.name == desk.action })?.unavailable(row, page.actor) == nil
            {
                a(.class("btn"), .href("/\(schema.name)/desk/\(row.id)")) {
                    page.site.icon(schema.traits.icon); desk.label(page.language)
                }
            } else if page.catalog.inquiry(of: schema.name) != nil, page.view.may("update", row),
                let sheet = page.view.attempt({ try page.view.sheet(of: row) }),
                sheet.closed == nil
            {
                a(.class("btn"), .href("\(base)/answer")) {
                    page.site.icon("clipboard-list"); page.t("填写问卷", "Fill in")
                }
            }
            next.buttons
            button(.class("btn btn-i"), .popovertarget("recmenu"), .aria("label", page.t("更多操作", "More"))) { page.site.icon("ellipsis") }
            div(.popover("auto"), .id("recmenu"), .class("menu")) {
                for action in available where !shown.contains(action.name) {
                    if let own = action.page {
                        a(.href("\(base)/\(own)")) {
                            page.site.icon(action.icon); action.label(in: page.language)
                        }
                    } else {
                        button(.data("dialog", "act-\(action.name)")) {
                            page.site.icon(action.icon); action.label(in: page.language)
                        }
                    }
                }
                if !available.isEmpty { hr() }
                if schema.isOwned, page.view.may("update", row) {
                    a(.href("\(base)/share")) {
                        page.site.icon("share-2"); page.t("共享", "Share")
                    }
                }
                if page.view.may("merge", row) {
                    a(.href("/\(schema.name)/merge?id=\(row.id)")) {
                        page.site.icon("merge"); page.t("合并", "Merge")
                    }
                }
                a(.href("\(base)/print")) {
                    page.site.icon("printer"); page.t("打印", "Print")
                }
                a(.href("\(base)?tab=history")) {
                    page.site.icon("history"); page.t("修改历史", "History")
                }
                if page.view.may("delete", row), page.view.keeping(row) == nil {
                    hr()
                    form(
                        .method("post"), .action("\(base)/delete"),
                        .data("confirm", page.t("删除后 30 天内可在回收站恢复。", "Can be restored from the bin for 30 days."))
                    ) {
                        page.csrfField
                        button(.class("danger")) {
                            page.site.icon("trash-2"); page.t("删除", "Delete")
                        }
                    }
                }
            }
        }.node
    }

    private func highlights() -> Node {
        let fields = schema.traits.highlights.compactMap { schema[$0] }.filter { page.view.right(schema, $0) != .hidden }
        guard !fields.isEmpty else { return .empty }
        return dl(.class("stats num")) {
            for field in fields.prefix(6) {
                div {
                    dt { field.label(in: page.language) }
                    dd { page.display(field, row, titles) }
                }
            }
        }.node
    }

    private func tabBar() -> Element {
        func entry(_ name: String, _ label: String, _ count: Int?) -> Element {
            a(.href(address(row.id, tab: name)), .aria("current", tab == name ? "true" : nil)) {
                label
                if let count { span(.class("c")) { count > 98 ? "99+" : String(count) } }
            }
        }
        return nav(.class("tabs"), .aria("label", page.t("内容", "Sections"))) {
            if schema.traits.hasTimeline { entry("timeline", page.t("动态", "Timeline"), nil) }
            entry("details", page.t("详情", "Details"), nil)
            for other in tabs where other.count > 0 || other.name == tab { entry(other.name, other.label(in: page.language), other.count) }
            gatheredTab
            if !schema.rules.findings.isEmpty { entry("findings", page.t("结果", "Results"), nil) }
            if schema.traits.hasAttachments { entry("files", page.t("附件", "Files"), nil) }
            entry("history", page.t("历史", "History"), nil)
            if !empty.isEmpty {
                button(.type("button"), .popovertarget("moretabs")) {
                    page.t("更多", "More"); page.site.icon("chevron-down", "sm")
                }
                div(.popover("auto"), .id("moretabs"), .class("menu")) {
                    for other in empty {
                        a(.href("\(base)?tab=\(other.name)")) {
                            page.site.icon(other.link.schema.traits.icon); other.label(in: page.language)
                        }
                    }
                }
            }
        }
    }

    /// The list of what the record gathers (a group's members).
    private var gatheredTab: Node {
        guard let target = page.view.gathers(row), let condition = page.view.gathered(by: row, of: target),
            let count = page.view.attempt({ try page.view.count(ListRequest(target, where: condition), cap: 99) })
        else { return .empty }
        return a(.href("/\(target.name)?in=\(schema.name)/\(row.id)")) {
            target.label(in: page.language)
            span(.class("c")) { count > 98 ? "99+" : String(count) }
        }.node
    }

    /// Lists without records yet stand behind 更多.
    private var empty: [Tab] { tabs.filter { $0.count == 0 && $0.name != tab } }

    private func tabBody() -> Node {
        switch tab {
        case "timeline":
            return Group {
                lines; TimelinePart(record: self).body
            }.node
        case "details": return details().node
        case "history": return HistoryPart(record: self).body
        case "files": return FilesPart(record: self).body
        case "findings": return FindingsPart(page: page, findings: page.view.attempt { try page.view.findings(of: row) } ?? []).body
        default:
            guard let found = tabs.first(where: { $0.name == tab }) else { return details().node }
            return RelatedPart(record: self, link: found.link, heading: found.label(in: page.language)).body
        }
    }

    private var hasTimeline: Bool { schema.traits.hasTimeline }

    /// What was sold or agreed stands before what was said about it.
    private var lines: Element {
        div(.class("pad col rec-lines")) { for field in schema.fields { LinesPart(page: page, row: row, field: field).body } }
    }

    /// Every fact, or those there are; what does not concern a record of this kind is left out.
    private func details() -> Element {
        let onlyFilled = page.items["filled"] != nil
        return div(.class("pad")) {
            div(.class("tl-head")) {
                span(.class("grow")) {}
                a(.class("btn btn-g btn-sm"), .href("\(base)?tab=details" + (onlyFilled ? "" : "&filled=1"))) {
                    page.site.icon(onlyFilled ? "eye" : "eye-off", "sm")
                    onlyFilled ? page.t("显示空字段", "Show empty fields") : page.t("隐藏空字段", "Hide empty fields")
                }
            }
            for section in sections where !onlyFilled || section.fields.contains(where: { !row[$0].isBlank }) {
                Markup.section(.class("card")) {
                    div(.class("card-h")) { h2 { section.label(page.language) } }
                    facts(section.fields.filter { !onlyFilled || !row[$0].isBlank }, inCard: true)
                }
            }
            if !hasTimeline { for field in schema.fields { LinesPart(page: page, row: row, field: field).body } }
        }
    }

    private var sections: [RecordForm.Part] {
        RecordForm.sections(of: schema, page.view, creating: false).compactMap { section in
            let fields = section.fields.filter(concerns)
            return fields.isEmpty ? nil : RecordForm.Part(label: section.label, fields: fields)
        }
    }

    /// Whether the field is asked of a record like this one.
    private func concerns(_ field: FieldSpec) -> Bool {
        guard let (name, codes) = field.traits.onlyWhen, let other = schema[name] else { return true }
        return row[other].list.map { $0.contains { codes.contains($0.text ?? "") } } ?? codes.contains(row[other].text ?? "")
    }

    /// Words to say and articles, for whoever works on the record.
    private var aids: Node {
        Group {
            let aids: [Aid] = page.view.attempt { try page.view.aids(of: row) } ?? []
            for (index, aid) in aids.enumerated() {
                Markup.details(.class("sect"), .open(index == 0)) {
                    summary { aid.title }
                    p(.class("pre small")) { aid.text }
                    a(.class("lnk small"), .href("/\(aid.entity)/\(aid.recordID)")) { page.t("打开", "Open") }
                }
            }
        }.node
    }

    private func side() -> Element {
        aside(.class("rec-side"), .aria("label", page.t("\(schema.label)资料", "Facts"))) {
            aids
            for (index, section) in sections.enumerated() {
                let filled = section.fields.filter { !row[$0].isBlank }
                if !filled.isEmpty {
                    if index == 0 {
                        Markup.section {
                            h2 {
                                section.label(page.language)
                                if page.view.may("update", row) { a(.class("lnk"), .href("\(base)/edit")) { page.t("编辑", "Edit") } }
                            }
                            facts(filled)
                        }
                    } else {
                        Markup.details(.class("sect"), .open(index < 3)) {
                            summary { section.label(page.language) }
                            facts(filled)
                        }
                    }
                }
            }
        }
    }

    private func facts(_ fields: [FieldSpec], inCard: Bool = false) -> Element {
        dl(.class("kv", inCard ? "card-b" : nil)) {
            for field in fields {
                dt { field.label(in: page.language) }
                dd { value(of: field) }
            }
        }
    }

    /// A value; beside a masked one the way to see it whole.
    private func value(of field: FieldSpec) -> Node {
        guard page.view.right(schema, field) == .masked, !row[field].isNull, page.view.may("reveal", row) else {
            return page.fact(field, row, titles)
        }
        let url = RevealPart.url(row, field)
        return Group {
            page.display(field, row, titles)
            " "
            a(
                .class("lnk small"), .href(url), .data("dialog", url),
                .aria("label", page.t("查看完整\(field.label)", "Show \(field.label(in: .english).lowercased())"))
            ) {
                page.site.icon("eye", "sm"); page.t("查看", "Show")
            }
        }.node
    }

    /// One dialog for each action that can be done now; without scripts the same form stands on a page of its own.
    private func dialogs() -> Node {
        Group {
            for offer in offers {
                ActionPart(page: page, row: row, action: offer.action, state: FormState(scope: offer.action.name), missing: offer.missing)
                    .dialog
            }
        }.node
    }
}

extension Titles {
    mutating func merge(_ other: Titles) { for (target, names) in other.all { add(names, of: target) } }
}
