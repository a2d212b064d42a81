import Core
import Records

/// 市场: campaigns from the brief to what they brought (A49–A55, C13, C14).
public enum CampaignsCapability: Capability {
    public static let name = "campaigns", label = "市场活动"
    public static let entities: [any Entity.Type] = [
        Campaign.self, CampaignGoal.self, CampaignCost.self, CampaignChannel.self, CampaignMember.self, CampaignPerson.self,
    ]
    public static let extensions: [any Extension.Type] = [CampaignLead.self, CampaignTask.self]
    public static let approvals = Campaign.approvals
    public static let jobs = CampaignJobs.all
    public static let roles = CampaignRoles.all

    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoCampaigns.steps(demo) }
}

/// Marketing runs campaigns, directors and general managers all of them; who sells sees them and checks guests in.
enum CampaignRoles {
    private static let lines: [any Entity.Type] = [CampaignGoal.self, CampaignCost.self, CampaignChannel.self, CampaignMember.self]

    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            let work: [any Entity.Type] = [Campaign.self] + lines
            // What managers may do elsewhere, they may not with the budget of marketing (§2.27).
            if role.isAmong(.managers) || role == .supervisor { rights.allow(.none, Rights.writing + ["export", "approve"], on: work) }
            switch role {
            case .marketing, .director, .gm, .steward:
                rights.allow(.all, Rights.everyday + ["delete", "export", "import", "assign", "approve"], on: work)
                rights.allow(.all, Rights.everyday + ["delete", "export", "import", "assign"], on: [CampaignPerson.self])
            case _ where role.isAmong(.managers):
                rights.allow(.all, ["read"], on: work)
                rights.allow(.departmentTree, Rights.everyday + ["assign"], on: [CampaignPerson.self])
            case .supervisor:
                rights.allow(.all, ["read"], on: work)
                rights.allow(.ownAndSubordinates, Rights.everyday, on: [CampaignPerson.self])
            case _ where role.isAmong(.frontDesk):
                rights.allow(.all, ["read"], on: work)
                rights.allow(.own, Rights.everyday, on: [CampaignPerson.self])
            case .finance: rights.allow(.all, ["read", "export"], on: work)
            default: break
            }
        }
    }
}
