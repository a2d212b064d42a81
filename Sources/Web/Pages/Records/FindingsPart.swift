import Gate
import Markup
import Records

/// The figures that follow from a record: each with how sure it is, how it is spread, and a way to its rows.
struct FindingsPart {
    let page: Page
    let findings: [Finding]

    var body: Node {
        div(.class("pad findings")) { for finding in findings { card(finding) } }.node
    }

    private func url(_ finding: Finding, _ filters: [(field: String, value: String)]) -> String? {
        guard let entity = finding.entity, !filters.isEmpty else { return nil }
        return "/\(entity)"
            + QueryItems(
                filters.map { filter in
                    let name = filter.field.prefix { $0 != "[" }
                    return ("filter[\(name)]\(filter.field.dropFirst(name.count))", filter.value)
                }
            ).suffix
    }

    private func card(_ finding: Finding) -> Element {
        section(.class("card")) {
            div(.class("card-h")) {
                h2 { finding.label(page.language) }
                if let url = url(finding, finding.filters) { a(.class("lnk small"), .href(url)) { page.t("查看明细", "See the rows") } }
            }
            div(.class("card-b")) {
                if !finding.value.isEmpty { p(.class("figure num \(finding.tone.rawValue)")) { finding.value } }
                if let note = finding.note { p(.class("muted small")) { note(page.language) } }
                if !finding.bars.isEmpty { table(.class("bars")) { tbody { for bar in finding.bars { line(bar, finding) } } } }
                for quote in finding.quotes {
                    blockquote(.class("quote")) {
                        p { quote.text }
                        a(.class("lnk small"), .href("/\(quote.entity)/\(quote.recordID)")) { quote.title }
                    }
                }
            }
        }
    }

    private func line(_ bar: Finding.Bar, _ finding: Finding) -> Element {
        tr {
            th(.scope("row")) { if let url = url(finding, bar.filters) { a(.href(url)) { bar.label } } else { bar.label } }
            td(.class("bar")) {
                Markup.meter(
                    .class("t-\(bar.tone.rawValue)"), .value(String(Int(nearest: bar.share * 1000))), .max("1000"),
                    .aria("label", bar.label)
                ) {}
            }
            td(.class("num small")) { bar.value }
        }
    }
}
