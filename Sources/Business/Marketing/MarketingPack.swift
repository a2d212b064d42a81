import Records
import Sales

extension Pack {
    public static let marketing = Pack(
        "marketing", Words("市场活动", "Marketing"), Words("活动策划、预算、渠道、报名签到、效果与投入产出", "Campaigns from the brief to what they brought"),
        icon: "megaphone", needs: [.sales], isOnAtFirst: true, [CampaignsCapability.self])
}
