import Core
import Records

extension Complaint {
    public static var rules: Rules {
        .of(Complaint.self) {
            $0.beforeSave(fillIn)
            $0.afterSave(tell)
            $0.afterSave(warn)
            $0.afterSave(recall)
            $0.beforeDelete { complaint, _, _ in
                guard complaint.status == .received || complaint.status == .rejected else {
                    throw Refusal.conflict("投诉 \(complaint.no ?? "") 已进入处理，不能删除（每件投诉都要留档）")
                }
            }
            $0.notice { complaint, look in
                guard let due = complaint.due, Status.open.contains(complaint.status), complaint.status != .pendingInfo, due < look.now
                else { return nil }
                return Notice(.bad, "已超过结案期限 \(due.shown)", "Past its deadline \(due.shown)")
            }
            $0.notice { complaint, _ in
                complaint.isRepeat == true ? Notice(.warn, "重复投诉：该客户 90 天内已投诉过", "The customer has complained within 90 days") : nil
            }
            $0.notice { complaint, _ in
                complaint.recurred == true ? Notice(.bad, "结案后又发生同类投诉，须重新查找根本原因", "It came again after it was closed") : nil
            }
            $0.aid { complaint, look in
                Status.open.contains(complaint.status) ? try Script.aids(for: .complaint, about: complaint.row, look) : []
            }
        }
    }

    static func fillIn(_ complaint: inout Record<Complaint>, _ change: Change, _ tx: any Transaction) throws {
        try Ownership.follow(&complaint.row, change, tx)
        if complaint.receivedAt == nil { complaint.receivedAt = tx.now }
        if change.isNew {
            // What a person enters begins at the beginning.
            if tx.actor.userID != 0, change.source != "import" { complaint.status = .received }
            complaint.isRepeat = try earlier(complaint, days: 90, sameCause: false, tx) > 0
        }
        if tx.actor.userID != 0, let at = complaint.receivedAt, at > tx.now.adding(seconds: 300) {
            throw Problem("received_at", "收到时间不能在将来")
        }
        if change.isNew || change.changed(\Complaint.level, in: complaint) {
            try promise(&complaint, from: complaint.receivedAt ?? tx.now, tx)
        }
        if let old = change.old.map(Record<Complaint>.init), old.status != complaint.status,
            [.escalated, .pendingInfo].contains(complaint.status), ![.escalated, .pendingInfo].contains(old.status),
            complaint.resumeTo == nil
        {
            complaint.resumeTo = old.status.rawValue
        }
        if let cause = complaint.cause, change.changed(\Complaint.cause, in: complaint),
            try tx.get(ComplaintCause.self, cause)?.parent == nil
        {
            throw Problem("cause_id", "请选择二级原因，大类下的具体一项")
        }
        complaint.clockAt = nextClock(complaint)?.at
    }

    /// Other complaints of the customer (and of the cause) in so many days before this one.
    static func earlier(_ complaint: Record<Complaint>, days: Int, sameCause: Bool, _ tx: any Transaction) throws -> Int {
        let at = complaint.receivedAt ?? tx.now
        var condition =
            \Complaint.customer == complaint.customer && \Complaint.receivedAt >= at.adding(days: -days)
            && \Complaint.receivedAt <= at
        if sameCause { condition = condition && \Complaint.cause == complaint.cause }
        return try tx.all(Complaint.self, where: condition, limit: 20).filter { $0.row.id != complaint.row.id }.count
    }

    private static func tell(_ complaint: Record<Complaint>, _ change: Change, _ tx: any Transaction) throws {
        guard complaint.isDemo != true else { return }
        if complaint.level.isGrave, change.isNew || change.changed(\Complaint.level, in: complaint) {
            try tx.notify(
                ComplaintPeople.withRole("gm", tx) + ComplaintPeople.withRole("cs_mgr", tx), of: .due,
                "\(complaint.level.label)投诉：\(complaint.subject)", about: complaint.row)
        }
        if let owner = complaint.ownerID, owner != tx.actor.userID, tx.actor.userID != 0, owner != change.old?.ownerID {
            try tx.notify([owner], of: .assigned, "\(tx.actor.name) 交给你处理投诉：\(complaint.subject)", about: complaint.row)
        }
    }

    /// I13: what was closed within the days of its check has come again with this one.
    private static func recall(_ complaint: Record<Complaint>, _ change: Change, _ tx: any Transaction) throws {
        guard let cause = complaint.cause, let at = complaint.receivedAt,
            change.changed(\Complaint.cause, in: complaint) || change.changed(\Complaint.customer, in: complaint)
        else { return }
        let closed =
            \Complaint.customer == complaint.customer && \Complaint.cause == cause && \Complaint.status == .closed
            && \Complaint.closedAt < at && \Complaint.recurrenceCheckOn >= at.day
        for earlier in try tx.all(Complaint.self, where: closed, limit: 20) where earlier.row.id != complaint.row.id {
            try ComplaintJobs.conclude(earlier, recurred: true, tx)
        }
    }

    /// A37: several complaints of one cause in a few days open one improvement item, not one each.
    private static func warn(_ complaint: Record<Complaint>, _ change: Change, _ tx: any Transaction) throws {
        guard let cause = complaint.cause, change.changed(\Complaint.cause, in: complaint), complaint.isDemo != true else { return }
        let limit = try tx.int(ComplaintParameters.warnCount), days = try tx.int(ComplaintParameters.warnDays)
        let recent = \Complaint.cause == cause && \Complaint.receivedAt >= tx.now.adding(days: -days)
        let count = try tx.count(Query(tx.catalog.schema(Complaint.self), where: recent), cap: 1000)
        guard count >= limit, let found = try tx.get(ComplaintCause.self, cause) else { return }
        let managers = try ComplaintPeople.withRole("cs_mgr", tx)
        guard
            try Improvement.open(
                "\(days) 天内 \(count) 起「\(found.name)」投诉", source: .complaint, key: "cause/\(cause.id)/\(tx.today.number / max(days, 1))",
                complaint: complaint, owner: managers.first ?? complaint.ownerID, tx
            )
        else { return }
        try tx.notify(managers, of: .due, "预警：\(days) 天内已有 \(count) 起「\(found.name)」投诉，请查找共同原因", about: complaint.row)
    }
}

/// Who is to hear of complaints.
enum ComplaintPeople {
    static func withRole(_ code: String, _ tx: any Transaction) throws -> [Int64] {
        guard let role = try tx.first(Role.self, where: \Role.code == code) else { return [] }
        return try tx.all(
            User.self, where: .field("roles", .in, .int(role.row.id)) && \User.status == .active, sort: [Query.Sort("id")], limit: 50
        ).map(\.row.id)
    }
}
