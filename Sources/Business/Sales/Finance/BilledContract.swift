import Core
import Records

/// What is owed by a contract: receivables by its plan from the day it takes effect, and it is not closed before they are paid.
public struct BilledContract: Extension {
    public static let of = Contract.self
    public let received = Field<Money?>("received_cents", "已回款", .readOnly, .inList, .section(.state), .english("Received"))
    public let billed = Field<Money?>("billed_cents", "应收合计", .readOnly, .section(.state), .english("Receivable"))

    public static func add(to traits: inout EntityTraits) {
        let place = traits.highlights.firstIndex(of: "from_on") ?? traits.highlights.endIndex
        traits.highlights.insert("received_cents", at: place)
    }

    public static var rules: Rules {
        .of(Contract.self) {
            $0.beforeSave { contract, change, tx in
                guard let before = change.old.map({ Record<Contract>($0).status }), before != contract.status else { return }
                if contract.status == .effective, [.draft, .approving].contains(before) { try bill(contract, tx) }
                if contract.status == .closed { try refuseWithDebts(contract, tx) }
            }
            $0.rollUp(RollUp("received_cents", of: Receivable.name, by: "contract_id", .sum("paid_cents")))
            $0.rollUp(RollUp("billed_cents", of: Receivable.name, by: "contract_id", .sum("amount_cents")))
        }
    }

    private static func refuseWithDebts(_ contract: Record<Contract>, _ tx: any Transaction) throws {
        let open = Query(tx.catalog.schema(Receivable.self), where: \Receivable.contract == contract.id && Receivable.isOpen)
        guard try tx.count(open, cap: 1) == 0 else { throw Refusal.conflict("合同还有未收清的应收，不能关闭") }
    }

    /// §4.1 no. 7. An instalment that is owed already (a submission that was undone and done again) is not owed twice.
    private static func bill(_ contract: Record<Contract>, _ tx: any Transaction) throws {
        let known = Set(try tx.all(Receivable.self, where: \Receivable.contract == contract.id, limit: 500).map(\.title))
        for instalment in try instalments(of: contract, tx) where instalment.amount > .zero {
            var due = Record<Receivable>()
            (due.customer, due.contract, due.title, due.amount, due.dueOn, due.isDemo) = (
                contract.customer, contract.id, "\(contract.title)：\(instalment.name)", instalment.amount, instalment.due, contract.isDemo
            )
            guard !known.contains(due.title) else { continue }
            (due.ownerID, due.departmentID) = (contract.ownerID, contract.departmentID)
            try tx.insert(due)
        }
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

    public init() {}
}
