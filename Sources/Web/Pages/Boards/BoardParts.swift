import Gate
import Markup
import Records

extension Board {
    var body: Node {
        let move = "/\(schema.name)/board/move" + settings.suffix
        return Group {
            if leftOut > 0 {
                div(.class("notice gutter")) {
                    page.site.icon("info", "sm");
                    page.t("另有 \(leftOut) 人没有显示，请用筛选缩小范围。", "\(leftOut) more people are not shown; narrow the filters.")
                }
            }
            div(
                .class("kan"), .data("board", move), .data("fold-key", "zhike.fold.\(schema.name).\(axis.field.name)"),
                .data("kept", query.items["fold"] == nil ? nil : "1")
            ) {
                for (place, column) in columns.enumerated() { self.column(column, place) }
            }
            div(.id("live"), .class("sr-only"), .aria("live", "polite")) {}
            // Only this layout moves cards.
            script(.src(page.site.assets.url("vendor/Sortable.min.js")), .defer())
            script(.src(page.site.assets.url("js/board.js")), .type("module"))
        }.node
    }

    /// The board's part of the address: conditions, order and arrangement.
    private var settings: QueryItems {
        query.items.removing { ["cursor", "limit", "all"].contains($0) }.setting("layout", "board").setting("by", axis.field.name)
    }

    private func column(_ column: BoardColumn, _ place: Int) -> Element {
        section(.class("kcol", column.isFolded ? "folded" : nil), .aria("label", column.label), .data("stage", column.key)) {
            head(column, place)
            div(.class("kquick"), .id("kq-\(place)")) {}
            div(.class("klist"), .role("list"), .tabindex(0), .aria("label", column.label)) {
                for row in column.rows { BoardCard(page: page, row: row, face: face, titles: titles, query: query).body }
                Board.moreLink(page, query, axis, column.key, column.next)
            }
        }
    }

    /// Name, number, sum, and the bar of how its records stand with their next day.
    func head(_ column: BoardColumn, _ place: Int) -> Element {
        header(.class("kcol-h"), .data("head", column.key)) {
            div(.class("t")) {
                button(
                    .type("button"), .class("kfold"), .data("fold-column"), .aria("expanded", column.isFolded ? "false" : "true"),
                    .aria("label", page.t("折叠或展开 \(column.label)", "Fold or unfold \(column.label)"))
                ) {
                    page.site.icon("chevron-down", "sm")
                }
                span(.class("st", column.tone == .neutral ? nil : "st-\(column.tone.cssName)")) { column.label }
                a(
                    .class("c num"), .href(table(column.key, [])),
                    .title(page.t("在表格中查看这 \(column.count) 条", "These \(column.count) as a table"))
                ) { ListPage.grouped(column.count) }
                span(.class("grow")) {}
                if canAdd(column.key) { addLink(column, place) }
            }
            if money != nil { div(.class("s num")) { span { page.shortMoney(column.sum) } } }
            if due != nil, !column.isFinal { bar(column) }
        }
    }

    private func canAdd(_ key: String) -> Bool {
        schema.traits.isCreatable && page.view.may("create", schema) && axis.takesNew(key)
            && (axis.flow != nil || page.view.right(schema, axis.field) == .edit)
            && (axis.field.name != "owner_id" || page.view.may("assign", schema) || key == String(page.actor.userID))
    }

    /// Opens the few fields in the column; without scripts the page with them.
    private func addLink(_ column: BoardColumn, _ place: Int) -> Element {
        let start = try? axis.value(column.key, for: schema.blank(), today: page.view.now.day)
        let filled = axis.flow != nil ? nil : start.flatMap { $0.text ?? $0.int.map(String.init) }
        let given = filled.map { [(name: axis.field.name, value: $0)] } ?? []
        return a(
            .class("btn btn-g btn-sm btn-i"), .href("/\(schema.name)/new" + QueryItems(given).suffix),
            .aria("label", page.t("在「\(column.label)」中新建", "New in \(column.label)")),
            .hxGet(QuickForm.url(schema, given, back: "/\(schema.name)" + settings.suffix, inline: true)), .hxTarget("#kq-\(place)"),
            .hxSwap("innerHTML")
        ) { page.site.icon("plus") }
    }

    /// The table of a column's records, or of a part of them.
    private func table(_ key: String, _ more: [(name: String, value: String)]) -> String {
        var items = query.items.removing(LayoutName.settings.contains)
        items.pairs += axis.filter(key) + more
        return "/\(schema.name)" + items.suffix
    }

    /// Four stretches as long as their numbers: each leads to its records.
    private func bar(_ column: BoardColumn) -> Node {
        guard let due, column.count > 0 else { return div(.class("kbar")) {}.node }
        let name = "filter[\(due.name)]"
        let parts: [(count: Int, style: String, words: String, filter: [(name: String, value: String)])] = [
            (column.dueness[2], "ok", page.t("计划中", "planned"), [("\(name)[gte]", "today+1")]),
            (column.dueness[1], "warn", page.t("今天", "today"), [("\(name)[gte]", "today"), ("\(name)[lt]", "today+1")]),
            (column.dueness[0], "bad", page.t("逾期", "overdue"), [("\(name)[lt]", "today")]),
            (column.dueness[3], "none", page.t("没有安排", "nothing planned"), [("\(name)[empty]", "true")]),
        ]
        let words = parts.filter { $0.count > 0 }.map { "\($0.words) \($0.count)" }.joined(separator: page.t("，", ", "))
        var at = 0.0
        var pieces: [Node] = []
        for part in parts where part.count > 0 {
            let width = Double(part.count) * 100 / Double(column.count)
            let url = query.url([:]), items = QueryItems(part.filter)
            let target = url + (url.contains("?") ? "&" : "?") + items.text
            pieces.append(
                a(.href(target), .aria("label", "\(part.words) \(part.count)")) {
                    Element(
                        "rect",
                        [.named("x", "\(at)"), .named("y", "0"), .named("width", "\(width)"), .named("height", "12"), .class("hit")]
                    ) {}
                    Element(
                        "rect",
                        [
                            .named("x", "\(at)"), .named("y", "4"), .named("width", "\(max(width - 0.6, 0.4))"), .named("height", "4"),
                            .class("b-\(part.style)"),
                        ]
                    ) {}
                    Element("title", []) { "\(part.words) \(part.count)" }
                }.node)
            at += width
        }
        return svg(.class("kbar"), .viewBox("0 0 100 12"), .named("preserveAspectRatio", "none"), .role("group"), .aria("label", words)) {
            Node.list(pieces)
        }.node
    }

    static func moreLink(_ page: Page, _ query: ListQuery, _ axis: BoardAxis, _ key: String, _ next: Query.Cursor?) -> Node {
        guard let next else { return .empty }
        var items = query.items.removing(LayoutName.settings.contains)
        items.pairs += axis.filter(key)
        let more = query.items.removing { $0 == "limit" }.setting("by", axis.field.name).setting("column", key).setting("cursor", next.text)
        return a(
            .class("more"), .href("/\(query.schema.name)" + items.suffix), .hxGet("/\(query.schema.name)/board" + more.suffix),
            .hxTarget("this"), .hxSwap("outerHTML")
        ) { page.t("加载更多", "Load more") }.node
    }

    var controls: Node {
        Group {
            if axis.isMonth { months }
            button(.type("button"), .class("btn btn-sm"), .popovertarget("boardby")) {
                page.site.icon("columns-3", "sm")
                page.t("按 \(axis.field.label) 分列", "By \(axis.field.label(in: .english).lowercased())")
            }
            div(.popover("auto"), .id("boardby"), .class("menu")) {
                for other in axes {
                    a(.href(query.url(["by": other.field.name, "fold": nil])), .aria("current", other.field === axis.field ? "true" : nil))
                    {
                        other.field.label(in: page.language)
                        if other.isMonth { page.t("（按月）", " (month)") }
                    }
                }
            }
        }.node
    }

    private var months: Node {
        let window = Board.window(query.items["at"], today: page.view.now.day)
        guard let first = window.first.flatMap({ Day(iso: $0 + "-01") }) else { return .empty }
        func step(_ by: Int, _ icon: String, _ label: String) -> Element {
            a(.class("btn btn-sm btn-i"), .href(query.url(["at": String(first.adding(months: by).iso.prefix(7))])), .aria("label", label)) {
                page.site.icon(icon)
            }
        }
        return span(.class("bgroup")) {
            step(-BoardAxis.months, "chevron-left", page.t("前六个月", "Six months back"))
            step(BoardAxis.months, "chevron-right", page.t("后六个月", "Six months on"))
        }.node
    }
}

/// One record on a board.
struct BoardCard {
    let page: Page
    let row: Row
    let face: CardFace
    let titles: Titles
    let query: ListQuery

    private var schema: Schema { row.schema }
    private var title: String {
        page.view.right(schema, schema.title) >= .masked ? row.title : "\(schema.label(in: page.language)) #\(row.id)"
    }

    /// After how many days without a change a card says so.
    static let stalledAfter = 14

    var body: Element {
        let canMove = face.axis.canMove(row, page.view)
        return div(
            .class("kcard", canMove ? nil : "fixed"), .role("listitem"), .tabindex(0), .data("id", String(row.id)),
            .data("version", String(row.version)), .data("at", face.axis.key(of: row)), .data("href", "/\(schema.name)/\(row.id)"),
            .aria("label", [title, subtitle, amount].compactMap(\.self).joined(separator: page.t("，", ", ")))
        ) {
            div(.class("kcard-h")) {
                a(.class("nm"), .href("/\(schema.name)/\(row.id)")) { title }
                if canMove { mover }
            }
            if let subtitle { div(.class("co")) { subtitle } }
            if let amount { div(.class("amt num")) { amount } }
            facts
            next
            div(.class("ft")) {
                if let day = face.day, let shown = BoardCard.day(row[day], day).map(page.shortDay) {
                    span(.class("ic num"), .title(day.label(in: page.language))) {
                        page.site.icon("calendar", "sm"); shown
                    }
                }
                if let idle {
                    span(.class("ic warn"), .title(page.t("上次修改以来的天数", "Days since the last change"))) {
                        page.site.icon("timer", "sm"); page.t("\(idle) 天未动", "\(idle) d idle")
                    }
                }
                if let owner = face.owner, let id = row[owner].int {
                    let name = titles["users", id] ?? "#\(id)"
                    span(
                        .class("av", "h\(Site.hue(id))"), .title(name), .role("img"), .aria("label", page.t("负责人 \(name)", "Owner \(name)"))
                    ) { String(name.prefix(1)) }
                }
            }
        }
    }

    /// The way to move that needs neither mouse nor scripts.
    private var mover: Element {
        let url =
            "/\(schema.name)/\(row.id)/move"
            + query.items.removing { ["cursor", "limit", "column"].contains($0) }.setting("by", face.axis.field.name).suffix
        return a(
            .class("btn btn-g btn-sm btn-i"), .href(url), .data("dialog", url),
            .aria("label", page.t("移动「\(title)」到…", "Move “\(title)” to…"))
        ) { page.site.icon("ellipsis", "sm") }
    }

    private var subtitle: String? {
        face.subtitle.flatMap { field in row[field].int.map { id in field.target.flatMap { titles[$0, id] } ?? "#\(id)" } }
    }

    private var amount: String? {
        guard let money = face.money, let cents = row[money].int, cents != 0 else { return nil }
        // bounded: words.
        return "¥ " + money.kind.show(.int(cents), in: page.language).replacing(".00", with: "")
    }

    private var facts: Node {
        let shown = face.more.filter { !row[$0].isBlank }
        guard !shown.isEmpty else { return .empty }
        return div(.class("kfacts")) {
            for field in shown { span(.title(field.label(in: page.language))) { page.display(field, row, titles, inList: true) } }
        }.node
    }

    static func day(_ value: Value, _ field: FieldSpec) -> Day? {
        value.int.flatMap { field.kind.time?.day(of: $0) }
    }

    /// What comes next, in the colour of its urgency.
    private var next: Node {
        guard let due = face.due, !face.axis.isFinal(face.axis.key(of: row)), let day = BoardCard.day(row[due], due) else { return .empty }
        let days = page.view.now.day - day, label = due.label(in: page.language)
        if days > 0 {
            return div(.class("nx bad")) {
                page.site.icon("circle-alert", "sm"); page.t("\(label)已逾期 \(days) 天", "\(label): \(days) d overdue")
            }.node
        }
        if days == 0 {
            return div(.class("nx warn")) {
                page.site.icon("clock", "sm"); page.t("\(label)：今天", "\(label): today")
            }.node
        }
        return div(.class("nx")) {
            page.site.icon("arrow-right", "sm"); page.t("\(label) \(page.shortDay(day))", "\(label) \(page.shortDay(day))")
        }.node
    }

    private var idle: Int? {
        guard let slot = schema.updatedAtSlot, let at = row.values[slot].int, !face.axis.isFinal(face.axis.key(of: row)) else { return nil }
        let days = page.view.now.day - Instant(milliseconds: at).day
        return days >= BoardCard.stalledAfter ? days : nil
    }
}

extension Page {
    /// `¥ 186 万`, `¥ 3.2 亿`; in English `¥ 1.86M`.
    func shortMoney(_ cents: Int64) -> String {
        let yuan = Double(cents) / 100, size = yuan.magnitude
        func cut(_ unit: Double) -> String {
            let tenths = (yuan / unit * 10).rounded() / 10
            return tenths == tenths.rounded() ? String(Int64(tenths)) : String(tenths)
        }
        if language == .chinese {
            if size >= 100_000_000 { return "¥ \(cut(100_000_000)) 亿" }
            return size >= 10_000
                ? "¥ \(cut(10_000)) 万" : "¥ \(MoneyKind(allowsNegative: true).show(.int(cents), in: .chinese).replacing(".00", with: ""))"
        }
        if size >= 1_000_000 { return "¥ \(cut(1_000_000))M" }
        return size >= 10_000
            ? "¥ \(cut(1_000))k" : "¥ \(MoneyKind(allowsNegative: true).show(.int(cents), in: .english).replacing(".00", with: ""))"
    }

    /// `11-28` of this year, `2027-01-15` of another.
    func shortDay(_ day: Day) -> String { day.year == view.now.day.year ? String(day.iso.dropFirst(5)) : day.iso }
}
