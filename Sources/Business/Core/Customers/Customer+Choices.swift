import Records

extension Customer {
    public enum Kind: String, Choice {
        case person, company, government, dealer, family
        public static let options: [Option<Kind>] = [
            .init(.person, "个人", .sky, aliases: ["个人客户", "自然人", "私人"]),
            .init(.company, "单位", .accent, aliases: ["单位客户", "企业", "公司", "企业客户"]),
            .init(.government, "政府机关", .violet, aliases: ["政府", "机关", "事业单位"]), .init(.dealer, "经销商", .teal, aliases: ["代理商", "分销商"]),
            .init(.family, "家庭", .rose, aliases: ["家庭客户"]),
        ]

        /// Whether a human being stands behind it, with a birthday and an ID card.
        public var isHuman: Bool { self == .person || self == .family }
    }

    /// Where a customer first came from (H sources, §2.1).
    public enum Source: String, Choice {
        case walkIn = "walk_in", phoneIn = "phone_in", selfFound = "self_found", website, shortVideo = "short_video", moments
        case merchantPlatform = "merchant_platform", map, referral, exhibition, association, portal, ad, campaign, `import`, ota, other
        public static let options: [Option<Source>] = [
            .init(.walkIn, "自然到店", aliases: ["到店", "自然进店", "上门"]), .init(.phoneIn, "来电", aliases: ["电话", "来电咨询"]),
            .init(.selfFound, "主动寻访"), .init(.website, "官网"), .init(.shortVideo, "短视频"),
            .init(.moments, "朋友圈"), .init(.merchantPlatform, "商户平台"), .init(.map, "地图搜寻"),
            .init(.referral, "转介绍", aliases: ["老客户介绍", "朋友介绍", "推荐"]), .init(.exhibition, "展会"),
            .init(.association, "协会"), .init(.portal, "垂直媒体"), .init(.ad, "广告"), .init(.campaign, "市场活动"), .init(.import, "导入"),
            .init(.ota, "OTA", english: "OTA"), .init(.other, "其他", aliases: ["其它"]),
        ]
    }

    public enum Gender: String, Choice {
        case male = "m", female = "f", unknown = "u"
        public static let options: [Option<Gender>] = [
            .init(.male, "男", english: "Male", aliases: ["先生", "男性"]), .init(.female, "女", english: "Female", aliases: ["女士", "小姐", "女性"]),
            .init(.unknown, "未知", english: "Unknown", aliases: ["保密"]),
        ]
    }

    /// B4: where a customer stands between first contact and being lost.
    public enum Lifecycle: String, Choice {
        case potential, new, active, silent, lost
        public static let options: [Option<Lifecycle>] = [
            .init(.potential, "潜在客户", .sky), .init(.new, "新客户", .accent), .init(.active, "活跃客户", .ok), .init(.silent, "沉默客户", .warn),
            .init(.lost, "流失客户", .bad),
        ]
    }

    public enum KeyHorizon: String, Choice {
        case current, future, potential
        public static let options: [Option<KeyHorizon>] = [.init(.current, "当前重点"), .init(.future, "未来重点"), .init(.potential, "潜在重点")]
    }

    public enum IDType: String, Choice {
        case idCard = "id_card", passport, hkMacau = "hk_macau", taiwan, military, uscc
        public static let options: [Option<IDType>] = [
            .init(.idCard, "居民身份证", english: "Resident ID card", aliases: ["身份证"]), .init(.passport, "护照"),
            .init(.hkMacau, "港澳居民来往内地通行证", english: "Hong Kong/Macau permit"), .init(.taiwan, "台湾居民来往大陆通行证", english: "Taiwan permit"),
            .init(.military, "军官证", english: "Military ID"), .init(.uscc, "统一社会信用代码", english: "Credit code (USCC)"),
        ]
    }

    public enum Scale: String, Choice {
        case large, medium, small
        public static let options: [Option<Scale>] = [.init(.large, "大"), .init(.medium, "中"), .init(.small, "小")]
    }

    public enum Nature: String, Choice {
        case state, `private`, joint, foreign, individual, gov
        public static let options: [Option<Nature>] = [
            .init(.state, "国营"), .init(.private, "民营"), .init(.joint, "合资"), .init(.foreign, "外资"), .init(.individual, "个体"),
            .init(.gov, "机关"),
        ]
    }

    public enum DealingMode: String, Choice {
        case cash, prepay, credit, consign, monthly
        public static let options: [Option<DealingMode>] = [
            .init(.cash, "现款现货"), .init(.prepay, "预付款"), .init(.credit, "赊销"), .init(.consign, "代销"), .init(.monthly, "月结"),
        ]
    }

    public enum ContactTime: String, Choice {
        case any, morning, noon, afternoon, evening, weekend
        public static let options: [Option<ContactTime>] = [
            .init(.any, "随时"), .init(.morning, "上午"), .init(.noon, "中午"), .init(.afternoon, "下午"), .init(.evening, "晚上"),
            .init(.weekend, "周末"),
        ]
    }

    public enum Speech: String, Choice {
        case mandarin, cantonese, wu, english, other
        public static let options: [Option<Speech>] = [
            .init(.mandarin, "普通话"), .init(.cantonese, "粤语"), .init(.wu, "吴语"), .init(.english, "英语"), .init(.other, "其他"),
        ]
    }

    /// The file's life: draft → active ⇄ frozen → archived; merged and erased are set by merging and by the privacy officer.
    public enum FileStatus: String, Choice {
        case draft, active, frozen, archived, merged, erased
        public static let options: [Option<FileStatus>] = [
            .init(.draft, "草稿"), .init(.active, "有效", .ok), .init(.frozen, "冻结", .warn), .init(.archived, "归档"),
            .init(.merged, "已合并", .violet),
            .init(.erased, "已删除(个人信息)", .bad),
        ]
    }

    /// A3: files nobody has confirmed for a year are due again.
    public enum Verification: String, Choice {
        case none, verified, due
        public static let options: [Option<Verification>] = [.init(.none, "未核实"), .init(.verified, "已核实", .ok), .init(.due, "待核实", .warn)]
    }

    public enum Pool: String, Choice {
        case `private`, `public`, recycle
        public static let options: [Option<Pool>] = [.init(.private, "私海"), .init(.public, "公海", .sky), .init(.recycle, "回收站")]
    }
}
