import Records

/// Whoever the company serves or wants to: a person, a family, a company, an authority, a dealer (§2.1, C7, D7). The one master that every
/// other capability writes to.
public struct Customer: Entity {
    public static let name = "customers", label = "客户"
    public static var traits: EntityTraits {
        EntityTraits(icon: "contact", menu: .customers, english: "Customers").with {
            $0.state = "lifecycle"
            $0.board = "lifecycle"
            $0.hasTags = true
            $0.hasAttachments = true
            $0.mailing = Mailing(email: "email", mobile: "mobile", refusals: ["do_not_contact", "is_blacklisted"])
            $0.hasTimeline = true
            $0.pool = .init(masked: "mobile", "phone", "wechat", "email", "address", "id_no")
            $0.nextContact = "next_follow_at"
            $0.comingDays = [.init("next_birthday_on", "七天内生日", "Birthdays in seven days", icon: "cake")]
            $0.highlights = [
                "type", "level_id", "lifecycle", "mobile", "last_interaction_at", "next_follow_at", "completeness",
            ]
            $0.related = ["contacts", "interactions", "tasks", "special_dates"]
            $0.neglect = Neglect("last_interaction_at")
            $0.papers = [.customerTable]
            $0.presets = [Preset("资料待补全", "Incomplete", ["filter[completeness][lt]": "60", "sort": "completeness"])]
            $0.indexes = [
                ["mobile", "name"], ["name", "city"], ["owner_id", "-created_at"], ["owner_id", "level_id", "-created_at"],
                ["owner_id", "next_follow_at"], ["owner_id", "next_birthday_on"], ["owner_id", "-last_interaction_at"],
                ["department_id", "-created_at"], ["pool", "-created_at"],
            ]
        }
    }

    public let name = Field<String>(
        "name", "客户名称", kind: TextKind(limit: 100), .title, .completeness(15), .aliases("姓名", "名称", "客户", "客户姓名", "单位名称", "公司名称"))
    public let code = Field<String?>(
        "code", "客户编号", kind: AutoNumberKind("CUS-{yyyyMMdd}-{####}"), .unique, .searchable, .inList,
        .help("留空自动编号", "Numbered automatically when empty"), .english("Customer no."), .aliases("客户编码", "编号", "客户代码"))
    public let type = Field<Kind>("type", "客户类型", .inList, .quick, .initial("person"), .aliases("类型", "客户性质"))
    public let shortName = Field<String?>(
        "short_name", "简称", kind: TextKind(limit: 50), .searchable, .only(when: "type", "company", "government", "dealer"))
    public let source = Field<Source>(
        "source", "客户来源", .inList, .quick, .indexed, .optional(from: "import"), .completeness(5), .aliases("来源", "来源渠道", "获客渠道"))
    public let sourceDetail = Field<String?>("source_detail", "来源说明", kind: TextKind(limit: 200), .aliases("来源备注"))
    public let referrer = Field<Ref<Customer>?>(
        "referrer_id", "推荐人", .only(when: "source", "referral"), .reverse("转介绍的客户", "Referred customers"), .aliases("介绍人", "转介绍人"))
    public let gender = Field<Gender?>("gender", "性别", .completeness(3), .only(when: "type", "person"))
    public let birthday = Field<Day?>(
        "birthday", "生日", .completeness(8),
        .help("农历生日按农历的年月日填写，并把历法选为农历", "Enter a lunar birthday in lunar year, month and day, and choose the lunar calendar"),
        .aliases("出生日期", "出生年月", "出生年月日"))
    public let birthdayCalendar = Field<DateCalendar?>(
        "birthday_calendar", "生日历法", .initial("solar"), .only(when: "type", "person", "family"))
    public let lunarBirthday = Field<String?>(
        "lunar_birthday", "农历生日", kind: TextKind(limit: 30), .only(when: "type", "person", "family"),
        .help("闰月和三十写在这里，如 1984年闰十月初八、1985年二月三十", "For leap months and the 30th: 1984-leap10-8, 1985-2-30"),
        .english("Lunar birthday"), .aliases("阴历生日"))
    public let filedOn = Field<Day?>("filed_on", "建档日期", .english("On file since"), .aliases("建档时间", "登记日期", "创建日期"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable, .aliases("说明", "备注信息"))

    public let mobile = Field<String?>(
        "mobile", "手机号码", kind: MobileKind(), .searchable, .inList, .quick, .indexed, .completeness(20), .section(.contactDetails),
        .aliases("手机", "电话号码", "手机号", "联系电话", "移动电话"))
    public let phone = Field<String?>(
        "phone", "固定电话", kind: PhoneKind(), .searchable, .section(.contactDetails), .english("Landline"), .aliases("电话", "座机", "固话", "办公电话")
    )
    public let wechat = Field<String?>(
        "wechat", "微信号", kind: TextKind(limit: 60), .searchable, .indexed, .completeness(5), .section(.contactDetails), .english("WeChat"),
        .aliases("微信"))
    public let email = Field<String?>(
        "email", "邮箱", kind: EmailKind(), .searchable, .completeness(3), .section(.contactDetails),
        .aliases("电子邮箱", "邮件", "E-mail", "Email"))
    public let province = Field<String?>(
        "province", "省份", kind: RegionKind(level: 1), .completeness(3), .section(.contactDetails), .aliases("省", "所在省份"))
    public let city = Field<String?>(
        "city", "城市", kind: RegionKind(level: 2), .inList, .indexed, .completeness(5), .section(.contactDetails),
        .aliases("市", "所在城市", "地市"))
    public let district = Field<String?>(
        "district", "区县", kind: RegionKind(level: 3), .completeness(2), .section(.contactDetails), .aliases("区", "县", "区/县"))
    public let address = Field<String?>(
        "address", "详细地址", kind: AddressKind(), .searchable, .completeness(5), .section(.contactDetails), .aliases("地址", "联系地址", "通讯地址"))
    public let postcode = Field<String?>("postcode", "邮编", kind: PostcodeKind(), .section(.contactDetails), .english("Postcode"))

    public let category = Field<Ref<CustomerCategory>?>(
        "category_id", "客户分类", .inList, .indexed, .completeness(5), .section(.category), .aliases("分类"))
    public let categories = Field<Refs<CustomerCategory>>("category_ids", "其他分类", .section(.category), .english("More categories"))
    public let level = Field<Ref<CustomerLevel>?>(
        "level_id", "客户级别", .inList, .indexed, .completeness(5), .section(.category), .aliases("级别", "会员级别", "客户等级"))
    public let lifecycle = Field<Lifecycle>(
        "lifecycle", "生命周期", .inList, .indexed, .initial("potential"), .section(.category), .english("Lifecycle"))
    public let isKey = Field<Bool?>("is_key", "重点客户", .section(.category), .english("Key account"))
    public let keyHorizon = Field<KeyHorizon?>("key_horizon", "重点时段", .section(.category))
    public let region = Field<String?>(
        "region", "销售区域", kind: TextKind(limit: 50), .indexed, .section(.category), .english("Sales region"), .aliases("区域", "大区"))

    public let idType = Field<IDType?>("id_type", "证件类型", .only(when: "type", "person", "family"), .section(.identity), .english("ID type"))
    public let idNo = Field<String?>(
        "id_no", "证件号码", kind: TextKind(limit: 30), .sealed, .completeness(5), .only(when: "type", "person", "family"), .section(.identity),
        .english("ID number"), .aliases("身份证号", "身份证号码", "身份证", "证件号"))
    public let uscc = Field<String?>(
        "uscc", "统一社会信用代码", kind: USCCKind(), .searchable, .indexed, .completeness(8),
        .only(when: "type", "company", "government", "dealer"), .section(.identity), .english("Credit code (USCC)"),
        .aliases("信用代码", "税号", "纳税人识别号"))
    public let legalPerson = Field<String?>(
        "legal_person", "负责人姓名", kind: TextKind(limit: 50), .only(when: "type", "company", "government", "dealer"), .section(.identity),
        .english("Legal representative"), .aliases("法人", "法定代表人"))
    public let industry = Field<String?>(
        "industry", "所属行业", kind: TextKind(limit: 50), .indexed, .completeness(3), .only(when: "type", "company", "government", "dealer"),
        .section(.identity), .aliases("行业"))
    public let scale = Field<Scale?>(
        "scale", "企业规模", .completeness(2), .only(when: "type", "company", "dealer"), .section(.identity), .aliases("规模"))
    public let nature = Field<Nature?>(
        "nature", "企业性质", .completeness(2), .only(when: "type", "company", "government", "dealer"), .section(.identity),
        .english("Ownership"), .aliases("性质"))
    public let dealingMode = Field<DealingMode?>(
        "dealing_mode", "交易方式", .completeness(2), .only(when: "type", "company", "government", "dealer"), .section(.identity))
    public let supplyPrice = Field<Money?>("supply_price_cents", "供货价", .only(when: "type", "dealer"), .section(.identity))

    public let preferredChannel = Field<Channel?>("preferred_channel", "偏好联系方式", .completeness(3), .section(.preferences))
    public let preferredTime = Field<ContactTime?>("preferred_time", "方便联系时间", .completeness(2), .section(.preferences), .aliases("联系时间"))
    public let speech = Field<Speech?>("language", "沟通语言", .section(.preferences))
    public let interests = Field<String?>("interests", "兴趣爱好", kind: TextKind(limit: 200), .section(.preferences), .aliases("爱好", "兴趣"))
    public let diet = Field<String?>("diet", "饮食习惯", kind: TextKind(limit: 200), .section(.preferences))
    public let taboo = Field<String?>(
        "taboo", "忌讳", kind: TextKind(limit: 200), .section(.preferences), .help("联系和接待前会醒目提示", "Shown prominently before every contact"))
    public let doNotContact = Field<Bool?>(
        "do_not_contact", "拒绝打扰", .indexed, .section(.preferences), .help("勾选后不再安排外呼和群发", "No more calls and mailings when ticked"),
        .aliases("免打扰"))
    public let isBlacklisted = Field<Bool?>("is_blacklisted", "黑名单", .section(.preferences))
    public let blacklistReason = Field<String?>("blacklist_reason", "列入黑名单原因", kind: TextKind(limit: 200), .section(.preferences))

    public let completeness = Field<Int?>(
        "completeness", "资料完整度", kind: ScoreKind(), .readOnly, .inList, .indexed, .unit("分", "points"), .section(.state))
    public let fileStatus = Field<FileStatus>("file_status", "档案状态", .indexed, .initial("active"), .section(.state))
    public let statusReason = Field<String?>("status_reason", "状态原因", kind: TextKind(limit: 200), .readOnly, .section(.state))
    public let verification = Field<Verification>("verification", "核实情况", .indexed, .initial("none"), .readOnly, .section(.state))
    public let verifiedAt = Field<Instant?>("verified_at", "核实时间", .readOnly, .section(.state))
    public let pool = Field<Pool>("pool", "归属", .indexed, .initial("private"), .readOnly, .section(.state))
    public let poolReason = Field<String?>("pool_reason", "放入公海原因", kind: TextKind(limit: 200), .readOnly, .section(.state))
    public let pooledAt = Field<Instant?>("pooled_at", "放入公海时间", .readOnly, .section(.state))
    public let lastOwner = Field<Ref<User>?>("last_owner_id", "前负责人", .readOnly, .section(.state), .english("Last owner"))
    public let mergedInto = Field<Ref<Customer>?>("merged_into_id", "已合并到", .readOnly, .section(.state))
    public let lastInteraction = Field<Instant?>("last_interaction_at", "最近联系", .readOnly, .inList, .indexed, .section(.state))
    public let nextFollow = Field<Instant?>("next_follow_at", "下次跟进", .readOnly, .inList, .indexed, .due, .section(.state))
    public let nextBirthday = Field<Day?>("next_birthday_on", "下个生日", .readOnly, .indexed, .onCalendar, .section(.state))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}
}
