import Gate
import Hummingbird
import Markup
import Records

/// The home page: what is to be done, what was opened last; the phone's menu.
struct HomePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("/", use: home)
        router.get("more", use: more)
        router.get("manifest.webmanifest", use: manifest)
    }

    @Sendable func home(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart()
        if let visitor = context.login?.actor, chart.members[visitor.userID]?.roles.isEmpty ?? false {
            return noRole(visitor, context)
        }
        return try await site.page(request, context) { page in
            let work = TodaysWork(page, chart), queues = try work.queues(), due = try work.due(), recent = try page.view.recent(limit: 8)
            return .shell(
                Shell(page.t("工作台", "Home"), active: "home") {
                    div(.class("pagehead")) {
                        h1 { page.t("您好，\(page.actor.name)", "Hello, \(page.actor.name)") }
                        span(.class("grow")) {}
                        if !page.actor.subordinates.isEmpty {
                            nav(.class("seg"), .aria("label", page.t("谁的工作", "Whose work"))) {
                                a(.href("/?who=me"), .aria("current", work.isTeam ? nil : "true")) { page.t("我的", "Mine") }
                                a(.href("/?who=team"), .aria("current", work.isTeam ? "true" : nil)) { page.t("我下属的", "My team's") }
                            }
                        }
                    }
                    div(.class("pad col")) {
                        setUp(page)
                        nav(.class("col"), .aria("label", page.t("待办", "Queues"))) {
                            div(.class("queues")) { for queue in queues where queue.count > 0 { tile(queue) } }
                            idle(queues.filter { $0.count == 0 }, of: queues.count, page)
                        }
                        results(page, isTeam: work.isTeam)
                        div(.class("cards cards-work")) {
                            work.card(due)
                            recentCard(recent, page)
                        }
                    }
                })
        }
    }

    /// Whoever has no role may do nothing yet but leave.
    private func noRole(_ visitor: Actor, _ context: WebContext) -> Response {
        let language = visitor.language
        return .html(
            site.doorPage(language("工作台", "Home"), language, theme: context.login?.preferences["theme"]?.text ?? "auto") {
                h1 { language("您好，\(visitor.name)", "Hello, \(visitor.name)") }
                p {
                    language(
                        "您还没有角色，请联系管理员。分配角色之后刷新本页即可开始工作。",
                        "You have no role yet. Ask your administrator for one, then reload this page.")
                }
                if visitor.previewedBy != nil { site.endPreview(context, language) }
                form(.method("post"), .action("/logout")) {
                    input(.type("hidden"), .name("_csrf"), .value(context.login?.csrf))
                    button(.class("btn btn-lg")) { language("退出登录", "Log out") }
                }
            })
    }

    /// The way back to a set-up that is not finished.
    private func setUp(_ page: Page) -> Node {
        guard let guide = page.view.attempt({ try GuidePart(page) }), guide.isReminding else { return .empty }
        let left = guide.open.count
        return section(.class("card guide-note")) {
            site.icon("list-checks")
            p { page.t("初始设置还有 \(left) 步没有完成。", "\(left) steps of the set-up are open.") }
            page.act("/setup/guide/end", page.t("不再显示", "Do not show again"), style: "btn btn-sm btn-g")
            a(.class("btn btn-sm btn-p"), .href("/setup/guide")) { page.t("继续", "Go on") }
        }.node
    }

    /// What was reached in this month beside as much of the last: one's own, or the team's.
    private func results(_ page: Page, isTeam: Bool) -> Node {
        guard let sheet = page.view.attempt({ try page.view.dashboard(DashboardDefault.home) }) else { return .empty }
        let asked = sheet.tiles.compactMap { tile in
            DashboardParts.question(tile, page, who: isTeam ? "team" : "me", stretch: nil).map { (tile, $0) }
        }
        guard !asked.isEmpty else { return .empty }
        return section(.class("results"), .aria("label", isTeam ? page.t("团队业绩", "My team's results") : sheet.title)) {
            for (tile, question) in asked { DashboardParts.tile(tile, page, question) }
        }.node
    }

    private func tile(_ queue: TodaysWork.Queue) -> Element {
        a(.class("queue", queue.isUrgent ? "bad" : nil), .href(queue.url)) {
            site.icon(queue.icon)
            b(.class("num")) { queue.count > 998 ? "999+" : String(queue.count) }
            span { queue.label }
        }
    }

    /// The queues in which nothing waits: one line, not a wall of noughts.
    @HTMLBuilder private func idle(_ queues: [TodaysWork.Queue], of all: Int, _ page: Page) -> Node {
        if !queues.isEmpty {
            details(.class("queues-idle small muted")) {
                summary {
                    queues.count == all
                        ? page.t("今天没有待办", "Nothing is waiting today")
                        : page.t("另有 \(queues.count) 项没有待办", "\(queues.count) more, with nothing waiting")
                }
                div(.class("row wrap")) { for queue in queues { a(.href(queue.url)) { queue.label } } }
            }
        }
    }

    private func recentCard(_ recent: [Row], _ page: Page) -> Element {
        section(.class("card")) {
            div(.class("card-h")) { h2 { page.t("最近查看", "Recent") } }
            div(.class("card-b col")) {
                if recent.isEmpty { span(.class("muted")) { page.t("打开过的记录会出现在这里。按 Ctrl-K 搜索任何客户。", "Records you open appear here.") } }
                for row in recent {
                    a(.class("row"), .href("/\(row.schema.name)/\(row.id)")) {
                        site.avatar(row.title, id: row.id, size: "av-md")
                        span { row.title }
                        span(.class("muted small")) { row.schema.label(in: page.language) }
                    }
                }
            }
        }
    }

    @Sendable func more(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            .shell(
                Shell(page.t("更多", "More"), active: "more") {
                    div(.class("pagehead")) { h1 { page.t("更多", "More") } }
                    nav(.class("pad col"), .aria("label", page.t("全部功能", "All"))) {
                        a(.class("nav-a"), .href("/calendar")) {
                            site.icon("calendar-days"); span { page.t("日历", "Calendar") }
                        }
                        a(.class("nav-a"), .href("/dashboard")) {
                            site.icon("layout-dashboard"); span { page.t("仪表盘", "Dashboards") }
                        }
                        a(.class("nav-a"), .href("/reports")) {
                            site.icon("chart-column-big"); span { page.t("报表", "Reports") }
                        }
                        for group in site.groups(page) {
                            div(.class("nav-h")) { group.label }
                            for schema in group.schemas {
                                a(.class("nav-a"), .href("/\(schema.name)")) {
                                    site.icon(schema.traits.icon); span { schema.label(in: page.language) }
                                }
                            }
                        }
                        a(.class("nav-a"), .href("/settings")) {
                            site.icon("settings"); span { page.t("设置", "Settings") }
                        }
                        a(.class("nav-a"), .href("/me")) {
                            site.icon("user-round"); span { page.t("个人设置", "My settings") }
                        }
                        form(.method("post"), .action("/logout")) {
                            page.csrfField; button(.class("btn btn-lg")) { page.t("退出登录", "Log out") }
                        }
                    }
                })
        }
    }

    @Sendable func manifest(_ request: Request, _ context: WebContext) async throws -> Response {
        let icon: Plain = .object(["src": .text(site.assets.url("icon.svg")), "sizes": "any", "type": "image/svg+xml"])
        let members: [String: Plain] = [
            "name": "知客 Zhike", "short_name": "知客", "start_url": "/", "display": "standalone", "background_color": "#f5f6f8",
            "theme_color": "#2f5bea", "icons": .list([icon]),
        ]
        return .bytes(Array(Plain.object(members).jsonText.utf8), "application/manifest+json")
    }
}
