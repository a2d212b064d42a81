import Gate
import Markup
import Records

/// The first few records of a question in its order, each with what it is worth or when it is due.
struct TopRows {
    let page: Page
    let answer: Answer

    static let count = 8

    var body: Node {
        get throws {
            let schema = answer.schema, view = page.view
            var request = try ListQuery(answer.question.records, schema, view).request(view)
            request.limit = TopRows.count
            let rows = try view.page(request).rows, figure = figure(request)
            let titles = try Titles(of: rows, fields: [schema["owner_id"], figure].compactMap(\.self), view)
            return ol(.class("rank")) {
                for (place, row) in rows.enumerated() {
                    li {
                        span(.class("num muted")) { String(place + 1) }
                        a(.class("lnk ellipsis"), .href("/\(schema.name)/\(row.id)")) { row.title }
                        span(.class("muted ellipsis only-d")) { row.ownerID.flatMap { titles[User.name, $0] } ?? "" }
                        b(.class("num")) { figure.map { shown(row, $0, titles) } ?? "" }
                    }
                }
            }.node
        }
    }

    /// What the records are in order of; else their amount.
    private func figure(_ request: ListRequest) -> FieldSpec? {
        let first = request.sort.first.flatMap { answer.schema[$0.field] }
        return first.flatMap { $0.isAveraged || $0.isTime ? $0 : nil } ?? answer.schema.mainMoney(page.view)
    }

    private func shown(_ row: Row, _ field: FieldSpec, _ titles: Titles) -> String {
        if field.isMoney, let cents = row[field].int { return page.shortMoney(cents) }
        if field.isTime, let day = BoardCard.day(row[field], field) { return page.shortDay(day) }
        return field.kind.show(row[field], in: page.language)
    }
}
