import Gate
import Markup
import Records

/// One calendar of everything that entities declare for it: tasks, next contacts, birthdays, what falls due.
struct CombinedCalendar {
    private let page: Page
    private let layers: [CalendarLayer]
    private let shown: [CalendarLayer]
    private let grid: CalendarGrid

    /// Whose: `me`, `team` or `all`.
    private let who: String

    init(_ page: Page) throws {
        self.page = page
        let view = page.view, items = page.items
        let layers = CalendarLayer.all(view)
        let names = items["layers"].map { Set($0.split(separator: ",").map(String.init)) }
        let shown = layers.filter { names?.contains($0.name) ?? true }
        let who = items["who"] ?? "me"
        let span = try CalendarSpan(range: items["range"], at: items["at"], today: view.now.day)
        let content = try CalendarContent(
            shown.map { ($0, ListRequest($0.schema, where: try CombinedCalendar.owned(who, $0, page.actor))) }, span, view)
        (self.layers, self.shown, self.who) = (layers, shown, who)
        let first = shown.first { $0.canAdd(view) }
        grid = CalendarGrid(page: page, span: span, content: content, holidays: try view.workCalendar()) { settings in
            var items = items
            for (name, value) in settings { items = items.setting(name, value) }
            return "/calendar" + items.suffix
        } add: { day in
            first.map { QuickForm.url($0.schema, [($0.field.name, QuickForm.text(day, $0.field))], back: page.here(items)) }
        }
    }

    /// Records of one's own, of those below, or of all within reach.
    static func owned(_ who: String, _ layer: CalendarLayer, _ actor: Actor) throws -> Condition {
        guard let owner = layer.schema.ownerSlot.map({ layer.schema.fields[$0].name }) else { return .everything }
        switch who {
        case "me": return .field(owner, .eq, .int(actor.userID))
        case "team": return actor.subordinates.isEmpty ? .nothing : .compare(.init(owner), .in, actor.subordinates.map(Value.int))
        case "all": return .everything
        default: throw Refusal.unreadable("who 应为 me、team 或 all")
        }
    }

    private func url(_ settings: KeyValuePairs<String, String?>) -> String { grid.url(settings) }

    var shell: Shell {
        Shell(page.t("日历", "Calendar"), active: "calendar", isFixed: true) {
            div(.class("pagehead")) {
                h1 { page.t("日历", "Calendar") }
                span(.class("grow")) {}
                span(.class("seg"), .role("group"), .aria("label", page.t("谁的", "Whose"))) {
                    for (key, label) in [("me", page.t("我的", "Mine")), ("team", page.t("下属", "Team")), ("all", page.t("全部", "All"))]
                    where key != "team" || !page.actor.subordinates.isEmpty {
                        a(.href(url(["who": key == "me" ? nil : key])), .aria("current", key == who ? "true" : nil)) { label }
                    }
                }
                a(.class("btn only-d"), .href("/me/calendar")) {
                    page.site.icon("smartphone"); page.t("订阅到手机", "Subscribe")
                }
            }
            div(.class("cal-layers"), .role("group"), .aria("label", page.t("显示哪些", "Layers"))) { for layer in layers { toggle(layer) } }
            grid.body
        }
    }

    private func toggle(_ layer: CalendarLayer) -> Element {
        let isOn = shown.contains { $0.name == layer.name }
        let rest = isOn ? shown.filter { $0.name != layer.name } : shown + [layer]
        let names = layers.map(\.name).filter { name in rest.contains { $0.name == name } }
        return a(
            .class("chip-layer d-c\(layer.hue)"), .href(url(["layers": names.count == layers.count ? nil : names.joined(separator: ",")])),
            .aria("current", isOn ? "true" : nil)
        ) {
            span(.class("st")) { layer.label(page.language) }
        }
    }
}
