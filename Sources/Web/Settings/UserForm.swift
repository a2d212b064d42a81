import Gate
import Markup
import Records

/// One user: who it is, where it belongs, what it may do, and what can be done to the account.
struct UserForm {
    let page: Page
    let chart: OrgChart
    let row: Row
    let roles: [Int64]
    let state: FormState
    var sessions: [Accounts.SessionInfo] = []

    private var isNew: Bool { row.id == 0 }
    private var base: String { "/settings/users/\(row.id)" }
    private var user: Record<User> { Record(row) }

    var shell: Shell {
        page.settings(
            "/settings/users", isNew ? page.t("新建用户", "New user") : row.title,
            isNew ? page.t("不填密码时生成一个初始密码，只显示一次。", "Without a password one is generated and shown once.") : user.username,
            crumbs: [(page.t("用户", "Users"), "/settings/users")], acts: isNew ? .empty : acts()
        ) {
            if !isNew { page.notices(of: row) }
            form()
            if !isNew { account(); devices(); danger() }
        }
    }

    private func acts() -> Node {
        Group {
            if row.id != page.actor.userID, user.status == .active {
                page.act("\(base)/preview", page.t("以该用户身份预览", "Preview as this user"), icon: "eye")
            }
        }.node
    }

    private func form() -> Element {
        let parts = page.parts(state)
        let titles =
            page.view.attempt { try Titles(of: [row], fields: row.schema.fields.filter { $0.name == "manager_id" }, page.view) } ?? Titles()
        return Markup.form(.class("card"), .method("post"), .action(isNew ? "/settings/users" : base), .data("form"), .novalidate(true)) {
            page.csrfField
            if !isNew { input(.type("hidden"), .name("_version"), .value(String(row.version))) }
            div(.class("card-h")) { h2 { page.t("账号", "Account") } }
            parts.cardFaults
            div(.class("fields")) {
                parts.line("name", page.t("姓名", "Name"), user.title, required: true, autofocus: isNew)
                parts.line("username", page.t("登录名", "User name"), user.username, required: true)
                parts.line("mobile", page.t("手机号码", "Mobile"), user.mobile, type: "tel", mode: "tel")
                parts.line("email", page.t("邮箱", "E-mail"), user.email, type: "email", mode: "email")
                if isNew {
                    parts.line(
                        "password", page.t("初始密码", "First password"), type: "password",
                        hint: page.t("留空则自动生成", "Leave empty to generate one"), autocomplete: "new-password", maxlength: 1000)
                    parts.toggle("must_change_password", page.t("首次登录须修改密码", "Must be changed at first log-in"), true)
                }
                parts.select(
                    "department_id", page.t("所属部门", "Department"), DepartmentForm.options(chart), user.department.map { String($0.id) },
                    empty: "—")
                if let field = row.schema["manager_id"] { page.editor(field, row, state, titles) }
                parts.pick(
                    "roles", page.t("角色", "Roles"), roleOptions, Set(roles.map(String.init)), hint: rolesHint)
                for field in row.schema.fields where field.isCustom { page.editor(field, row, state, titles) }
            }
            div(.class("card-f row")) {
                span(.class("grow")) {}; a(.class("btn"), .href("/settings/users")) { page.t("取消", "Cancel") };
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }

    private var rolesHint: String {
        guard !page.actor.rights.isAdmin else { return page.t("可以有多个，权限取并集", "Several add up") }
        return page.t(
            "可以有多个，权限取并集；您自己没有的权限，保存后由系统管理员审批",
            "Several add up; what you do not have yourself waits for an administrator")
    }

    private var roleOptions: [(value: String, label: String)] {
        // What the user carries stays on the form, or saving it would take it away.
        let idle = IdleRoles(page.catalog)
        return chart.roles.values.filter { roles.contains($0.id) || !idle.contains($0) }.sorted { $0.id < $1.id }.map {
            (String($0.id), page.roleName($0.name))
        }
    }

    private func account() -> Element {
        section(.class("card")) {
            div(.class("card-h")) { h2 { page.t("登录", "Log-in") } }
            if row.id == page.actor.userID {
                div(.class("setrow")) {
                    div { p { page.t("修改自己的密码和两步验证请到个人设置。", "Your own password and second step are in your settings.") } };
                    a(.class("btn"), .href("/me")) { page.t("个人设置", "My settings") }
                }
            } else {
                step(
                    page.t("重置密码", "Reset password"),
                    page.t("生成新的初始密码，只显示一次；所有登录立即退出。", "A new first password, shown once; all sessions end."), "password",
                    page.t("重置", "Reset"), confirm: page.t("该用户的所有登录会立即退出。", "All sessions of this user end at once."))
                step(
                    page.t("两步验证", "Two-step verification"),
                    page.t("用户丢失手机和恢复码时关闭。", "Turn it off when phone and recovery codes are lost."), "totp", page.t("关闭", "Turn off"),
                    confirm: page.t("请先核实是本人。", "Make sure it is really them."))
            }
        }
    }

    private func step(_ title: String, _ why: String, _ path: String, _ label: String, confirm: String?, style: String = "btn") -> Element {
        div(.class("setrow")) {
            div {
                b { title }; p { why }
            }
            page.act("\(base)/\(path)", label, style: style, confirm: confirm)
        }
    }

    private func devices() -> Element {
        section(.class("card")) {
            div(.class("card-h")) {
                h2 { page.t("登录设备", "Devices") }
                span(.class("s")) { String(sessions.count) }
                span(.class("grow")) {}
                if !sessions.isEmpty {
                    page.act(
                        "\(base)/sessions/end", page.t("全部退出", "End all"), style: "btn btn-sm",
                        confirm: page.t("该用户需要重新登录。", "The user must log in again."))
                }
            }
            if sessions.isEmpty { div(.class("setrow")) { div { p { page.t("现在没有登录。", "Not logged in anywhere.") } } } }
            SessionRows(page: page, sessions: sessions, present: nil, base: "\(base)/sessions").body
        }
    }

    private func danger() -> Element {
        section(.class("card danger-zone")) {
            div(.class("setrow")) {
                div {
                    b { page.t("离职交接", "Handover") };
                    p { page.t("把名下客户、任务等转给同事，可同时停用账号。", "Give all records to a colleague and disable the account.") }
                }
                a(.class("btn"), .href("\(base)/handover")) { page.t("开始交接", "Begin") }
            }
            if row.id != page.actor.userID {
                if user.status == .active {
                    step(
                        page.t("停用", "Disable"), page.t("不能再登录，数据保留。", "No more log-ins; records stay."), "disable",
                        page.t("停用", "Disable"), confirm: page.t("停用后立即退出所有登录，API 令牌失效。", "All sessions and tokens end at once."),
                        style: "btn btn-danger")
                } else {
                    step(
                        page.t("启用", "Enable"), page.t("恢复登录；密码不变。", "May log in again with the old password."), "enable",
                        page.t("启用", "Enable"), confirm: nil)
                    step(
                        page.t("删除", "Delete"), page.t("移到回收站；历史记录中仍显示姓名。", "To the recycle bin; history keeps the name."), "delete",
                        page.t("删除", "Delete"), confirm: page.t("删除后可在回收站恢复。", "It can be restored from the recycle bin."),
                        style: "btn btn-danger")
                }
            }
        }
    }
}
