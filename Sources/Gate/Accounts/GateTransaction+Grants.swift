import Records

/// What somebody may ask for and not give, because they do not have it themselves: it waits for an administrator's word.
struct WithheldGrant {
    var title: String
    /// The wanted fields, in stored form.
    var content: [String: Value]
    /// What the administrators read.
    var lines: [ApprovalParts.Line]
}

extension GateTransaction {
    /// Takes out of a user's, role's or department's change what its author cannot give. Nil when there is nothing of the kind, and where it is refused:
    /// for one's own account or role, and what makes an administrator, which only administrators do.
    func withhold(_ row: inout Row, over old: Row?) throws -> WithheldGrant? {
        guard !isRule, !isApproved, !actor.rights.isAdmin else { return nil }
        switch row.schema.name {
        case User.name: return try withholdRoles(&row, over: old)
        case Role.name: return try withholdRights(&row, over: old)
        case Department.name: return try withholdPlaces(&row, over: old)
        default: return nil
        }
    }

    /// Asks the administrators for it.
    func ask(for grant: WithheldGrant, of row: Row) throws {
        // Asked again for the same: it waits already.
        if let open = try openRequest(on: row), open.content.flatMap(Plain.init(jsonText:)) == .object(grant.content.mapValues(\.asPlain)) {
            submitted = open.row.id
            return
        }
        try refuseSecondRequest(on: row)
        let administrators = try Approvers(self, applicant: actor.userID, record: row).administrators()
        guard !administrators.isEmpty else {
            throw Refusal.conflict("这超出您自己的权限，需要一位系统管理员批准，而现在没有在职的系统管理员。请先恢复一位系统管理员。")
        }
        let step = ApprovalPlan.Step(name: "系统管理员", users: administrators, needsAll: false, remindHours: 8)
        var plan = ApprovalPlan(steps: [step], locked: grant.content.keys.sorted(), onReject: nil)
        plan.isForAdministrators = true
        var request = Record<ApprovalRequest>()
        request.title = grant.title
        request.trigger = .change
        request.reason = reason
        try ask(request, about: row, grant.content, ApprovalParts(lines: grant.lines, amount: nil), plan)
    }

    /// Roles keep what they were; a new user has those that its author may give.
    private func withholdRoles(_ row: inout Row, over old: Row?) throws -> WithheldGrant? {
        guard row.id == 0 || row.id != actor.userID, let wanted = row["roles"].list?.compactMap(LinksKind.id(of:)) else { return nil }
        let before = try old.map { try carried(by: $0.id) } ?? [], changed = Set(before).symmetricDifference(wanted)
        guard !changed.isEmpty else {
            // Links have no order of their own.
            if let old { row["roles"] = old["roles"] }
            return nil
        }
        let beyond = try rolesBeyond(changed)
        let present = try rights(of: before)
        guard try !beyond.isEmpty || !mayGive(present), !present.isAdmin, !beyond.contains(where: isOfAdministrators) else { return nil }
        try needs("users", "管理用户")
        if let old { try validate(row, over: old) }
        row["roles"] = old?["roles"] ?? .list(wanted.filter { id in !beyond.contains { $0.id == id } }.map(Value.int))
        let names = try titles(linkedTo: catalog.schema(Role.self), ids: before + wanted)
        func named(_ ids: [Int64]) -> String { ids.compactMap { names[$0] }.joined(separator: "、") }
        let has = row["roles"].list?.compactMap(LinksKind.id(of:)) ?? []
        let given = wanted.filter { !has.contains($0) }, taken = has.filter { !wanted.contains($0) }
        var lines = [("现有角色", has), ("授予角色", given), ("收回角色", taken)].filter { !$0.1.isEmpty }
            .map { ApprovalParts.Line(field: "roles", label: $0.0, text: named($0.1)) }
        if !given.isEmpty { lines.append(.init(field: "roles", label: "批准后", text: "该帐号已有的登录和令牌全部结束；密码不是系统管理员签发的即作废，须由系统管理员重置")) }
        return WithheldGrant(
            title: given.isEmpty ? "收回「\(row.title)」的角色：\(named(taken))" : "授予「\(row.title)」角色：\(named(given))",
            content: ["roles": .list(wanted.sorted().map(Value.int))], lines: lines)
    }

    /// A role's rights stay what they were; a new one begins without any.
    private func withholdRights(_ row: inout Row, over old: Row?) throws -> WithheldGrant? {
        let text = RightsText(Record<Role>(row)), before = old.map { RightsText(Record<Role>($0)) } ?? RightsText()
        guard text != before else { return nil }
        let present = Rights(before), wanted = try Rights.checked(text, in: catalog.whole)
        guard !present.isAdmin, !wanted.isAdmin, try !mayGive(wanted) || !mayGive(present),
            try row.id == 0 || !carried(by: actor.userID).contains(row.id)
        else { return nil }
        try needs("roles", "管理角色")
        var content: [String: Value] = [:]
        for name in ["permissions", "fields", "system"] {
            content[name] = row[name]
            row[name] = old?[name] ?? .null
        }
        var lines = wanted.changes(from: present, in: catalog.whole)
        let known = row.id == 0 || present.covers(wanted, in: catalog.whole) ? [] : try carriers(of: row.id, withPasswordFrom: actor.userID)
        if !known.isEmpty {
            let names = try titles(linkedTo: catalog.schema(User.self), ids: known.prefix(10))
            let text = known.prefix(10).compactMap { names[$0] }.joined(separator: "、") + (known.count > 10 ? "等 \(known.count) 人" : "")
            lines.append(.init(field: "permissions", label: "批准后", text: "密码由申请人签发的 \(text) 须由系统管理员重置密码才能登录"))
        }
        return WithheldGrant(title: "修改角色「\(row.title)」的权限", content: content, lines: lines)
    }

    /// A department stays below the one it was, and its head who it was; a new one has none at first.
    private func withholdPlaces(_ row: inout Row, over old: Row?) throws -> WithheldGrant? {
        let fields = placeChanges(row, over: old)
        guard !fields.isEmpty else { return nil }
        var content: [String: Value] = [:], lines: [ApprovalParts.Line] = []
        for field in fields {
            guard let target = field.target.flatMap({ catalog[$0] }), let new = row[field].int else { continue }
            guard let found = try reading.row(target, id: new), found.deletedAt == nil else {
                throw Problems([Problem(field.name, code: "not_found", "「\(field.label)」指向的\(target.label)不存在，请重新选择")])
            }
            let before = try old?[field].int.flatMap { try reading.row(target, id: $0)?.title } ?? "无"
            lines.append(.init(field: field.name, label: field.label, text: "\(before)→\(found.title)"))
            content[field.name] = .int(new)
            row[field] = old?[field] ?? .null
        }
        return WithheldGrant(
            title: "调整部门「\(row.title)」的\(fields.map(\.label).joined(separator: "和"))", content: content, lines: lines)
    }

    /// What of a department's change lets others see more, or have a say: another above it, another at its head. A new department has nobody
    /// in it to be seen.
    func placeChanges(_ row: Row, over old: Row?) -> [FieldSpec] {
        (old == nil ? ["manager_id"] : ["parent_id", "manager_id"]).compactMap { row.schema[$0] }
            .filter { !row[$0].isNull && row[$0] != old?[$0] ?? .null }
    }
}
