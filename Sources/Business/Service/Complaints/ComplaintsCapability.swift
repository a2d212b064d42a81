import Core
import Records

/// 投诉与改进: complaints, why they came, and what is done so that they do not come again.
public enum ComplaintsCapability: Capability {
    public static let name = "complaints", label = "投诉与改进"
    public static let entities: [any Entity.Type] = [
        Complaint.self, ComplaintCause.self, ComplaintClock.self, Improvement.self, Decision.self,
    ]
    public static let extensions: [any Extension.Type] = [Complainant.self]
    public static let parameters = ComplaintParameters.all
    public static let jobs = ComplaintJobs.all
    public static let roles = ComplaintRoles.all

    /// §2.11: compensation up to ¥500 the manager, up to ¥5,000 the director, above the general manager.
    public static let approvals = [
        ApprovalDefault(
            "complaints.proposal", "投诉方案审批", on: Complaint.name, .action("approve"),
            steps: [
                .init("客服经理", .role("cs_mgr"), upTo: Money(cents: 50_000)),
                .init("营销总监", .role("director"), over: Money(cents: 50_000), upTo: Money(cents: 500_000)),
                .init("总经理", .role("gm"), over: Money(cents: 500_000)),
            ],
            amount: "compensation_cents", locked: ["proposal", "compensation_type", "compensation_cents", "liability", "level"]
        )
    ]

    public static func seed(_ tx: any Transaction) throws { try ComplaintSetUp.seed(tx) }
    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoComplaints.steps(demo) }
}

/// §2.25: everybody takes complaints down; the care desk meets the customer, its manager grades and closes.
enum ComplaintRoles {
    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            rights.allow(.all, ["read"], on: [ComplaintCause.self, ComplaintClock.self])
            if role.isAmong(.frontDesk) { rights.allow(.own, Rights.everyday, on: [Complaint.self, Improvement.self]) }
            switch role {
            case .supervisor: rights.allow(.ownAndSubordinates, Rights.everyday, on: [Complaint.self, Improvement.self])
            case .followUp: rights.allow(.all, ["read", "create", "care"], on: [Complaint.self])
            case .careManager:
                // Whoever grades and closes what any customer complains of sees whom it is about.
                rights.allow(.all, ["read"], on: [Customer.self, Contact.self, Interaction.self])
                rights.allow(.all, Rights.everyday + ["delete", "assign", "export", "care", "assess", "approve"], on: [Complaint.self])
                rights.allow(.all, Rights.everyday + ["delete", "assign", "export", "verify"], on: [Improvement.self, Decision.self])
                rights.allow(.all, Rights.everyday + ["delete"], on: [ComplaintCause.self, ComplaintClock.self])
            case .salesManager, .serviceManager, .storeManager:
                rights.allow(.departmentTree, ["verify"], on: [Improvement.self, Decision.self])
            case .director: rights.allow(.all, ["verify"], on: [Improvement.self, Decision.self])
            case .gm:
                rights.allow(.all, ["care", "assess"], on: [Complaint.self])
                rights.allow(.all, ["verify"], on: [Improvement.self, Decision.self])
                rights.allow(.all, Rights.everyday + ["delete"], on: [ComplaintCause.self, ComplaintClock.self])
            case .dpo: rights.allow(.all, ["read", "update", "delete", "export"], on: [Complaint.self])
            case .marketing: rights.allow(.all, ["read"], on: [Complaint.self])
            default: break
            }
        }
    }
}
