import Gate
import Markup
import Records

/// What a board's columns stand for: the values of one field.
struct BoardAxis {
    let field: FieldSpec
    let schema: Schema
    /// The state machine that the field belongs to: its records move by steps.
    let flow: Flow?

    /// The column of records without a value.
    static let blank = "none"
    /// How many months, and at most how many people, stand side by side.
    static let months = 6, people = 24

    init(_ field: FieldSpec, _ schema: Schema) {
        self.field = field
        self.schema = schema
        flow = schema.flow?.field == field.name ? schema.flow : nil
    }

    /// Everything the entity's board can be arranged by, the best first: its state, its choices, its people, the months of its days.
    static func all(_ schema: Schema, _ view: View) -> [BoardAxis] {
        func rank(_ field: FieldSpec) -> Int? {
            if schema.traits.board == field.name { return -1 }
            if schema.flow?.field == field.name { return field.traits.isInList ? 0 : 2 }
            if field.kind.choices != nil { return field.traits.isInList ? 1 : 2 }
            if field.isTime { return field.traits.isReadOnly ? nil : 4 }
            guard field.isLink else { return nil }
            if field.target == "users" { return SystemNames.hidden.contains(field.name) ? nil : 3 }
            // Set-up records (stages, levels) are few and have an order of their own.
            guard field.target.flatMap({ view.catalog[$0] })?.traits.nature == .shared else { return nil }
            return field.target == Department.name ? 4 : 2
        }
        let ranked = schema.fields.filter { $0.isColumn && !$0.traits.isSealed && view.right(schema, $0) >= .read }.compactMap { field in
            rank(field).map { (field, $0) }
        }
        return ranked.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map { BoardAxis($0.element.0, schema) }
    }

    /// The one that the address names; without a name the best.
    static func chosen(_ name: String?, _ schema: Schema, _ view: View) throws -> BoardAxis {
        let all = all(schema, view)
        guard let name else {
            guard let first = all.first else { throw Refusal.unreadable("\(schema.label)没有可以分列的字段（状态、选项、人员或日期）") }
            return first
        }
        guard let found = all.first(where: { $0.field.name == name || $0.field.name == name + "_id" }) else {
            throw Refusal.unreadable("\(schema.label)不能按 \(name) 分列")
        }
        return found
    }

    var isMonth: Bool { field.isTime }
    var isPeople: Bool { field.target == "users" }
    var isRecord: Bool { field.isLink }
    var group: Summary.Group { Summary.Group(field.name, isMonth ? .month : .value) }

    /// A column's key for a value of the summary.
    func key(_ value: Value) -> String { value.text ?? value.int.map(String.init) ?? Self.blank }

    /// The column in which a record stands.
    func key(of row: Row) -> String {
        let value = row[field]
        guard let time = field.kind.time, let number = value.int else { return key(value) }
        return String(time.day(of: number).iso.prefix(7))
    }

    /// What the records of a column have in common.
    func condition(_ key: String) -> Condition {
        guard key != Self.blank else { return .field(field.name, .empty) }
        if isMonth { return Day(iso: key + "-01").map { between($0, $0.adding(months: 1)) } ?? .nothing }
        return .field(field.name, .eq, isRecord ? .int(Int64(key) ?? 0) : .text(key))
    }

    /// From a day to the day before another.
    func between(_ from: Day, _ to: Day) -> Condition {
        .field(field.name, .gte, stored(from)) && .field(field.name, .lt, stored(to))
    }

    private func stored(_ day: Day) -> Value { field.kind.time?.start(of: day) ?? .null }

    /// The comparison that leads to a column's records in the table.
    func filter(_ key: String) -> [(name: String, value: String)] {
        guard key != Self.blank else { return [("filter[\(field.name)][empty]", "true")] }
        guard isMonth, let first = Day(iso: key + "-01") else { return [("filter[\(field.name)]", key)] }
        return [("filter[\(field.name)][gte]", first.iso), ("filter[\(field.name)][lt]", first.adding(months: 1).iso)]
    }

    /// A state from which no step leads on, only back.
    func isFinal(_ key: String) -> Bool {
        guard let flow, let options = field.kind.choices, let place = options.firstIndex(where: { $0.code == key }) else {
            return false
        }
        let onwards = options.suffix(from: place + 1).map(\.code)
        return !flow.transitions.contains { $0.from.contains(key) && onwards.contains($0.to) }
    }

    /// The state in which a new record begins: the only one that takes a new card.
    func takesNew(_ key: String) -> Bool {
        guard flow != nil else { return !field.traits.isReadOnly }
        return key == (field.traits.initial?.text ?? field.kind.choices?.first?.code)
    }

    /// What the field must become for a record to stand in a column.
    func value(_ key: String, for row: Row, today: Day) throws -> Plain {
        guard key != Self.blank else { return .null }
        if isRecord {
            guard let id = Int64(key) else { throw Refusal.unreadable("没有这一列") }
            return .int(id)
        }
        guard let time = field.kind.time else { return .text(key) }
        guard let first = Day(iso: key + "-01") else { throw Refusal.unreadable("没有这一列") }
        let old = row[field].int.map(time.day)
        let wanted = old?.day ?? (String(today.iso.prefix(7)) == key ? today.day : 1)
        let day = first + (min(wanted, Day.length(ofMonth: first.month, in: first.year)) - 1)
        return .text(BoardAxis.moved(row[field], of: field, to: day))
    }

    /// A day, or a moment at the same time of another day, as a person would type it.
    static func moved(_ value: Value, of field: FieldSpec, to day: Day) -> String {
        guard field.kind.time == .instant else { return day.iso }
        let second = value.int.map { Instant(milliseconds: $0).local().second } ?? 9 * 3600
        return InstantKind().edit(Instant(day, hour: second / 3600, minute: second / 60 % 60, second: second % 60).stored)
    }

    /// The set-up records that may be columns, in their order; of those that belong to others only the ones beside a record in `used`.
    func records(_ view: View, beside used: Set<Int64>) throws -> [Row] {
        guard let target = field.target.flatMap({ view.catalog[$0] }) else { return [] }
        guard view.may("read", target) else { return [] }
        let rows = try view.page(ListRequest(target, limit: 200)).rows
        guard let parent = target.traits.parent.flatMap({ target[$0] }), !used.isEmpty else { return Array(rows.prefix(Self.people)) }
        let parents = Set(rows.filter { used.contains($0.id) }.map { $0[parent] })
        return Array(rows.filter { parents.contains($0[parent]) }.prefix(Self.people))
    }

    /// The steps that lead from a record's state to a column; empty for a plain choice.
    func steps(from row: Row, to key: String) -> [Flow.Transition] {
        guard let flow, let present = row[field].text else { return [] }
        return flow.transitions.filter { $0.from.contains(present) && $0.to == key }
    }

    /// Whether the actor may move this record at all.
    func canMove(_ row: Row, _ view: View) -> Bool {
        guard let flow else {
            return view.right(schema, field) == .edit && view.may("update", row) && (field.name != "owner_id" || view.may("assign", row))
        }
        let present = row[field].text ?? ""
        return flow.transitions.contains { $0.from.contains(present) && view.may($0, row) }
    }
}
