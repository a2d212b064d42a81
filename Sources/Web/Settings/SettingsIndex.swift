import Gate
import Hummingbird
import Markup
import Records

/// Everything below `/settings` and `/jobs`: the one line that `WebApp` needs.
struct SettingsPages {
    let site: Site
    let version: String

    func add(to router: Router<WebContext>) {
        SettingsIndex(site: site).add(to: router)
        OrganisationPages(site: site).add(to: router)
        UserPages(site: site).add(to: router)
        UserStepPages(site: site).add(to: router)
        RolePages(site: site).add(to: router)
        ParameterPages(site: site).add(to: router)
        PackPages(site: site).add(to: router)
        FieldPages(site: site).add(to: router)
        OwnEntityPages(site: site).add(to: router)
        AuditPages(site: site).add(to: router)
        BinPages(site: site).add(to: router)
        WebhookPages(site: site).add(to: router)
        ApprovalPages(site: site).add(to: router)
        AutomationPages(site: site).add(to: router)
        DeveloperPages(site: site, version: version).add(to: router)
        JobPages(site: site).add(to: router)
    }
}

/// `/settings`: what there is to set, by group.
struct SettingsIndex {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings", use: index)
    }

    @Sendable func index(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            let wanted = page.items["q"]?.trimmed.lowercased() ?? ""
            let groups = SettingsMap(page: page).groups.compactMap { group -> SettingsMap.Group? in
                let entries = group.entries.filter {
                    wanted.isEmpty || "\($0.label) \($0.why) \(group.label)".lowercased().contains(wanted)
                }
                return entries.isEmpty ? nil : SettingsMap.Group(label: group.label, entries: entries)
            }
            return .shell(
                Shell(page.t("设置", "Settings"), active: "settings", back: "/more") {
                    div(.class("set")) {
                        page.settingsNav("/settings")
                        div(.class("set-main")) {
                            header(.class("set-head")) {
                                h1 { page.t("设置", "Settings") }; p { page.t("这里只显示您有权修改的设置。", "Only what you may change is shown.") }
                            }
                            form(.class("row wrap only-m"), .role("search"), .method("get"), .action("/settings")) {
                                label(.class("find")) {
                                    page.site.icon("search", "sm")
                                    input(
                                        .type("search"), .name("q"), .value(page.items["q"]),
                                        .placeholder(page.t("搜索设置", "Search settings")), .aria("label", page.t("搜索设置", "Search settings")),
                                        .data("key", "/"))
                                }
                            }
                            if groups.isEmpty {
                                page.nothing(
                                    "search-x", page.t("没有符合的设置", "Nothing matches"),
                                    page.t("换个词试试，或联系系统管理员开通权限。", "Try another word, or ask your administrator."))
                            }
                            for group in groups {
                                section(.class("card")) {
                                    div(.class("card-h")) { h2 { group.label } }
                                    for entry in group.entries {
                                        a(.class("setrow"), .href(entry.url)) {
                                            page.site.icon(entry.icon)
                                            div {
                                                b { entry.label }; p { entry.why }
                                            }
                                            page.site.icon("chevron-right", "sm")
                                        }
                                    }
                                }
                            }
                        }
                    }
                })
        }
    }
}
