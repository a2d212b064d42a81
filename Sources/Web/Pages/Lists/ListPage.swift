import Gate
import Hummingbird
import Markup
import Records

/// The list of an entity: saved views, filters, a sortable table, selection, pages. Every state is in the address.
struct ListPage {
    let page: Page
    let schema: Schema
    let query: ListQuery
    let columns: [FieldSpec]
    let rows: [Row]
    let titles: Titles
    let found: Listing
    let filters: [ListQuery.Filter]
    /// The same as people read them.
    let clauses: [FilterClause]
    let saved: [Record<SavedView>]
    /// The saved view that the list began from.
    let basis: Record<SavedView>?
    /// By what the rows stand together, with what all groups amount to.
    let grouping: Grouping?
    /// The sums of the list's numbers, when they are asked for.
    let totals: Totals?
    let layout: LayoutName
    /// What stands in the table's place.
    let arranged: (any ListLayout)?

    var base: String { "/\(schema.name)" }
    private var label: String { schema.label(in: page.language) }

    /// - Parameter withRecords: false for a part of the page that shows none.
    init(_ page: Page, _ schema: Schema, withRecords: Bool = true) throws {
        self.page = page
        self.schema = schema
        let saved = try page.view.savedViews(of: schema)
        self.saved = saved
        var items = page.items.removing(FilterForm.names.contains)
        // The view that the actor made the default opens when nothing else is asked for.
        if items.pairs.isEmpty, let start = saved.first(where: { $0.isDefault && $0.user.id == page.actor.userID }) {
            items = QueryItems([("view", String(start.row.id))])
        }
        query = try ListQuery(items, schema, page.view)
        basis = query.items["from"].flatMap { from in saved.first { String($0.row.id) == from } }
        var request = try query.request(page.view)
        request.countCap = 10_000
        columns = ListPage.columns(schema, query.items["columns"], page.view)
        request.withLinks = columns.contains(where: \.isLinks)
        layout = LayoutName(query)
        grouping = layout == .table ? try Grouping(query, &request, columns, page.view) : nil
        totals = layout == .table && query.items["totals"] != nil ? try Totals(request, columns, page.view) : nil
        filters = try query.filters(page.view)
        clauses = try query.clauses(filters, page.view)
        arranged = withRecords ? try layout.arrange(page, query) : nil
        // Only how many, where the records themselves stand in another layout.
        if arranged != nil || !withRecords { request.limit = 0 }
        found = try page.view.page(request)
        rows = found.rows
        titles = try Titles(of: rows, fields: columns + [grouping?.field].compactMap(\.self), page.view)
    }

    /// The chosen columns, or those the entity declares for its lists; the title always comes first.
    static func columns(_ schema: Schema, _ chosen: String?, _ view: View) -> [FieldSpec] {
        let fields = chosen.map { $0.split(separator: ",").compactMap { schema[String($0)] } } ?? schema.fields.filter(\.traits.isInList)
        let seen = fields.filter { view.right(schema, $0) != .hidden && $0 !== schema.title && !$0.isLines }
        return [schema.title] + (chosen == nil ? mostImportant(seen, schema) : Array(seen.prefix(20)))
    }

    /// As many as a screen holds beside the title: the entity's highlights before its other columns, all in declared order, whose it is
    /// last.
    private static func mostImportant(_ fields: [FieldSpec], _ schema: Schema, count: Int = 7) -> [FieldSpec] {
        let own = fields.filter { $0.name != "owner_id" }, owner = fields.filter { $0.name == "owner_id" }
        let rank = Dictionary(schema.traits.highlights.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let kept = own.enumerated().sorted { (rank[$0.element.name] ?? 100 + $0.offset) < (rank[$1.element.name] ?? 100 + $1.offset) }
            .prefix(count - owner.count).map(\.element.name)
        return own.filter { kept.contains($0.name) } + owner
    }

    var shell: Shell {
        Shell(label, active: schema.name, isFixed: true) {
            head()
            tabs()
            if !query.resting.isEmpty {
                let names = query.resting.map { $0.label(page.language) }
                div(.class("alert"), .role("note")) {
                    page.site.icon("info")
                    page.t(
                        "此视图用到已停用的「\(names.joined(separator: "」「"))」，有关的条件和列暂不生效。",
                        "This view speaks of \(names.joined(separator: ", ")), which is switched off: that part is passed over.")
                }
            }
            toolbar()
            if let arranged, found.count != 0 || arranged.hasFrame {
                arranged.body
                panels()
            } else {
                listing()
                if arranged == nil { pager() }
            }
            viewForms()
        }
    }

    private var layouts: LayoutSwitch { LayoutSwitch(page: page, query: query, present: layout) }

    private func head() -> Element {
        div(.class("pagehead")) {
            h1 { label }
            span(.class("count num")) { countText }
            span(.class("grow")) {}
            layouts.segment
            if page.view.may("import", schema) {
                a(.class("btn only-d"), .href("\(base)/import")) {
                    page.site.icon("upload"); page.t("导入", "Import")
                }
            }
            if let desk = schema.traits.desk {
                a(.class("btn btn-p"), .href("\(base)/desk"), .data("key", "d")) {
                    page.site.icon(schema.traits.icon); desk.label(page.language)
                }
            }
            if page.view.may("export", schema) {
                button(.class("btn only-d"), .popovertarget("listmenu")) {
                    page.site.icon("download"); page.t("导出", "Export"); page.site.icon("chevron-down", "sm")
                }
            }
            button(
                .class("btn btn-i", page.view.may("export", schema) ? "only-m" : nil), .popovertarget("listmenu"),
                .aria("label", page.t("更多操作", "More"))
            ) { page.site.icon("ellipsis") }
            menu()
        }
    }

    /// On a phone everything that is done with a list; on a desk its downloads and the printer.
    private func menu() -> Element {
        let items = query.items.removing { ["cursor", "limit", "at"].contains($0) }
        return div(.popover("auto"), .id("listmenu"), .class("menu")) {
            layouts.entries
            if page.view.may("import", schema) {
                a(.class("only-m"), .href("\(base)/import")) {
                    page.site.icon("upload"); page.t("导入", "Import")
                }
            }
            if page.view.may("export", schema) {
                for format in ExportRequest.Format.allCases {
                    a(.href("\(base)/export" + items.setting("format", format.rawValue).suffix), .download()) {
                        page.site.icon("download"); page.t("导出 \(format.title)", "Export \(format.title)")
                    }
                }
            }
            for other in GatherPages.gatherers(of: schema, page.view) {
                a(.href("\(base)/gather" + items.suffix)) {
                    page.site.icon("filter"); page.t("存为\(other.schema.label)", "Save as \(other.schema.label(in: .english).lowercased())")
                }
            }
            if page.view.may("merge", schema), !schema.rules.duplicates.isEmpty {
                a(.href("\(base)/duplicates/review")) {
                    page.site.icon("merge"); page.t("查重", "Duplicates")
                }
            }
            a(.href("\(base)/print" + query.items.suffix)) {
                page.site.icon("printer"); page.t("打印", "Print")
            }
        }
    }

    private var countText: String {
        guard let count = found.count else { return "" }
        return ListPage.grouped(count) + (found.isCapped ? "+" : "")
    }

    static func grouped(_ number: Int) -> String { CountText.grouped(Int64(number)) }
}
