import Core
import Records

extension Ticket {
    public static var rules: Rules {
        .of(Ticket.self) {
            $0.beforeSave { ticket, change, tx in
                try Ownership.follow(&ticket.row, change, tx)
                if ticket.reportedAt == nil { ticket.reportedAt = tx.now }
                if change.isNew || change.changed(\Ticket.priority, in: ticket) || change.changed(\Ticket.type, in: ticket) {
                    try promise(&ticket, tx)
                }
                setClock(&ticket)
            }
            $0.afterSave { ticket, change, tx in
                guard let owner = ticket.ownerID, owner != tx.actor.userID, tx.actor.userID != 0, owner != change.old?.ownerID,
                    ticket.isDemo != true
                else { return }
                try tx.notify([owner], of: .assigned, "\(tx.actor.name) 分派给你服务请求：\(ticket.subject)", about: ticket.row)
            }
            $0.afterSent { ticket, written, tx in
                guard ticket.respondedAt == nil, OwnAnswer.isWithin(ticket.row.createdAt, written) else { return }
                var ticket = ticket
                ticket.respondedAt = tx.now
                try tx.save(ticket)
            }
            $0.notice { ticket, look in
                guard Status.open.contains(ticket.status) else { return nil }
                if let due = ticket.due, due < look.now, !ticket.status.isWaiting {
                    return Notice(.bad, "已超过解决期限 \(due.shown)", "Past its due time \(due.shown)")
                }
                if ticket.respondedAt == nil, let due = ticket.responseDue, due < look.now {
                    return Notice(.warn, "首次响应已超时（\(due.shown)），请先联系客户", "First response is late (\(due.shown))")
                }
                return nil
            }
            $0.aid { ticket, look in
                try Script.aids(for: ticket.type == .complaint ? .complaint : .service, about: ticket.row, look)
                    + Article.aids(for: ticket, look)
            }
        }
    }

    /// The level for this kind and priority, and the moments it promises, counted from when the customer asked; time already waited is
    /// added.
    static func promise(_ ticket: inout Record<Ticket>, _ tx: any Transaction) throws {
        let fitting = try tx.all(
            ServiceLevel.self, where: \ServiceLevel.priority == ticket.priority && \ServiceLevel.isEnabled == true,
            sort: [Query.Sort("id")], limit: 100)
        guard let level = fitting.first(where: { $0.type == ticket.type }) ?? fitting.first(where: { $0.type == nil }),
            let start = ticket.reportedAt
        else {
            (ticket.level, ticket.responseDue, ticket.due) = (nil, nil, nil)
            return
        }
        let calendar = try WorkCalendar.load(tx)
        ticket.level = level.id
        ticket.responseDue = level.clock.adding(level.response, to: start, calendar)
        ticket.due = level.clock.adding(level.resolve + (ticket.waitedMinutes ?? 0), to: start, calendar)
        (ticket.responseMissed, ticket.isLate) = (nil, nil)
    }

    /// What is looked at next: the first response, then the resolution; nothing while somebody else is waited for or when it is over.
    static func setClock(_ ticket: inout Record<Ticket>) {
        guard Status.open.contains(ticket.status), !ticket.status.isWaiting else {
            ticket.clockAt = nil
            return
        }
        let response = ticket.respondedAt == nil && ticket.responseMissed != true ? ticket.responseDue : nil
        let resolve = ticket.isLate == true ? nil : ticket.due
        ticket.clockAt = [response, resolve].compactMap(\.self).min()
    }
}

extension Ticket {
    private static let assignee = Field<Ref<User>>("owner_id", "处理人", .english("Assignee"))
    private static let remark = Field<String?>("reason", "说明", kind: TextKind(limit: 200))
    private static let solution = Field<String>("resolution", "解决方案", kind: LongTextKind(), .english("Resolution"))
    private static let knowledge = Field<Ref<Article>?>("article_id", "采用的知识", .english("Article used"))

    public static var flow: Flow? {
        .of(Ticket.self, \.status) {
            $0.step(
                "accept", "接单处理", from: [.new, .assigned], to: .working, icon: "hand", english: "Start work", primary: true
            ) { ticket, _, tx in
                // Whoever starts on it answers for it; the customer has heard nothing yet.
                ticket.ownerID = ticket.ownerID ?? tx.actor.userID
            }
            $0.step(
                "dispatch", "分派", from: [.new, .assigned, .working], to: .assigned, parameters: [assignee], permission: "assign",
                icon: "user-round-pen", english: "Assign"
            ) { ticket, arguments, tx in
                guard let user = try tx.get(User.self, arguments[assignee]), user.status == .active else {
                    throw Problem("owner_id", "这位用户已停用，请另选一位")
                }
                (ticket.ownerID, ticket.departmentID) = (user.row.id, user.department?.id ?? ticket.departmentID)
            }
            $0.step(
                "wait_customer", "等客户", from: [.working], to: .waitingCustomer, parameters: [remark], icon: "clock",
                english: "Wait for the customer"
            ) { ticket, _, tx in ticket.waitingSince = tx.now }
            $0.step(
                "wait_supplier", "等第三方", from: [.working], to: .waitingSupplier, parameters: [remark], icon: "clock",
                english: "Wait for a third party"
            ) { ticket, _, tx in ticket.waitingSince = tx.now }
            $0.step(
                "resume", "继续处理", from: [.waitingCustomer, .waitingSupplier], to: .working, icon: "play", english: "Go on", primary: true
            ) { ticket, _, tx in try resume(&ticket, tx) }
            $0.step(
                "resolve", "解决", from: [.working, .waitingCustomer, .waitingSupplier], to: .resolved, parameters: [solution, knowledge],
                icon: "check", english: "Resolve", primary: true
            ) { ticket, arguments, tx in
                if ticket.waitingSince != nil { try resume(&ticket, tx) }
                ticket.resolution = arguments[solution]
                ticket.article = arguments[knowledge] ?? ticket.article
                ticket.resolvedAt = tx.now
            }
            $0.step(
                "close", "关闭", from: [.resolved], to: .closed, keeper: true, icon: "circle-check", english: "Close", primary: true
            ) { ticket, _, tx in ticket.closedAt = tx.now }
            $0.step(
                "cancel", "取消", from: [.new, .assigned, .working], to: .cancelled, parameters: [Reason.demanded], keeper: true, icon: "x"
            ) { ticket, arguments, tx in
                (ticket.resolution, ticket.closedAt) = ("取消：\(arguments[Reason.demanded])", tx.now)
            }
            $0.move(from: [.resolved], to: [.closed], "任务「已解决请求自动关闭」：解决后若干天")
            $0.move(from: [.resolved, .closed], to: [.working], "操作「重新打开」：七天内；更晚的另建一条")
            ($0.removable, $0.undoable) = ([.cancelled], [.closed, .cancelled])
        }
    }

    public static var actions: [Action] {
        [
            reply, .sendMessage,
            Action.on(
                Ticket.self, "reopen", "重新打开", icon: "rotate-ccw", english: "Reopen", parameters: [Reason.demanded],
                unavailable: { ticket, _ in ticket.status == .resolved || ticket.status == .closed ? nil : "只有已解决或已关闭的请求可以重新打开" }
            ) { ticket, arguments, tx in try reopen(&ticket, arguments[Reason.demanded], tx) },
        ]
    }

    /// Time waited for others does not count: the deadline moves by as much.
    private static func resume(_ ticket: inout Record<Ticket>, _ tx: any Transaction) throws {
        if let since = ticket.waitingSince, let level = try ticket.level.flatMap({ try tx.get(ServiceLevel.self, $0) }) {
            let calendar = try WorkCalendar.load(tx), waited = level.clock.minutes(from: since, to: tx.now, calendar)
            ticket.waitedMinutes = (ticket.waitedMinutes ?? 0) + waited
            ticket.due = ticket.due.map { level.clock.adding(waited, to: $0, calendar) }
        }
        ticket.waitingSince = nil
    }

    /// C15: within seven days the same request goes on; later a new one is made that names it.
    private static func reopen(_ ticket: inout Record<Ticket>, _ reason: String, _ tx: any Transaction) throws {
        let days = try tx.int(ServiceParameters.reopenDays)
        let resolved = ticket.resolvedAt ?? ticket.closedAt ?? tx.now
        guard tx.now > resolved.adding(days: days) else {
            ticket.status = .working
            ticket.reopened = (ticket.reopened ?? 0) + 1
            (ticket.resolvedAt, ticket.closedAt, ticket.isLate) = (nil, nil, nil)
            // What was done in the meantime is no time of ours.
            if let level = try ticket.level.flatMap({ try tx.get(ServiceLevel.self, $0) }) {
                ticket.due = level.clock.adding(level.resolve, to: tx.now, try WorkCalendar.load(tx))
            }
            ticket.description = [ticket.description, "重开（\(tx.now.shown)）：\(reason)"].compactMap(\.self).joined(separator: "\n")
            return
        }
        var next = Record<Ticket>()
        next.subject = ticket.subject
        next.customer = ticket.customer
        next.contact = ticket.contact
        next.type = ticket.type
        next.priority = ticket.priority
        next.channel = ticket.channel
        next.description = reason
        next.previous = ticket.id
        next.ownerID = ticket.ownerID
        next.departmentID = ticket.departmentID
        try tx.insert(next)
    }
}
