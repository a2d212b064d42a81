import Core
import Records

/// Who may do what in the sales cycle: salespeople with their own, supervisors with their team's, managers with their department's (§2.25).
enum SalesRoles {
    static let leads = templates(
        work: [Lead.self], claims: [Lead.self], setUp: [LeadLevel.self, AssignmentRule.self, RecallRule.self, LeadForm.self],
        marketing: ["read", "create", "update", "assign"]
    ) { rights, role in
        if role == .marketing { rights.allow(.all, ["create", "update"], on: [LeadForm.self]) }
    }
    static let opportunities = templates(
        work: [Opportunity.self], within: [DecisionRole.self, StageMove.self], setUp: [Pipeline.self, PipelineStage.self, Competitor.self],
        marketing: ["read"], finance: ["read"])

    static let quotes = templates(work: [Quote.self], within: [QuoteLine.self], setUp: [DiscountAuthority.self], finance: ["read"]) {
        rights, role in
        let right: FieldRight = ProductRoles.seesCost.contains(role) ? .read : .hidden
        rights.show(right, "cost_cents", "margin_cents", "margin_bp", of: Quote.self)
        rights.show(right, "cost_cents", of: QuoteLine.self)
    }
    static let contracts = templates(
        work: [Contract.self, ContractAmendment.self], within: [PaymentTerm.self], finance: ["read", "update", "export"])
    static let finance = templates(
        work: [Receivable.self, Collection.self, CreditAccount.self, InvoiceTitle.self], within: [Allocation.self],
        finance: Rights.everyday + ["export", "import", "approve", "assign"]
    ) { rights, role in
        // What comes in is confirmed by those who count the money, not by those who sell.
        if role != .finance, role != .gm { rights.allow(.none, ["approve"], on: [Collection.self]) }
        if role == .finance { rights.allow(.none, ["approve"], on: [CreditAccount.self]) }
        if [.director, .gm].contains(role) { rights.allow(.all, ["write_off_large"], on: [Receivable.self]) }
    }

    /// Orders are everybody's business who serves customers.
    static let orders = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            let all: [any Entity.Type] = [Order.self, OrderLine.self]
            switch role {
            case _ where sellers.contains(role):
                rights.allow(.own, Rights.everyday + ["delete"], on: all)
                if role == .tourOperator { rights.allow(.departmentTree, ["read"], on: all) }
            case .supervisor: rights.allow(.ownAndSubordinates, Rights.everyday + ["delete", "assign", "approve"], on: all)
            case .marketing: rights.allow(.all, ["read"], on: all)
            case .finance: rights.allow(.all, ["read", "update", "export", "approve"], on: all)
            case .warehouse: rights.allow(.all, ["read", "update"], on: all)
            case .steward: rights.allow(.all, Rights.every, on: all)
            case .dpo: rights.allow(.all, ["read", "update", "delete", "export"], on: all)
            default: break
            }
        }
    }

    private static let sellers: Set<BuiltInRole> = [
        .salesConsultant, .serviceAdvisor, .followUp, .clerk, .fieldRep, .tourSales, .insurance, .loan, .tourOperator,
    ]
    private static let managers: Set<BuiltInRole> = [.salesManager, .serviceManager, .storeManager, .careManager]
    private static let setsUp: Set<BuiltInRole> = [.gm, .director, .salesManager, .steward]

    /// - Parameters:
    ///   - work: what has an owner; `within` are lines inside it.
    ///   - setUp: what everybody reads and few change.
    static func templates(
        work: [any Entity.Type], within: [any Entity.Type] = [], claims: [any Entity.Type] = [], setUp: [any Entity.Type] = [],
        marketing: [String] = [], finance: [String] = [], warehouse: [String] = [],
        besides: @escaping @Sendable (inout Rights, BuiltInRole) -> Void = { _, _ in }
    ) -> [RoleTemplate] {
        BuiltInRole.allCases.filter { $0 != .admin }.map { role in
            role.template { rights in
                for entity in setUp {
                    rights.allow(.all, ["read"], on: entity.name)
                    rights.allow(.none, Rights.writing, on: entity.name)
                    if setsUp.contains(role) { rights.allow(.all, ["create", "update", "delete", "import", "export"], on: entity.name) }
                }
                let all = work + within
                switch role {
                case _ where sellers.contains(role): rights.allow(.own, Rights.everyday, on: all)
                case .supervisor: rights.allow(.ownAndSubordinates, Rights.everyday + ["assign", "approve"], on: all)
                case _ where managers.contains(role):
                    rights.allow(.departmentTree, Rights.everyday + ["delete", "export", "import", "assign", "approve"], on: all)
                case .gm, .steward: rights.allow(.all, Rights.every, on: all)
                case .director: rights.allow(.all, Rights.everyday + ["delete", "export", "import", "assign", "approve"], on: all)
                case .marketing: rights.allow(.all, marketing, on: all)
                case .finance: rights.allow(.all, finance, on: all)
                case .warehouse: rights.allow(.all, warehouse, on: all)
                case .dpo: rights.allow(.all, ["read", "update", "delete", "export"], on: all)
                default: break
                }
                let takes = sellers.contains(role) || managers.contains(role) || [.supervisor, .gm, .director].contains(role)
                if takes { rights.allow(.all, ["claim"], on: claims) }
                besides(&rights, role)
            }
        }
    }
}
