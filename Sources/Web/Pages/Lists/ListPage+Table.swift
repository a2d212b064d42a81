import Gate
import Markup
import Records

extension ListPage {
    /// The table with its selection, or why it is empty.
    func listing() -> Node {
        Group {
            if rows.isEmpty { empty() } else { table() }
            panels()
        }.node
    }

    private func table() -> Element {
        let isSorted = query.items["sort"] ?? schema.traits.sort.joined(separator: ",")
        return form(.class("list"), .method("post"), .action("/\(schema.name)/bulk"), .data("select")) {
            page.csrfField
            input(.type("hidden"), .name("query"), .value(query.items.removing { ["cursor", "at", "limit"].contains($0) }.text))
            div(
                .class("tblwrap"), .tabindex(0), .role("region"),
                .aria("label", page.t("\(schema.label)列表", "List of \(schema.label(in: .english))"))
            ) {
                Markup.table(
                    .class("tbl", ["compact": "tbl-compact", "roomy": "tbl-roomy"][query.items["density"] ?? page.density]),
                    .data("table", schema.name), .data("widths", basis.map { String($0.row.id) })
                ) {
                    thead {
                        tr {
                            selectAll(); for field in columns { heading(field, isSorted) }
                        }
                    }
                    tbody(.id("rows")) { lines() }
                    if let totals { foot(totals) }
                }
            }
            bulkBar()
        }
    }

    private var mayUpdate: Bool { page.view.may("update", schema) }

    private func selectAll() -> Element {
        th(.scope("col"), .class("c-ck")) {
            input(.type("checkbox"), .class("ck"), .aria("label", page.t("选择本页全部", "Select page")), .data("select-page"))
        }
    }

    private func heading(_ field: FieldSpec, _ present: String) -> Element {
        let terms = present.split(separator: ",").map { Query.Sort($0) }, place = terms.firstIndex { $0.field == field.name }
        let isUp = place.map { !terms[$0].isDescending } ?? false, isDown = place.map { terms[$0].isDescending } ?? false
        let isNumber = field.isFigure
        let canSort = page.view.right(schema, field) >= .read && field.isOrdered
        return th(
            .scope("col"), .class(isNumber ? "r" : ""), .data("col", field.name), .data("width", width(of: field)),
            .when(mayUpdate && CellPages.isEditable(field, schema, page.view), .data("edits")),
            .aria("sort", isUp ? "ascending" : isDown ? "descending" : nil)
        ) {
            if canSort {
                // Up, down, and back to the list's own order; with the shift key beside the order there is.
                let next: String? = isUp ? "-" + field.name : isDown && query.items["sort"] != nil ? nil : field.name
                a(
                    .href("/\(schema.name)" + query.items.removing { $0 == "cursor" || $0 == "at" }.setting("sort", next).suffix),
                    .data("sort", field.name)
                ) {
                    field.label(in: page.language)
                    if isUp { page.site.icon("arrow-up", "sm") }
                    if isDown { page.site.icon("arrow-down", "sm") }
                    if let place, terms.count > 1 { small { String(place + 1) } }
                }
            } else {
                field.label(in: page.language)
            }
        }
    }

    /// A column's width as the view keeps it: `widths=name.220,city.120`.
    private func width(of field: FieldSpec) -> String? {
        query.items["widths"]?.split(separator: ",").first { $0.hasPrefix(field.name + ".") }.flatMap {
            Int($0.dropFirst(field.name.count + 1))
        }.map { String(min(max($0, 64), 800)) }
    }

    private func lines() -> Node {
        let right1 = columns.dropFirst().first(where: \.isMoney)
        let right2 = columns.dropFirst().first(where: \.isTime)
        let cells = columns.dropFirst().map { field in
            CellMemory(
                field, classes: [field.isFigure ? "r money" : nil, field === right1 ? "c-r1" : nil, field === right2 ? "c-r2" : nil])
        }
        let subtitles = columns.dropFirst().prefix(4).filter { $0 !== right1 && $0 !== right2 }.map { CellMemory($0, classes: []) }
        guard let grouping else { return .list(rows.map { line($0, cells, subtitles).node }) }
        var last: Value??
        return .list(
            rows.flatMap { row -> [Node] in
                let key = grouping.key(of: row)
                defer { last = .some(key) }
                let row = line(row, cells, subtitles).node
                return last == .some(key) ? [row] : [groupLine(grouping, key).node, row]
            })
    }

    /// The head of a group: what its records have in common, how many there are in the whole list, and what their numbers add up to.
    private func groupLine(_ grouping: Grouping, _ key: Value) -> Element {
        let sums = grouping.sums[key]
        return tr(.class("grp")) {
            th(.scope("rowgroup"), .colspan(2)) {
                button(.type("button"), .class("fold"), .data("fold"), .aria("expanded", "true")) {
                    page.site.icon("chevron-down", "sm")
                    "\(grouping.field.label(in: page.language))："
                    b { grouping.show(key, page, titles) }
                }
                if let sums { span(.class("c num")) { ListPage.grouped(sums.count) } }
            }
            for field in columns.dropFirst() { td(.class(field.isFigure ? "r money" : nil)) { sums.map { $0.sum(of: field, page) } ?? "" } }
        }
    }

    private func foot(_ totals: Totals) -> Element {
        tfoot {
            tr {
                td(.class("c-ck")) {}
                td { page.t("合计", "Total") }
                for field in columns.dropFirst() {
                    td(.class(field.isFigure ? "r money" : nil)) {
                        let average = totals.average(of: field, page)
                        span(.title(average.map { page.t("平均 \($0)", "Average \($0)") })) { totals.sum(of: field, page) }
                        if let average { small { page.t("平均 \(average)", "avg \(average)") } }
                    }
                }
            }
        }
    }

    private func line(_ row: Row, _ cells: [CellMemory], _ subtitles: [CellMemory]) -> Element {
        let id = row.id, name = title(of: row)
        return tr(.data("id", String(id))) {
            td(.class("c-ck")) {
                input(
                    .type("checkbox"), .class("ck"), .name("id"), .value(String(id)), .aria("label", page.t("选择 \(name)", "Select \(name)"))
                )
            }
            td(.class("c-name")) {
                span(.class("av lg", "h\(Site.hue(id))"), .aria("hidden", "true")) { String(name.prefix(1)) }
                a(.class("name"), .href("/\(schema.name)/\(id)")) { name }
                span(.class("sub only-m")) {
                    for cell in subtitles where !row[cell.field].isNull { cell.of(row[cell.field]) { subtitle(cell.field, row) } }
                }
            }
            for cell in cells {
                cell.of(row[cell.field]) {
                    td(.class(cell.classes, lateness(cell.field, row))) { page.display(cell.field, row, titles, inList: true) }.node
                }
            }
        }
    }

    /// A value in the line below the name on a phone.
    private func subtitle(_ field: FieldSpec, _ row: Row) -> Node {
        guard let target = field.target, let id = row[field].int else {
            return Group {
                page.display(field, row, titles, inList: true); " "
            }.node
        }
        // bounded: words.
        return .text((titles[target, id] ?? "") + " ")
    }

    private func title(of row: Row) -> String {
        page.view.right(schema, schema.title) >= .masked ? row.title : "\(schema.label) #\(row.id)"
    }

    /// Long without contact is amber, very long red.
    private func lateness(_ field: FieldSpec, _ row: Row) -> String? {
        guard let neglect = schema.traits.neglect, field.name == neglect.field, let at = row[field].int else { return nil }
        let days = page.view.now.day - Instant(milliseconds: at).day
        return days > neglect.badAfter ? "bad" : days > neglect.warnAfter ? "warn" : nil
    }

    private func bulkBar() -> Element {
        let actions = schema.actions.filter { action in
            action.isBulk && action.permission != "assign"
                && [action.permission, action.bulkPermission].compactMap(\.self).allSatisfy { page.view.may($0, schema) }
        }
        return div(.class("bulk"), .role("toolbar"), .aria("label", page.t("批量操作", "Bulk actions"))) {
            span(.class("num")) {
                page.t("已选 ", "Selected "); b(.data("selected-count")) { "0" }; page.t(" 项", "")
            }
            if let count = found.count, count > rows.count {
                button(.type("button"), .class("bulk-all"), .data("select-all", count), .hidden()) {
                    page.t("选择全部 \(countLabel(count)) 条", "Select all \(countLabel(count))")
                }
            }
            input(.type("hidden"), .name("all"), .value(""), .data("select-all-field"))
            span(.class("sep")) {}
            if page.view.may("update", schema) {
                button(.formaction("/\(schema.name)/bulk/edit")) {
                    page.site.icon("pencil"); page.t("编辑字段", "Edit")
                }
            }
            if schema.isOwned, page.view.may("assign", schema) {
                button(.formaction("/\(schema.name)/bulk/assign")) {
                    page.site.icon("user-round-cog"); page.t("转移", "Assign")
                }
            }
            if schema.tagsSlot != nil, page.view.may("update", schema) {
                button(.formaction("/\(schema.name)/bulk/tag")) {
                    page.site.icon("tag"); page.t("打标签", "Tag")
                }
            }
            if page.view.may("merge", schema) {
                button(.formaction("/\(schema.name)/merge")) {
                    page.site.icon("merge"); page.t("合并", "Merge")
                }
            }
            button(.formaction("/\(schema.name)/bulk/follow")) {
                page.site.icon("star"); page.t("关注", "Follow")
            }
            if page.view.may("export", schema) {
                button(.formaction("/\(schema.name)/bulk/export")) {
                    page.site.icon("download"); page.t("导出", "Export")
                }
            }
            if !actions.isEmpty {
                button(.type("button"), .popovertarget("bulkmore")) {
                    page.site.icon("ellipsis"); page.t("更多", "More")
                }
                div(.popover("auto"), .id("bulkmore"), .class("menu")) {
                    for action in actions {
                        button(.formaction("/\(schema.name)/bulk/\(action.name)")) {
                            page.site.icon(action.icon); action.label(in: page.language)
                        }
                    }
                }
            }
            if page.view.may("delete", schema) {
                button(.formaction("/\(schema.name)/bulk/delete")) {
                    page.site.icon("trash-2"); page.t("删除", "Delete")
                }
            }
            span(.class("sep")) {}
            button(.type("button"), .data("select-none"), .aria("label", page.t("取消选择", "Clear selection"))) { page.site.icon("x") }
        }
    }

    private func countLabel(_ count: Int) -> String { ListPage.grouped(count) + (found.isCapped ? "+" : "") }

    // MARK: Empty

    private func empty() -> Element {
        let isFiltered = !filters.isEmpty || query.items["q"] != nil
        let name = schema.label(in: page.language)
        if isFiltered {
            return div(.class("empty empty-page")) {
                span(.class("ico")) { page.site.icon("search-x", "lg") }
                b { page.t("没有符合条件的\(name)", "Nothing matches") }
                span {
                    page.t("筛选：", "Filters: ")
                        + (clauses.map { page.view.sentence($0).text } + (query.items["q"].map { ["“\($0)”"] } ?? [])).joined(
                            separator: page.t("；", "; "))
                }
                a(.class("btn"), .href(cleared)) { page.t("清除筛选", "Clear filters") }
            }
        }
        return div(.class("empty empty-page")) {
            span(.class("ico")) { page.site.icon(schema.traits.icon, "lg") }
            b { page.t("还没有\(name)", "No \(name.lowercased()) yet") }
            span { page.t("新建一条，或从 Excel / CSV 表格导入。", "Create one, or import a spreadsheet.") }
            span(.class("row")) {
                if schema.traits.isCreatable, page.view.may("create", schema) {
                    a(.class("btn btn-p"), .href("/\(schema.name)/new")) {
                        page.site.icon("plus"); page.t("新建", "New")
                    }
                }
                if page.view.may("import", schema) {
                    a(.class("btn"), .href("/\(schema.name)/import")) {
                        page.site.icon("upload"); page.t("导入", "Import")
                    }
                }
            }
        }
    }

    /// How many, and the way to the neighbouring pages.
    func pager() -> Element {
        div(.class("pager")) {
            span(.class("num")) { page.t("共 \(found.count.map(countLabel) ?? "?") 条", "\(found.count.map(countLabel) ?? "?") in all") }
            span(.class("grow")) {}
            button(
                .type("button"), .class("btn btn-sm only-d"), .popovertarget("pagesize"), .aria("label", page.t("每页条数", "Rows per page"))
            ) {
                page.t("每页 \(limit)", "\(limit) a page"); page.site.icon("chevron-down", "sm")
            }
            div(.popover("auto"), .id("pagesize"), .class("menu")) {
                for size in [20, 50, 100, 200] {
                    let items = query.items.removing { $0 == "cursor" || $0 == "at" }.setting("limit", String(size))
                    a(
                        .href("/\(schema.name)" + items.suffix),
                        .aria("current", size == limit ? "true" : nil)
                    ) { page.t("每页 \(size) 条", "\(size) a page") }
                }
            }
            if !rows.isEmpty {
                span(.class("num")) {
                    "\(ListPage.grouped(first))–\(ListPage.grouped(first + rows.count - 1))"
                        + (found.count.map { " / \(countLabel($0))" } ?? "")
                }
            }
            span(.class("bgroup")) {
                step(found.previous, "chevron-left", page.t("上一页", "Previous"), rel: "prev", at: max(first - limit, 1))
                step(found.next, "chevron-right", page.t("下一页", "Next"), rel: "next", at: first + rows.count)
            }
        }
    }

    private var limit: Int { (try? query.items.limit(default: 50, max: 500)) ?? 50 }

    /// The number of the first row shown: pages are found by key, so the address carries it along.
    private var first: Int {
        guard found.previous != nil, let at = query.items["at"].flatMap(Int.init) else { return 1 }
        return min(max(at, 1), 1_000_000_000)
    }

    private func step(_ cursor: Query.Cursor?, _ icon: String, _ label: String, rel: String, at: Int) -> Element {
        guard let cursor else {
            return button(.type("button"), .class("btn btn-sm btn-i"), .disabled(true), .aria("label", label)) { page.site.icon(icon) }
        }
        return a(
            .class("btn btn-sm btn-i"), .rel(rel),
            .href("/\(schema.name)" + query.items.setting("cursor", cursor.text).setting("at", String(at)).suffix), .aria("label", label)
        ) { page.site.icon(icon) }
    }
}
