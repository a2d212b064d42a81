import Records

extension DemoFile {
    mutating func addPurchases(_ years: inout DemoYears, _ random: inout SplitMix64) {
        for (place, day) in years.purchases.enumerated() {
            buy(on: day, isFirst: place == 0, status: Self.status(on: day, asOf: years.asOf, &random), &random)
        }
        if years.lifecycle == .potential, random.chance(12) {
            buy(on: years.asOf - random.number(0...10), isFirst: true, status: .draft, &random)
        }
        if years.lifecycle != .potential, random.chance(4) {
            buy(on: max(years.since, years.last - random.number(5...60)), isFirst: false, status: .cancelled, &random)
        }
    }

    private static func status(on day: Day, asOf: Day, _ random: inout SplitMix64) -> DemoPurchase.Status {
        switch asOf - day {
        case ..<8: random.pick(weighted: [(.approved, 40), (.allocated, 15), (.shipped, 30), (.settled, 15)])
        case ..<45: random.pick(weighted: [(.shipped, 15), (.settled, 85)])
        case ..<200: random.pick(weighted: [(.settled, 60), (.closed, 40)])
        default: .closed
        }
    }

    mutating func buy(on day: Day, isFirst: Bool, status: DemoPurchase.Status, _ random: inout SplitMix64) {
        let (lines, remark) = trade.purchase(isFirst: isFirst, &random)
        addOrder(on: day, lines: lines, remark: remark, status: status)
    }

    mutating func addOrder(on day: Day, lines: [DemoLine], remark: String, status: DemoPurchase.Status) {
        purchases.append(DemoPurchase(day: day, lines: lines, remark: remark, status: status))
    }

    mutating func addContacts(_ demo: Demo, _ random: inout SplitMix64) {
        let kind = customer.type
        guard !kind.isHuman || kind == .family || random.chance(15) else { return }
        for place in 0..<(kind.isHuman ? random.number(1...2) : random.number(1...3)) {
            var contact = Record<Contact>()
            contact.name =
                kind.isHuman && random.chance(70) ? String(customer.name.prefix(1)) + DemoNames.given(&random) : DemoNames.person(&random)
            contact.isPrimary = place == 0
            contact.mobile = DemoIdentity.mobile(9006 + (index * 3 + place) % 890)
            contact.gender = random.pick([.male, .female])
            if kind.isHuman {
                contact.relation = random.pick([.spouse, .spouse, .parent, .child, .friend])
                contact.role = random.pick([.influencer, .user, .driver, .emergency])
            } else {
                contact.relation = .employee
                contact.role =
                    place == 0 ? random.pick([.decision, .purchase, .legal]) : random.pick([.finance, .user, .driver, .influencer])
                contact.jobTitle = random.pick(["采购经理", "行政主管", "总经理", "财务", "车队长", "店长", "出纳"])
            }
            contact.consent = random.chance(60) ? [.sms, .call, .wechat] : [.call]
            contact.isDemo = true
            contacts.append(contact)
        }
    }

    mutating func addDates(_ demo: Demo, _ random: inout SplitMix64) {
        guard random.chance(9) else { return }
        var date = Record<SpecialDate>()
        date.title = customer.type.isHuman ? random.pick(["结婚纪念日", "孩子生日", "提车纪念日", "父母生日"]) : random.pick(["公司成立纪念日", "门店周年庆"])
        date.day = demo.asOf - random.number(400...9000)
        if date.title == "父母生日" {
            (date.day, date.calendar) = (Day(year: date.day.year, month: date.day.month, day: min(date.day.day, 28)) ?? date.day, .lunar)
        }
        date.isDemo = true
        dates.append(date)
    }

    mutating func addTasks(_ years: DemoYears, _ random: inout SplitMix64) {
        guard random.chance(25) else { return }
        let day = max(years.since + 1, years.asOf - random.number(3...60))
        guard day < years.asOf else { return }
        var task = Record<Todo>()
        task.title = random.pick(["电话回访", "寄送资料", "确认到店时间", "发送报价", "核对联系方式", "邀请参加活动"]) + "：\(customer.name)"
        task.kind = random.pick([.followUp, .todo, .care])
        task.priority = random.pick(weighted: [(.normal, 70), (.high, 20), (.urgent, 5), (.low, 5)])
        task.status = random.chance(92) ? .done : .cancelled
        task.dueAt = Instant(day, hour: random.number(9...17), minute: random.pick([0, 30]))
        if task.status == .done { task.completedAt = task.dueAt?.adding(seconds: -Int64(random.number(0...20_000))) }
        task.outcome = task.status == .done ? random.pick(["已完成，客户满意", "已联系，资料已更新", "已发送，客户已确认", "已办结"]) : "客户表示不再需要"
        task.isDemo = true
        DemoClock.stamp(&task.row, Instant(day - 1, hour: 10))
        tasks.append(task)
    }

    mutating func finish(_ years: DemoYears, _ random: inout SplitMix64) {
        customer.filedOn = years.since
        customer.isDemo = true
        DemoClock.stamp(&customer.row, Instant(years.since, hour: random.number(9...17), minute: random.number(0...59)))
        // Some files are thin: they are the work-list 资料待补全.
        if random.chance(24) {
            (customer.wechat, customer.email, customer.address, customer.preferredChannel, customer.preferredTime) = (
                nil, nil, nil, nil, nil
            )
            if customer.idNo == nil { (customer.birthday, customer.gender, customer.district) = (nil, nil, nil) }
        }
        if random.chance(40) {
            customer.verification = .verified
            customer.verifiedAt = Instant(max(years.since, years.asOf - random.number(1...300)), hour: 15)
        }
        if years.lifecycle == .potential || years.lifecycle == .lost, random.chance(10) {
            isPooled = true
            customer.pool = .public
            customer.poolReason = random.pick(["长期联系不上", "顾问调岗", "客户暂无需求", "超过跟进期限"])
            customer.pooledAt = Instant(years.asOf - random.number(1...30), hour: 8)
        }
    }
}

public enum DemoClock {
    /// When the record would have been written.
    public static func stamp(_ row: inout Row, _ at: Instant) {
        row["created_at"] = at.stored
        row["updated_at"] = at.stored
    }
}
