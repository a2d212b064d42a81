import Gate
import Records

/// Every setting there is, in its group, with who may open it.
struct SettingsMap {
    struct Entry {
        var url: String
        var icon: String
        var label: String
        /// One line on what it is for.
        var why: String
    }

    struct Group {
        var label: String
        var entries: [Entry]
    }

    let page: Page

    /// Whether the actor has a right over the system.
    static func governs(_ actor: Actor, _ right: String) -> Bool { actor.rights.isAdmin || actor.rights.system.contains(right) }

    private func may(_ right: String) -> Bool { SettingsMap.governs(page.actor, right) }

    /// What the actor may open; groups with nothing in them are left out.
    var groups: [Group] {
        [
            Group(label: page.t("组织", "Organisation"), entries: organisation), Group(label: page.t("业务", "Business"), entries: business),
            Group(label: page.t("数据", "Data"), entries: data), Group(label: page.t("安全", "Security"), entries: security),
            Group(label: page.t("开发", "Developers"), entries: developers), Group(label: page.t("其他", "Other"), entries: other),
        ].filter { !$0.entries.isEmpty }
    }

    private var organisation: [Entry] {
        var entries: [Entry] = []
        if page.actor.rights.isAdmin, page.view.attempt({ try page.view.setUpGuide() }) ?? nil != nil {
            entries.append(
                Entry(
                    url: "/setup/guide", icon: "list-checks", label: page.t("初始设置", "Set-up"),
                    why: page.t("一步步把系统设置好，随时继续或再看一遍", "Step by step; go on or read it again at any time")))
        }
        if page.view.may("update", page.catalog.schema(Department.self)) {
            entries.append(
                Entry(
                    url: "/settings/company", icon: "building-2", label: page.t("企业", "Company"),
                    why: page.t("企业名称、电话和地址", "Name, telephone, address")))
            entries.append(
                Entry(
                    url: "/settings/departments", icon: "network", label: page.t("部门与门店", "Departments"),
                    why: page.t("组织架构、门店、负责人", "The tree, stores, managers")))
        }
        if may("users") {
            entries.append(
                Entry(
                    url: "/settings/users", icon: "users-round", label: page.t("用户", "Users"),
                    why: page.t("账号、角色、重置密码、离职交接", "Accounts, roles, passwords, handover")))
        }
        if may("roles") {
            entries.append(
                Entry(
                    url: "/settings/roles", icon: "shield-check", label: page.t("角色与权限", "Roles"),
                    why: page.t("谁能看到什么、做什么", "Who sees and does what")))
        }
        return entries
    }

    private var business: [Entry] {
        var entries: [Entry] = []
        if may("packs") {
            entries.append(
                Entry(
                    url: "/settings/packs", icon: "package", label: page.t("功能包", "Packs"),
                    why: page.t("按行业启用和停用功能，记录保留", "What the company uses of the product")))
        }
        if may("parameters") {
            entries.append(
                Entry(
                    url: "/settings/parameters", icon: "sliders-horizontal", label: page.t("业务参数", "Parameters"),
                    why: page.t("期限、阈值和规则，带生效日和历史", "Deadlines and thresholds with history")))
        }
        if may("fields") {
            entries.append(
                Entry(
                    url: "/settings/fields", icon: "table", label: page.t("字段与对象", "Fields and entities"),
                    why: page.t("自定义字段和自定义对象", "Your own fields and entities")))
        }
        if page.view.may("update", page.catalog.schema(ApprovalFlow.self)) {
            entries.append(
                Entry(
                    url: "/settings/approvals", icon: "workflow", label: page.t("审批流程", "Approval flows"),
                    why: page.t("什么要先经谁同意", "What needs whose word")))
        }
        if page.view.may("update", page.catalog.schema(AutomationRule.self)) {
            entries.append(
                Entry(
                    url: "/settings/automation", icon: "zap", label: page.t("自动化", "Automation"),
                    why: page.t("什么情况下自动做什么", "What happens by itself")))
        }
        for schema in page.catalog.schemas where SettingsMap.isDictionary(schema) && page.view.may("update", schema) {
            entries.append(
                Entry(
                    url: "/\(schema.name)", icon: schema.traits.icon, label: schema.label(in: page.language),
                    why: page.t("维护选项", "Keep the options")))
        }
        return entries
    }

    /// Levels, categories, word lists: set-up data that has no place of its own in the navigation.
    static func isDictionary(_ schema: Schema) -> Bool {
        schema.traits.nature == .shared && schema.traits.menu == nil && schema.traits.isPublic && schema.traits.parent == nil
            && ![User.name, Role.name, Department.name, ApprovalFlow.name, AutomationRule.name].contains(schema.name)
    }

    private var data: [Entry] {
        var entries = [
            Entry(
                url: "/jobs", icon: "loader-circle", label: page.t("导入与后台任务", "Imports and jobs"),
                why: page.t("进度、结果、撤销", "Progress, results, undo"))
        ]
        if may("recycle") {
            entries.append(
                Entry(
                    url: "/settings/bin", icon: "trash-2", label: page.t("回收站", "Recycle bin"),
                    why: page.t("恢复或彻底删除", "Restore or delete for good")))
        }
        if may("audit") {
            entries.append(
                Entry(
                    url: "/settings/audit", icon: "history", label: page.t("操作日志", "Audit log"),
                    why: page.t("谁在何时改了什么", "Who changed what and when")))
        }
        return entries
    }

    private var security: [Entry] {
        var entries: [Entry] = []
        if may("audit") {
            entries.append(
                Entry(
                    url: "/settings/logins", icon: "log-in", label: page.t("登录日志", "Log-in log"),
                    why: page.t("登录成功与失败", "Log-ins and failures")))
        }
        if may("parameters") {
            entries.append(
                Entry(
                    url: "/settings/parameters?section=accounts", icon: "lock", label: page.t("登录策略", "Log-in policy"),
                    why: page.t("密码长度、失败锁定、自动退出", "Passwords, lock-out, time-outs")))
        }
        return entries
    }

    private var developers: [Entry] {
        var entries = [Entry(url: "/settings/api", icon: "plug", label: "API", why: page.t("对接其他系统", "Connect other systems"))]
        if may("webhooks") {
            entries.append(
                Entry(
                    url: "/settings/webhooks", icon: "webhook", label: "Webhook",
                    why: page.t("数据变化时通知外部系统", "Tell other systems of changes")))
        }
        return entries
    }

    private var other: [Entry] {
        [Entry(url: "/settings/about", icon: "info", label: page.t("关于", "About"), why: page.t("版本与功能", "Version and capabilities"))]
    }
}
