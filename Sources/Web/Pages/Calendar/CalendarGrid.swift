import Gate
import Markup
import Records

/// A calendar on a page: the month as weeks, the week and the day by the hour, or the days one below the other.
struct CalendarGrid {
    let page: Page
    let span: CalendarSpan
    let content: CalendarContent
    let holidays: WorkCalendar
    /// The page's own address with other settings.
    let url: (KeyValuePairs<String, String?>) -> String
    /// The form for a new record on a day; nil when none can be made.
    let add: (Day) -> String?

    /// So many entries stand in a day of a month.
    static let roomInMonth = 4

    private var today: Day { page.view.now.day }
    private var weekdays: [String] {
        page.language == .chinese ? ["一", "二", "三", "四", "五", "六", "日"] : ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    }

    var body: Node {
        Group {
            bar
            div(.class("cal-wrap"), .tabindex(0), .role("region"), .aria("label", span.title(page.language)), .data("calendar")) {
                switch span.kind {
                case .month:
                    month
                    div(.class("only-m")) { agenda }
                case .week, .day: hours
                case .agenda: agenda
                }
            }
            div(.id("live"), .class("sr-only"), .aria("live", "polite")) {}
            script(.src(page.site.assets.url("vendor/Sortable.min.js")), .defer())
            script(.src(page.site.assets.url("js/calendar.js")), .type("module"))
        }.node
    }

    private var bar: Element {
        div(.class("cal-bar")) {
            span(.class("bgroup")) {
                a(
                    .class("btn btn-sm btn-i"), .href(url(["at": span.step(-1)])), .aria("label", page.t("上一段", "Previous")),
                    .data("key", "ctrl+arrowleft")
                ) { page.site.icon("chevron-left") }
                a(.class("btn btn-sm"), .href(url(["at": nil]))) { page.t("今天", "Today") }
                a(
                    .class("btn btn-sm btn-i"), .href(url(["at": span.step(1)])), .aria("label", page.t("下一段", "Next")),
                    .data("key", "ctrl+arrowright")
                ) { page.site.icon("chevron-right") }
            }
            h2 { span.title(page.language) }
            Markup.span(.class("grow")) {}
            Markup.span(.class("seg"), .role("group"), .aria("label", page.t("范围", "Range"))) {
                for kind in CalendarSpan.Kind.allCases {
                    a(
                        .href(
                            url([
                                "range": kind == .month ? nil : kind.rawValue,
                                "at": span.kind == .month && span.at.iso.prefix(7) == today.iso.prefix(7) ? nil : span.at.iso,
                            ])), .aria("current", kind == span.kind ? "true" : nil)
                    ) { kind.words(page.language) }
                }
            }
        }
    }

    private func span(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
        Element("span", attributes, content: content)
    }

    // MARK: Month

    private var month: Element {
        table(.class("cal-m")) {
            thead { tr { for (place, name) in weekdays.enumerated() { th(.scope("col"), .class(place > 4 ? "off-day" : nil)) { name } } } }
            tbody {
                for week in stride(from: span.first.number, to: span.end.number, by: 7) {
                    // bounded: days of the calendar.
                    tr { for number in week..<week + 7 { dayCell(Day(number: number)) } }
                }
            }
        }
    }

    private func dayCell(_ day: Day) -> Element {
        let entries = content.entries(on: day), rest = content.count(on: day) - min(entries.count, Self.roomInMonth)
        return td(.class(dayClass(day), day.month == span.at.month ? nil : "other"), .data("day", day.iso)) {
            head(of: day)
            div(.class("cal-l")) { for entry in entries.prefix(Self.roomInMonth) { chip(entry) } }
            // On a phone there is room for a mark of each only; the agenda below has them whole.
            div(.class("cal-dots only-m"), .aria("hidden", "true")) {
                for entry in entries.prefix(Self.roomInMonth) { i(.class("d-c\(entry.layer.hue)")) {} }
            }
            if rest > 0 { a(.class("cal-more"), .href(url(["range": "day", "at": day.iso]))) { page.t("还有 \(rest) 条", "\(rest) more") } }
        }
    }

    private func dayClass(_ day: Day) -> String? {
        let names = [day == today ? "today" : nil, holidays.isWorking(day) ? nil : "off-day"].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: " ")
    }

    /// Number, lunar day, holiday, and the way to something new.
    private func head(of day: Day) -> Element {
        div(.class("cal-d")) {
            a(
                .class("n"), .href(url(["range": "day", "at": day.iso])), .aria("label", full(day)),
                .aria("current", day == today ? "date" : nil)
            ) { String(day.day) }
            if let exception = holidays.exception(on: day) {
                span(.class("cal-x", exception.kind == .holiday ? "rest" : "work"), .title(exception.name)) {
                    exception.kind == .holiday ? page.t("休", "off") : page.t("班", "work")
                }
            }
            span(.class("lunar")) { subtitle(day) }
            plus(day)
        }
    }

    private func plus(_ day: Day) -> Node {
        guard let form = add(day) else { return .empty }
        return a(.class("cal-add"), .href(form), .data("dialog", form), .aria("label", page.t("\(full(day)) 新建", "New on \(full(day))"))) {
            page.site.icon("plus", "sm")
        }.node
    }

    /// The holiday's name on its first day, else the lunar day; on the first of a lunar month its name.
    private func subtitle(_ day: Day) -> String {
        guard page.language == .chinese else { return "" }
        if let exception = holidays.exception(on: day), exception.kind == .holiday, holidays.exception(on: day - 1)?.name != exception.name
        {
            return exception.name
        }
        guard let lunar = LunarDate(day) else { return "" }
        return lunar.day == 1 ? String(lunar.shown.dropLast(2)) : String(lunar.shown.suffix(2))
    }

    private func full(_ day: Day) -> String {
        page.t("\(day.month) 月 \(day.day) 日 周\(weekdays[day.weekday - 1])", "\(weekdays[day.weekday - 1]) \(day.iso)")
    }

    // MARK: Week and day

    /// Rows from the first hour that is needed to the last; what has no time stands above.
    private var hours: Element {
        let days = span.days, all = days.flatMap { content.entries(on: $0) }.compactMap(\.second).map { $0 / 3600 }
        let from = min(all.min() ?? 8, 8), until = max(all.max() ?? 19, 19)
        return table(.class("cal-h", span.kind == .day ? "one" : nil)) {
            thead {
                tr {
                    th(.scope("col")) { span(.class("sr-only")) { page.t("时间", "Time") } }
                    for day in days {
                        th(.scope("col"), .class(dayClass(day))) {
                            div(.class("cal-d")) {
                                span(.class("w")) { page.t("周", "") + weekdays[day.weekday - 1] }
                                a(
                                    .class("n"), .href(url(["range": "day", "at": day.iso])), .aria("label", full(day)),
                                    .aria("current", day == today ? "date" : nil)
                                ) { String(day.day) }
                                if let exception = holidays.exception(on: day) {
                                    span(.class("cal-x", exception.kind == .holiday ? "rest" : "work"), .title(exception.name)) {
                                        exception.kind == .holiday ? page.t("休", "off") : page.t("班", "work")
                                    }
                                }
                                span(.class("lunar")) { subtitle(day) }
                                plus(day)
                            }
                        }
                    }
                }
            }
            tbody {
                line(page.t("全天", "All day"), days, "allday") { $0.second == nil }
                // bounded: from is at most 8, until at least 19.
                for hour in from...until {
                    line("\(hour < 10 ? "0" : "")\(hour):00", days, isWorkingHour(hour) ? nil : "quiet") {
                        $0.second.map { $0 / 3600 == hour } ?? false
                    }
                }
            }
        }
    }

    private func line(_ label: String, _ days: [Day], _ style: String?, _ belongs: (CalendarEntry) -> Bool) -> Element {
        tr(.class(style)) {
            th(.scope("row")) { label }
            for day in days {
                td(.class(dayClass(day)), .data("day", day.iso)) {
                    div(.class("cal-l")) { for entry in content.entries(on: day) where belongs(entry) { chip(entry) } }
                }
            }
        }
    }

    private func isWorkingHour(_ hour: Int) -> Bool {
        holidays.hours.contains { $0.lowerBound < (hour + 1) * 60 && hour * 60 < $0.upperBound }
    }

    // MARK: Agenda

    private var agenda: Node {
        // Below a month: what is left of it.
        let isPresent = span.kind == .month && span.at.iso.prefix(7) == today.iso.prefix(7)
        let days = span.days.filter {
            !content.entries(on: $0).isEmpty && (span.kind != .month || $0.month == span.at.month) && (!isPresent || $0 >= today)
        }
        guard !days.isEmpty else {
            return div(.class("empty")) {
                span(.class("ico")) { page.site.icon("calendar-days", "lg") }
                b { page.t("这段时间没有安排", "Nothing in these days") }
                span { page.t("任务的截止时间、下次联系、生日等会按日期出现在这里。", "Tasks, next contacts, birthdays appear here on their days.") }
                if let form = add(max(span.first, today)) {
                    a(.class("btn btn-p"), .href(form), .data("dialog", form)) {
                        page.site.icon("plus"); page.t("新建", "New")
                    }
                }
            }.node
        }
        return Group {
            for day in days {
                section(.class("cal-a", dayClass(day)), .aria("label", full(day))) {
                    h3 {
                        full(day); if !subtitle(day).isEmpty { span(.class("lunar")) { subtitle(day) } };
                        if day == today { span(.class("tag tag-blue")) { page.t("今天", "Today") } }
                    }
                    ul { for entry in content.entries(on: day) { item(entry) } }
                    let rest = content.count(on: day) - content.entries(on: day).count
                    if rest > 0 {
                        a(.class("cal-more"), .href(url(["range": "day", "at": day.iso]))) { page.t("还有 \(rest) 条", "\(rest) more") }
                    }
                }
            }
        }.node
    }

    private func item(_ entry: CalendarEntry) -> Element {
        li(.class("d-c\(entry.layer.hue)", entry.isDone ? "done" : nil)) {
            time { entry.clock ?? page.t("全天", "All day") }
            a(.class("st"), .href("/\(entry.row.schema.name)/\(entry.row.id)")) { title(of: entry) }
            span(.class("muted small")) { entry.layer.label(page.language) }
            if entry.layer.canMove(entry.row, page.view) { mover(entry) }
        }
    }

    private func mover(_ entry: CalendarEntry) -> Element {
        let form = CalendarGrid.moveURL(entry) + "&" + QueryItems([("back", page.here(page.items))]).text
        return a(
            .class("btn btn-g btn-sm btn-i"), .href(form), .data("dialog", form),
            .aria("label", page.t("改期「\(title(of: entry))」", "Move “\(title(of: entry))”"))
        ) { page.site.icon("calendar-clock", "sm") }
    }

    // MARK: Entries

    static func moveURL(_ entry: CalendarEntry) -> String { "/\(entry.row.schema.name)/\(entry.row.id)/day?on=\(entry.layer.field.name)" }

    private func title(of entry: CalendarEntry) -> String {
        let schema = entry.row.schema
        return page.view.right(schema, schema.title) >= .masked ? entry.row.title : "\(schema.label(in: page.language)) #\(entry.row.id)"
    }

    func chip(_ entry: CalendarEntry) -> Element {
        let canMove = entry.layer.canMove(entry.row, page.view), name = title(of: entry)
        return a(
            .class("cev d-c\(entry.layer.hue)", entry.isDone ? "done" : nil, canMove ? "can" : nil),
            .href("/\(entry.row.schema.name)/\(entry.row.id)"),
            .title("\(entry.clock.map { $0 + " " } ?? "")\(name) · \(entry.layer.label(page.language))"), .named("draggable", "false"),
            .data("move", canMove ? CalendarGrid.moveURL(entry) : nil), .data("version", String(entry.row.version))
        ) {
            if let clock = entry.clock { time { clock } }
            span { name }
        }
    }
}
