import Records

/// What holds for users, roles and departments however they are changed: by a form, the API, an import, an undo.
extension GateTransaction {
    /// Before a user, role or department is written: tidies it and refuses what would give rights away, close a circle or leave nobody in
    /// charge.
    func govern(_ row: inout Row, over old: Row?) throws {
        switch row.schema.name {
        case User.name: try governUser(&row, over: old)
        case Role.name: try governRole(&row, over: old)
        case Department.name:
            try refuseCircle(of: row, over: old, by: "parent_id", "上级部门不能是本部门或其下级部门")
            try governPlace(ofDepartment: row, over: old)
        default: break
        }
    }

    /// Before one goes to the recycle bin.
    func governRemoval(of row: Row) throws {
        switch row.schema.name {
        case User.name:
            guard row.id != actor.userID else { throw Refusal.conflict("不能删除自己的账号，请由其他管理员操作。") }
            try mayManage(row.id)
            try keepAnAdministrator(without: row.id)
            try endSessions(of: row.id, keys: true)
        case Role.name:
            try mayDefine(Rights(RightsText(Record<Role>(row))), of: row)
            let carriers = try reading.count(Query(catalog.schema(User.self), where: .field("roles", .in, .int(row.id))), cap: 1000)
            guard carriers == 0 else { throw Refusal.conflict("还有 \(carriers) 位用户使用角色「\(row.title)」，请先更换他们的角色。") }
        case Department.name:
            let users = try reading.count(Query(catalog.schema(User.self), where: .field("department_id", .eq, .int(row.id))), cap: 1000)
            let parts = try reading.count(Query(row.schema, where: .field("parent_id", .eq, .int(row.id))), cap: 1000)
            guard users == 0, parts == 0 else { throw Refusal.conflict("部门「\(row.title)」还有 \(users) 位用户、\(parts) 个下级部门，请先调整。") }
        default: break
        }
    }

    /// Before one comes back from there.
    func governReturn(of row: Row) throws {
        switch row.schema.name {
        case User.name: try mayManage(row.id)
        case Role.name: try mayDefine(Rights(RightsText(Record<Role>(row))), of: row)
        case Department.name:
            guard let above = try row["parent_id"].int.flatMap({ try reading.row(row.schema, id: $0) }), above.deletedAt != nil else {
                return
            }
            throw Refusal.conflict("上级部门「\(above.title)」还在回收站，请先恢复它。")
        default: break
        }
    }

    // MARK: Users

    private func governUser(_ row: inout Row, over old: Row?) throws {
        let name = Username.normalised(row["username"].text ?? "")
        if !name.isEmpty || old != nil {
            if let fault = Username.fault(in: name) {
                throw Problems([Problem("username", code: name.isEmpty ? "required" : "invalid", fault)])
            }
            row["username"] = .text(name)
        }
        try refuseCircle(of: row, over: old, by: "manager_id", "直属上级不能是本人或其下属")
        let before = try old.map { try carried(by: $0.id) } ?? []
        let after = row["roles"].isNull && (old?["roles"].isNull ?? false) ? before : row["roles"].list?.compactMap(LinksKind.id(of:)) ?? []
        if let old { try mayManage(old.id) } else { try needs("users", "管理用户") }
        let changed = Set(before).symmetricDifference(after)
        if !changed.isEmpty { try mayGive(changed, to: row.id) }
        try governPlace(of: row, over: old, rights: rights(of: after))
        let isActive = row["status"].text != User.Status.disabled.rawValue
        guard let old else { return }
        if !isActive || !changed.isEmpty {
            let stays = try isActive && rights(of: after).isAdmin
            if !stays { try keepAnAdministrator(without: row.id) }
        }
        guard !isActive, old["status"].text != User.Status.disabled.rawValue else { return }
        guard row.id != actor.userID else { throw Refusal.conflict("不能停用自己的账号，请由其他管理员操作。") }
        try endSessions(of: row.id, keys: true)
    }

    /// What a system right is needed for: rules and the program itself are not asked.
    func needs(_ word: String, _ what: String) throws {
        guard isRule || actor.rights.isAdmin || actor.rights.system.contains(word) else {
            throw Refusal.forbidden("您没有\(what)的权限，请联系系统管理员。")
        }
    }

    /// Whether the actor may change this user's account: only of somebody whose rights could also be given away, or a reset password would
    /// open a wider door.
    func mayManage(_ user: Int64) throws {
        try needs("users", "管理用户")
        guard !isRule, !actor.rights.isAdmin, user != actor.userID else { return }
        guard try mayGive(rights(of: carried(by: user))) else {
            throw Refusal.forbidden("该用户有您没有的权限，其账号只能由系统管理员修改、重置密码、停用或删除。")
        }
    }

    private func mayGive(_ roles: Set<Int64>, to user: Int64) throws {
        guard !isRule, !actor.rights.isAdmin else { return }
        guard user != actor.userID || user == 0 else { throw Refusal.forbidden("不能修改自己的角色，请由其他管理员操作。") }
        let beyond = try rolesBeyond(roles)
        if let role = beyond.first(where: isOfAdministrators) { throw Refusal.forbidden("只有系统管理员可以授予或收回角色「\(role.title)」。") }
        guard let role = beyond.first else { return }
        throw Refusal.forbidden("角色「\(role.title)」的权限超出您自己的权限，您不能直接授予或收回；请在用户页面修改，由系统管理员审批。")
    }

    /// Those of the roles that the actor can neither give nor take away.
    func rolesBeyond(_ roles: Set<Int64>) throws -> [Row] {
        try reading.rows(catalog.schema(Role.self), ids: roles.sorted()).filter { try !mayGive(Rights(RightsText(Record<Role>($0)))) }
    }

    func isOfAdministrators(_ role: Row) -> Bool { Rights(RightsText(Record<Role>(role))).isAdmin }

    /// Nobody gives what they do not have, but for what somebody who has it has agreed to.
    func mayGive(_ rights: Rights) throws -> Bool {
        if actor.rights.covers(rights, in: catalog.whole) { return true }
        return try approversRights()?.covers(rights, in: catalog.whole) ?? false
    }

    /// What whoever had the last word may do at this moment; nil when nobody was asked.
    func approversRights() throws -> Rights? {
        guard isApproved, let approver = actor.approvedBy else { return nil }
        return try present(approver)
    }

    /// The rights of a user as they stand in the database now; nil for who is disabled or gone.
    func present(_ user: Int64) throws -> Rights? {
        guard try get(User.self, Ref(user))?.status == .active else { return nil }
        return try rights(of: carried(by: user))
    }

    func carried(by user: Int64) throws -> [Int64] {
        let schema = catalog.schema(User.self)
        guard let field = schema["roles"] else { return [] }
        return try reading.linked(schema, field, of: [user])[user] ?? []
    }

    func rights(of roles: [Int64]) throws -> Rights {
        try reading.rows(catalog.schema(Role.self), ids: roles).filter { $0.deletedAt == nil }.map { Rights(RightsText(Record<Role>($0))) }
            .reduce(nil) { sum, one in sum?.union(one) ?? one } ?? Rights()
    }

    /// Refuses when nobody else is left who may do everything. `role` is about to lose its power.
    private func keepAnAdministrator(without user: Int64?, role: Int64? = nil) throws {
        // Two administrators who remove each other at the same moment wait for one another here.
        _ = try writing.next("organisation", by: 1)
        if let user, try !rights(of: carried(by: user)).isAdmin { return }
        let all = try reading.fetch(Query(catalog.schema(Role.self), limit: 1000))
        let powerful = all.filter { $0.id != role && Rights(RightsText(Record<Role>($0))).isAdmin }.map { Value.int($0.id) }
        var condition = Condition.compare(.init("roles"), .in, powerful) && \User.status == .active
        if let user { condition = condition && .not(.ids([user])) }
        guard !powerful.isEmpty, try reading.count(Query(catalog.schema(User.self), where: condition), cap: 1) > 0 else {
            throw Refusal.conflict("这是最后一位系统管理员，不能停用、删除或取消其管理员角色。请先指定另一位系统管理员。")
        }
    }

    // MARK: Roles

    private func governRole(_ row: inout Row, over old: Row?) throws {
        let role = Record<Role>(row), text = RightsText(role)
        let before = old.map { RightsText(Record<Role>($0)) }
        if let code = row["code"].text { row["code"] = .text(code.lowercased()) }
        if let old, Record<Role>(old).isBuiltIn == true, old["code"] != row["code"] {
            throw Problems([Problem("code", code: "not_allowed", "内置角色的编码不能修改")])
        }
        if text != before {
            if !isRule { _ = try Rights.checked(text, in: catalog.whole) }
            if let before { try mayDefine(Rights(before), of: row) }
            try mayDefine(Rights(text), of: row)
            if let before, Rights(before).isAdmin, !Rights(text).isAdmin { try keepAnAdministrator(without: nil, role: row.id) }
        } else {
            try needs("roles", "管理角色")
        }
    }

    private func mayDefine(_ rights: Rights, of role: Row) throws {
        try needs("roles", "管理角色")
        guard !isRule, !actor.rights.isAdmin else { return }
        guard try mayGive(rights) else { throw Refusal.forbidden("角色「\(role.title)」的权限超出您自己的权限，只有系统管理员可以直接改动它。") }
        if role.id != 0, try carried(by: actor.userID).contains(role.id) { throw Refusal.forbidden("不能修改自己所属的角色，请由其他管理员操作。") }
    }

    // MARK: -

    /// Refuses a parent that is the record itself or below it.
    private func refuseCircle(of row: Row, over old: Row?, by field: String, _ message: String) throws {
        guard var next = row[field].int, row.id != 0, old?[field] != row[field] else { return }
        var seen: Set<Int64> = []
        while seen.insert(next).inserted {
            if next == row.id { throw Problems([Problem(field, code: "circle", message)]) }
            guard let above = try reading.row(row.schema, id: next)?[field].int else { return }
            next = above
        }
    }
}

extension Rights {
    /// Reads stored text as strictly as what somebody sends.
    static func checked(_ text: RightsText, in catalog: Catalog) throws -> Rights {
        func plain(_ text: String?, _ field: String) throws -> Plain? {
            guard let text, !text.isEmpty else { return nil }
            guard let plain = Plain(jsonText: text) else { throw Problems([Problem(field, code: "invalid", "不是有效的 JSON，请检查格式")]) }
            return plain
        }
        return try Rights(
            permissions: plain(text.permissions, "permissions"), fields: plain(text.fields, "fields"),
            system: RightsReader.system(text.system), in: catalog)
    }
}
