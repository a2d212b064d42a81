import Core
import Records

/// A53: somebody on a campaign's list, from the invitation to the door.
public struct CampaignPerson: Entity {
    public static let name = "campaign_people", label = "活动名单"
    public static var traits: EntityTraits {
        EntityTraits(icon: "user-check", menu: .marketing, english: "Campaign list").with {
            $0.unique = [["campaign_id", "contact_id"]]
            $0.indexes = [
                ["campaign_id", "-created_at"], ["customer_id", "-created_at"], ["owner_id", "-created_at"],
                ["department_id", "-created_at"],
            ]
            $0.highlights = ["campaign_id", "contact_id", "customer_id", "status"]
        }
    }

    public let campaign = Field<Ref<Campaign>>("campaign_id", "市场活动", .inList, .quick, .indexed)
    public let contact = Field<Ref<Contact>>("contact_id", "联系人", .inList, .quick, .indexed, .reverse("参加的活动", "Campaigns"))
    public let customer = Field<Ref<Customer>?>(
        "customer_id", "客户", .inList, .indexed, .help("留空为联系人的客户", "The contact's when empty"), .reverse("参加的活动", "Campaigns"))
    public let status = Field<Status>("status", "状态", .inList, .initial("listed"))
    public let title = Field<String?>("remark", "备注", kind: TextKind(limit: 200), .title)
    public let signedUpAt = Field<Instant?>("signed_up_at", "报名时间", .readOnly, .inList, .english("Signed up"))
    public let attendedAt = Field<Instant?>("attended_at", "签到时间", .readOnly, .inList, .english("Checked in"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case listed, invited, signedUp = "signed_up", attended, absent, declined
        public static let options: [Option<Status>] = [
            .init(.listed, "待邀请"), .init(.invited, "已邀请", .sky), .init(.signedUp, "已报名", .accent, english: "Signed up"),
            .init(.attended, "已签到", .ok, english: "Checked in"), .init(.absent, "未到场", .warn), .init(.declined, "谢绝", .bad),
        ]
    }

    public static var flow: Flow? {
        .of(CampaignPerson.self, \.status) {
            $0.step("invite", "标记已邀请", from: [.listed], to: .invited, icon: "mail-check", english: "Mark invited")
            $0.step(
                "sign_up", "报名", from: [.listed, .invited, .declined], to: .signedUp, icon: "clipboard-check", english: "Sign up",
                primary: true
            ) { person, _, tx in person.signedUpAt = tx.now }
            $0.step(
                "check_in", "签到", from: [.listed, .invited, .signedUp, .absent], to: .attended, icon: "user-check", english: "Check in",
                primary: true
            ) { person, _, tx in person.attendedAt = tx.now }
            $0.step("decline", "谢绝", from: [.listed, .invited, .signedUp], to: .declined, icon: "x", english: "Decline")
            $0.step("miss", "未到场", from: [.signedUp], to: .absent, icon: "user-x", english: "Did not come")
            $0.lock([.attended], only: [])
        }
    }

    /// Invited by template, as bulk from the list: consent, refusals, the weekly cap and quiet hours are the messages' own.
    public static var actions: [Action] { [.sendMessage] }

    public static var rules: Rules {
        .of(CampaignPerson.self) {
            $0.beforeSave { person, change, tx in
                try Ownership.follow(&person.row, change, tx)
                if person.customer == nil { person.customer = try tx.get(Contact.self, person.contact)?.customer }
            }
        }
    }
}
