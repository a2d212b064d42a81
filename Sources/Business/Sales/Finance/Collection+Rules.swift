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
                guard let old = change.old.map({ Record<Collection>($0) }), [.collected, .bounced].contains(old.status) else { return }
                for name in ["customer_id", "amount_cents"] where old.row[name] != collection.row[name] {
                    throw Problem(
                        name, code: "locked",
                        "回款 \(collection.no ?? "") \(old.status.label)，「\(collection.row.schema[name]?.label ?? name)」不能修改")
                }
            }
            $0.afterSave { collection, change, tx in
                if collection.status == .collected, change.old?["status"] != collection.row["status"] { try allot(collection, tx) }
                if collection.status == .bounced, change.old?["status"] == .text(Status.collected.rawValue) { try takeBack(collection, tx) }
            }
            $0.beforeDelete { collection, _, _ in
                guard [.planned, .promised, .overdue, .cancelled].contains(collection.status) else {
                    throw Refusal.conflict("回款 \(collection.no ?? "") 已到账，不能删除")
                }
            }
        }
    }

    public static var flow: Flow? {
        let waiting: [Status] = [.planned, .promised, .overdue]
        return Flow(
            "status",
            [
                .init(
                    "promise", "客户承诺", from: [Status.planned, .overdue], to: .promised,
                    parameters: [FieldSpec("planned_on", "承诺付款日", DayKind(), isRequired: true, .english("Promised for"))],
                    icon: "handshake", english: "Promised",
                    effect: { row, arguments, tx in
                        guard let day = arguments["planned_on"].int, day >= Int64(tx.today.number) else {
                            throw Problem("planned_on", "承诺付款日不能早于今天")
                        }
                        row["planned_on"] = .int(day)
                    }),
                .init(
                    "confirm", "确认到账", from: waiting, to: .collected, requires: ["method"], permission: "approve", icon: "check-check",
                    english: "Confirm receipt", primary: true,
                    effect: { row, _, tx in
                        if row["paid_on"].isNull { row["paid_on"] = tx.today.stored }
                        row["confirmed_by"] = tx.actor.userID == 0 ? .null : .int(tx.actor.userID)
                    }),
                .init(
                    "bounce", "退票", from: [Status.collected], to: .bounced,
                    parameters: [FieldSpec("reason", "退票原因", TextKind(limit: 200), isRequired: true)], permission: "approve",
                    icon: "undo-2", english: "Bounced",
                    guard: { row, _ in Record<Collection>(row).method?.mayBounce == true ? nil : "只有支票和承兑汇票会退票" },
                    effect: { row, arguments, tx in
                        row["bounced_on"] = tx.today.stored
                        row["status_reason"] = arguments["reason"]
                    }),
                .init(
                    "cancel", "取消", from: waiting, to: .cancelled,
                    parameters: [FieldSpec("reason", "原因", TextKind(limit: 200), isRequired: true)], icon: "x",
                    effect: { row, arguments, _ in row["status_reason"] = arguments["reason"] }),
            ])
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

    /// A cheque came back: what it paid is owed again, and somebody asks for it (§2.9).
    private static func takeBack(_ collection: Record<Collection>, _ tx: any Transaction) throws {
        let parts = try tx.all(Allocation.self, where: \Allocation.collection == collection.id, limit: 500)
        for part in parts { try tx.delete(tx.catalog.schema(Allocation.self), id: part.row.id) }
        try sumUp(collection.id, tx)
        var task = Record<Todo>()
        (task.title, task.kind, task.priority, task.customer) = (
            "退票催收：\(collection.no ?? "") \(collection.amount.shown)", .followUp, .urgent, collection.customer
        )
        (task.dueAt, task.aboutEntity, task.aboutID) = (Instant(tx.today + 1, hour: 10), Collection.name, Int(collection.row.id))
        task.row["owner_id"] = collection.row["owner_id"]
        task.row["department_id"] = collection.row["department_id"]
        try tx.insert(task)
        if let owner = collection.ownerID {
            try tx.notify([owner], of: .due, "回款 \(collection.no ?? "") 退票，已恢复应收并安排催收", about: collection.row)
        }
    }
}
