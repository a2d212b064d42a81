import Core
import Records

extension Contract {
    public static var rules: Rules {
        .of(Contract.self) {
            $0.beforeSave { contract, change, tx in
                try Ownership.follow(&contract.row, change, tx)
                if let from = contract.from, let to = contract.to, to < from { throw Problem("to_on", "到期日不能早于生效日") }
            }
            // What each instalment comes to follows the amount until the contract is in effect.
            $0.afterSave { contract, change, tx in
                guard !change.isNew, change.changed(\Contract.amount, in: contract) || change.changed(\Contract.status, in: contract),
                    [.draft, .approving, .effective].contains(change.old.map { Record<Contract>($0).status }),
                    contract.status != .effective || change.changed(\Contract.status, in: contract)
                else { return }
                let terms = try tx.all(PaymentTerm.self, where: \PaymentTerm.contract == contract.id, sort: [.init("position")], limit: 500)
                for term in terms { try tx.save(term) }
            }
        }
    }

    public static var flow: Flow? {
        .of(Contract.self, \.status) {
            $0.step(
                "submit", "提交生效", from: [.draft], to: .effective, waiting: .approving, requires: [\.amount], icon: "stamp",
                english: "Put into effect", primary: true, effect: takeEffect)
            $0.step("fulfil", "履行完毕", from: [.effective], to: .fulfilled, keeper: true, icon: "check-check", english: "Fulfilled")
            $0.step("close", "关闭", from: [.fulfilled], to: .closed, keeper: true, icon: "circle-check")
            $0.step(
                "terminate", "终止", from: [.effective], to: .terminated, parameters: [Reason.demanded], permission: "approve",
                icon: "octagon-x", english: "Terminate"
            ) { contract, arguments, _ in contract.endReason = arguments[Reason.demanded] }
            $0.step("cancel", "作废", from: [.draft], to: .void, keeper: true, icon: "ban", english: "Void")
            $0.lock([.approving, .effective], but: [\.remark, \.isSealed], instead: "请建立合同变更")
            $0.lock([.fulfilled], but: [\.remark])
            $0.removable = [.void]
        }
    }

    public static var actions: [Action] { [.sendMessage] }

    static let approval = ApprovalDefault(
        "contracts.effect", "合同审批", on: Contract.name, .action("submit"),
        steps: [.init("销售经理", .role("sales_mgr")), .init("营销总监", .role("director"), over: Money(cents: 50_000_000))], amount: "amount_cents"
    )

    /// §4.1 no. 7. What the customer owes by it is written by ``BilledContract``, that the opportunity is won by ``ContractWins``.
    @Sendable private static func takeEffect(_ contract: inout Record<Contract>, _ arguments: Arguments, _ tx: any Transaction) {
        (contract.signedOn, contract.from) = (contract.signedOn ?? tx.today, contract.from ?? tx.today)
        contract.approvedBy = tx.actor.approvedBy.map { Ref($0) }
    }

}
