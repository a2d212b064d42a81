import Core
import Records

extension Receivable {
    public static var rules: Rules {
        .of(Receivable.self) {
            $0.beforeSave { due, change, tx in
                try Ownership.follow(&due.row, change, tx)
                guard due.amount > .zero else { throw Problem("amount_cents", "应收金额应大于零") }
                try date(&due, tx)
                settle(&due, today: tx.today)
            }
            $0.beforeDelete { due, _, _ in
                guard (due.paid ?? .zero) == .zero else { throw Refusal.conflict("应收「\(due.title)」已有收款，不能删除") }
            }
        }
    }

    /// The day it was billed: the contract's start, else the day it is entered, which for an order is that of its shipment.
    private static func date(_ due: inout Record<Receivable>, _ tx: any Transaction) throws {
        guard due.issuedOn == nil else { return }
        let created = due.row["created_at"]
        let started = try due.contract.flatMap { try tx.get(Contract.self, $0) }?.from
        due.issuedOn = started ?? (created.isNull ? tx.today : Instant(stored: created).day)
    }

    /// Balance, age and state follow from what was paid and from the day.
    static func settle(_ due: inout Record<Receivable>, today: Day) {
        let paid = due.paid ?? .zero, balance = due.amount - paid
        (due.paid, due.balance) = (paid, max(balance, .zero))
        // What is paid no longer ages.
        due.bucket = balance <= .zero ? nil : Bucket(late: today - due.dueOn)
        due.allowance = due.status == .bad ? nil : allowance(on: max(balance, .zero), due.bucket)
        guard ![.bad, .disputed].contains(due.status) || balance <= .zero else { return }
        due.status = balance <= .zero ? .paid : due.dueOn < today ? .overdue : paid > .zero ? .partial : .open
        due.paidOn = due.status == .paid ? due.paidOn ?? today : nil
    }

    /// Adds up what has been allotted to it.
    static func recount(_ ref: Ref<Receivable>, on day: Day?, _ tx: any Transaction) throws {
        guard var due = try tx.get(Receivable.self, ref) else { return }
        let parts = Query(tx.catalog.schema(Allocation.self), where: \Allocation.receivable == ref)
        due.paid = Money(cents: try tx.summarize(Summary(parts, measures: [.sum("amount_cents")])).first?.values[0].int ?? 0)
        if let day, due.paid == due.amount { due.paidOn = day }
        try tx.save(due)
    }

    public static var flow: Flow? {
        let open: [Status] = [.open, .partial, .overdue]
        return .of(Receivable.self, \.status) {
            $0.step(
                "dispute", "登记争议", from: open, to: .disputed, parameters: [Reason.demanded], icon: "scale", english: "Dispute",
                effect: keepReason)
            $0.step(
                "resolve", "争议解决", from: [.disputed], to: .open, parameters: [Reason.demanded], icon: "circle-check", english: "Resolve",
                effect: keepReason)
            $0.step(
                "write_off", "核销坏账", from: open + [.disputed], to: .bad, parameters: [Reason.demanded], permission: "approve",
                icon: "eraser", english: "Write off", effect: writeOff)
            $0.step(
                "restore", "撤销核销", from: [.bad], to: .open, parameters: [Reason.demanded], permission: "approve", icon: "rotate-ccw",
                english: "Take back the write-off", effect: keepReason)
            $0.move(from: open + [.paid], to: open + [.paid], "收款、核销、到期日与当天日期：余额为零即已收清，过期即逾期，收了一部分即部分收回")
            $0.move(from: [.disputed, .bad], to: [.paid], "收款：余额为零")
            $0.move(from: [.disputed, .bad], to: [.partial, .overdue, .paid], "争议解决、撤销核销：按余额与到期日")
            // What is owed and by when is changed by those who keep the accounts, by an amendment of the contract, or not at all.
            $0.lock(open + [.disputed], but: [\.remark], unless: "settle", instead: "请联系财务，或用合同变更")
            $0.lock([.bad, .paid], but: [\.remark])
        }
    }

    @Sendable private static func keepReason(_ due: inout Record<Receivable>, _ arguments: Arguments, _ tx: any Transaction) {
        due.reason = arguments[Reason.demanded]
    }

    @Sendable private static func writeOff(_ due: inout Record<Receivable>, _ arguments: Arguments, _ tx: any Transaction) throws {
        let limit = Money(stored: try tx.value(of: FinanceParameters.writeOffLimit, on: nil)), balance = due.balance ?? .zero
        guard balance <= limit || tx.actor.approvedBy != nil || tx.actor.rights.scope(Receivable.name, "write_off_large") != .none else {
            throw Refusal.forbidden("核销 \(balance.shown) 超过 \(limit.shown)，须由总监处理。")
        }
        if due.ownerID == tx.actor.userID { throw Refusal.forbidden("负责人不能核销自己的应收，请由财务或上级处理。") }
        keepReason(&due, arguments, tx)
    }

    /// I15, §4.8-7: whoever keeps the accounts need not wait for the morning's run, nor only ask the one in charge.
    public static var actions: [Action] {
        [
            Action.on(
                Receivable.self, "dun", "催收", icon: "bell", english: "Dun",
                unavailable: { due, _ in
                    guard [.open, .partial, .overdue].contains(due.status) else { return "「\(due.status.label)」的应收不用催收" }
                    return due.ownerID == nil ? "应收没有负责人，请先指定" : nil
                }
            ) { due, _, tx in
                due.dunningLevel = max(1, due.dunningLevel ?? 0, FinanceJobs.level(late: tx.today - due.dueOn))
                try FinanceJobs.remind(due, level: due.dunningLevel ?? 1, tx)
            },
            .sendMessage,
        ]
    }

    /// §2.9: the manager and finance write off together, what is large the director as well.
    static let writeOff = ApprovalDefault(
        "receivables.write_off", "核销坏账审批", on: Receivable.name, .action("write_off"),
        steps: [
            .init("销售经理", .role("sales_mgr")), .init("财务", .role("finance")),
            .init("营销总监", .role("director"), over: Money(cents: 1_000_000)),
        ], amount: "balance_cents")
}
