import Records

/// §2.25: the roles a company finds on the first day. Codes never change; a capability adds its own entities' rights to a role with
/// `BuiltInRole.insurance.template { $0.allow(.own, Rights.everyday, on: Policy.self) }`.
public enum BuiltInRole: String, CaseIterable, Sendable {
    case admin, gm, director
    case salesManager = "sales_mgr", supervisor, salesConsultant = "sales_consultant"
    case serviceManager = "svc_mgr", serviceAdvisor = "svc_advisor"
    case careManager = "cs_mgr", followUp = "followup"
    case insurance, loan
    case storeManager = "store_mgr", clerk, fieldRep = "field_rep"
    case marketing, finance, warehouse
    case tourSales = "tour_sales", tourOperator = "operator", guide
    case hr, steward, dpo, sysadmin

    public var label: String { labels.chinese }
    public var english: String { labels.english }

    private var labels: (chinese: String, english: String) {
        switch self {
        case .admin: ("系统管理员", "Administrator")
        case .gm: ("总经理", "General manager")
        case .director: ("营销总监", "Sales and marketing director")
        case .salesManager: ("销售经理", "Sales manager")
        case .supervisor: ("销售主管", "Sales supervisor")
        case .salesConsultant: ("销售顾问", "Sales consultant")
        case .serviceManager: ("服务经理", "Service manager")
        case .serviceAdvisor: ("服务顾问", "Service advisor")
        case .careManager: ("客服经理", "Customer care manager")
        case .followUp: ("回访专员", "Follow-up clerk")
        case .insurance: ("保险专员", "Insurance clerk")
        case .loan: ("金融专员", "Finance clerk (loans)")
        case .storeManager: ("店长", "Store manager")
        case .clerk: ("店员/前台", "Shop assistant / reception")
        case .fieldRep: ("业务代表", "Field representative")
        case .marketing: ("市场经理", "Marketing manager")
        case .finance: ("财务", "Finance")
        case .warehouse: ("仓管", "Warehouse")
        case .tourSales: ("旅游顾问", "Travel consultant")
        case .tourOperator: ("计调", "Tour operator")
        case .guide: ("导游", "Guide")
        case .hr: ("人事/培训", "HR and training")
        case .steward: ("数据专员", "Data steward")
        case .dpo: ("隐私官", "Privacy officer")
        case .sysadmin: ("系统运维（无业务数据）", "System administrator without business data")
        }
    }

    /// What this role may do, as one capability sees it.
    public func template(_ fill: (inout Rights) -> Void) -> RoleTemplate {
        var rights = Rights()
        fill(&rights)
        return RoleTemplate(rawValue, label, english: english, rights)
    }
}
