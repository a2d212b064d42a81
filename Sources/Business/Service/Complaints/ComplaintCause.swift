import Records

/// A36: why customers complain, in two levels that an administrator keeps; Pareto counts the second.
public struct ComplaintCause: Entity {
    public static let name = "complaint_causes", label = "投诉原因"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "folder-tree", english: "Complaint causes").with { $0.sort = ["position", "name"] }
    }

    public let name = Field<String>("name", "原因", kind: TextKind(limit: 50), .title)
    public let parent = Field<Ref<ComplaintCause>?>(
        "parent_id", "大类", .inList, .quick, .indexed, .help("留空为大类", "A category itself when empty"), .english("Category"))
    public let position = Field<Int?>("position", "排序", .inList, .english("Order"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public static var rules: Rules {
        .of(ComplaintCause.self) {
            $0.beforeSave { cause, _, tx in
                guard let parent = cause.parent else { return }
                if parent == cause.id { throw Problem("parent_id", "大类不能是自己") }
                guard try tx.get(ComplaintCause.self, parent)?.parent == nil else { throw Problem("parent_id", "原因只分两级，请选择一个大类") }
                let below = Query(tx.catalog.schema(ComplaintCause.self), where: \ComplaintCause.parent == cause.id)
                if cause.row.id != 0, try tx.count(below, cap: 1) > 0 { throw Problem("parent_id", "「\(cause.name)」下面还有原因，不能改成二级") }
            }
            $0.beforeDelete { cause, _, tx in
                let used =
                    try tx.count(Query(tx.catalog.schema(Complaint.self), where: \Complaint.cause == cause.id), cap: 1)
                    + tx.count(Query(tx.catalog.schema(ComplaintCause.self), where: \ComplaintCause.parent == cause.id), cap: 1)
                guard used == 0 else { throw Refusal.conflict("原因「\(cause.name)」已在使用，不能删除；可以停用") }
            }
        }
    }
}

enum ComplaintSetUp {
    static func seed(_ tx: any Transaction) throws {
        for clock in clocks where try tx.first(ComplaintClock.self, where: \ComplaintClock.level == clock.level) == nil {
            var record = Record<ComplaintClock>()
            (record.title, record.level, record.acknowledge, record.solution, record.closeDays) = (
                "\(clock.level.label)投诉", clock.level, clock.acknowledge, clock.solution, clock.days
            )
            record.acknowledgeClock = clock.level == .general ? .working : .always
            record.solutionClock = .always
            try tx.insert(record)
        }
        var position = 0
        for (category, causes) in tree {
            position += 10
            let parent = try add(category, nil, position, tx)
            for cause in causes {
                position += 1
                _ = try add(cause, parent, position, tx)
            }
        }
    }

    private static func add(
        _ name: String, _ parent: Ref<ComplaintCause>?, _ position: Int, _ tx: any Transaction
    ) throws -> Ref<ComplaintCause> {
        var record = Record<ComplaintCause>()
        (record.name, record.parent, record.position) = (name, parent, position)
        return try tx.insert(record).id
    }

    /// §3.9: working hours for the first word on an ordinary complaint, the clock on the wall for everything graver.
    private static let clocks: [(level: Complaint.Level, acknowledge: Int, solution: Int, days: Int)] = [
        (.general, 120, 1440, 3), (.serious, 30, 240, 2), (.critical, 15, 120, 1), (.crowd, 15, 120, 1),
    ]

    private static let tree: [(String, [String])] = [
        ("产品", ["功能故障", "外观瑕疵", "与宣传不符"]), ("配件", ["缺货等待", "配件质量", "配件价格"]), ("维修工艺", ["未修好", "维修造成损伤", "漏做项目"]),
        ("价格收费", ["收费不透明", "超出报价", "价格高于同行"]),
        ("服务态度", ["冷淡推诿", "言语不当", "未兑现承诺"]), ("时效", ["等候过长", "交付延期", "回复不及时"]), ("环境设施", ["休息区", "停车不便", "卫生"]),
        ("交付", ["交付有误", "资料不全", "讲解不清"]),
        ("宣传", ["夸大宣传", "活动规则不清"]), ("保险金融", ["理赔慢", "捆绑销售", "费率争议"]), ("旅游行程", ["行程变更", "导游服务", "住宿不符", "强制消费"]),
        ("个人信息", ["骚扰电话", "信息泄露"]),
    ]
}

/// What a company may set about complaints ([CFG]).
public enum ComplaintParameters {
    static let section = Words("投诉与改进", "Complaints and improvement")

    public static let recurrenceDays = Parameter(
        "complaints.recurrence_days", "结案后多久检查是否复发", 90, range: 7...365, unit: Words("天", "days"), section: section,
        english: "Check for recurrence after")
    public static let warnCount = Parameter(
        "complaints.warn_count", "同一原因多少起预警", 3, range: 2...100, unit: Words("起", "complaints"), section: section, english: "Warn at")
    public static let warnDays = Parameter(
        "complaints.warn_days", "预警看多少天", 7, range: 1...90, unit: Words("天", "days"), section: section, english: "Within")

    static let all = [recurrenceDays, warnCount, warnDays]
}
