import Records

/// §6.2 no. 1: whoever owes something hears of it in time, once; then again when it is overdue; after some days the manager hears too.
enum TodoJobs {
    static let remind = Job("tasks.remind", "任务到点提醒", english: "Task reminders", schedule: .every(seconds: 60)) { _, tx in
        let due = \Todo.status == .open && \Todo.remindAt <= tx.now && \Todo.remindedAt == nil
        try tx.each(Todo.self, where: due, sort: "remind_at") { task in
            var task = task
            if let owner = task.ownerID {
                try tx.notify([owner], of: .due, "任务提醒：\(task.title)（\(task.dueAt?.shown ?? "") 截止）", about: task.row)
            }
            task.remindedAt = tx.now
            try tx.save(task)
        }
    }

    static let overdue = Job("tasks.overdue", "逾期任务通知", english: "Overdue tasks", schedule: .every(seconds: 3600)) { _, tx in
        let late = \Todo.status == .open && \Todo.dueAt < tx.now && \Todo.overdueToldAt == nil
        try tx.each(Todo.self, where: late, sort: "due_at") { task in
            var task = task
            if let owner = task.ownerID { try tx.notify([owner], of: .due, "任务已逾期：\(task.title)", about: task.row) }
            task.overdueToldAt = tx.now
            try tx.save(task)
        }
    }

    static let escalate = Job("tasks.escalate", "逾期任务上报", english: "Escalate overdue tasks", schedule: .daily(hour: 8, minute: 30)) {
        _, tx in
        let days = try tx.int(CustomerParameters.overdueEscalation)
        let longLate = \Todo.status == .open && \Todo.dueAt < tx.now.adding(days: -days) && \Todo.escalatedAt == nil
        try tx.each(Todo.self, where: longLate, sort: "due_at") { task in
            var task = task
            if let owner = task.ownerID, let user = try tx.get(User.self, Ref(owner)), let manager = user.manager {
                try tx.notify([manager.id], of: .due, "\(user.title) 的任务已逾期超过 \(days) 天：\(task.title)", about: task.row)
            }
            task.escalatedAt = tx.now
            try tx.save(task)
        }
    }

    static let all = [remind, overdue, escalate]
}
