import Records

/// The clocks of complaints and what follows from them; each bounded, each told once.
enum ComplaintJobs {
    /// What runs out escalates the complaint (§2.27 "any open → escalated").
    static let clocks = Job("complaints.clock", "投诉超时升级", english: "Late complaints", schedule: .every(seconds: 60)) { _, tx in
        let states = Complaint.Status.open.filter { $0 != .pendingInfo }.map { Value.text($0.rawValue) }
        let late = Condition.compare(.init("status"), .in, states) && \Complaint.clockAt <= tx.now
        try tx.each(Complaint.self, where: late, sort: "clock_at") { complaint in
            var complaint = complaint
            guard let next = Complaint.nextClock(complaint) else { return }
            complaint.missed = next.clock
            if complaint.status != .escalated { (complaint.resumeTo, complaint.status) = (complaint.status.rawValue, .escalated) }
            Complaint.keep("\(next.clock.label)（\(next.at.shown)），已升级", in: &complaint, tx)
            let saved = try tx.save(complaint).row
            var people = try ServiceJobs.superiors(of: complaint.row, tx) + ComplaintPeople.withRole("cs_mgr", tx)
            if let owner = complaint.ownerID { people.append(owner) }
            if complaint.level.isGrave { people += try ComplaintPeople.withRole("gm", tx) }
            try tx.notify(people, of: .due, "投诉\(next.clock.label)：\(complaint.subject)", about: saved)
        }
    }

    /// I13 "不再重犯": ninety days after a complaint was closed, whether the customer had to complain of the same again.
    static let recurrence = Job("complaints.recurrence", "投诉复发检查", english: "Recurring complaints", schedule: .daily(hour: 6, minute: 10)) {
        _, tx in
        let due = \Complaint.status == .closed && \Complaint.recurrenceCheckOn <= tx.today
        try tx.each(Complaint.self, where: due, sort: "recurrence_check_on") { complaint in
            let since = complaint.closedAt ?? tx.now
            // A check that runs late still looks no further than the day it was set for.
            let until = Instant((complaint.recurrenceCheckOn ?? tx.today) + 1)
            let again =
                \Complaint.customer == complaint.customer && \Complaint.cause == complaint.cause && \Complaint.receivedAt > since
                && \Complaint.receivedAt < until
            let count = complaint.cause == nil ? 0 : try tx.count(Query(tx.catalog.schema(Complaint.self), where: again), cap: 1)
            try conclude(complaint, recurred: count > 0, tx)
        }
    }

    /// The answer, which may be known before the day of the check: what came again needs another cure.
    static func conclude(_ complaint: Record<Complaint>, recurred: Bool, _ tx: any Transaction) throws {
        var complaint = complaint
        (complaint.recurred, complaint.recurrenceCheckOn) = (recurred, nil)
        try tx.save(complaint)
        guard recurred else { return }
        let managers = try ComplaintPeople.withRole("cs_mgr", tx)
        _ = try Improvement.open(
            "投诉复发：\(complaint.subject)", source: .complaint, key: "recurred/\(complaint.row.id)", complaint: complaint,
            owner: managers.first ?? complaint.ownerID, tx)
    }

    /// A34: what is overdue goes up.
    static let overdue = Job("improvements.overdue", "改进项逾期上报", english: "Overdue improvements", schedule: .daily(hour: 8, minute: 40)) {
        _, tx in
        let late = .field("status", .in, "plan", "do", "check") && \Improvement.escalatedAt == nil && \Improvement.due < tx.now
        try tx.each(Improvement.self, where: late, sort: "due_at") { item in
            var item = item
            try tx.notify(
                ServiceJobs.superiors(of: item.row, tx) + [item.ownerID].compactMap(\.self), of: .due, "改进项已逾期：\(item.title)",
                about: item.row)
            item.escalatedAt = tx.now
            try tx.save(item)
        }
    }

    static let all = [clocks, recurrence, overdue]
}
