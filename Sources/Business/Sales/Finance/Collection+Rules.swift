import Core
import Records

extension Collection {
    public static var rules: Rules {
        .of(Collection.self) {
            $0.beforeSave { collection, change, tx in
                try Ownership.follow(&collection.row, change, tx)
                if collection.plannedOn == nil { collection.plannedOn = tx.today }
                guard collection.amount > .zero else { throw Problem("amount_cents", "金额应大于零") }
                if let method = collection.method, method.mayBounce, collection.chequeDue == nil {
                    throw Problem("cheque_due_on", code: "required", "支票和承兑汇票须填写支票期限")
                }
            }
            $0.afterSave { collection, change, tx in
                if collection.status == .collected, change.changed(\Collection.status, in: collection) { try allot(collection, tx) }
                if collection.status != .collected, change.old?["status"] == .text(Status.collected.rawValue) {
                    try takeBack(collection, tx)
                }
            }
        }
    }

    private static let promisedOn = Field<Day>("planned_on", "承诺付款日", .english("Promised for"))
    private static let whyBounced = Field<String>("reason", "退票原因", kind: TextKind(limit: 200))

    public static var flow: Flow? {
        let waiting: [Status] = [.planned, .promised, .overdue]
        return .of(Collection.self, \.status) {
            $0.step(
                "promise", "客户承诺", from: [.planned, .overdue], to: .promised, parameters: [promisedOn], icon: "handshake",
                english: "Promised"
            ) { collection, arguments, tx in
                guard arguments[promisedOn] >= tx.today else { throw Problem("planned_on", "承诺付款日不能早于今天") }
                collection.plannedOn = arguments[promisedOn]
            }
            $0.step(
                "confirm", "确认到账", from: waiting, to: .collected, requires: [\.method], permission: "approve", icon: "check-check",
                english: "Confirm receipt", primary: true
            ) { collection, _, tx in
                collection.paidOn = collection.paidOn ?? tx.today
                collection.confirmedBy = tx.actor.userID == 0 ? nil : Ref(tx.actor.userID)
            }
            $0.step(
                "bounce", "退票", from: [.collected], to: .bounced, parameters: [whyBounced], permission: "approve", icon: "undo-2",
                english: "Bounced", guard: { collection, _ in collection.method?.mayBounce == true ? nil : "只有支票和承兑汇票会退票" }
            ) { collection, arguments, tx in (collection.bouncedOn, collection.reason) = (tx.today, arguments[whyBounced]) }
            $0.step(
                "cancel", "取消", from: waiting, to: .cancelled, parameters: [Reason.demanded], keeper: true, icon: "x"
            ) { collection, arguments, _ in collection.reason = arguments[Reason.demanded] }
            $0.step(
                "retract", "撤销到账", from: [.collected], to: .planned, parameters: [Reason.demanded], permission: "approve",
                icon: "rotate-ccw", english: "Take back the receipt"
            ) { collection, arguments, _ in
                (collection.reason, collection.paidOn, collection.confirmedBy) = (arguments[Reason.demanded], nil, nil)
            }
            $0.move(from: [.planned, .promised], to: [.overdue], "任务「预定回款逾期」：过了预定日期，通知负责人")
            $0.lock([.collected], but: [\.remark, \.parts])
            // What it pays is said by those who count the money.
            $0.lock([.collected], only: [\.parts], unless: "approve")
            $0.lock([.bounced, .cancelled], but: [\.remark])
            $0.removable = [.cancelled]
        }
    }

    public static var actions: [Action] {
        [
            Action.on(
                Collection.self, "allot", "用预收核销", icon: "arrow-left-right", english: "Use the prepayment", permission: "approve",
                unavailable: { collection, _ in collection.status == .collected && (collection.prepaid ?? .zero) > .zero ? nil : "没有可用的预收余额"
                }
            ) { collection, _, tx in try allot(collection, tx) }
        ]
    }

    /// Pays the oldest debts first; what is left over stays as a prepayment (§2.9).
    static func allot(_ collection: Record<Collection>, _ tx: any Transaction) throws {
        let left = collection.amount - (collection.allocated ?? .zero)
        let open = try tx.all(
            Receivable.self, where: \Receivable.customer == collection.customer && .field("status", .in, "open", "partial", "overdue"),
            sort: [.init("due_on"), .init("id")], limit: 500)
        for part in Allocation.fifo(left, open.map { ($0.row.id, $0.balance ?? .zero) }).parts {
            var allocation = Record<Allocation>()
            (allocation.collection, allocation.receivable, allocation.amount) = (collection.id, Ref(part.id), part.amount)
            try tx.insert(allocation)
        }
        try sumUp(collection.id, tx)
    }

    static func sumUp(_ ref: Ref<Collection>, _ tx: any Transaction) throws {
        guard var collection = try tx.get(Collection.self, ref) else { return }
        let parts = Query(tx.catalog.schema(Allocation.self), where: \Allocation.collection == ref)
        let sum = Money(cents: try tx.summarize(Summary(parts, measures: [.sum("amount_cents")])).first?.values[0].int ?? 0)
        guard sum <= collection.amount else { throw Problem("parts", "核销合计 \(sum.shown) 超过回款金额 \(collection.amount.shown)") }
        collection.allocated = sum
        collection.prepaid = collection.status == .collected ? collection.amount - sum : .zero
        try tx.save(collection)
    }

    /// What it paid is owed again; when a cheque came back, somebody asks for it (§2.9).
    private static func takeBack(_ collection: Record<Collection>, _ tx: any Transaction) throws {
        let parts = try tx.all(Allocation.self, where: \Allocation.collection == collection.id, limit: 500)
        for part in parts { try tx.delete(tx.catalog.schema(Allocation.self), id: part.row.id) }
        try sumUp(collection.id, tx)
        guard collection.status == .bounced else { return }
        var task = Record<Todo>()
        (task.title, task.kind, task.priority, task.customer) = (
            "退票催收：\(collection.no ?? "") \(collection.amount.shown)", .followUp, .urgent, collection.customer
        )
        (task.dueAt, task.aboutEntity, task.aboutID) = (Instant(tx.today + 1, hour: 10), Collection.name, Int(collection.row.id))
        (task.ownerID, task.departmentID) = (collection.ownerID, collection.departmentID)
        try tx.insert(task)
        if let owner = collection.ownerID {
            try tx.notify([owner], of: .due, "回款 \(collection.no ?? "") 退票，已恢复应收并安排催收", about: collection.row)
        }
    }
}
