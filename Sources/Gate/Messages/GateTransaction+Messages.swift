import Records

/// To whom a message about a record goes.
struct Recipient {
    var address: String
    /// Every record whose refusals count.
    var rows: [Row]
}

extension View {
    /// The templates for records of an entity.
    public func messageTemplates(for schema: Schema) throws -> [Record<MessageTemplate>] {
        let templates = catalog.schema(MessageTemplate.self)
        guard may("read", templates) else { return [] }
        return try reading.fetch(
            Query(
                templates, where: \MessageTemplate.entity == schema.name && \MessageTemplate.isActive == true, sort: [Query.Sort("name")],
                limit: 200)
        ).map(Record<MessageTemplate>.init)
    }

    /// Subject and text as they would be sent: with the values that the actor may see.
    public func preview(_ template: Record<MessageTemplate>, about row: Row) throws -> (subject: String, text: String) {
        (try filled(template.subject ?? "", from: row, demandsPeople: true), try filled(template.text, from: row, demandsPeople: true))
    }
}

extension GateTransaction {
    /// Writes a message about a record to whom it is about, and queues it. Whatever forbids it is said here, at once.
    public func post(_ template: Int64, about row: Row, subject: String?, text: String?) throws {
        try maySpeak(of: row)
        guard let template = try get(MessageTemplate.self, Ref(template)), template.isActive else {
            throw Problem("template_id", code: "not_found", "模板不存在或已停用，请另选一个")
        }
        guard template.entity == row.schema.name else {
            throw Problem("template_id", code: "invalid", "模板「\(template.title)」不是给\(row.schema.label)用的")
        }
        guard let channel = try channel(of: template) else { throw Refusal.conflict("没有启用的\(template.kind.label)渠道，请管理员在设置中添加") }
        var message = Record<Message>()
        let seen = lens(row.schema).seen(row)
        message.title = String((try subject ?? filled(template.subject ?? template.title, from: seen, demandsPeople: true)).prefix(200))
        message.text = String((try text ?? filled(template.text, from: seen, demandsPeople: true)).prefix(4000))
        try refuseUnnamed(in: [("subject", message.title), ("text", message.text)], row.schema)
        (message.kind, message.purpose, message.template, message.channel) = (template.kind, template.purpose, template.id, channel.id)
        (message.entity, message.recordID, message.about) = (row.schema.name, Int(row.id), String(row.title.prefix(200)))
        if template.kind.isPersonal {
            guard let recipient = try recipient(of: row, template.kind) else {
                throw Refusal.conflict("「\(row.title)」没有\(template.kind == .email ? "邮箱" : "手机号码")，不能发送")
            }
            if template.purpose == .marketing, let objection = try objection(to: recipient, template.kind, besides: nil) {
                throw Refusal.conflict(objection)
            }
            message.to = recipient.address
        }
        message.dueAt =
            template.purpose == .marketing && template.kind.isPersonal
            ? try MessageParameters.opening(now, from: int(MessageParameters.quietFrom), until: int(MessageParameters.quietUntil)) : now
        message.isPersonal = actor.userID != 0 && !isAutomatic
        message.row["owner_id"] = actor.userID == 0 ? row.ownerID.map(Value.int) ?? .null : .int(actor.userID)
        message.row["department_id"] = (actor.departmentID ?? row.departmentID).map(Value.int) ?? .null
        try dispatch(insert(message))
    }

    /// Refuses to write in the company's name about what one may only look at, whichever way it is asked for.
    func maySpeak(of row: Row) throws {
        guard !isRule, !may("update", row) else { return }
        throw Refusal.forbidden("您没有修改「\(shown(row).title)」的权限，不能就它对外发消息；请联系其负责人或系统管理员。")
    }

    /// Refuses a letter in which somebody's name is missing: 「您的专属顾问  祝您…」.
    private func refuseUnnamed(in parts: [(place: String, text: String?)], _ schema: Schema) throws {
        let people = Set(schema.fields.filter { $0.target == User.name && $0.isColumn }.map(\.name))
        let problems = parts.flatMap { part in
            AutomationText(text: part.text ?? "").names.filter(people.contains).map { name in
                Problem(
                    part.place, code: "required",
                    "{\(name)} 没有代入：这条记录没有「\(schema[name]?.label ?? name)」，请先指定，或改写这句话、另选模板")
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    func test(_ channel: Record<MessageChannel>, to address: String?) throws {
        var message = Record<Message>()
        (message.title, message.text) = ("知客测试消息", "这是一条测试消息，收到即表示渠道「\(channel.title)」可用。")
        (message.kind, message.purpose, message.channel, message.dueAt, message.about) = (
            channel.kind, .service, channel.id, now, channel.title
        )
        if channel.kind.isPersonal {
            guard let address = address?.trimmed, !address.isEmpty else { throw Problem("to", code: "required", "请填写发给谁") }
            message.to = address
        }
        message.row["owner_id"] = .int(actor.userID)
        message.row["department_id"] = actor.departmentID.map(Value.int) ?? .null
        try dispatch(insert(message))
    }

    /// Puts a message into the outbox, for when it is due.
    func dispatch(_ message: Record<Message>) throws {
        let delay = max(0, ((message.dueAt ?? now).milliseconds - now.milliseconds + 999) / 1000)
        try enqueue(
            MessageJob.name, label: "发送消息：\(message.title ?? "")", ["message": .int(message.row.id)], key: "message/\(message.row.id)",
            after: delay)
    }

    private func channel(of template: Record<MessageTemplate>) throws -> Record<MessageChannel>? {
        if let chosen = template.channel { return try get(MessageChannel.self, chosen).flatMap { $0.isActive ? $0 : nil } }
        return try all(
            MessageChannel.self, where: \MessageChannel.kind == template.kind && \MessageChannel.isActive == true, sort: [Query.Sort("id")],
            limit: 1
        ).first
    }

    /// The record's own address, or that of the first it links to.
    func recipient(of row: Row, _ kind: MessageChannel.Kind) throws -> Recipient? {
        if let mailing = row.schema.traits.mailing {
            guard let address = (kind == .email ? mailing.email : mailing.mobile).flatMap({ row[$0].text })?.trimmed, !address.isEmpty
            else { return nil }
            var rows = [row]
            if let link = mailing.through.flatMap({ row.schema[$0] }), let other = link.target.flatMap({ catalog[$0] }),
                let id = row[link].int, let above = try get(other, id: id)
            {
                rows.append(above)
            }
            return Recipient(address: address, rows: rows)
        }
        for link in catalog.mailingLinks(row.schema) {
            guard let other = link.target.flatMap({ catalog[$0] }), let id = row[link].int, let person = try get(other, id: id) else {
                continue
            }
            if let found = try recipient(of: person, kind) { return found }
        }
        return nil
    }

    /// Why somebody may not be sent advertising (A53); nil when they may. The one place where it is decided.
    func objection(to recipient: Recipient, _ kind: MessageChannel.Kind, besides message: Int64?) throws -> String? {
        for row in recipient.rows {
            guard let mailing = row.schema.traits.mailing else { continue }
            for field in mailing.refusals.compactMap({ row.schema[$0] }) where row[field] == 1 {
                return "「\(name(of: row))」已标记「\(field.label)」，不能发送营销消息"
            }
            if let field = mailing.consent.flatMap({ row.schema[$0] }) {
                let isAgreed =
                    field.kind.isYesNo
                    ? row[field] == 1
                    : row[field].list?.contains(.text(kind.rawValue)) ?? (row[field].text?.contains(kind.rawValue) ?? false)
                if !isAgreed { return "「\(name(of: row))」没有同意接收\(kind.label)，不能发送营销消息" }
            }
        }
        if try first(MessageOptOut.self, where: \MessageOptOut.address == recipient.address.lowercased()) != nil {
            return "收件人已退订，不能发送营销消息"
        }
        let most = try int(MessageParameters.perWeek), since = now.adding(days: -7)
        let lately =
            \Message.to == recipient.address && \Message.purpose == .marketing && .field("status", .in, "waiting", "sending", "sent")
            && .field("created_at", .gt, since.stored)
        let count = try count(Query(catalog.schema(Message.self), where: message.map { lately && .not(.ids([$0])) } ?? lately), cap: most)
        return count >= most ? "七天内已发送 \(most) 条营销消息，达到频次上限" : nil
    }
}
