import Records

/// Whoever keeps accounts has known their passwords, and may have a session open in another's name. So what they asked for and an
/// administrator granted does not fall to whoever is logged in already.
extension GateTransaction {
    /// Whose accounts begin afresh when this request is carried out, as things stand before it: the user who gets more roles; of a role that
    /// gets more rights, those who carry it with a password from the applicant.
    func beginners(of request: Record<ApprovalRequest>, _ target: Row) throws -> [Int64] {
        guard let asker = request.ownerID, let content = request.content.flatMap(Plain.init(jsonText:))?.object else { return [] }
        switch target.schema.name {
        case User.name:
            let wanted = content["roles"]?.list?.compactMap(\.int) ?? []
            return try Set(wanted).isSubset(of: carried(by: target.id)) ? [] : [target.id]
        case Role.name:
            var wanted = target
            for name in ["permissions", "fields", "system"] { if let text = content[name] { wanted[name] = Value(asPlain: text) } }
            let before = Rights(RightsText(Record<Role>(target))), after = Rights(RightsText(Record<Role>(wanted)))
            return before.covers(after, in: catalog.whole) ? [] : try carriers(of: target.id, withPasswordFrom: asker)
        default: return []
        }
    }

    /// Those who carry a role and whose password this user handed out.
    func carriers(of role: Int64, withPasswordFrom issuer: Int64) throws -> [Int64] {
        let users = try reading.fetch(
            Query(catalog.schema(User.self), where: .field("roles", .in, .int(role)), sort: [Query.Sort("id")], limit: 10_000)
        ).map(\.id)
        return try users.filter { try credential(of: $0)?.issuedBy == Int(issuer) }
    }

    /// Ends what is open of these accounts — sessions, API keys, calendar addresses. Their passwords must be changed at the next log-in; one
    /// that did not come from an administrator opens nothing any more, and an administrator hands out the next.
    func beginAfresh(_ users: [Int64]) throws {
        var waiting: [Int64] = []
        for user in users {
            try endSessions(of: user, keys: true)
            try Accounts.endFeeds(of: user, self)
            guard let credential = try credential(of: user), credential.password != nil else { continue }
            let isTrusted = try isFromAdministrator(credential)
            if !isTrusted { waiting.append(user) }
            try setCredential(of: user) {
                ($0.mustChange, $0.changedAt) = (true, now)
                guard !isTrusted else { return }
                // A second step that somebody else may have set up would keep the user out.
                ($0.password, $0.totpSecret, $0.totpPending, $0.totpStep, $0.recoveryCodes) = (nil, nil, nil, nil, nil)
            }
            try record(isTrusted ? "sessions_ended" : "password_revoked", entity: User.name, id: user)
        }
        guard let first = waiting.first else { return }
        let names = try titles(linkedTo: catalog.schema(User.self), ids: waiting.prefix(5))
        let text = waiting.prefix(5).compactMap { names[$0] }.joined(separator: "、") + (waiting.count > 5 ? "等 \(waiting.count) 人" : "")
        try notify(
            [actor.userID], of: .approval, "\(text)的密码不是系统管理员签发的，授权生效时已作废：请在用户页面重置密码，当面交给本人",
            about: try reading.row(catalog.schema(User.self), id: first))
    }

    private func isFromAdministrator(_ credential: Record<Credential>) throws -> Bool {
        guard let issuer = credential.issuedBy else { return false }
        return try issuer == 0 || present(Int64(issuer))?.isAdmin ?? false
    }
}
