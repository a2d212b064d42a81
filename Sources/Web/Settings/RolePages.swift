import Gate
import Hummingbird
import Markup
import Records

/// Roles: what they may do with which records, which fields they see, what of the system is theirs, who carries them.
struct RolePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/roles", use: list)
        router.get("settings/roles/new", use: new)
        router.post("settings/roles", use: create)
        router.get("settings/roles/{id}", use: show)
        router.post("settings/roles/{id}", use: save)
        router.post("settings/roles/{id}/delete", use: delete)
        router.post("settings/roles/{id}/members", use: addMember)
        router.post("settings/roles/{id}/members/{user}/remove", use: removeMember)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart()
        return try await site.governed("roles", request, context) { page in
            return .shell(RolePages.list(page, try RolePages.offered(page), chart))
        }
    }

    /// Without those that are about nothing but what is switched off.
    private static func offered(_ page: Page) throws -> [Row] {
        let idle = IdleRoles(page.catalog)
        return try page.view.page(ListRequest(page.catalog.schema(Role.self), limit: 500)).rows.filter { !idle.contains(Record<Role>($0)) }
    }

    private static func list(_ page: Page, _ rows: [Row], _ chart: OrgChart) -> Shell {
        let acts = a(.class("btn btn-p"), .href("/settings/roles/new")) {
            page.site.icon("plus"); page.t("新建角色", "New role")
        }.node
        return page.settings(
            "/settings/roles", page.t("角色与权限", "Roles"), page.t("一个用户可以有多个角色，权限取并集。", "Several roles of one user add up."), acts: acts
        ) {
            section(.class("card")) {
                for row in rows {
                    let role = Record<Role>(row), members = chart.members.values.count { $0.isActive && $0.roles.contains(row.id) }
                    a(.class("setrow"), .href("/settings/roles/\(row.id)")) {
                        div {
                            b { page.roleName(role.title) }
                            " "
                            if role.isBuiltIn == true { span(.class("tag")) { page.t("内置", "Built in") } }
                            if role.needsTOTP == true { span(.class("tag tag-sky")) { page.t("两步验证", "Two steps") } }
                            p { role.description ?? role.code }
                        }
                        span(.class("muted num")) { page.t("\(members) 人", "\(members)") }
                        page.site.icon("chevron-right", "sm")
                    }
                }
            }
        }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("roles", request, context) { page in .shell(try RolePages.newForm(page, FormState())) }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("roles", context)
        do {
            var input: [String: Plain] = [
                "name": .text(form["name"] ?? ""), "code": .text(form["code"] ?? ""), "description": .text(form["description"] ?? ""),
            ]
            if let source = form["copy"].flatMap(Int64.init) {
                let role = try await site.gate.read(as: actor) { Record<Role>(try $0.record($0.catalog.schema(Role.self), id: source)) }
                input.merge(RoleInput.plain(role)) { first, _ in first }
            }
            let wanted = input
            let (id, asked) = try await site.gate.write(as: actor) { tx in
                (try tx.create(tx.catalog.schema(Role.self), wanted).id, tx.submitted)
            }
            return .done("/settings/roles/\(id)", context.saved(context.language("角色已新建", "Role created"), asked))
        } catch let wrong as Problems {
            return try await site.governed("roles", request, context, status: .unprocessableContent) { page in
                .shell(try RolePages.newForm(page, FormState(typed: form.typed, problems: wrong.all)))
            }
        }
    }

    private static func newForm(_ page: Page, _ state: FormState) throws -> Shell {
        let parts = page.parts(state), rows = try offered(page)
        return page.settings(
            "/settings/roles", page.t("新建角色", "New role"), page.t("从已有角色复制，再按需修改。", "Copy one and change it."),
            crumbs: [(page.t("角色与权限", "Roles"), "/settings/roles")]
        ) {
            form(.class("card"), .method("post"), .action("/settings/roles"), .data("form"), .novalidate(true)) {
                page.csrfField
                parts.cardFaults
                div(.class("fields")) {
                    parts.line("name", page.t("名称", "Name"), required: true, autofocus: true)
                    parts.line(
                        "code", page.t("编码", "Code"), hint: page.t("字母、数字、下划线，例如 vip_desk；建好后不要改", "Letters, digits, underscores"),
                        required: true)
                    parts.line("description", page.t("说明", "Description"), wide: true)
                    parts.select(
                        "copy", page.t("权限复制自", "Copy rights from"), rows.map { (String($0.id), page.roleName($0.title)) },
                        page.items["copy"], empty: page.t("不复制，从零开始", "None"))
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/settings/roles")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("新建", "Create") }
                }
            }
        }
    }

    // MARK: One role

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID(), chart = try await site.accounts.chart()
        return try await site.governed("roles", request, context) { page in .shell(try RolePart(page, id: id, chart, FormState()).shell) }
    }

    @Sendable func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context, limit: 2 << 20), actor = try site.governor("roles", context),
            id = try context.recordID()
        // Rights over what is switched off stay with the role.
        let part = form["part"] ?? "rights", catalog = site.gate.catalog.whole
        let role = try await site.gate.read(as: actor) { Record<Role>(try $0.record($0.catalog.schema(Role.self), id: id)) }
        let back = "/settings/roles/\(id)?tab=\(part)" + (form["entity"].map { "&entity=\($0)" } ?? "")
        do {
            let input = RoleInputForm(form: form, rights: Rights(RightsText(role)), catalog: catalog).input(part)
            let asked = try await site.change(Role.name, id, input, as: actor, ifVersion: form["_version"].flatMap(Int64.init))
            let text =
                asked == nil
                ? context.language("角色已保存，下一次请求起生效", "Role saved; it counts from the next request on")
                : context.language("角色已保存", "Role saved")
            return .done(back, context.saved(text, asked))
        } catch let wrong as Problems {
            let chart = try await site.accounts.chart()
            return try await site.governed("roles", request, context, status: .unprocessableContent) { page in
                .shell(try RolePart(page, id: id, chart, FormState(typed: form.typed, problems: wrong.all), tab: part).shell)
            }
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("roles", context), id = try context.recordID()
        let role = try await site.gate.read(as: actor) { Record<Role>(try $0.record($0.catalog.schema(Role.self), id: id)) }
        guard role.isBuiltIn != true else {
            throw Refusal.conflict(context.language("内置角色不能删除，可以修改其权限。", "Built-in roles cannot be deleted, only changed."))
        }
        try await site.accounts.deleteRole(id, as: actor)
        return .done("/settings/roles", context.language("角色已删除", "Role deleted"))
    }

    // MARK: Members

    @Sendable func addMember(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("roles", context), id = try context.recordID()
        var user = form.all("user").last { !$0.isEmpty }.flatMap(Int64.init)
        if user == nil, let name = form["user_text"]?.trimmed, !name.isEmpty {
            let found = try await site.gate.read(as: actor) { view in try view.identify(view.catalog.schema(User.self), name) }
            if found.count == 1 { user = found[0] }
        }
        guard let user else {
            return .done(
                "/settings/roles/\(id)?tab=members", context.language("没有找到这位用户，请从列表中选择", "No such user; choose one from the list"))
        }
        return try await members(id, user, actor, context, context.language("已加入", "Added")) { $0.contains(id) ? $0 : $0 + [id] }
    }

    @Sendable func removeMember(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("roles", context), id = try context.recordID()
        guard let user = context.parameters.get("user").flatMap(Int64.init) else { throw Refusal.notFound }
        return try await members(id, user, actor, context, context.language("已移出", "Removed")) { roles in roles.filter { $0 != id } }
    }

    private func members(
        _ role: Int64, _ user: Int64, _ actor: Actor, _ context: WebContext, _ text: String, _ change: ([Int64]) -> [Int64]
    ) async throws -> Response {
        guard let member = try await site.accounts.chart().members[user] else { throw Refusal.notFound }
        let asked = try await site.change(User.name, user, ["roles": .list(change(member.roles).map(Plain.int))], as: actor)
        let waits = context.language("「\(member.name)」的角色已提交系统管理员审批", "The roles of \(member.name) wait for an administrator")
        return .done("/settings/roles/\(role)?tab=members", asked == nil ? text : waits)
    }
}

/// What a role's forms send, laid over the rights that the role has.
struct RoleInputForm {
    let form: FormBody
    var rights: Rights
    let catalog: Catalog

    func input(_ part: String) -> [String: Plain] {
        var input: [String: Plain]
        switch part {
        case "fields": input = ["fields": .object(known(withFields()).fieldsPlain)]
        case "system": input = system()
        default: input = ["permissions": .object(known(withScopes()).permissionsPlain)]
        }
        // Rights on what is gone (a retired field) would be refused with the rest.
        let kept = known(rights)
        if kept.fields != rights.fields, input["fields"] == nil { input["fields"] = .object(kept.fieldsPlain) }
        if kept.scopes != rights.scopes, input["permissions"] == nil { input["permissions"] = .object(kept.permissionsPlain) }
        return input
    }

    private func known(_ rights: Rights) -> Rights {
        var rights = rights
        rights.scopes = rights.scopes.filter { catalog[$0.key]?.traits.isPublic ?? false }
        rights.fields = rights.fields.filter { catalog[$0.key] != nil }
        for (entity, rules) in rights.fields { rights.fields[entity] = rules.filter { catalog[entity]?[$0.key] != nil } }
        return rights
    }

    /// Cells are named `r.customers.read`; an empty one follows the default line.
    private func withScopes() -> Rights {
        var rights = rights
        for pair in form.pairs where pair.name.hasPrefix("r.") {
            let words = pair.name.split(separator: ".").map(String.init)
            guard words.count == 3, words[1] == Rights.anyEntity else { continue }
            rights.fallback[words[2]] = RoleScope.scope(pair.value).flatMap { $0 == .none ? nil : $0 }
        }
        for pair in form.pairs where pair.name.hasPrefix("r.") {
            let words = pair.name.split(separator: ".").map(String.init)
            guard words.count == 3, words[1] != Rights.anyEntity else { continue }
            let (entity, right) = (words[1], words[2])
            let scope = RoleScope.scope(pair.value), usual = rights.fallback[right] ?? .none
            let isSaid = scope.map { $0 != .none || usual != .none } ?? false
            if isSaid { rights.scopes[entity, default: [:]][right] = scope } else { rights.scopes[entity]?[right] = nil }
            if rights.scopes[entity]?.isEmpty == true { rights.scopes[entity] = nil }
        }
        return rights
    }

    /// `f.customers.id_no`; an empty one is the field's usual right.
    private func withFields() -> Rights {
        var rights = rights
        for pair in form.pairs where pair.name.hasPrefix("f.") {
            let words = pair.name.split(separator: ".").map(String.init)
            guard words.count == 3 else { continue }
            rights.fields[words[1], default: [:]][words[2]] = FieldRight(rawValue: pair.value)
            if rights.fields[words[1]]?.isEmpty == true { rights.fields[words[1]] = nil }
        }
        return rights
    }

    private func system() -> [String: Plain] {
        var input: [String: Plain] = ["system": .list(form.all("system").filter { !$0.isEmpty }.map(Plain.text))]
        for name in ["name", "description", "code"] { if let text = form[name] { input[name] = .text(text) } }
        input["needs_totp"] = .bool(form.all("needs_totp").contains("true"))
        return input
    }
}

/// A scope as the matrix writes it: short words that its colours know.
enum RoleScope {
    private static let words: [(Scope, String)] = [
        (.none, "none"), (.own, "own"), (.ownAndSubordinates, "subs"), (.department, "dept"), (.departmentTree, "tree"), (.all, "all"),
    ]

    static func word(_ scope: Scope) -> String { words.first { $0.0 == scope }?.1 ?? "none" }
    static func scope(_ word: String) -> Scope? { words.first { $0.1 == word }?.0 }
}
