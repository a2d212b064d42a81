import Core
import Records

/// §2.9 at night: due yesterday is overdue today, debts move on in age, and customers are reminded level by level.
enum FinanceJobs {
    /// State and age of what is open; only what changes is read.
    static let age = Job("receivables.age", "应收逾期与账龄", english: "Overdue and age of receivables", schedule: .daily(hour: 0, minute: 10)) {
        _, tx in
        let newly = .field("status", .in, "open", "partial") && \Receivable.dueOn < tx.today
        var conditions = [newly], from = Int.min
        for (bucket, until, _) in Receivable.Bucket.table {
            let latest: Condition = until == .max ? .everything : \Receivable.dueOn >= tx.today - until
            let first: Condition = from == .min ? .everything : \Receivable.dueOn <= tx.today - from
            conditions.append(Receivable.isOpen && first && latest && \Receivable.bucket != bucket)
            from = until == .max ? until : until + 1
        }
        // What an earlier version wrote, without these.
        conditions.append(\Receivable.issuedOn == nil || Receivable.isOpen && \Receivable.allowance == nil && \Receivable.bucket != nil)
        for (place, condition) in conditions.enumerated() {
            try tx.each(Receivable.self, where: condition, sort: "due_on", part: "\(place)") { due in
                // The rules before the save do the rest.
                var due = due
                Receivable.settle(&due, today: tx.today)
                try tx.save(due)
            }
        }
    }

    /// Days before (-) or after the due day at which each level begins (I15).
    static let levels = [-7, 1, 7, 15, 30]

    /// The level that is reached so many days after the due day; 0 before the first.
    static func level(late days: Int) -> Int { levels.count { days >= $0 } }

    static let dunning = Job("receivables.dunning", "催收提醒", english: "Dunning", schedule: .daily(hour: 8, minute: 0)) { _, tx in
        guard try tx.isOn(FinanceParameters.dunning) else { return }
        for (level, (from, next)) in zip(1..., zip(levels, levels.dropFirst().map(Optional.some) + [nil])) {
            let reached =
                .field("status", .in, "open", "partial", "overdue") && \Receivable.dueOn <= tx.today - from
                && (next.map { \Receivable.dueOn > tx.today - $0 } ?? .everything) && .field("dunning_level", .lt, .int(Int64(level)))
            try tx.each(Receivable.self, where: reached, sort: "due_on", part: "\(level)") { due in
                var due = due
                due.dunningLevel = level
                try tx.save(due)
                if due.isDemo != true { try remind(due, level: level, tx) }
            }
        }
    }

    /// One open task for each debt, renewed at each level; from the fourth on the superior hears of it.
    static func remind(_ due: Record<Receivable>, level: Int, _ tx: any Transaction) throws {
        guard let owner = due.ownerID else { return }
        let about = \Todo.aboutEntity == Receivable.name && \Todo.aboutID == Int(due.row.id) && \Todo.status == .open
        var task = try tx.first(Todo.self, where: about) ?? Record<Todo>()
        let late = tx.today - due.dueOn
        task.title =
            late > 0
            ? "催款（第 \(level) 级）：\(due.title)，逾期 \(late) 天，余额 \((due.balance ?? .zero).shown)"
            : "提醒付款：\(due.title)，\(due.dueOn.iso) 到期，\((due.balance ?? .zero).shown)"
        (task.kind, task.customer, task.priority) = (.followUp, due.customer, level >= 4 ? .urgent : level >= 2 ? .high : .normal)
        (task.aboutEntity, task.aboutID, task.dueAt) = (Receivable.name, Int(due.row.id), Instant(tx.today, hour: 17))
        task.ownerID = owner
        task.departmentID = due.departmentID
        _ = try task.row.id == 0 ? tx.insert(task) : tx.save(task)
        if level >= 4, let manager = try tx.get(User.self, Ref(owner))?.manager {
            try tx.notify([manager.id], of: .due, "应收「\(due.title)」逾期 \(late) 天", about: due.row)
        }
    }

    /// Any planned collection is overdue the day after (§2.9).
    static let planned = Job("collections.overdue", "预定回款逾期", english: "Planned collections overdue", schedule: .daily(hour: 0, minute: 20))
    { _, tx in
        let missed = .field("status", .in, "planned", "promised") && \Collection.plannedOn < tx.today
        try tx.each(Collection.self, where: missed, sort: "planned_on") { collection in
            var collection = collection
            collection.status = .overdue
            try tx.save(collection)
            if let owner = collection.ownerID, collection.isDemo != true {
                try tx.notify([owner], of: .due, "预定回款逾期：\(collection.no ?? "") \(collection.amount.shown)", about: collection.row)
            }
        }
    }

    static let all = [age, dunning, planned, CreditJobs.review]
}

/// What a company may set about money owed.
public enum FinanceParameters {
    static let section = Words("应收与信用", "Receivables and credit")

    public static let dunning = Parameter(
        "finance.dunning", "自动安排催收任务", true, kind: YesNoKind(),
        help: Words("到期前 7 天、逾期 1、7、15、30 天各一次", "Seven days before, and 1, 7, 15, 30 days after the due day"), section: section,
        english: "Plan dunning tasks")
    public static let writeOffLimit = Parameter(
        "finance.write_off_limit", "核销坏账超过此金额须总监", .int(1_000_000), kind: MoneyKind(), section: section,
        english: "Write-offs by a director above")
    public static let suspendDays = Parameter(
        "credit.suspend_days", "逾期几天冻结信用", 30, range: 1...365, unit: Words("天", "days"), section: section, english: "Suspend credit after")
    public static let lowestScore = Parameter(
        "credit.lowest_score", "信用评分低于此分冻结", 60, range: 0...100, unit: Words("分", "points"), section: section,
        english: "Suspend credit below")

    static let all = [dunning, writeOffLimit, suspendDays, lowestScore]
}
