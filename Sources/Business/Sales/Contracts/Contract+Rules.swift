import Core
import Records

extension Contract {
    public static var rules: Rules {
        .of(Contract.self) {
            $0.beforeSave { contract, change, tx in
                try Ownership.follow(&contract.row, change, tx)
                if let from = contract.from, let to = contract.to, to < from { throw Problem("to_on", "到期日不能早于生效日") }
                try refuseChange(of: contract, change)
            }
            $0.beforeDelete { contract, _, _ in
                guard [.draft, .void].contains(contract.status) else { throw Refusal.conflict("合同 \(contract.no ?? "") 已提交或生效，不能删除") }
            }
            $0.rollUp(RollUp("received_cents", of: "receivables", by: "contract_id", .sum("paid_cents")))
            $0.rollUp(RollUp("billed_cents", of: "receivables", by: "contract_id", .sum("amount_cents")))
        }
    }

    /// What both sides have signed; the amendment that changes it says so in the same save.
    private static let agreed = [
        "customer_id", "type", "amount_cents", "signed_on", "from_on", "to_on", "method", "settle_time", "settle_discount_bp", "term_days",
        "payment_terms", "return_clause", "return_period_days", "sales_year",
    ]

    private static func refuseChange(of contract: Record<Contract>, _ change: Change) throws {
        guard let old = change.old.map({ Record<Contract>($0) }),
            ![.draft, .approving].contains(old.status) || old.status == .approving && contract.status == .approving
        else { return }
        guard !change.changed(\Contract.amendment, in: contract) else { return }
        for name in agreed where old.row[name] != contract.row[name] {
            let label = contract.row.schema[name]?.label ?? name
            throw Problem(name, code: "locked", "合同 \(contract.no ?? "") \(old.status.label)，「\(label)」不能直接修改；请建立合同变更")
        }
    }

    public static var flow: Flow? {
        .of(Contract.self, \.status) {
            $0.step(
                "submit", "提交生效", from: [.draft], to: .effective, waiting: .approving, requires: [\.amount], icon: "stamp",
                english: "Put into effect", primary: true, effect: takeEffect)
            $0.step("fulfil", "履行完毕", from: [.effective], to: .fulfilled, icon: "check-check", english: "Fulfilled")
            $0.step("close", "关闭", from: [.fulfilled], to: .closed, icon: "circle-check") { contract, _, tx in
                let open = Query(tx.catalog.schema(Receivable.self), where: \Receivable.contract == contract.id && Receivable.isOpen)
                guard try tx.count(open, cap: 1) == 0 else { throw Refusal.conflict("合同还有未收清的应收，不能关闭") }
            }
            $0.step(
                "terminate", "终止", from: [.effective], to: .terminated, parameters: [Reason.demanded], permission: "approve",
                icon: "octagon-x", english: "Terminate"
            ) { contract, arguments, _ in contract.endReason = arguments[Reason.demanded] }
            $0.step("cancel", "作废", from: [.draft], to: .void, icon: "ban", english: "Void")
        }
    }

    public static var actions: [Action] { [.sendMessage] }

    static let approval = ApprovalDefault(
        "contracts.effect", "合同审批", on: Contract.name, .action("submit"),
        steps: [.init("销售经理", .role("sales_mgr")), .init("营销总监", .role("director"), over: Money(cents: 50_000_000))], amount: "amount_cents"
    )

    /// §4.1 no. 7: receivables by the plan, and the opportunity is won.
    @Sendable private static func takeEffect(_ contract: inout Record<Contract>, _ arguments: Arguments, _ tx: any Transaction) throws {
        (contract.signedOn, contract.from) = (contract.signedOn ?? tx.today, contract.from ?? tx.today)
        contract.approvedBy = tx.actor.approvedBy.map { Ref($0) }
        for instalment in try instalments(of: contract, tx) where instalment.amount > .zero {
            var due = Record<Receivable>()
            (due.customer, due.contract, due.title, due.amount, due.dueOn, due.isDemo) = (
                contract.customer, contract.id, "\(contract.title)：\(instalment.name)", instalment.amount, instalment.due, contract.isDemo
            )
            (due.ownerID, due.departmentID) = (contract.ownerID, contract.departmentID)
            try tx.insert(due)
        }
        try Opportunity.win(contract.opportunity, contract.amount, on: contract.signedOn ?? tx.today, tx)
    }

    private static func instalments(
        of contract: Record<Contract>, _ tx: any Transaction
    ) throws -> [(name: String, amount: Money, due: Day)] {
        guard let total = contract.amount else { return [] }
        let start = contract.from ?? tx.today
        let terms = try tx.all(
            PaymentTerm.self, where: \PaymentTerm.contract == contract.id, sort: [.init("position"), .init("id")], limit: 200)
        guard !terms.isEmpty else { return [("全款", total, start + (contract.termDays ?? 0))] }
        let amounts = try PaymentTerm.amounts(of: total, terms.map { ($0.part, $0.amount) })
        return zip(terms, amounts).map { ($0.title, $1, $0.dueOn ?? start + ($0.afterDays ?? 0)) }
    }
}

extension Quote {
    static let toContract = Action.on(
        Quote.self, "to_contract", "转为合同", icon: "file-signature", english: "Make a contract",
        unavailable: { quote, _ in quote.status == .accepted ? nil : "客户接受后才能转合同" }
    ) { quote, _, tx in
        guard try tx.first(Contract.self, where: \Contract.quote == quote.id && \Contract.status != .void) == nil else {
            throw Refusal.conflict("这份报价已转过合同")
        }
        var contract = Record<Contract>()
        (contract.customer, contract.quote, contract.opportunity, contract.amount, contract.isDemo) = (
            quote.customer, quote.id, quote.opportunity, quote.total, quote.isDemo
        )
        contract.title = "\(try tx.get(Customer.self, quote.customer)?.name ?? "") \(quote.no ?? "")"
        contract.paymentTerms = quote.terms
        (contract.ownerID, contract.departmentID) = (quote.ownerID, quote.departmentID)
        let saved = try tx.insert(contract)
        tx.lead(to: saved.row)
    }
}
