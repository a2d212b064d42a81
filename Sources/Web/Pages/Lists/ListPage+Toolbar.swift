import Gate
import Markup
import Records

extension ListPage {
    /// Search, filter chips, order and columns.
    func toolbar() -> Element {
        form(.class("toolbar"), .role("search"), .method("get"), .action("/\(schema.name)")) {
            for pair in query.items.pairs where !["q", "cursor", "at", "all"].contains(pair.name) {
                input(.type("hidden"), .name(pair.name), .value(pair.value))
            }
            Markup.label(.class("find")) {
                page.site.icon("search", "sm")
                input(
                    .type("search"), .name("q"), .value(query.items["q"]), .placeholder(page.t("在此列表中搜索", "Search this list")),
                    .aria("label", page.t("在此列表中搜索", "Search this list")), .data("key", "/"))
            }
            gatherChip
            chips()
            button(.type("button"), .class("chip chip-add"), .popovertarget("addfilter"), .data("key", "f")) {
                page.site.icon("plus", "sm"); page.t("添加筛选", "Add filter")
            }
            if !filters.isEmpty || query.items["q"] != nil {
                a(.class("btn btn-g btn-sm"), .href(cleared)) { page.t("清除", "Clear") }
            }
            span(.class("grow only-d")) {}
            changedHint()
            if let arranged { arranged.controls } else { groupButton }
            button(.type("button"), .class("btn btn-sm"), .popovertarget("sort")) {
                page.site.icon("arrow-up-down", "sm"); page.t("排序", "Sort")
            }
            if arranged == nil {
                button(.type("button"), .class("btn btn-sm"), .popovertarget("cols")) {
                    page.site.icon("columns-3", "sm"); page.t("列", "Columns")
                }
            }
        }
    }

    private var groupButton: Element {
        button(.type("button"), .class("btn btn-sm"), .popovertarget("group")) {
            page.site.icon("layers", "sm"); page.t("分组", "Group")
        }
    }

    /// The record whose members the list shows.
    private var gatherChip: Node {
        guard let place = query.items["in"], let row = page.view.attempt({ try ListQuery.gatherer(place, page.view) }) else {
            return .empty
        }
        let rest = query.items.removing { ["in", "cursor", "at"].contains($0) }
        return span(.class("chip")) {
            span { row.schema.label(in: page.language) }
            a(.class("v"), .href("/\(place)")) { row.title }
            a(
                .class("x"), .href("/\(schema.name)" + (rest.pairs.isEmpty ? "?all=1" : rest.suffix)),
                .aria("label", page.t("移除筛选 \(row.title)", "Remove filter \(row.title)"))
            ) { page.site.icon("x", "sm") }
        }.node
    }

    /// The popovers behind the toolbar's buttons; outside its form, because they are forms themselves. Most readers open none of them, so
    /// each is fetched when somebody is about to.
    func panels() -> Node {
        let address = "/\(schema.name)/panels/", state = page.items.suffix
        return .list(
            Panel.allCases.filter { arranged == nil || ($0 != .cols && $0 != .group) }.map { panel in
                div(
                    .popover("auto"), .id(panel.rawValue), .class("menu", panel == .addfilter ? "pop" : nil),
                    .data("src", address + panel.rawValue + state)
                ) {
                    a(.href(address + panel.rawValue + state)) { title(of: panel) }
                }.node
            })
    }

    enum Panel: String, CaseIterable {
        case addfilter, group, sort, cols
    }

    func title(of panel: Panel) -> String {
        switch panel {
        case .addfilter: page.t("添加筛选", "Add filter")
        case .group: page.t("分组与合计", "Group and total")
        case .sort: page.t("排序", "Sort")
        case .cols: page.t("列", "Columns")
        }
    }

    func content(of panel: Panel) throws -> Node {
        switch panel {
        case .addfilter: try filterPanel()
        case .group: groupPanel()
        case .sort: sortPanel()
        case .cols: columnPanel().node
        }
    }

    func shell(of panel: Panel, _ content: Node) -> Shell {
        Shell(title(of: panel), active: schema.name, crumbs: [(schema.label(in: page.language), "/\(schema.name)" + page.items.suffix)]) {
            div(.class("pagehead")) { h1 { title(of: panel) } }
            section(.class("card")) { div(.class("card-b col")) { content } }
        }
    }

    func filterable(_ schema: Schema) -> [FieldSpec] {
        schema.fieldsOnPages.filter {
            page.view.right(schema, $0) >= .read && !$0.comparisons.isEmpty && $0.name != "deleted_at" && $0.name != "version"
        }
    }

    /// The list's address with one thing changed, from its first page on.
    func address(_ name: String, _ value: String?) -> String {
        "/\(schema.name)" + query.items.removing { $0 == "cursor" || $0 == "at" }.setting(name, value).suffix
    }

    private func groupPanel() -> Node {
        let present = query.items["group"]
        return Group {
            a(
                .href(address("totals", query.items["totals"] == nil ? "1" : nil)),
                .aria("current", query.items["totals"] == nil ? nil : "true")
            ) {
                page.site.icon("chart-column-big", "sm"); page.t("显示合计与平均", "Totals and averages")
            }
            hr()
            a(.href(address("group", nil)), .aria("current", present == nil ? "true" : nil)) {
                page.site.icon("minus", "sm"); page.t("不分组", "No groups")
            }
            for field in filterable(schema) where Grouping.suits(field) {
                a(.href(address("group", field.name)), .aria("current", present == field.name ? "true" : nil)) {
                    page.site.icon("layers", "sm"); field.label(in: page.language)
                }
            }
        }.node
    }

    /// Up to three fields, one after another.
    private func sortPanel() -> Node {
        let fields = filterable(schema).filter(\.isOrdered),
            terms = (query.items["sort"] ?? schema.traits.sort.joined(separator: ",")).split(separator: ",").map { Query.Sort($0) }
        return form(.class("col sorts"), .method("get"), .action("/\(schema.name)")) {
            for pair in query.items.pairs where !["sort", "cursor", "at"].contains(pair.name) {
                input(.type("hidden"), .name(pair.name), .value(pair.value))
            }
            for place in 0..<3 {
                let term = place < terms.count ? terms[place] : nil
                div(.class("row")) {
                    select(.class("in in-sm grow"), .name("sf"), .aria("label", page.t("第 \(place + 1) 排序字段", "Sort field \(place + 1)"))) {
                        option(.value("")) { "—" }
                        for field in fields {
                            option(.value(field.name), .selected(field.name == term?.field)) { field.label(in: page.language) }
                        }
                    }
                    select(.class("in in-sm"), .name("sd"), .aria("label", page.t("第 \(place + 1) 排序方向", "Direction \(place + 1)"))) {
                        option(.value("")) { page.t("升序", "Ascending") }
                        option(.value("-"), .selected(term?.isDescending ?? false)) { page.t("降序", "Descending") }
                    }
                }
            }
            div(.class("menu-end")) {
                a(.class("btn btn-g btn-sm"), .href(address("sort", nil))) { page.t("默认排序", "Default order") }
                button(.class("btn btn-sm btn-p")) { page.t("应用", "Apply") }
            }
        }.node
    }

    private func columnPanel() -> Element {
        let chosen = Set(columns.map(\.name))
        let rest = schema.fieldsOnPages.filter {
            !chosen.contains($0.name) && page.view.right(schema, $0) != .hidden && !$0.isLines && $0.name != "deleted_at"
        }
        return form(.method("get"), .action("/\(schema.name)"), .data("columns")) {
            for pair in query.items.pairs where !["columns", "cursor", "at"].contains(pair.name) {
                input(.type("hidden"), .name(pair.name), .value(pair.value))
            }
            for field in columns + rest {
                Markup.label(.class("mi"), .draggable(true)) {
                    input(.type("checkbox"), .class("ck"), .name("col"), .value(field.name), .checked(chosen.contains(field.name)))
                    field.label(in: page.language)
                    page.site.icon("grip-vertical", "sm")
                }
            }
            div(.class("menu-h")) { page.t("行高", "Row height") }
            for (name, label) in [
                ("compact", page.t("紧凑", "Compact")), ("normal", page.t("标准", "Normal")), ("roomy", page.t("宽松", "Roomy")),
            ] {
                a(.href(address("density", name)), .aria("current", (query.items["density"] ?? page.density) == name ? "true" : nil)) {
                    page.site.icon("menu", "sm"); label
                }
            }
            div(.class("menu-end")) { button(.class("btn btn-sm btn-p")) { page.t("应用", "Apply") } }
        }
    }
}
