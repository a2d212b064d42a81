import Gate
import Markup
import Records

/// How a list lays its records out: a table, or something that stands in its place and shows the same records, found by the same
/// conditions.
protocol ListLayout {
    /// What stands below the toolbar.
    var body: Node { get }
    /// What of it can be chosen, at the toolbar's end.
    var controls: Node { get }
    /// Whether it says something even when there is no record.
    var hasFrame: Bool { get }
}

/// The layouts by the word that the address has for them; a table when it has none.
enum LayoutName: String, CaseIterable {
    case table, board, calendar, stats

    init(_ query: ListQuery) { self = query.items["layout"].flatMap(LayoutName.init(rawValue:)) ?? .table }

    /// What stands in the table's place; nil for the table itself.
    func arrange(_ page: Page, _ query: ListQuery) throws -> (any ListLayout)? {
        switch self {
        case .table: nil
        case .board: try Board(page, query)
        case .calendar: try CalendarLayout(page, query)
        case .stats: try Statistics(page, query)
        }
    }

    var words: Words {
        switch self {
        case .table: Words("表格", "Table")
        case .board: Words("看板", "Board")
        case .calendar: Words("日历", "Calendar")
        case .stats: Words("统计", "Statistics")
        }
    }

    var icon: String {
        switch self {
        case .table: "table"
        case .board: "square-kanban"
        case .calendar: "calendar-days"
        case .stats: "chart-column-big"
        }
    }

    /// The names that belong to one layout and mean nothing to the others.
    static let settings: Set<String> = [
        "layout", "by", "fold", "at", "cursor", "limit", "on", "range", "and", "measure", "chart", "span", "columns", "all", "group",
        "totals",
    ]
}

/// The switch between the layouts, on a desk and, as menu entries, on a phone.
struct LayoutSwitch {
    let page: Page
    let query: ListQuery
    let present: LayoutName

    private func url(_ name: LayoutName) -> String {
        let items = query.items.removing(LayoutName.settings.contains)
        guard name != .table else { return "/\(query.schema.name)" + (items.pairs.isEmpty ? "?all=1" : items.suffix) }
        return "/\(query.schema.name)" + items.setting("layout", name.rawValue).suffix
    }

    var segment: Element {
        span(.class("seg only-d"), .role("group"), .aria("label", page.t("视图方式", "Layout"))) {
            for name in LayoutName.allCases {
                a(.href(url(name)), .aria("current", name == present ? "true" : nil)) {
                    page.site.icon(name.icon, "sm"); name.words(page.language)
                }
            }
        }
    }

    var entries: Node {
        Group {
            for name in LayoutName.allCases {
                a(.class("only-m"), .href(url(name)), .aria("current", name == present ? "true" : nil)) {
                    page.site.icon(name.icon); name.words(page.language)
                }
            }
        }.node
    }
}

extension ListQuery {
    /// The address of this list with other settings; what was turned to before is forgotten.
    func url(_ settings: KeyValuePairs<String, String?>) -> String {
        var items = items.removing { $0 == "cursor" || $0 == "at" }
        for (name, value) in settings { items = items.setting(name, value) }
        return "/\(schema.name)" + items.suffix
    }
}

extension Schema {
    /// The amount that a record is about: among its highlights, in its lists, or the first there is.
    func mainMoney(_ view: View) -> FieldSpec? {
        let amounts = fields.filter { $0.isMoney && $0.isColumn && !$0.traits.isSealed && view.right(self, $0) >= .read }
        return amounts.first { traits.highlights.contains($0.name) } ?? amounts.first(where: \.traits.isInList) ?? amounts.first
    }

    /// When somebody must see to a record next, if it says so and the actor may read it.
    func due(_ view: View) -> FieldSpec? { fields.first { $0.traits.isDue && $0.isColumn && view.right(self, $0) >= .read } }
}
