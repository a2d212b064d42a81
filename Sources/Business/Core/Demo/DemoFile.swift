import Records

/// One demo customer with everything around it, worked out from the seed and its number alone, so that any slice can be made by itself.
public struct DemoFile: Sendable {
    public var index: Int
    public var trade: DemoTrade
    public var customer = Record<Customer>()
    var categoryCode: String
    var levelCode: String
    public var ownerName: String
    public var unitCode: String
    var tagNames: [String] = []
    var isPooled = false
    var contacts: [Record<Contact>] = []
    var dates: [Record<SpecialDate>] = []
    var interactions: [Record<Interaction>] = []
    public var purchases: [DemoPurchase] = []
    var tasks: [Record<Todo>] = []

    static let lifecycles: [(Customer.Lifecycle, Int)] = [(.potential, 18), (.new, 12), (.active, 40), (.silent, 17), (.lost, 13)]
    static let levels = [("diamond", 3), ("gold", 12), ("silver", 30), ("normal", 55)]
    static let sources: [(Customer.Source, Int)] = [
        (.walkIn, 34), (.website, 7), (.shortVideo, 8), (.moments, 4), (.merchantPlatform, 3), (.portal, 2), (.map, 2), (.referral, 14),
        (.campaign, 11), (.phoneIn, 9),
        (.exhibition, 3), (.selfFound, 1), (.other, 2),
    ]

    /// The `index`-th customer, from 6 on: the first five have stories of their own.
    init(_ index: Int, _ demo: Demo) {
        var random = Self.random(index, demo)
        self.init(index, demo, &random)
        var years = DemoYears(customer.lifecycle, asOf: demo.asOf, &random)
        locate(&random)
        addPurchases(&years, &random)
        addContacts(demo, &random)
        addInteractions(years, &random)
        addDates(demo, &random)
        addTasks(years, &random)
        finish(years, &random)
    }

    static func random(_ index: Int, _ demo: Demo) -> SplitMix64 { SplitMix64(seed: demo.seed &+ UInt64(index) &* 0x9E37_79B9) }

    /// Only who the customer is.
    init(_ index: Int, _ demo: Demo, _ random: inout SplitMix64) {
        self.index = index
        let trade = DemoTrade.at(Spread(seed: demo.seed, 0)[index])
        let lifecycle = Self.lifecycles.at(Spread(seed: demo.seed, 1)[index])
        let owner = random.pick(trade.owners(lifecycle))
        let kind = trade.kind(&random)
        self.trade = trade
        categoryCode = trade.category(kind)
        levelCode = Self.levels.at(Spread(seed: demo.seed, 2)[index])
        (unitCode, ownerName) = owner
        describe(kind, lifecycle, demo, &random)
    }

    /// A blank file, for the stories.
    init(story index: Int, _ trade: DemoTrade, category: String, level: String, owner: String, unit: String) {
        self.index = index
        self.trade = trade
        categoryCode = category
        levelCode = level
        ownerName = owner
        unitCode = unit
    }

    private mutating func describe(_ kind: Customer.Kind, _ lifecycle: Customer.Lifecycle, _ demo: Demo, _ random: inout SplitMix64) {
        customer.code = "CUS-D\(DemoIdentity.padded(index, 5))"
        customer.type = kind
        customer.lifecycle = lifecycle
        customer.source = Self.sources.at(Spread(seed: demo.seed, 3)[index])
        // Now and then two customers were filed with one telephone, for the search for duplicates to find.
        customer.mobile = DemoIdentity.mobile(6 + (index % 97 == 13 ? index - 1 : index) % 9000)
        if kind.isHuman { describePerson(kind, demo, &random) } else { describeCompany(kind, &random) }
        if random.chance(45) { customer.wechat = "wx_demo_\(DemoIdentity.padded(index, 5))" }
        if random.chance(30) { customer.email = "c\(DemoIdentity.padded(index, 5))@example.com" }
        if random.chance(60) { customer.preferredChannel = random.pick([.phone, .wechat, .wechat, .sms, .counter]) }
        if random.chance(35) { customer.preferredTime = random.pick([.morning, .afternoon, .evening, .weekend, .any]) }
        if random.chance(3) { customer.doNotContact = true }
        if random.chance(25) { customer.remark = random.pick(Self.remarks) }
        if levelCode == "diamond" || random.chance(4) {
            (customer.isKey, customer.keyHorizon) = (true, random.pick([.current, .future, .potential]))
        }
        if random.chance(30) { tagNames = [random.pick(["转介绍达人", "价格敏感", "重视服务", "新能源意向", "置换意向", "亲子家庭", "企业主", "活动常客"])] }
    }

    private mutating func describePerson(_ kind: Customer.Kind, _ demo: Demo, _ random: inout SplitMix64) {
        let surname = random.pick(DemoNames.surnames), given = DemoNames.given(&random), isMale = random.chance(54)
        customer.name = kind == .family ? "\(surname)\(given)一家" : surname + given
        if kind == .person { customer.gender = isMale ? .male : .female }
        // Spread over 46 years so that no two demo ID numbers meet.
        let birthday = demo.asOf - (22 * 365 + index * 7919 % 16_800)
        if random.chance(72) {
            let isLunar = random.chance(12)
            (customer.birthday, customer.birthdayCalendar) = (
                isLunar ? Day(year: birthday.year, month: birthday.month, day: min(birthday.day, 28)) : birthday, isLunar ? .lunar : .solar
            )
            if kind == .person, !isLunar, random.chance(trade == .travel ? 60 : 25) {
                (customer.idType, customer.idNo) = (.idCard, DemoIdentity.idCard(birthday, sequence: index, isMale: isMale))
            }
        }
        if random.chance(35) { customer.interests = random.pick(DemoNames.interests) }
        if random.chance(12) { customer.diet = random.pick(DemoNames.diets) }
        if random.chance(8) { customer.taboo = random.pick(DemoNames.taboos) }
    }

    private mutating func describeCompany(_ kind: Customer.Kind, _ random: inout SplitMix64) {
        let brand = DemoNames.brand(index), round = index + index / 225
        switch kind {
        case .dealer: customer.name = "\(brand)\(DemoNames.shops[round % DemoNames.shops.count])"
        case .government: customer.name = "\(brand)\(DemoNames.offices[round % DemoNames.offices.count])"
        default:
            let place = round % DemoNames.companies.count
            customer.name = "\(brand)\(DemoNames.companies[place])"
            customer.industry = DemoNames.industries[place]
        }
        customer.shortName = brand
        if kind != .government { customer.uscc = DemoIdentity.uscc(index, isShop: kind == .dealer) }
        customer.legalPerson = DemoNames.person(&random)
        customer.nature =
            kind == .government
            ? .gov : kind == .dealer ? random.pick([.individual, .private]) : random.pick([.private, .private, .joint, .state])
        if kind != .government { customer.scale = random.pick(weighted: [(.small, 60), (.medium, 30), (.large, 10)]) }
        customer.dealingMode =
            kind == .dealer ? random.pick(weighted: [(.cash, 30), (.prepay, 25), (.credit, 25), (.monthly, 20)]) : .monthly
    }

    private mutating func locate(_ random: inout SplitMix64) {
        let city = DemoTrade.city(of: unitCode)
        customer.province = "浙江省"
        customer.city = city.name
        if random.chance(88) { customer.district = random.pick(city.districts) }
        if random.chance(70) {
            customer.address =
                "\(random.pick(city.roads))\(random.number(1...880))"
                + "号\(random.chance(40) ? "\(random.number(1...28))幢\(random.number(1...18))0\(random.number(1...4))室" : "")"
        }
        if trade == .dealer { customer.region = ["WA-HZ": "杭州", "WA-NB": "宁波", "WA-WZ": "温州"][unitCode] }
    }

    private static let remarks = [
        "老客户介绍，重视承诺兑现。", "对价格敏感，适合活动期跟进。", "家住店附近，周末常来。", "希望固定一位顾问对接。", "喜欢微信沟通，不爱接电话。", "曾因等待时间长不满，已致歉。", "决策慢，需要家人一起看。", "愿意参加试驾和沙龙活动。",
        "注重环保，倾向新能源。", "单位采购，需要正规发票。",
    ]
}
