import Records

/// The five customers that tests and demonstrations know by name (§5).
public enum DemoStories {
    public static func all(_ demo: Demo) -> [DemoFile] { [linZhiyuan(demo), shenJiahe(demo), yongsheng(demo), tao(demo), hongyu(demo)] }

    /// VIP with two cars and five years of history.
    private static func linZhiyuan(_ demo: Demo) -> DemoFile {
        var file = DemoFile(story: 1, .car, category: "person_owner", level: "diamond", owner: "advisor01", unit: "CX-SVC")
        file.begin("林知远", .person, .active, .walkIn, since: demo.asOf - 1830)
        file.customer.gender = .male
        file.customer.birthday = Day(year: 1988, month: 1, day: 1)
        (file.customer.idType, file.customer.idNo) = (.idCard, "990000198801010010")
        (file.customer.isKey, file.customer.keyHorizon) = (true, .current)
        (file.customer.preferredChannel, file.customer.preferredTime) = (.wechat, .evening)
        file.customer.interests = "自驾游、摄影"
        file.customer.taboo = "不要在中午来电"
        file.customer.remark = "两台车都在本店保养，介绍过三位朋友买车。"
        file.tagNames = ["转介绍达人", "重视服务"]
        file.addOrder(on: demo.asOf - 1820, lines: [DemoLine("星驰S5", 1, 11_980_000)], remark: "新车订单，全款", status: .closed)
        for (days, item, cents) in [(1640, "首次保养", 0), (1400, "常规保养", 68_000), (1100, "更换轮胎", 268_000), (760, "大保养", 198_000)] {
            file.addOrder(on: demo.asOf - days, lines: [DemoLine(item, 1, cents)], remark: "售后项目", status: .closed)
        }
        file.addOrder(
            on: demo.asOf - 400, lines: [DemoLine("星驰X6 SUV", 1, 21_680_000), DemoLine("原厂脚垫", 1, 68_000)], remark: "增购第二台车",
            status: .closed)
        file.addOrder(
            on: demo.asOf - 42, lines: [DemoLine("常规保养", 1, 86_000), DemoLine("钣喷维修", 1, 156_000)], remark: "售后项目", status: .settled)
        file.say(demo.asOf - 1830, .counter, .incoming, "林先生到店看星驰S5，家住附近，主要上下班代步，当天试驾。", "有意向")
        file.say(demo.asOf - 1815, .phone, .outgoing, "交车三日回访，用车顺利，询问首保时间，已说明三个月或五千公里。", "满意")
        file.say(demo.asOf - 1098, .counter, .incoming, "更换四条轮胎，现场讲解了磨损原因，客户认可。", "已解决")
        file.say(demo.asOf - 405, .counter, .incoming, "带太太看星驰X6 SUV，关注第三排空间和儿童座椅接口，当场定下落地价。", "已成交")
        file.say(demo.asOf - 40, .phone, .incoming, "来电反映右前门喷漆有色差，语气不满，要求复检。已道歉并约到店，转服务经理处理。", "转交处理", satisfaction: 2)
        file.say(
            demo.asOf - 3, .wechat, .outgoing, "发送复检结果照片和处理方案，客户说晚上回复。", "考虑中", next: Instant(demo.asOf + 1, hour: 18),
            action: "确认喷漆返工时间：林知远")
        file.remember("结婚纪念日", demo.asOf.adding(months: -143) - 18, .solar)
        return file
    }

    /// Lost fourteen months ago after marks fell from nine to six.
    private static func shenJiahe(_ demo: Demo) -> DemoFile {
        var file = DemoFile(story: 2, .car, category: "person_owner", level: "gold", owner: "advisor02", unit: "CX-SVC")
        file.begin("沈佳禾", .person, .lost, .referral, since: demo.asOf - 1500)
        file.customer.gender = .female
        (file.customer.birthday, file.customer.birthdayCalendar) = (Day(year: 1985, month: 8, day: 15), .lunar)
        file.customer.preferredChannel = .phone
        file.customer.remark = "曾是每年消费一万二的老客户，因等待时间和价格流失，需经理亲自挽回。"
        file.tagNames = ["价格敏感"]
        for (days, item, cents) in [
            (1490, "星驰E3 BEV", 13_980_000), (1200, "大保养", 298_000), (980, "更换轮胎", 360_000), (760, "钣喷维修", 580_000), (600, "精品加装", 420_000),
            (425, "常规保养", 128_000),
        ] {
            file.addOrder(on: demo.asOf - days, lines: [DemoLine(item, 1, cents)], remark: days == 1490 ? "新车订单" : "售后项目", status: .closed)
        }
        file.say(demo.asOf - 978, .phone, .outgoing, "回访轮胎更换，打了九分，说顾问讲得清楚。", "满意", satisfaction: 5)
        file.say(demo.asOf - 598, .phone, .outgoing, "回访加装项目，打七分，觉得等了三个小时太久。", "不太满意", satisfaction: 3)
        file.say(demo.asOf - 423, .phone, .outgoing, "回访保养，打六分，说外面便宜三成，暂时不办套餐。", "不满意", satisfaction: 2)
        file.say(demo.asOf - 210, .phone, .outgoing, "邀约空调清洗活动，客户取消了第三次预约，说已在小区门口的店保养。", "已流失")
        file.say(
            demo.asOf - 30, .wechat, .outgoing, "发送老客户回店礼和快修通道说明，客户已读未回。", "未回复", next: Instant(demo.asOf + 2, hour: 10),
            action: "经理致电挽回：沈佳禾")
        return file
    }

    /// A dealer close to its credit limit; the last order is held.
    private static func yongsheng(_ demo: Demo) -> DemoFile {
        var file = DemoFile(story: 3, .dealer, category: "dealer", level: "gold", owner: "rep01", unit: "WA-HZ")
        file.begin("永晟食品商行", .dealer, .active, .selfFound, since: demo.asOf - 900)
        file.customer.shortName = "永晟"
        file.customer.uscc = DemoIdentity.uscc(3, isShop: true)
        file.customer.legalPerson = "邵望舟"
        (file.customer.nature, file.customer.scale, file.customer.dealingMode) = (.individual, .medium, .credit)
        file.customer.industry = "食品批发"
        file.customer.region = "杭州"
        file.customer.remark = "信用额度三十万元，已用接近上限，发货前先看应收。"
        for (days, water, tea) in [(880, 300, 120), (600, 420, 200), (320, 500, 260), (120, 640, 300), (35, 2400, 1600)] {
            file.addOrder(
                on: demo.asOf - days, lines: [DemoLine("矿泉水 550ml×24", water, 2_800), DemoLine("柠檬茶 500ml×15", tea, 4_500)],
                remark: "清泉饮品要货", status: days > 100 ? .closed : .settled)
        }
        file.addOrder(
            on: demo.asOf - 1,
            lines: [
                DemoLine("柠檬茶 500ml×15", 100, 4_500), DemoLine("苏打水 ×15", 25, 5_200), DemoLine("矿泉水 1.5L×12", 6, 3_000),
                DemoLine("样品运费", 1, 2_000),
            ], remark: "等待信用放行", status: .draft)
        file.say(demo.asOf - 33, .visit, .outgoing, "门店库存偏高，柠檬茶还能卖五周，提醒老板先消化再补货。上月货款约定月底付一半。", "约定回款")
        file.say(
            demo.asOf - 1, .phone, .incoming, "来电要柠檬茶一百箱和少量苏打水，说明应收接近额度，要先付一笔再发。", "待公司支持", next: Instant(demo.asOf, hour: 16),
            action: "确认永晟食品商行回款到账")
        file.know("邵望舟", .legal, "老板", .employee)
        file.know("冉书宁", .finance, "会计", .employee)
        return file
    }

    /// A family of four, the younger child nine years old.
    private static func tao(_ demo: Demo) -> DemoFile {
        var file = DemoFile(story: 4, .travel, category: "person_traveller", level: "silver", owner: "tour01", unit: "TR-HQ")
        file.begin("陶家一家四口", .family, .new, .moments, since: demo.asOf - 50)
        file.customer.diet = "小女儿对海鲜过敏"
        file.customer.remark = "暑假后第二次咨询，孩子上学只能周末和假期出行。"
        file.tagNames = ["亲子家庭"]
        file.addOrder(on: demo.asOf - 20, lines: [DemoLine("厦门亲子五日", 4, 328_000)], remark: "四人出行，含一名九岁儿童", status: .approved)
        file.say(demo.asOf - 50, .wechat, .incoming, "陶先生看到朋友圈的亲子线路，问厦门五日是否适合九岁孩子，要求不赶行程。", "有意向")
        file.say(demo.asOf - 21, .counter, .incoming, "夫妻来总社门市，确认连通房和儿童餐，备注小女儿海鲜过敏，当场付订金。", "已付订金")
        file.say(
            demo.asOf - 2, .phone, .outgoing, "提醒补交孩子户口本复印件，并说明集合时间。", "已确认", next: Instant(demo.asOf + 4, hour: 10), action: "行前说明：陶家一家四口")
        file.know("陶景川", .decision, nil, .self)
        file.know("柯若棠", .influencer, nil, .spouse)
        file.know("陶亦岚", .user, nil, .child)
        file.know("陶予初", .user, nil, .child)
        file.contacts[3].birthday = demo.asOf.adding(months: -9 * 12 - 3)
        file.contacts[3].remark = "九岁，未成年人信息须监护人同意；海鲜过敏。"
        return file
    }

    /// A company with a fleet of twelve.
    private static func hongyu(_ demo: Demo) -> DemoFile {
        var file = DemoFile(story: 5, .fleet, category: "unit_fleet", level: "diamond", owner: "sales01", unit: "CX-SALES")
        file.begin("宏屿建设有限公司", .company, .active, .referral, since: demo.asOf - 1100)
        file.customer.shortName = "宏屿"
        file.customer.uscc = DemoIdentity.uscc(5, isShop: false)
        file.customer.legalPerson = "颜思远"
        (file.customer.nature, file.customer.scale, file.customer.dealingMode) = (.private, .large, .monthly)
        file.customer.industry = "建筑业"
        (file.customer.isKey, file.customer.keyHorizon) = (true, .future)
        file.customer.remark = "十二台公务车，维保月结，明年有电动化更新计划。"
        file.addOrder(on: demo.asOf - 1090, lines: [DemoLine("星驰X6 SUV", 6, 21_300_000)], remark: "大客户批量采购", status: .closed)
        file.addOrder(
            on: demo.asOf - 500, lines: [DemoLine("星驰M9 MPV", 2, 28_200_000), DemoLine("星驰S7 PHEV", 4, 16_500_000)], remark: "大客户批量采购",
            status: .closed)
        file.addOrder(on: demo.asOf - 60, lines: [DemoLine("车队保养服务", 12, 98_000)], remark: "季度车队维保", status: .settled)
        file.say(demo.asOf - 58, .visit, .outgoing, "上门确认本季度十二台车的保养排期，车队长要求分三批，不影响工地用车。", "已解决")
        file.say(
            demo.asOf - 6, .phone, .outgoing, "沟通明年六台更新计划，倾向纯电，要看园区充电桩方案，预算等董事会。", "有意向", next: Instant(demo.asOf + 3, hour: 14),
            action: "提交充电桩与换车方案：宏屿建设")
        file.know("颜思远", .decision, "总经理", .employee)
        file.know("庄听澄", .purchase, "行政采购经理", .employee)
        file.know("龚以衡", .driver, "车队长", .employee)
        return file
    }
}

extension DemoFile {
    fileprivate mutating func begin(
        _ name: String, _ kind: Customer.Kind, _ lifecycle: Customer.Lifecycle, _ source: Customer.Source, since: Day
    ) {
        customer.code = "CUS-\(DemoIdentity.padded(index, 4))"
        customer.name = name
        customer.type = kind
        customer.lifecycle = lifecycle
        customer.source = source
        customer.mobile = DemoIdentity.mobile(index)
        (customer.province, customer.city, customer.district, customer.address) = ("浙江省", "杭州市", "西湖区", "星湖街\(index * 16)号")
        customer.filedOn = since
        (customer.verification, customer.verifiedAt) = (.verified, Instant(since, hour: 17))
        customer.isDemo = true
        DemoClock.stamp(&customer.row, Instant(since, hour: 10))
    }

    fileprivate mutating func say(
        _ day: Day, _ channel: Channel, _ direction: Direction, _ text: String, _ outcome: String, satisfaction: Int? = nil,
        next: Instant? = nil, action: String? = nil
    ) {
        var record = Record<Interaction>()
        (record.channel, record.direction, record.content, record.outcome) = (channel, direction, text, outcome)
        record.happenedAt = Instant(day, hour: 10 + interactions.count % 7, minute: 20)
        record.subject = Interaction.heading(of: record)
        (record.satisfaction, record.nextAt, record.nextAction) = (satisfaction, next, action)
        record.isDemo = true
        DemoClock.stamp(&record.row, Instant(day, hour: 18))
        interactions.append(record)
    }

    fileprivate mutating func know(_ name: String, _ role: Contact.Role, _ title: String?, _ relation: Contact.Relation) {
        var contact = Record<Contact>()
        (contact.name, contact.role, contact.jobTitle, contact.relation) = (name, role, title, relation)
        contact.isPrimary = contacts.isEmpty
        if relation != .child { contact.mobile = DemoIdentity.mobile(9970 + index * 4 + contacts.count) }
        contact.isDemo = true
        contacts.append(contact)
    }

    fileprivate mutating func remember(_ title: String, _ day: Day, _ calendar: DateCalendar) {
        var date = Record<SpecialDate>()
        (date.title, date.day, date.calendar, date.isDemo) = (title, day, calendar, true)
        dates.append(date)
    }
}
