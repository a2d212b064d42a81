import Gate
import Records

/// One kind of entry in a calendar: an entity's records by one of its days (任务按截止时间, 客户按下个生日).
struct CalendarLayer {
    let schema: Schema
    let field: FieldSpec
    /// One of the chart colours, 1 to 7.
    let hue: Int

    /// How the address names it.
    var name: String { "\(schema.name).\(field.name)" }

    func label(_ language: Language) -> String {
        schema.label(in: language) + language(" · ", ": ") + (language == .chinese ? field.label : field.label(in: language).lowercased())
    }

    /// The days of an entity's records that the actor may read; what stands for the record first.
    static func fields(_ schema: Schema, _ view: View) -> [FieldSpec] {
        func rank(_ field: FieldSpec) -> Int {
            field.traits.isDue
                ? 0
                : schema.traits.highlights.contains(field.name)
                    ? 1 : field.traits.isInList ? 2 : SystemNames.hidden.contains(field.name) ? 4 : 3
        }
        let days = schema.fields.filter {
            $0.isTime && $0.isColumn && $0.name != "deleted_at" && !$0.traits.isSealed
                && view.right(schema, $0) >= .read
        }
        return days.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    /// What stands in everybody's own calendar: the days that entities declare for it.
    static func all(_ view: View) -> [CalendarLayer] {
        let found = view.catalog.schemas.filter { $0.isOwned && view.catalog.standsAlone($0) && view.may("read", $0) }.flatMap { schema in
            schema.fields.filter { $0.traits.isOnCalendar && $0.isColumn && view.right(schema, $0) >= .read }.map { (schema, $0) }
        }
        return found.enumerated().map { CalendarLayer(schema: $1.0, field: $1.1, hue: $0 % 6 + 1) }
    }

    /// Whether the actor may put a record on another day.
    func canMove(_ row: Row, _ view: View) -> Bool { view.right(field, in: row) == .edit && view.may("update", row) }

    /// Whether a new record may be begun on a day.
    func canAdd(_ view: View) -> Bool { schema.traits.isCreatable && view.may("create", schema) && view.right(schema, field) == .edit }

    func stored(_ day: Day) -> Value { field.kind.time?.start(of: day) ?? .null }

    /// From a day to the day before another.
    func condition(_ from: Day, _ to: Day) -> Condition { .field(field.name, .gte, stored(from)) && .field(field.name, .lt, stored(to)) }

    /// The entry of a record; nil when it has no day.
    func entry(_ row: Row) -> CalendarEntry? {
        guard let number = row[field].int else { return nil }
        guard field.kind.time == .instant else {
            return CalendarEntry(layer: self, row: row, day: Day(number: Int(truncatingIfNeeded: number)), second: nil)
        }
        let (day, second) = Instant(milliseconds: number).local()
        return CalendarEntry(layer: self, row: row, day: day, second: second)
    }
}

/// A record on its day.
struct CalendarEntry {
    let layer: CalendarLayer
    let row: Row
    let day: Day
    /// The second of the day; nil for a whole day.
    let second: Int?

    /// Its flow has come to an end.
    var isDone: Bool {
        guard let flow = row.schema.flow, let field = row.schema[flow.field], let state = row[field].text else { return false }
        return BoardAxis(field, row.schema).isFinal(state)
    }

    var clock: String? { second.map { "\($0 / 36_000)\($0 / 3600 % 10):\($0 / 600 % 6)\($0 / 60 % 10)" } }
}

/// The stretch of days that a calendar shows.
struct CalendarSpan {
    enum Kind: String, CaseIterable {
        case month, week, day, agenda

        var words: Words {
            switch self {
            case .month: Words("月", "Month")
            case .week: Words("周", "Week")
            case .day: Words("日", "Day")
            case .agenda: Words("日程", "Agenda")
            }
        }
    }

    let kind: Kind
    /// The day that it is about.
    let at: Day
    let first: Day
    /// The day behind the last one.
    let end: Day

    /// How many days an agenda looks ahead.
    static let agendaDays = 30

    /// - Parameters:
    ///   - range: `month`, `week`, `day` or `agenda`
    ///   - at: a day, or a month as `2026-11`; today when nil
    init(range: String?, at: String?, today: Day) throws {
        guard let kind = Kind(rawValue: range ?? "month") else { throw Refusal.unreadable("range 应为 month、week、day 或 agenda") }
        let known = at.map { Day(iso: $0) ?? Day(iso: $0 + "-01") } ?? today
        guard let at = known, Day.enterable.contains(at) else {
            throw Refusal.unreadable("at 应为 1900-01-01 到 2200-12-31 之间的日期，例如 2026-11 或 2026-11-23")
        }
        self.kind = kind
        self.at = at
        switch kind {
        case .month:
            let start = at - (at.day - 1)
            let next = start.adding(months: 1)
            first = start - (start.weekday - 1)
            end = next + (8 - next.weekday) % 7
        case .week:
            first = at - (at.weekday - 1)
            end = first + 7
        case .day: (first, end) = (at, at + 1)
        case .agenda: (first, end) = (at, at + Self.agendaDays)
        }
    }

    var days: [Day] { Range(from: first.number, until: end.number).map(Day.init(number:)) }

    /// The day that the neighbouring stretch is about.
    func step(_ direction: Int) -> String {
        switch kind {
        case .month: String((at - (at.day - 1)).adding(months: direction).iso.prefix(7))
        case .week: (at + 7 * direction).iso
        case .day: (at + direction).iso
        case .agenda: (at + Self.agendaDays * direction).iso
        }
    }

    func title(_ language: Language) -> String {
        switch kind {
        case .month: return language("\(at.year) 年 \(at.month) 月", String(at.iso.prefix(7)))
        case .day: return language("\(at.year) 年 \(at.month) 月 \(at.day) 日", at.iso)
        case .week, .agenda:
            let last = end - 1
            return language("\(first.year) 年 \(first.month) 月 \(first.day) 日 – \(last.month) 月 \(last.day) 日", "\(first.iso) – \(last.iso)")
        }
    }
}

/// What stands on each day of a span: the first entries of each day, and how many there are.
struct CalendarContent {
    private(set) var entries: [Int: [CalendarEntry]] = [:]
    private(set) var counts: [Int: Int] = [:]

    /// So many entries of a layer are read in one go; with more of them, a few of each day.
    private static let many = 400

    /// - Parameter requests: each layer with the condition its records must meet.
    init(_ requests: [(layer: CalendarLayer, request: ListRequest)], _ span: CalendarSpan, _ view: View) throws {
        for (layer, request) in requests {
            var ask = request
            (ask.order, ask.cursor, ask.countCap) = (nil, nil, nil)
            ask.sort = [Query.Sort(layer.field.name)]
            ask.filter = request.filter && layer.condition(span.first, span.end)
            let numbers = try view.summary(ask, by: [Summary.Group(layer.field.name, .day)], [.count])
            var total = 0
            for line in numbers {
                let count = Int(line.values.first?.int ?? 0)
                total += count
                counts[Int(line.keys.first?.int ?? 0), default: 0] += count
            }
            guard total > 0 else { continue }
            if total <= Self.many {
                ask.limit = Self.many
                add(try view.page(ask).rows, layer)
            } else {
                ask.limit = span.kind == .month ? CalendarGrid.roomInMonth : span.kind == .agenda ? 20 : 60
                for number in numbers.compactMap({ $0.keys.first?.int }) {
                    let day = Day(number: Int(number))
                    ask.filter = request.filter && layer.condition(day, day + 1)
                    add(try view.page(ask).rows, layer)
                }
            }
        }
        for day in entries.keys {
            entries[day]?.sort { ($0.second ?? -1, $0.layer.hue, $0.row.id) < ($1.second ?? -1, $1.layer.hue, $1.row.id) }
        }
    }

    private mutating func add(_ rows: [Row], _ layer: CalendarLayer) {
        for entry in rows.compactMap(layer.entry) { entries[entry.day.number, default: []].append(entry) }
    }

    func entries(on day: Day) -> [CalendarEntry] { entries[day.number] ?? [] }
    func count(on day: Day) -> Int { counts[day.number] ?? 0 }
}
