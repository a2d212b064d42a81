import Gate
import Markup
import Records

/// The views of a list: what everybody starts from, what somebody saved, and what has been changed since.
extension ListPage {
    struct Start {
        var label: String
        var query: QueryItems
        /// Whether its number stands beside it; those that no index counts go without.
        var isCounted = true
    }

    /// The lists everybody starts from, made of what the entity has.
    var presets: [Start] {
        var presets = [Start(label: page.t("全部", "All"), query: QueryItems())]
        func add(_ chinese: String, _ english: String, _ pairs: [(name: String, value: String)]) {
            presets.append(Start(label: page.t(chinese, english), query: QueryItems(pairs)))
        }
        func add(_ mine: Mine) {
            presets.append(Start(label: mine.label(page.language), query: QueryItems([("mine", mine.rawValue)]), isCounted: false))
        }
        if schema.isOwned {
            add("我负责的", "Mine", [("filter[owner_id]", "me")])
            add(.involved)
            if !page.actor.subordinates.isEmpty { add("我下属的", "My team's", [("filter[owner_id][in]", "my_subordinates")]) }
        }
        if schema.traits.nature != .log {
            add(.followed)
            add(.recent)
        }
        if schema.traits.pool != nil, page.view.may("claim", schema) { add("公海", "Pool", [("filter[owner_id][empty]", "1")]) }
        if schema.createdAtSlot != nil { add("今天新建", "New today", [("filter[created_at][gte]", "today")]) }
        if let preset = schema.traits.neglect?.preset {
            presets.append(Start(label: preset.label(page.language), query: QueryItems(preset.query)))
        }
        presets += schema.traits.presets.map { Start(label: $0.label(page.language), query: QueryItems($0.query), isCounted: false) }
        return presets.filter { preset in preset.query.pairs.allSatisfy { mayAsk($0.name) } }
    }

    /// Whether the actor may filter by what the pair names.
    private func mayAsk(_ name: String) -> Bool {
        guard name.hasPrefix("filter["), let field = (try? ListQuery.read(name))?.words.first.flatMap({ schema[$0] }) else { return true }
        return page.view.right(schema, field) >= .read
    }

    /// The state differs from that of the view it began from.
    private var isChanged: Bool {
        // What a pack that is off hides of a view is not lost by saving the rest over it.
        guard query.resting.isEmpty, let basis, let kept = try? QueryItems(parsing: basis.state) else { return false }
        return !query.items.state.says(kept.state)
    }

    func tabs() -> Element {
        let present = page.items.removing { !($0.hasPrefix("filter[") || ["q", "in", "mine"].contains($0)) }
        let isAll = page.items["all"] != nil || page.items.state.removing(LayoutName.settings.contains).pairs.isEmpty
        let kept =
            layout == .table
            ? [] : page.items.removing { !LayoutName.settings.contains($0) || ["cursor", "at", "limit", "all"].contains($0) }.pairs
        return nav(.class("tabs"), .aria("label", page.t("已保存的视图", "Saved views"))) {
            for preset in presets {
                let asked = preset.query.removing { $0 == "sort" }
                let isPresent = basis == nil && (asked.pairs.isEmpty ? isAll && present.pairs.isEmpty : present.says(asked))
                a(
                    .href(base + (preset.query.pairs.isEmpty && kept.isEmpty ? "?all=1" : QueryItems(preset.query.pairs + kept).suffix)),
                    .aria("current", isPresent ? "true" : nil)
                ) {
                    preset.label; if preset.isCounted { count(of: preset.query) }
                }
            }
            for view in saved where view.isPinned ?? true || view.row.id == basis?.row.id {
                a(.href("\(base)?view=\(view.row.id)"), .aria("current", view.row.id == basis?.row.id ? "true" : nil)) {
                    view.title; count(of: QueryItems([("view", String(view.row.id))]))
                }
            }
            if !saved.isEmpty {
                button(.type("button"), .popovertarget("views"), .aria("label", page.t("全部视图", "All views"))) { page.site.icon("layers") }
            }
            a(
                .href("\(base)/views" + QueryItems([("state", query.items.state.text)]).suffix), .class("add"), .data("dialog", "saveview"),
                .aria("label", page.t("保存为新视图", "Save as new view"))
            ) { page.site.icon("plus") }
        }
    }

    /// How many records a view shows; nothing beside a view that can no longer be read.
    private func count(of items: QueryItems) -> Node {
        guard let count = page.view.attempt({ try page.view.count(ListQuery(items, schema, page.view).request(page.view), cap: 999) })
        else {
            return .empty
        }
        return span(.class("c")) { count > 999 ? "999+" : String(count) }.node
    }

    /// 已修改 · 保存 · 另存为 · 还原, when the list is no longer what its view says.
    func changedHint() -> Node {
        guard let basis, isChanged else { return .empty }
        return span(.class("changed"), .role("status")) {
            span(.class("muted")) { page.t("已修改", "Changed") }
            if mayChange(basis) { button(.class("btn btn-g btn-sm lnk"), .named("form", "saveover")) { page.t("保存", "Save") } }
            a(
                .class("btn btn-g btn-sm lnk"), .href("\(base)/views" + QueryItems([("state", query.items.state.text)]).suffix),
                .data("dialog", "saveview")
            ) { page.t("另存为", "Save as") }
            a(.class("btn btn-g btn-sm lnk"), .href("\(base)?view=\(basis.row.id)")) { page.t("还原", "Revert") }
        }.node
    }

    private func mayChange(_ view: Record<SavedView>) -> Bool { view.user.id == page.actor.userID || page.actor.rights.isAdmin }

    /// The forms behind the tabs and the hint; outside the toolbar, which is a form itself.
    func viewForms() -> Node {
        Group {
            if let basis, isChanged, mayChange(basis) {
                form(.id("saveover"), .method("post"), .action("\(base)/views/\(basis.row.id)/state")) {
                    page.csrfField
                    input(.type("hidden"), .name("state"), .value(query.items.state.text), .data("view-state"))
                }
            }
            if !saved.isEmpty { viewMenu() }
            dialog(.class("dlg"), .id("saveview"), .aria("labelledby", "saveview-t")) {
                ViewParts(page: page, schema: schema).newForm(state: query.items.state.text, inDialog: true)
            }
        }.node
    }

    private func viewMenu() -> Element {
        div(.popover("auto"), .id("views"), .class("menu")) {
            for (heading, views) in [
                (page.t("我的视图", "My views"), saved.filter { $0.user.id == page.actor.userID }),
                (page.t("共享的视图", "Shared views"), saved.filter { $0.user.id != page.actor.userID }),
            ] {
                if !views.isEmpty {
                    div(.class("menu-h")) { heading }
                    for view in views {
                        a(.href("\(base)?view=\(view.row.id)"), .aria("current", view.row.id == basis?.row.id ? "true" : nil)) {
                            page.site.icon(
                                view.isDefault && view.user.id == page.actor.userID ? "star" : view.isShared ? "users-round" : "layers",
                                "sm")
                            view.title
                        }
                    }
                }
            }
            hr()
            a(.href("\(base)/views")) {
                page.site.icon("settings", "sm"); page.t("管理视图", "Manage views")
            }
        }
    }
}
