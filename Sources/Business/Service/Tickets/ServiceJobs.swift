import Records

/// Clocks that run out: whoever answers for it hears of it, then the one above. Each is told once, because telling moves the clock on.
enum ServiceJobs {
    static let escalate = Job("tickets.clock", "服务请求超时上报", english: "Late service requests", schedule: .every(seconds: 60)) { _, tx in
        try tx.each(Ticket.self, where: runOut(tx.now), sort: "clock_at") { ticket in
            var ticket = ticket
            let isResponse = ticket.respondedAt == nil && ticket.responseMissed != true && ticket.responseDue.map { $0 <= tx.now } ?? false
            if isResponse { ticket.responseMissed = true } else { ticket.isLate = true }
            let people =
                try isResponse
                ? [ticket.ownerID].compactMap(\.self) + superiors(of: ticket.row, tx)
                : superiors(of: ticket.row, tx) + [ticket.ownerID].compactMap(\.self)
            try tx.notify(people, of: .due, "\(isResponse ? "首次响应超时" : "服务请求超过解决期限")：\(ticket.subject)", about: ticket.row)
            try tx.save(ticket)
        }
    }

    private static func runOut(_ now: Instant) -> Condition {
        .field("status", .in, "new", "assigned", "working") && \Ticket.clockAt <= now
    }

    static let close = Job("tickets.close", "已解决请求自动关闭", english: "Close resolved requests", schedule: .daily(hour: 2, minute: 30)) {
        _, tx in
        let limit = tx.now.adding(days: -(try tx.int(ServiceParameters.closeDays)))
        let over = \Ticket.status == .resolved && \Ticket.resolvedAt < limit
        try tx.each(Ticket.self, where: over, sort: "-reported_at", batch: 300) { ticket in
            var ticket = ticket
            ticket.status = .closed
            ticket.closedAt = tx.now
            try tx.save(ticket)
        }
    }

    /// A11: a customer waits too long.
    static let waiting = Job("receptions.waiting", "到店等候提醒", english: "Visitors who wait", schedule: .every(seconds: 60)) { _, tx in
        let due = \Reception.status == .waiting && \Reception.alertAt <= tx.now
        try tx.each(Reception.self, where: due, sort: "alert_at") { reception in
            var reception = reception
            let minutes = max(0, (tx.now.milliseconds - (reception.arrivedAt?.milliseconds ?? 0)) / 60_000)
            try tx.notify(
                superiors(of: reception.row, tx) + [reception.ownerID].compactMap(\.self), of: .due,
                "到店客户「\(reception.visitor)」已等候 \(minutes) 分钟，请安排接待", about: reception.row)
            reception.alertAt = nil
            try tx.save(reception)
        }
    }

    /// The owner's superior and the head of the record's department.
    static func superiors(of row: Row, _ tx: any Transaction) throws -> [Int64] {
        var people: [Int64] = []
        if let owner = row.ownerID, let manager = try tx.get(User.self, Ref(owner))?.manager { people.append(manager.id) }
        if let department = row.departmentID, let head = try tx.get(Department.self, Ref(department))?.manager { people.append(head.id) }
        return people
    }

    static let all = [escalate, close, waiting]
}
