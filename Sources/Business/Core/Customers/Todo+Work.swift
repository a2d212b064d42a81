import Records

extension Todo {
    private static let outcome = Field<String?>("outcome", "完成情况", kind: LongTextKind())
    private static let whyNot = Field<String?>("outcome", "原因", kind: LongTextKind())
    private static let newDue = Field<Instant>("due_at", "新的截止时间")

    public static var flow: Flow? {
        .of(Todo.self, \.status) {
            $0.step("complete", "完成", from: [.open], to: .done, parameters: [outcome], icon: "check", primary: true) {
                task, arguments, tx in
                task.completedAt = tx.now
                task.outcome = arguments[outcome] ?? task.outcome
            }
            $0.step("cancel", "取消", from: [.open], to: .cancelled, parameters: [whyNot], keeper: true, icon: "x") { task, arguments, _ in
                task.outcome = arguments[whyNot] ?? task.outcome
            }
            $0.step("reopen", "重新打开", from: [.done, .cancelled], to: .open, icon: "rotate-ccw") { task, _, _ in task.completedAt = nil }
            $0.move(from: [.open], to: [.cancelled], "所跟进的线索或客户已回收到公海，或日期已更正")
        }
    }

    public static var actions: [Action] {
        [
            Action.on(
                Todo.self, "postpone", "推迟", icon: "clock-arrow-up", english: "Postpone", parameters: [newDue, Reason.welcome],
                unavailable: { task, _ in task.status == .open ? nil : "任务已结束，不能推迟" }
            ) { task, arguments, tx in
                let due = arguments[newDue]
                guard due > tx.now else { throw Problem("due_at", "新的截止时间应晚于现在") }
                (task.dueAt, task.remindAt, task.remindedAt) = (due, try reminder(before: due, tx), nil)
                task.postponed = (task.postponed ?? 0) + 1
            }
        ]
    }

    public static var rules: Rules {
        .of(Todo.self) {
            $0.beforeSave { task, change, tx in
                try Ownership.follow(&task.row, change, tx)
                if let due = task.dueAt, task.remindAt == nil || isLeftBehind(task, change) {
                    task.remindAt = try reminder(before: due, tx)
                }
                if change.changed(\Todo.dueAt, in: task) { (task.overdueToldAt, task.escalatedAt) = (nil, nil) }
                if change.changed(\Todo.remindAt, in: task), !change.isNew { task.remindedAt = nil }
                if task.status == .done, task.completedAt == nil { task.completedAt = tx.now }
            }
            $0.afterSave { task, change, tx in
                guard let owner = task.ownerID, owner != tx.actor.userID, tx.actor.userID != 0, owner != change.old?.ownerID,
                    task.isDemo != true
                else { return }
                try tx.notify([owner], of: .assigned, "\(tx.actor.name) 给你安排了任务：\(task.title)", about: task.row)
            }
        }
    }

    /// The due time moved and the reminder did not move with it.
    private static func isLeftBehind(_ task: Record<Todo>, _ change: Change) -> Bool {
        !change.isNew && change.changed(\Todo.dueAt, in: task) && !change.changed(\Todo.remindAt, in: task)
    }

    /// A follow-up of this customer, not yet saved.
    public static func followUp(_ customer: Ref<Customer>?, owner: Int64, department: Int64?) -> Record<Todo> {
        var task = Record<Todo>()
        task.kind = .followUp
        task.customer = customer
        task.ownerID = owner
        task.departmentID = department
        return task
    }

    public static func reminder(before due: Instant, _ tx: any Transaction) throws -> Instant {
        due.adding(minutes: -(try tx.int(CustomerParameters.reminderLead)))
    }
}
