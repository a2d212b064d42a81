import Records

/// Whoever is asked and does not answer hears of it again, in working time.
enum ApprovalJobs {
    static let remind = Job("approvals.remind", "审批催办", english: "Approval reminders", schedule: .every(seconds: 600)) { _, tx in
        let tx = try tx.gate
        let due = \ApprovalRequest.status == .pending && \ApprovalRequest.remindAt <= tx.now
        var known: WorkCalendar?
        try tx.each(ApprovalRequest.self, where: due, sort: "remind_at") { found in
            guard var request = try tx.get(ApprovalRequest.self, found.id), let plan = ApprovalPlan(request.plan) else { return }
            let calendar = try known ?? WorkCalendar.load(tx)
            known = calendar
            let hours = plan.steps.indices.contains(request.step ?? 0) ? plan.steps[request.step ?? 0].remindHours : 8
            try tx.notify(request.approvers.ids, of: .approval, "等待您审批已超过 \(hours) 个工作小时：\(request.title ?? "")", about: request.row)
            try tx.log(request, request.stepName ?? "", .reminded, nil)
            request.remindAt = calendar.adding(minutes: hours * 60, to: tx.now)
            try tx.save(request)
        }
    }

    /// What was lent for an approval that is long over.
    static let tidy = Job("approvals.shares", "清理审批查看权", english: "Clear what approvals had lent", schedule: .daily(hour: 3, minute: 50)) {
        _, tx in
        let tx = try tx.gate
        let over = \Share.entity == ApprovalRequest.name && \Share.sharedBy == nil && \Share.until < tx.today
        try tx.erase(tx.catalog.schema(Share.self), ids: tx.fetch(Query(tx.catalog.schema(Share.self), where: over, limit: 2000)).map(\.id))
    }

    static let all = [remind, tidy]
}
