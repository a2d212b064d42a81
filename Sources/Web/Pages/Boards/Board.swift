import Gate
import Markup
import Records

/// A list as columns of cards (看板): one column for each value of a field, with its number, its sum, and how its records stand with their
/// next day.
struct Board: ListLayout {
    let page: Page
    let query: ListQuery
    let axis: BoardAxis
    let axes: [BoardAxis]
    let columns: [BoardColumn]
    let money: FieldSpec?
    let due: FieldSpec?
    let face: CardFace
    let titles: Titles
    /// People that found no room.
    let leftOut: Int

    static let cards = 20

    var schema: Schema { query.schema }
    var hasFrame: Bool { false }

    init(_ page: Page, _ query: ListQuery) throws { try self.init(page, query, onlyHeads: false) }

    /// - Parameter onlyHeads: numbers without cards, for a board that is already on the screen.
    init(_ page: Page, _ query: ListQuery, onlyHeads: Bool) throws {
        self.page = page
        self.query = query
        let view = page.view
        axes = BoardAxis.all(query.schema, view)
        axis = try BoardAxis.chosen(query.items["by"], query.schema, view)
        money = query.schema.mainMoney(view)
        due = query.schema.due(view).flatMap { [axis] in $0 === axis.field ? nil : $0 }
        face = CardFace(query.schema, axis, money: money, due: due, view)
        var request = try query.request(view)
        (request.cursor, request.order) = (nil, nil)
        let window = axis.isMonth ? Board.window(query.items["at"], today: view.now.day) : []
        if let first = window.first, let from = Day(iso: first + "-01") {
            request.filter = request.filter && (.field(axis.field.name, .empty) || axis.between(from, from.adding(months: window.count)))
        }
        var columns = try Board.numbers(axis, request, money, due, view)
        (columns, leftOut) = try Board.arranged(columns, axis, window, page)
        let folded = query.items["fold"].map { Set($0.split(separator: ",").map(String.init)) }
        request.limit = Board.cards
        for place in columns.indices {
            columns[place].isFolded = folded?.contains(columns[place].key) ?? columns[place].isFinal
            guard !onlyHeads, columns[place].count > 0 else { continue }
            var ask = request
            ask.filter = ask.filter && axis.condition(columns[place].key)
            let found = try view.page(ask)
            (columns[place].rows, columns[place].next) = (found.rows, found.next)
        }
        self.columns = columns
        titles = try Titles(of: columns.flatMap(\.rows), fields: face.fields, view)
    }

    /// The cards behind a cursor in one column.
    static func more(_ page: Page, _ query: ListQuery, column key: String) throws -> Node {
        var request = try query.request(page.view, defaultLimit: cards)
        (request.limit, request.order) = (cards, nil)
        let axis = try BoardAxis.chosen(query.items["by"], query.schema, page.view)
        request.filter = request.filter && axis.condition(key)
        let found = try page.view.page(request)
        let due = query.schema.due(page.view).flatMap { $0 === axis.field ? nil : $0 }
        let face = CardFace(query.schema, axis, money: query.schema.mainMoney(page.view), due: due, page.view)
        let titles = try Titles(of: found.rows, fields: face.fields, page.view)
        return Group {
            for row in found.rows { BoardCard(page: page, row: row, face: face, titles: titles, query: query).body }
            Board.moreLink(page, query, axis, key, found.next)
        }.node
    }

    /// Numbers of every column in one grouped question, the fullest first.
    private static func numbers(
        _ axis: BoardAxis, _ request: ListRequest, _ money: FieldSpec?, _ due: FieldSpec?, _ view: View
    ) throws -> [BoardColumn] {
        let today = view.now.day
        let bounds = due.map { field in [today, today + 1].map { field.kind.time?.start(of: $0).int ?? 0 } }
        let groups = [axis.group] + (due.flatMap { field in bounds.map { [Summary.Group(field.name, .bounds($0))] } } ?? [])
        var columns: [String: BoardColumn] = [:]
        for line in try view.summary(request, by: groups, [.count] + (money.map { [.sum($0.name)] } ?? [])) {
            let key = line.keys.first.map(axis.key) ?? BoardAxis.blank
            var column = columns[key] ?? BoardColumn(key: key)
            let count = Int(line.values.first?.int ?? 0)
            column.count += count
            if money != nil { column.sum = column.sum.adding(clamping: line.values.dropFirst().first?.int ?? 0) }
            if groups.count > 1 { column.dueness[line.keys[1].int.map(Int.init) ?? 3] += count }
            columns[key] = column
        }
        return columns.values.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
    }

    /// The columns in their order, also those without records: options as declared, months as they follow, people by name.
    private static func arranged(
        _ found: [BoardColumn], _ axis: BoardAxis, _ window: [String], _ page: Page
    ) throws -> (columns: [BoardColumn], leftOut: Int) {
        let known = Dictionary(found.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        func column(_ key: String, _ label: String, _ tone: Tone) -> BoardColumn {
            var column = known[key] ?? BoardColumn(key: key)
            (column.label, column.tone, column.isFinal) = (label, tone, axis.isFinal(key))
            return column
        }
        var columns: [BoardColumn] = [], leftOut = 0
        if let choices = axis.field.kind.choices {
            columns = choices.map { column($0.code, $0.label(in: page.language), $0.tone) }
            // Codes of options that are gone.
            for stray in found where stray.key != BoardAxis.blank && axis.field.kind.option(stray.key) == nil {
                columns.append(column(stray.key, stray.key, .neutral))
            }
            columns = columns.filter { !$0.isFinal } + columns.filter(\.isFinal)
        } else if axis.isMonth {
            columns = window.map { column($0, monthLabel($0, page), .neutral) }
        } else if !axis.isPeople {
            let ids = found.compactMap { Int64($0.key) }, rows = try axis.records(page.view, beside: Set(ids))
            columns = rows.map { column(String($0.id), $0.title, .neutral) }
            let names = try axis.field.target.flatMap { page.catalog[$0] }.map { try page.view.titles(linkedTo: $0, ids: ids) } ?? [:]
            for stray in found where stray.key != BoardAxis.blank && !rows.contains(where: { String($0.id) == stray.key }) {
                columns.append(column(stray.key, Int64(stray.key).flatMap { names[$0] } ?? "#\(stray.key)", .neutral))
            }
        } else {
            let ids = found.compactMap { Int64($0.key) }
            let names = try page.view.titles(page.catalog.schema(User.self), ids: ids)
            let most = found.filter { $0.key != BoardAxis.blank }.sorted { ($0.count, $1.key) > ($1.count, $0.key) }
            leftOut = max(0, most.count - BoardAxis.people)
            columns = most.prefix(BoardAxis.people).map { column($0.key, Int64($0.key).flatMap { names[$0] } ?? "#\($0.key)", .neutral) }
                .sorted { ($0.label, $0.key) < ($1.label, $1.key) }
        }
        if let blank = known[BoardAxis.blank], blank.count > 0 {
            columns.insert(column(BoardAxis.blank, page.t("未填写", "Empty"), .neutral), at: 0)
        }
        return (columns, leftOut)
    }

    /// Six months from the one before this, or from the one that the address names.
    static func window(_ at: String?, today: Day) -> [String] {
        let start = at.flatMap { Day(iso: $0 + "-01") } ?? Day(year: today.year, month: today.month, day: 1)?.adding(months: -1) ?? today
        return (0..<BoardAxis.months).map { String(start.adding(months: $0).iso.prefix(7)) }
    }

    static func monthLabel(_ month: String, _ page: Page) -> String {
        guard let day = Day(iso: month + "-01") else { return month }
        return page.t("\(day.year) 年 \(day.month) 月", month)
    }
}

/// One column: what it stands for, its numbers, its first cards.
struct BoardColumn {
    let key: String
    var label = ""
    var tone = Tone.neutral
    var isFinal = false
    var isFolded = false
    var count = 0
    var sum: Int64 = 0
    /// Overdue, due today, planned, without a day.
    var dueness = [0, 0, 0, 0]
    var rows: [Row] = []
    var next: Query.Cursor?

    init(key: String) { self.key = key }
}

/// Which of an entity's fields stand where on a card; from its declaration.
struct CardFace {
    let axis: BoardAxis
    let subtitle: FieldSpec?
    let money: FieldSpec?
    let due: FieldSpec?
    let day: FieldSpec?
    let owner: FieldSpec?
    /// Up to four more of the list's fields.
    let more: [FieldSpec]
    /// Everything that may need a linked record's name.
    var fields: [FieldSpec] { more + [subtitle, owner, axis.field].compactMap(\.self) }

    init(_ schema: Schema, _ axis: BoardAxis, money: FieldSpec?, due: FieldSpec?, _ view: View) {
        let listed = schema.fields.filter {
            $0.traits.isInList && $0 !== schema.title && $0 !== axis.field && $0.isColumn && view.right(schema, $0) != .hidden
        }
        let highlighted = schema.traits.highlights.compactMap { schema[$0] }.filter { view.right(schema, $0) != .hidden }
        func isLink(_ field: FieldSpec) -> Bool { field.isLink && field.target != "users" && field !== axis.field }
        self.axis = axis
        self.money = money
        self.due = due
        subtitle = highlighted.first(where: isLink) ?? listed.first(where: isLink)
        owner = schema["owner_id"].flatMap { $0 === axis.field || view.right(schema, $0) == .hidden ? nil : $0 }
        let days = (highlighted + listed).filter { $0.isTime && $0 !== due }
        day = days.first { $0 !== axis.field } ?? days.first
        let taken = [subtitle, money, due, day, owner].compactMap { $0?.name }
        more = Array(
            listed.filter {
                !taken.contains($0.name) && $0.kind.time != .instant && $0.kind.numbering == nil && $0.kind.figure != .score
            }.prefix(4))
    }
}
