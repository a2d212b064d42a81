import Gate
import Markup
import Records

/// The numbers of some records: how many there are, and what their columns add up to.
struct Sums {
    var count = 0
    /// By field: the sum, and for the whole list the average.
    var sums: [String: Value] = [:]
    var averages: [String: Value] = [:]

    func sum(of field: FieldSpec, _ page: Page) -> String { Sums.shown(sums[field.name], field, page) ?? "" }

    static func shown(_ value: Value?, _ field: FieldSpec, _ page: Page) -> String? {
        guard let value, !value.isNull else { return nil }
        let whole: Value =
            if case .real(let number) = value, field.kind.column == .integer { .int(Int64(Int(nearest: number))) } else { value }
        return (field.isMoney ? "¥ " : "") + field.kind.show(whole, in: page.language)
    }
}

/// What a whole list adds up to: one question, asked when the reader wants it.
struct Totals {
    private let sums: Sums

    init(_ request: ListRequest, _ columns: [FieldSpec], _ view: View) throws {
        let added = columns.filter { $0.isSummed && view.right(request.schema, $0) >= .read },
            averaged = columns.filter { $0.isAveraged && view.right(request.schema, $0) >= .read }
        var sums = Sums()
        if !averaged.isEmpty,
            let line = try view.summary(request, by: [], [.count] + added.map { .sum($0.name) } + averaged.map { .average($0.name) }).first
        {
            sums.count = Int(line.values.first?.int ?? 0)
            for (field, value) in zip(added, line.values.dropFirst()) { sums.sums[field.name] = value }
            for (field, value) in zip(averaged, line.values.dropFirst(1 + added.count)) { sums.averages[field.name] = value }
        }
        self.sums = sums
    }

    func sum(of field: FieldSpec, _ page: Page) -> String { sums.sum(of: field, page) }
    func average(of field: FieldSpec, _ page: Page) -> String? { Sums.shown(sums.averages[field.name], field, page) }
}

/// A list whose rows stand together by what one field says: `group=level_id`. Days and moments stand together by month.
struct Grouping {
    let field: FieldSpec
    let sums: [Value: Sums]
    private let byMonth: Bool

    static func suits(_ field: FieldSpec) -> Bool {
        guard field.isColumn, field.isOrdered, field.name != "id" else { return false }
        return field.kind.sharing == .usual || field.isTime
    }

    /// Nil when the list is not grouped; the request is sorted by the field first already.
    init?(_ query: ListQuery, _ request: inout ListRequest, _ columns: [FieldSpec], _ view: View) throws {
        guard let name = query.items["group"] else { return nil }
        guard let field = query.schema[name], Grouping.suits(field), view.right(query.schema, field) >= .read else {
            throw Refusal.unreadable("\(query.schema.label)不能按 \(name) 分组")
        }
        self.field = field
        byMonth = field.isTime
        request.order = nil
        let added = columns.filter { $0.isSummed && view.right(query.schema, $0) >= .read }
        let lines = try view.summary(request, by: [.init(name, byMonth ? .month : .value)], [.count] + added.map { .sum($0.name) })
        var sums: [Value: Sums] = [:]
        for line in lines {
            guard let key = line.keys.first else { continue }
            var one = Sums()
            one.count = Int(line.values.first?.int ?? 0)
            for (field, value) in zip(added, line.values.dropFirst()) { one.sums[field.name] = value }
            sums[key] = one
        }
        self.sums = sums
    }

    func key(of row: Row) -> Value {
        guard byMonth, let day = row[field].int.flatMap({ field.kind.time?.day(of: $0) }) else { return row[field] }
        return .text(String(day.iso.prefix(7)))
    }

    func show(_ key: Value, _ page: Page, _ titles: Titles) -> String {
        if key.isNull { return page.t("未填写", "Empty") }
        if byMonth { return key.text ?? "" }
        if let target = field.target, let id = key.int { return titles[target, id] ?? "#\(id)" }
        return field.kind.show(key, in: page.language)
    }
}
