import Records

/// What the demo group's staff read on their home page.
enum DemoNews {
    static let all: [(title: String, category: Announcement.Category, daysAgo: Int, isPinned: Bool, content: String)] = [
        ("知客系统使用须知", .system, 20, true, "一、客户资料以系统为准，先查重再建档。\n二、每次联系客户后当天写互动记录。\n三、下次联系时间必填，系统会按时提醒。\n四、客户电话和证件信息不得导出外传。"),
        ("年末服务月活动安排", .notice, 5, true, "即日起到月底开展服务月活动：到店免费检测二十一项，老客户介绍购车享双倍积分。各店请在本周内完成客户邀约。"),
        ("客户信息保护制度（修订）", .policy, 40, false, "查看完整手机号和证件号码会留下记录；导出名单须经主管批准；离职交接当日转移名下客户。"),
        ("新能源产品培训通知", .training, 3, false, "本周四十四时在城西店会议室培训星驰E3 BEV与S7 PHEV，销售顾问和服务顾问参加，其他门店线上同步。"),
        ("十月服务之星表彰", .praise, 15, false, "祝贺本月回访满意度前三的同事。经验分享安排在下周一晨会。"),
        ("清泉饮品节前备货提醒", .notice, 2, false, "请各区域业务代表本周完成经销商库存盘点，矿泉水与礼盒按去年同期一点二倍备货。"),
    ]

    static func steps(_ demo: Demo) -> [Demo.Step] {
        [{ tx in for announcement in records(demo) { try tx.insert(announcement) } }]
    }

    static func records(_ demo: Demo) -> [Record<Announcement>] {
        all.map { news in
            var record = Record<Announcement>()
            record.title = news.title
            record.content = news.content
            record.category = news.category
            record.isPinned = news.isPinned
            record.needsReceipt = news.category == .policy
            record.publishAt = Instant(demo.asOf - news.daysAgo, hour: 9)
            record.isDemo = true
            DemoClock.stamp(&record.row, Instant(demo.asOf - news.daysAgo, hour: 9))
            return record
        }
    }
}
