import Core
import Records

/// A quote that the customer has accepted becomes a contract.
public struct ContractOfQuote: Extension {
    public static let of = Quote.self
    public static var actions: [Action] { [toContract] }

    private static let toContract = Action.on(
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

    public init() {}
}
