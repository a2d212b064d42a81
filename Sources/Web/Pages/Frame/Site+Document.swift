import Gate
import Markup
import Records
import Synchronization

extension Site {
    /// The whole document around a page's content.
    func document(_ shell: Shell, _ page: Page) -> HTMLDocument {
        HTMLDocument(
            title: "\(shell.title) · \(page.t("知客", "Zhike"))", language: page.language == .chinese ? "zh-CN" : "en", theme: page.theme,
            bodyAttributes: [
                .hx("headers", "{\"X-CSRF-Token\":\"\(page.csrf)\"}"), .data("events", "/events"), .data("user", String(page.actor.userID)),
            ]
        ) {
            head()
        } body: {
            a(.class("skip"), .href("#main")) { page.t("跳到主要内容", "Skip to content") }
            div(.class("app")) {
                sidebar(shell, page)
                div(.class("main")) {
                    topbar(shell, page)
                    previewBanner(page)
                    Markup.main(.id("main"), .class("content", shell.isFixed ? "content-fix" : nil)) { AnyHTML([shell.content]) }
                }
                tabbar(shell, page)
            }
            newMenu(page)
            palette(page)
            div(.class("toasts"), .id("toasts"), .role("status"), .aria("live", "polite")) {
                if let flash = page.flash { toast(flash, page) }
            }
            div(.class("progress-line"), .aria("hidden", "true")) {}
        }
    }

    /// What was done, with its undo as a form that works without scripts.
    private func toast(_ flash: Flash, _ page: Page) -> Element {
        div(.class("toast"), .data("toast"), .data("undo", flash.undo.map { "/undo/\($0)" })) {
            span { flash.text }
            if let undo = flash.undo {
                Markup.form(.method("post"), .action("/undo/\(undo)")) {
                    page.csrfField
                    button(.data("key", "ctrl+z")) { page.t("撤销", "Undo") }
                }
            }
        }
    }

    /// Style sheets and scripts, of every document.
    func head() -> Node {
        Group {
            meta(
                .name("htmx-config"),
                .content(
                    "{\"includeIndicatorStyles\":false,\"allowEval\":false,\"selfRequestsOnly\":true,"
                        + "\"responseHandling\":[{\"code\":\"204\",\"swap\":false},{\"code\":\"[23]..\",\"swap\":true},{\"code\":\"422\","
                        + "\"swap\":true},{\"code\":\"[45]..\",\"swap\":false,\"error\":true}]}"
                ))
            link(.rel("stylesheet"), .href(assets.url("css/app.css")))
            link(.rel("icon"), .type("image/svg+xml"), .href(assets.url("icon.svg")))
            link(.rel("manifest"), .href("/manifest.webmanifest"))
            script(.src(assets.url("js/theme.js")))
            script(.src(assets.url("vendor/htmx.min.js")), .defer())
            script(.src(assets.url("js/app.js")), .type("module"))
        }.node
    }

    private func sidebar(_ shell: Shell, _ page: Page) -> Element {
        aside(.class("sidebar")) {
            a(.class("ws"), .href("/")) {
                span(.class("ws-mark")) { icon("orbit") }
                span(.class("ws-name")) {
                    b { page.t("知客", "Zhike") }
                    small { page.view.companyName() }
                }
            }
            nav(.class("nav"), .aria("label", page.t("主导航", "Main"))) {
                navEntry("/", "house", page.t("工作台", "Home"), isActive: shell.active == "home", key: "g h")
                navEntry("/calendar", "calendar-days", page.t("日历", "Calendar"), isActive: shell.active == "calendar", key: "g r")
                navEntry("/dashboard", "layout-dashboard", page.t("仪表盘", "Dashboards"), isActive: shell.active == "dashboard", key: "g d")
                navEntry("/reports", "chart-column-big", page.t("报表", "Reports"), isActive: shell.active == "reports", key: "g t")
                for group in groups(page) {
                    div(.class("nav-h")) { group.label }
                    for schema in group.schemas {
                        navEntry(
                            "/\(schema.name)", schema.traits.icon, schema.label(in: page.language), isActive: shell.active == schema.name,
                            key: nil)
                    }
                }
            }
            div(.class("nav-end")) {
                navEntry("/settings", "settings", page.t("设置", "Settings"), isActive: shell.active == "settings", key: "g s")
                button(.class("ws"), .popovertarget("usermenu")) {
                    avatar(page.actor.name, id: page.actor.userID, size: "av-md")
                    span(.class("ws-name")) { page.actor.name }
                }
            }
            div(.popover("auto"), .id("usermenu"), .class("menu")) {
                a(.href("/me")) {
                    icon("user-round"); page.t("个人设置", "My settings")
                }
                a(.href("/notifications")) {
                    icon("bell"); page.t("通知", "Notifications")
                }
                a(.href("/jobs")) {
                    icon("loader"); page.t("后台任务", "Jobs")
                }
                hr()
                form(.method("post"), .action("/logout")) {
                    page.csrfField
                    button {
                        icon("log-out"); page.t("退出登录", "Log out")
                    }
                }
            }
        }
    }

    private func navEntry(_ url: String, _ name: String, _ label: String, isActive: Bool, key: String?) -> Element {
        a(.class("nav-a"), .href(url), .aria("current", isActive ? "page" : nil), .data("key", key)) {
            icon(name)
            span { label }
        }
    }

    /// The main navigation: entities by their menu group, as far as the actor may read them.
    func groups(_ page: Page) -> [(label: String, schemas: [Schema])] {
        var groups: [(label: String, schemas: [Schema])] = []
        // What the engine itself brings stands behind the company's business.
        let own = Set(Platform.entities.map { $0.name }), schemas = page.catalog.schemas
        for schema in schemas.filter({ !own.contains($0.name) }) + schemas.filter({ own.contains($0.name) }) {
            guard let menu = schema.traits.menu, schema.traits.isPublic, page.view.may("read", schema) else { continue }
            if let place = groups.firstIndex(where: { $0.label == menu(page.language) }) {
                groups[place].schemas.append(schema)
            } else {
                groups.append((menu(page.language), [schema]))
            }
        }
        return groups
    }

    private func topbar(_ shell: Shell, _ page: Page) -> Element {
        header(.class("topbar")) {
            if let back = shell.back {
                a(.class("btn btn-g btn-i only-m"), .href(back), .aria("label", page.t("返回", "Back"))) { icon("chevron-left", "lg") }
            }
            nav(.class("crumbs only-d"), .aria("label", page.t("面包屑", "Breadcrumb"))) {
                for crumb in shell.crumbs {
                    if let url = crumb.url { a(.href(url)) { crumb.label } } else { span { crumb.label } }
                    icon("chevron-right", "sm")
                }
                b { shell.title }
            }
            b(.class("topbar-t only-m")) { shell.title }
            a(.class("gsearch only-d"), .href("/search"), .data("palette"), .aria("keyshortcuts", "Control+K")) {
                icon("search")
                span { page.t("搜索客户、联系人、电话后四位…", "Search customers, contacts, phone…") }
                kbd { "Ctrl" }
                kbd { "K" }
            }
            div(.class("end")) {
                a(.class("btn btn-g btn-i only-m"), .href("/search"), .data("palette"), .aria("label", page.t("搜索", "Search"))) {
                    icon("search", "lg")
                }
                newButton(shell, page)
                bell(page)
                button(.class("btn btn-g btn-i only-d"), .data("theme-toggle"), .aria("label", page.t("切换深浅色", "Toggle theme"))) {
                    icon("sun-moon")
                }
            }
        }
    }

    /// Makes what the page is about, with the others beside it; elsewhere only the choice.
    private func newButton(_ shell: Shell, _ page: Page) -> Element {
        guard let schema = shell.active.flatMap({ page.catalog[$0] }), schema.traits.isCreatable, page.catalog.standsAlone(schema),
            page.view.may("create", schema)
        else {
            return button(.class("btn btn-p only-d"), .popovertarget("newmenu")) {
                icon("plus"); page.t("新建", "New"); icon("chevron-down", "sm")
            }
        }
        let label = schema.label(in: page.language)
        return span(.class("bgroup only-d")) {
            a(.class("btn btn-p"), .href("/\(schema.name)/new"), .data("key", "n")) {
                icon("plus"); page.t("新建\(label)", "New \(label.lowercased())")
            }
            button(.class("btn btn-p btn-i"), .popovertarget("newmenu"), .aria("label", page.t("新建其他", "New …"))) {
                icon("chevron-down", "sm")
            }
        }
    }

    private func bell(_ page: Page) -> Element {
        let unread = page.view.attempt { try page.view.unreadCount() } ?? 0
        let label = unread == 0 ? page.t("通知", "Notifications") : page.t("通知，\(unread) 条未读", "\(unread) unread notifications")
        return a(
            .class("btn btn-g btn-i bell"), .href("/notifications"), .aria("label", label), .data("badge", "notifications"),
            .data("count", unread)
        ) { icon("bell") }
    }

    private func tabbar(_ shell: Shell, _ page: Page) -> Element {
        let schemas = groups(page).flatMap(\.schemas)
        func tab(_ url: String, _ name: String, _ label: String, _ isActive: Bool) -> Element {
            a(.href(url), .aria("current", isActive ? "page" : nil)) {
                icon(name); label
            }
        }
        return nav(.class("tabbar"), .aria("label", page.t("底部导航", "Tabs"))) {
            tab("/", "house", page.t("工作台", "Home"), shell.active == "home")
            for schema in schemas.prefix(1) {
                tab("/\(schema.name)", schema.traits.icon, schema.label(in: page.language), shell.active == schema.name)
            }
            button(.class("plus"), .popovertarget("newmenu"), .aria("label", page.t("新建", "New"))) { icon("plus") }
            for schema in schemas.dropFirst().prefix(1) {
                tab("/\(schema.name)", schema.traits.icon, schema.label(in: page.language), shell.active == schema.name)
            }
            tab("/more", "menu", page.t("更多", "More"), shell.active == "more")
        }
    }

    private func newMenu(_ page: Page) -> Element {
        div(.popover("auto"), .id("newmenu"), .class("menu")) {
            for schema in groups(page).flatMap(\.schemas) where schema.traits.isCreatable && page.view.may("create", schema) {
                a(.href("/\(schema.name)/new")) {
                    icon(schema.traits.icon); schema.label(in: page.language)
                }
            }
        }
    }

    private func palette(_ page: Page) -> Element {
        dialog(.class("pal"), .id("palette"), .aria("label", page.t("全局搜索与命令", "Search and commands")), .data("src", "/palette")) {
            Markup.label(.class("q")) {
                icon("search", "lg")
                input(
                    .type("search"), .placeholder(page.t("搜索，或输入命令…", "Search or type a command…")), .aria("label", page.t("搜索", "Search")),
                    .role("combobox"),
                    .aria("expanded", "true"), .aria("controls", "palette-list"), .aria("autocomplete", "list"), .autocomplete("off")
                )
                kbd { "Esc" }
            }
            div(.class("ls"), .id("palette-list"), .role("listbox"), .aria("label", page.t("结果", "Results"))) {}
            div(.class("ft")) {
                span {
                    kbd { "↑" }; kbd { "↓" }; page.t("选择", "move")
                }
                span {
                    kbd { "↵" }; page.t("打开", "open")
                }
                span(.class("end")) { page.t("支持拼音首字母和号码后四位", "Pinyin initials and number tails work") }
            }
        }
    }

    /// A Lucide icon from the sprite.
    func icon(_ name: String, _ size: String? = nil) -> Element {
        let url = assets.url("vendor/icons.svg") + "#" + name
        return Site.icons.withLock { icons in
            if let known = icons[url]?[size ?? ""] { return known }
            let made = svg(.class("i", size.map { "i-" + $0 }), .aria("hidden", "true")) { use(.href(url)) {} }
            icons[url, default: [:]][size ?? ""] = made
            return made
        }
    }

    /// Those drawn before: a page has hundreds, and few different ones.
    private static let icons = Mutex<[String: [String: Element]]>([:])

    /// A round sign with the name's character; its colour follows from the record's number.
    func avatar(_ name: String, id: Int64, size: String? = nil) -> Element {
        span(.class("av", size, "h\(Site.hue(id))"), .aria("hidden", "true")) { String(name.prefix(1)) }
    }

    /// One of six colours, the same for a record wherever it stands.
    static func hue(_ id: Int64) -> Int { Int(truncatingIfNeeded: (UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15) >> 40) % 6 }
}
