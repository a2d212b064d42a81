import Gate
import Hummingbird
import Markup
import Records

/// The people who log in: list, new, one.
struct UserPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/users", use: list)
        router.get("settings/users/new", use: new)
        router.post("settings/users", use: create)
        router.get("settings/users/{id}", use: edit)
        router.post("settings/users/{id}", use: update)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart()
        return try await site.governed("users", request, context) { page in .shell(try UserList(page, chart).shell) }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart()
        return try await site.governed("users", request, context) { page in
            .shell(UserForm(page: page, chart: chart, row: page.catalog.schema(User.self).blank(), roles: [], state: FormState()).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("users", context)
        do {
            var input = try await self.input(form, actor)
            let password = form["password"] ?? ""
            if !password.isEmpty { input["password"] = .text(password) }
            if !password.isEmpty { input["must_change_password"] = .bool(form.all("must_change_password").contains("true")) }
            let made = try await site.accounts.createUser(input, as: actor, generating: password.isEmpty)
            let url = "/settings/users/\(made.row.id)"
            guard let initial = made.initialPassword else {
                return .done(url, context.saved(context.language("用户已新建", "User created"), made.request))
            }
            return try await shown(initial, for: made.row.title, url, request, context, user: made.row)
        } catch let wrong as Problems {
            return try await again(nil, form, wrong, request, context)
        }
    }

    @Sendable func edit(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID(), chart = try await site.accounts.chart(), actor = try site.governor("users", context)
        let sessions = try await site.accounts.sessions(of: id, as: actor)
        return try await site.governed("users", request, context) { page in
            let row = try page.view.record(page.catalog.schema(User.self), id: id)
            return .shell(
                UserForm(page: page, chart: chart, row: row, roles: chart.members[id]?.roles ?? [], state: FormState(), sessions: sessions)
                    .shell)
        }
    }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("users", context), id = try context.recordID()
        do {
            let asked = try await site.change(
                User.name, id, try await input(form, actor), as: actor, ifVersion: form["_version"].flatMap(Int64.init))
            return .done("/settings/users/\(id)", context.saved(context.language("用户已保存", "User saved"), asked))
        } catch let wrong as Problems {
            return try await again(id, form, wrong, request, context)
        }
    }

    /// A password on the screen this once.
    ///
    /// - Parameter user: the new one, whose roles may wait for somebody's word.
    func shown(
        _ password: String, for name: String, _ url: String, _ request: Request, _ context: WebContext, user: Row? = nil
    ) async throws -> Response {
        try await site.governed("users", request, context) { page in
            .shell(
                page.settings(
                    "/settings/users", name, page.t("初始密码", "First password"), crumbs: [(page.t("用户", "Users"), "/settings/users")]
                ) {
                    ShownOnce(
                        page: page, label: page.t("\(name) 的初始密码", "First password of \(name)"), secret: password,
                        note: page.t(
                            "请当面或电话告诉本人。首次登录必须修改；离开本页后不再显示。",
                            "Hand it over in person. It must be changed at the first log-in and is shown only now.")
                    ).body
                    if let user { page.notices(of: user) }
                    div(.class("row")) {
                        a(.class("btn btn-p"), .href(url)) { page.t("完成", "Done") };
                        a(.class("btn"), .href("/settings/users/new")) { page.t("再建一个", "Another") }
                    }
                })
        }
    }

    private func again(
        _ id: Int64?, _ form: FormBody, _ wrong: Problems, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let chart = try await site.accounts.chart(), state = FormState(typed: form.typed, problems: wrong.all)
        return try await site.governed("users", request, context, status: .unprocessableContent) { page in
            let schema = page.catalog.schema(User.self)
            let row = try id.map { try page.view.record(schema, id: $0) } ?? schema.blank()
            return .shell(
                UserForm(page: page, chart: chart, row: row, roles: id.flatMap { chart.members[$0]?.roles } ?? [], state: state).shell)
        }
    }

    private func input(_ form: FormBody, _ actor: Actor) async throws -> [String: Plain] {
        var input: [String: Plain] = [:]
        for name in ["name", "username", "mobile", "email", "status"] { if let text = form[name] { input[name] = .text(text) } }
        if let department = form["department_id"] { input["department_id"] = Int64(department).map(Plain.int) ?? .null }
        if !form.all("roles").isEmpty { input["roles"] = .list(form.all("roles").compactMap(Int64.init).map(Plain.int)) }
        if form["manager_id"] != nil || form["manager_id_text"] != nil {
            input["manager_id"] = try await site.gate.read(as: actor) { view in
                guard let field = view.catalog.schema(User.self)["manager_id"] else { return .null }
                return try form.plain(field, form.all("manager_id").filter { !$0.isEmpty }, view)
            }
        }
        // Own fields of the company follow the usual way.
        let own = try await site.gate.read(as: actor) { view in
            try form.input(for: view.catalog.schema(User.self), view).filter { view.catalog.schema(User.self)[$0.key]?.isCustom ?? false }
        }
        return input.merging(own) { first, _ in first }
    }
}

extension Site {
    /// Changes a user or role.
    ///
    /// - Returns: the request that waits for an administrator, when the actor wanted to give more than they have.
    func change(
        _ entity: String, _ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil
    ) async throws -> Int64? {
        let draft = try await accounts.draft(of: entity, input, id: id, as: actor)
        return try await gate.write(as: actor) { tx in
            try tx.update(try tx.schema(named: entity), id: id, draft, ifVersion: version)
            return tx.submitted
        }
    }
}

extension WebContext {
    /// What is said after saving a user or role, a part of which may wait.
    func saved(_ text: String, _ request: Int64?, waits: String = "权限", _ english: String = "the rights wait") -> String {
        request == nil ? text : text + language("；\(waits)已提交系统管理员审批", "; \(english) for an administrator")
    }
}

/// The list of users with its few filters.
struct UserList {
    let page: Page
    let chart: OrgChart
    let found: Listing

    init(_ page: Page, _ chart: OrgChart) throws {
        self.page = page
        self.chart = chart
        var condition = Condition.everything
        if let department = page.items["department"].flatMap(Int64.init) {
            condition = condition && .compare(.init("department_id"), .in, chart.tree(of: department).map(Value.int))
        }
        if let role = page.items["role"].flatMap(Int64.init) { condition = condition && .field("roles", .in, .int(role)) }
        if let status = page.items["status"], User.Status(rawValue: status) != nil {
            condition = condition && .field("status", .eq, .text(status))
        }
        let cursor = page.items["cursor"].flatMap(Query.Cursor.init(text:))
        found = try page.view.page(
            ListRequest(
                page.catalog.schema(User.self), where: condition, search: page.items["q"], limit: 50, cursor: cursor, countCap: 10_000))
    }

    var shell: Shell {
        let acts = a(.class("btn btn-p"), .href("/settings/users/new")) {
            page.site.icon("user-plus"); page.t("新建用户", "New user")
        }.node
        return page.settings(
            "/settings/users", page.t("用户", "Users"),
            page.t(
                "共 \(found.count ?? 0) 人。停用的用户不能登录，其数据仍然保留。",
                "\(found.count ?? 0) in all. Disabled users cannot log in; their records stay."), acts: acts
        ) {
            filters()
            section(.class("card wide")) {
                if found.rows.isEmpty {
                    page.nothing("users-round", page.t("没有符合条件的用户", "Nobody matches"), page.t("换个条件试试。", "Try other filters.")) {
                        a(.class("btn"), .href("/settings/users")) { page.t("清除筛选", "Clear") }
                    }
                } else {
                    table()
                }
            }
            pager()
        }
    }

    private func filters() -> Element {
        form(.class("row wrap"), .role("search"), .method("get"), .action("/settings/users")) {
            label(.class("find")) {
                page.site.icon("search", "sm")
                input(
                    .type("search"), .name("q"), .value(page.items["q"]), .placeholder(page.t("姓名、登录名、手机", "Name, user name, mobile")),
                    .aria("label", page.t("搜索用户", "Search users")), .data("key", "/"))
            }
            choice("department", page.t("全部部门", "All departments"), DepartmentForm.options(chart))
            choice(
                "role", page.t("全部角色", "All roles"),
                IdleRoles(page.catalog).others(of: chart).map { (String($0.id), page.roleName($0.name)) })
            choice("status", page.t("全部状态", "Any status"), [("active", page.t("在职", "Active")), ("disabled", page.t("已停用", "Disabled"))])
            button(.class("btn btn-sm")) { page.t("筛选", "Filter") }
        }
    }

    private func choice(_ name: String, _ all: String, _ options: [(value: String, label: String)]) -> Element {
        select(.class("in in-sm"), .name(name), .aria("label", all)) {
            option(.value("")) { all }
            for item in options { option(.value(item.value), .selected(page.items[name] == item.value)) { item.label } }
        }
    }

    private func table() -> Element {
        div(.class("tblwrap list"), .tabindex(0), .role("region"), .aria("label", page.t("用户列表", "Users"))) {
            Markup.table(.class("tbl")) {
                thead {
                    tr {
                        for title in [
                            page.t("姓名", "Name"), page.t("登录名", "User name"), page.t("部门", "Department"), page.t("角色", "Roles"),
                            page.t("状态", "Status"),
                        ] { th(.scope("col")) { title } }
                    }
                }
                tbody { for row in found.rows { line(row) } }
            }
        }
    }

    private func line(_ row: Row) -> Element {
        let user = Record<User>(row), member = chart.members[row.id]
        let department = user.department.flatMap { chart.departments[$0.id]?.name }
        let roles = (member?.roles ?? []).compactMap { chart.roles[$0].map { page.roleName($0.name) } }
        let isActive = user.status == .active
        return tr(.data("id", String(row.id))) {
            td(.class("c-name")) {
                page.site.avatar(user.title, id: row.id, size: "av-lg")
                a(.class("name"), .href("/settings/users/\(row.id)")) { user.title }
                span(.class("sub only-m")) {
                    user.username; " · "; department ?? "—"; " · "; roles.joined(separator: "、")
                }
            }
            td { user.username }
            td { department ?? "—" }
            td { for role in roles { span(.class("tag")) { role }; " " } }
            td(.class("c-r1")) {
                span(.class("st", isActive ? "st-ok" : nil)) { isActive ? page.t("在职", "Active") : page.t("已停用", "Disabled") }
            }
        }
    }

    private func pager() -> Node {
        guard found.previous != nil || found.next != nil else { return .empty }
        return div(.class("pager")) {
            span(.class("grow")) {}
            span(.class("bgroup")) {
                if let previous = found.previous {
                    a(
                        .class("btn btn-sm btn-i"), .rel("prev"), .href(page.here(page.items.setting("cursor", previous.text))),
                        .aria("label", page.t("上一页", "Previous"))
                    ) { page.site.icon("chevron-left") }
                }
                if let next = found.next {
                    a(
                        .class("btn btn-sm btn-i"), .rel("next"), .href(page.here(page.items.setting("cursor", next.text))),
                        .aria("label", page.t("下一页", "Next"))
                    ) { page.site.icon("chevron-right") }
                }
            }
        }.node
    }
}
