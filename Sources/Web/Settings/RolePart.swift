import Gate
import Markup
import Records

/// One role in its four tabs.
struct RolePart {
    let page: Page
    let row: Row
    let chart: OrgChart
    let state: FormState
    let rights: Rights
    let tab: String

    var role: Record<Role> { Record(row) }
    private var base: String { "/settings/roles/\(row.id)" }

    init(_ page: Page, id: Int64, _ chart: OrgChart, _ state: FormState, tab: String? = nil) throws {
        self.page = page
        self.chart = chart
        self.state = state
        self.tab = tab ?? page.items["tab"] ?? "rights"
        row = try page.view.record(page.catalog.schema(Role.self), id: id)
        rights = Rights(RightsText(Record<Role>(row)))
    }

    private var members: [OrgChart.Member] {
        chart.members.values.filter { $0.isActive && $0.roles.contains(row.id) }.sorted { $0.id < $1.id }
    }

    var shell: Shell {
        let acts = a(.class("btn"), .href("/settings/roles/new?copy=\(row.id)")) {
            page.site.icon("copy"); page.t("复制", "Copy")
        }.node
        return page.settings(
            "/settings/roles", page.roleName(role.title),
            role.isBuiltIn == true ? page.t("内置角色，可以修改，不能删除", "Built in: may be changed, not deleted") : role.code,
            crumbs: [(page.t("角色与权限", "Roles"), "/settings/roles")], acts: acts
        ) {
            nav(.class("tabs"), .aria("label", page.t("角色", "Role"))) {
                link("rights", page.t("对象权限", "Records"))
                link("fields", page.t("字段权限", "Fields"))
                link("system", page.t("系统权限与基本信息", "System and basics"))
                a(.href("\(base)?tab=members"), .aria("current", tab == "members" ? "true" : nil)) {
                    page.t("成员", "Members"); span(.class("c")) { String(members.count) }
                }
            }
            page.notices(of: row)
            page.parts(state).faults
            body
        }
    }

    private func link(_ name: String, _ label: String) -> Element {
        a(.href("\(base)?tab=\(name)"), .aria("current", tab == name ? "true" : nil)) { label }
    }

    private var body: Node {
        switch tab {
        case "fields": rights.isAdmin ? adminNote : RoleFields(part: self).body
        case "system": system
        case "members": membersCard
        default: rights.isAdmin ? adminNote : RoleMatrix(part: self).body
        }
    }

    private var adminNote: Node {
        page.parts().alert("info", page.t("系统管理员拥有全部权限", "Administrators may do everything")) {
            p { page.t("如需限制，请在“系统权限”中取消“系统管理员”，或复制其他角色。", "Take away “administrator” under system rights to limit it.") }
        }.node
    }

    /// The hidden facts that each of the role's forms carries.
    func hidden(_ part: String) -> Node {
        Group {
            page.csrfField
            input(.type("hidden"), .name("part"), .value(part))
            input(.type("hidden"), .name("_version"), .value(String(row.version)))
        }.node
    }

    func saveBar() -> Element {
        div(.class("card-f row")) {
            span(.class("grow")) {}; a(.class("btn"), .href("\(base)?tab=\(tab)")) { page.t("放弃", "Discard") };
            button(.class("btn btn-p")) { page.t("保存", "Save") }
        }
    }

    var formURL: String { base }

    // MARK: System

    private var system: Node {
        let parts = page.parts(state), chosen = rights.system.union(rights.isAdmin ? [Rights.admin] : [])
        let options =
            ([Rights.admin] + Rights.overSystem).map { ($0, Rights.label(overSystem: $0, in: page.language)) }
        return Group {
            form(.class("card"), .method("post"), .action(base), .data("form"), .novalidate(true)) {
                hidden("system")
                div(.class("fields")) {
                    parts.line("name", page.t("名称", "Name"), role.title, required: true)
                    if role.isBuiltIn == true {
                        div(.class("field")) {
                            span(.class("lb")) { page.t("编码", "Code") }; span(.class("static")) { role.code }
                        }
                    } else {
                        parts.line("code", page.t("编码", "Code"), role.code, required: true)
                    }
                    parts.line("description", page.t("说明", "Description"), role.description, wide: true)
                    parts.pick(
                        "system", page.t("系统权限", "Rights over the system"), options.map { (value: $0.0, label: $0.1) }, chosen,
                        hint: page.t(
                            "管理用户或角色的人只能直接授予自己也有的权限；其余的保存后由系统管理员审批，一位批准即生效。",
                            "Who manages users or roles gives what they have themselves; the rest waits for an administrator."))
                    parts.toggle(
                        "needs_totp", page.t("必须启用两步验证", "Two-step verification required"), role.needsTOTP ?? false,
                        hint: page.t("成员下次登录时须先设置", "Members set it up at their next log-in"), wide: true)
                }
                saveBar()
            }
            if role.isBuiltIn != true {
                section(.class("card danger-zone")) {
                    div(.class("setrow")) {
                        div {
                            b { page.t("删除角色", "Delete role") }; p { page.t("没有成员时才能删除。", "Only without members.") }
                        }
                        page.act(
                            "\(base)/delete", page.t("删除", "Delete"), style: "btn btn-danger",
                            confirm: page.t("删除后可在回收站恢复。", "It can be restored from the recycle bin."))
                    }
                }
            }
        }.node
    }

    // MARK: Members

    private var membersCard: Node {
        Group {
            section(.class("card")) {
                form(.class("setrow"), .method("post"), .action("\(base)/members")) {
                    page.csrfField
                    div(.class("picker"), .data("picker", "/pick/users")) {
                        input(
                            .class("in"), .name("user_text"), .placeholder(page.t("输入姓名或拼音，加入角色", "Name or pinyin, to add")),
                            .aria("label", page.t("加入成员", "Add a member")), .autocomplete("off"))
                        input(.type("hidden"), .name("user"), .value(""))
                    }
                    button(.class("btn")) {
                        page.site.icon("user-plus", "sm"); page.t("加入", "Add")
                    }
                }
                if members.isEmpty {
                    page.nothing(
                        "users-round", page.t("还没有成员", "No members yet"), page.t("在上面加入，或在用户页面选择角色。", "Add them above or on a user's page.")
                    )
                }
                for member in members {
                    div(.class("setrow")) {
                        div {
                            page.site.avatar(member.name, id: member.id)
                            " "
                            if SettingsMap.governs(page.actor, "users") {
                                a(.class("lnk"), .href("/settings/users/\(member.id)")) { member.name }
                            } else {
                                member.name
                            }
                            p {
                                [member.username, member.departmentID.flatMap { chart.departments[$0]?.name }].compactMap(\.self).joined(
                                    separator: " · ")
                            }
                        }
                        page.act("\(base)/members/\(member.id)/remove", page.t("移出", "Remove"), style: "btn btn-sm")
                    }
                }
            }
        }.node
    }
}
