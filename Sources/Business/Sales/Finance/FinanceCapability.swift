import Core
import Records

/// 财务: what customers owe, how it comes in, and how much they may owe.
public enum FinanceCapability: Capability {
    public static let name = "finance", label = "财务"
    public static let entities: [any Entity.Type] = [
        Receivable.self, Collection.self, Allocation.self, CreditAccount.self, InvoiceTitle.self,
    ]
    public static let extensions: [any Extension.Type] = [OrderCredit.self, BilledContract.self, Debtor.self]
    public static let parameters = FinanceParameters.all
    public static let approvals = CreditAccount.approvals + [OrderCredit.release, Receivable.writeOff]
    public static let jobs = FinanceJobs.all
    public static let roles = BuiltInRole.templates(
        work: [Receivable.self, Collection.self, CreditAccount.self, InvoiceTitle.self], within: [Allocation.self],
        finance: Rights.everyday + ["export", "import", "approve", "assign"]
    ) { rights, role in
        // What comes in is confirmed by those who count the money, not by those who sell.
        if role != .finance, role != .gm { rights.allow(.none, ["approve"], on: [Collection.self]) }
        if [.finance, .gm].contains(role) { rights.allow(.all, ["settle"], on: [Receivable.self]) }
        if ![.finance, .gm].contains(role) { rights.show(.read, "issued_on", of: Receivable.self) }
        if role == .finance { rights.allow(.none, ["approve"], on: [CreditAccount.self]) }
        if [.director, .gm].contains(role) { rights.allow(.all, ["write_off_large"], on: [Receivable.self]) }
    }

    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoFinance.steps(demo) }
}
