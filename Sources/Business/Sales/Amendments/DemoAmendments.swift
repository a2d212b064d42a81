import Core
import Records

/// What became of the demo's contracts and debts, in each state once or twice: asked for, changed, ended, disputed, written off (§5).
enum DemoAmendments {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        [
            { tx in try contracts(demo, tx) }, { tx in try amendments(demo, tx) }, { tx in try debts(tx) },
        ]
    }

    private static func effective(_ tx: any Transaction) throws -> [Record<Contract>] {
        try tx.all(Contract.self, where: \Contract.status == .effective && \Contract.isDemo == true, sort: [.init("id")], limit: 20)
    }

    /// Of deals that are near: what is being written, what waits for the manager, what came to nothing; and what has ended.
    private static func contracts(_ demo: Demo, _ tx: any Transaction) throws {
        let boss = try DemoDirectory(tx).users["gm"] ?? 0
        let near = \Opportunity.status == .open && \Opportunity.isDemo == true
        for (place, deal) in try tx.all(Opportunity.self, where: near, sort: [.init("-stage_since"), .init("id")], limit: 9).enumerated() {
            guard let customer = try tx.get(Customer.self, deal.customer) else { continue }
            var contract = Record<Contract>()
            (contract.title, contract.customer, contract.opportunity, contract.amount) = (
                "\(customer.name)\(place % 3 == 2 ? "服务" : "购销")合同", deal.customer, deal.id, deal.amount
            )
            (contract.from, contract.to, contract.method) = (demo.asOf + 5, demo.asOf + 370, .transfer)
            contract.type = place % 3 == 2 ? .service : .sale
            (contract.ownerID, contract.departmentID, contract.isDemo) = (deal.ownerID, deal.departmentID, true)
            DemoClock.stamp(&contract.row, Instant(demo.asOf - 1 - place / 2, hour: 10 + place % 6))
            let saved = try tx.insert(contract)
            for (position, term) in [("定金", 3_000, 0), ("尾款", 7_000, 30)].enumerated() {
                var line = Record<PaymentTerm>()
                (line.contract, line.title, line.part, line.afterDays, line.position) = (
                    saved.id, term.0, Percent(basisPoints: Int64(term.1)), term.2, position
                )
                try tx.insert(line)
            }
            switch place {
            case 0...2:
                try DemoApprovals.ask("submit", saved.row, tx)
                if place == 2 { try DemoApprovals.decide("send_back", saved.row, "请补充验收条款后再提交", tx) }
            case 8: try DemoApprovals.ask("cancel", saved.row, tx)
            default: break
            }
        }
        for (place, contract) in try effective(tx).enumerated() {
            switch place {
            case 13: try tx.perform("terminate", contract.row, as: boss, ["reason": .text("客户改为集团统一采购，双方协商终止")])
            case 15, 19: try DemoApprovals.ask("fulfil", contract.row, tx)
            default: continue
            }
        }
        let done = try tx.all(Contract.self, where: \Contract.status == .fulfilled, sort: [.init("id")], limit: 3)
        for contract in done.dropLast() {
            try payOff(contract, on: demo.asOf - 3, tx)
            try DemoApprovals.ask("close", contract.row, tx)
        }
    }

    /// A contract is closed when nothing is owed by it any more.
    private static func payOff(_ contract: Record<Contract>, on day: Day, _ tx: any Transaction) throws {
        for due in try tx.all(Receivable.self, where: \Receivable.contract == contract.id && Receivable.isOpen, limit: 20) {
            var money = Record<Collection>()
            (money.customer, money.contract, money.amount, money.plannedOn, money.paidOn, money.method, money.isDemo) = (
                contract.customer, contract.id, due.balance ?? due.amount, day, day, .transfer, true
            )
            (money.ownerID, money.departmentID) = (contract.ownerID, contract.departmentID)
            DemoClock.stamp(&money.row, Instant(day, hour: 15))
            var saved = try tx.insert(money)
            try DemoStep.take("confirm", &saved, tx)
        }
    }

    private static func amendments(_ demo: Demo, _ tx: any Transaction) throws {
        let boss = try DemoDirectory(tx).users["gm"] ?? 0
        let plans: [(more: Int64, days: Int, reason: String, step: String?, why: String?)] = [
            (800_000, 0, "客户加选配件", "approve", nil), (0, 60, "客户施工延期，顺延到期日", "approve", nil),
            (-1_500_000, 0, "客户要求降价", "reject", "毛利不足，请按原合同履行"), (0, 90, "客户申请延长付款期", nil, nil),
        ]
        for (plan, contract) in zip(plans, try effective(tx).suffix(plans.count)) {
            var amendment = Record<ContractAmendment>()
            (amendment.contract, amendment.reason) = (contract.id, plan.reason)
            amendment.newAmount = plan.more == 0 ? nil : contract.amount.map { $0 + Money(cents: plan.more) }
            amendment.newEnd = plan.days == 0 ? nil : (contract.to ?? demo.asOf) + plan.days
            (amendment.ownerID, amendment.departmentID, amendment.isDemo) = (contract.ownerID, contract.departmentID, true)
            DemoClock.stamp(&amendment.row, Instant(demo.asOf - 2, hour: 11))
            let saved = try tx.insert(amendment)
            if let step = plan.step { try tx.perform(step, saved.row, as: boss, plan.why.map { ["reason": .text($0)] } ?? [:]) }
        }
    }

    /// Disputed, written off, or waiting for the word of manager and finance; money that will not come, and an account that is closed.
    private static func debts(_ tx: any Transaction) throws {
        let users = try DemoDirectory(tx).users, finance = users["finance1"] ?? 0
        let late = \Receivable.status == .overdue && \Receivable.isDemo == true
        for (place, due) in try tx.all(Receivable.self, where: late, sort: [.init("due_on"), .init("id")], limit: 8).enumerated() {
            switch place {
            case 0, 1:
                try tx.perform("write_off", due.row, as: finance, ["reason": .text("客户已停业，多次催收无果")])
                if place == 0 { for _ in 0..<2 { try DemoApprovals.decide("approve", due.row, "同意核销", tx) } }
            case 5, 7: try tx.perform("dispute", due.row, as: finance, ["reason": .text("客户称有两箱破损，等仓库核对")])
            default: continue
            }
        }
        let missed = \Collection.status == .overdue && \Collection.isDemo == true
        for money in try tx.all(Collection.self, where: missed, sort: [.init("planned_on"), .init("id")], limit: 2) {
            try tx.perform("cancel", money.row, as: finance, ["reason": .text("与另一笔预定重复")])
        }
        let frozen = \CreditAccount.status == .suspended && \CreditAccount.isDemo == true
        if let account = try tx.all(CreditAccount.self, where: frozen, sort: [.init("-id")], limit: 1).first {
            try tx.perform("close", account.row, as: users["gm"] ?? 0, ["reason": .text("停止合作")])
        }
    }
}
