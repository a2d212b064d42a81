import Records

/// D5: how much a customer weighs (after-sales: 钻石 … 普通) or how soon it will buy (intention: O/H/A/B/C/N, §3.3).
public struct CustomerLevel: Entity {
    public static let name = "customer_levels", label = "客户级别"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "medal", english: "Customer levels").with { $0.sort = ["family", "rank"] }
    }

    public let name = Field<String>("name", "级别名称", kind: TextKind(limit: 50), .title)
    public let code = Field<String>("code", "级别编码", kind: TextKind(limit: 30), .unique, .inList, .quick)
    public let family = Field<Family>("family", "级别体系", .inList, .quick, .initial("after_sales"))
    public let rank = Field<Int?>("rank", "排序", .inList, .help("1 为最高", "1 is the highest"), .english("Rank"))
    public let tone = Field<LevelTone?>("tone", "颜色", .inList, .english("Colour"))
    public let followDays = Field<Int?>(
        "follow_days", "跟进间隔", .inList, .unit("天", "days"),
        .help("超过这么多天没有联系，就提醒跟进", "A reminder comes after so many days without contact"), .english("Follow up every"))
    public let upgradeRule = Field<String?>("upgrade_rule", "升级标准", kind: LongTextKind())
    public let keepRule = Field<String?>("keep_rule", "保级标准", kind: LongTextKind())
    public let downgradeRule = Field<String?>("downgrade_rule", "降级标准", kind: LongTextKind())
    public let benefits = Field<String?>("benefits", "权益", kind: LongTextKind())
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public enum Family: String, Choice {
        case afterSales = "after_sales", intention
        public static let options: [Option<Family>] = [.init(.afterSales, "客户级别", .accent), .init(.intention, "意向级别", .sky)]
    }

    public enum LevelTone: String, Choice {
        case neutral, accent, ok, warn, bad, sky, violet, teal, rose
        public static let options: [Option<LevelTone>] = [
            .init(.neutral, "灰"), .init(.accent, "蓝", .accent), .init(.ok, "绿", .ok), .init(.warn, "橙", .warn), .init(.bad, "红", .bad),
            .init(.sky, "天蓝", .sky), .init(.violet, "紫", .violet), .init(.teal, "青", .teal), .init(.rose, "玫红", .rose),
        ]
    }

    public static var rules: Rules {
        .of(CustomerLevel.self) {
            $0.beforeDelete { level, _, tx in
                let used = try tx.count(Query(tx.catalog.schema(Customer.self), where: \Customer.level == level.id), cap: 1)
                guard used == 0 else { throw Refusal.conflict("级别「\(level.name)」已有客户使用，不能删除；可以把它停用") }
            }
        }
    }
}
