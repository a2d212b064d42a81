import Records

extension DemoFile {
    /// What was said over the years: at the start, around each purchase, and since.
    mutating func addInteractions(_ years: DemoYears, _ random: inout SplitMix64) {
        var days = [years.since]
        for day in years.purchases { days += [day - random.number(1...12), day + random.number(3...8)] }
        if years.lifecycle != .lost { days += (0..<random.number(0...2)).map { _ in years.asOf - random.number(0...60) } }
        days = Set(days.map { min(max($0, years.since), years.asOf - 1) }).sorted().suffix(9).map(\.self)
        for (place, day) in days.enumerated() {
            talk(on: day, isBeforePurchase: years.purchases.first.map { day < $0 } ?? true, isLast: place == days.count - 1, years, &random)
        }
    }

    private mutating func talk(on day: Day, isBeforePurchase: Bool, isLast: Bool, _ years: DemoYears, _ random: inout SplitMix64) {
        var record = Record<Interaction>()
        let at = Instant(day, hour: random.number(9...18), minute: random.number(0...59))
        let isMissed = random.chance(9), missed = random.pick(DemoTexts.missed)
        let talk =
            isMissed
            ? DemoTexts.Talk(channel: .phone, direction: .outgoing, content: missed.content, outcome: missed.outcome)
            : random.pick(weighted: trade.texts(hasBought: !isBeforePurchase)).talk(&random, slots(day, &random))
        (record.channel, record.direction, record.content, record.outcome) = (talk.channel, talk.direction, talk.content, talk.outcome)
        record.happenedAt = at
        if [.phone, .counter, .visit].contains(record.channel) {
            record.minutes = isMissed ? 0 : record.channel == .phone ? random.number(2...14) : random.number(15...75)
        }
        record.subject = Interaction.heading(of: record)
        if !isMissed, random.chance(30) { record.satisfaction = random.pick(weighted: [(5, 55), (4, 30), (3, 10), (2, 4), (1, 1)]) }
        if record.direction == .incoming { (record.responseMinutes, record.isResolved) = (random.number(1...90), random.chance(72)) }
        if isLast, isFollowed(years, &random) {
            record.nextAt = Instant(
                max(
                    day + 1,
                    years.asOf + random.pick(weighted: [(-9, 6), (-4, 8), (-1, 8), (0, 18), (1, 14), (2, 12), (4, 12), (7, 12), (12, 10)])),
                hour: random.number(9...17), minute: random.pick([0, 15, 30]))
            record.nextAction = "\(random.pick(["电话跟进", "邀约到店", "发送报价后回访", "确认时间", "回访满意度"]))：\(customer.name)"
        }
        record.isDemo = true
        DemoClock.stamp(&record.row, at.adding(seconds: 600))
        interactions.append(record)
    }

    private func isFollowed(_ years: DemoYears, _ random: inout SplitMix64) -> Bool {
        switch years.lifecycle {
        case .potential: random.chance(60)
        case .new: random.chance(50)
        case .active: random.chance(30)
        case .silent: random.chance(15)
        case .lost: random.chance(4)
        }
    }

    private func slots(_ day: Day, _ random: inout SplitMix64) -> [String: String] {
        [
            "称呼": address,
            "车型": random.pick(DemoProducts.cars).0, "年": String(random.number(3...9)), "万": random.pick(["十二", "十五", "十八", "二十", "二十五"]),
            "月": String((day + random.number(5...40)).month), "公里": String(random.number(5...98) * 1000),
            "线路": random.pick(["云南", "厦门", "西安", "北疆", "三亚", "关西", "黄山", "千岛湖"]),
            "人": random.pick(["三", "四", "五"]), "商品": random.pick(DemoProducts.goods).0, "箱": String(random.number(4...60) * 5),
            "日期": "\((day + 7).month)月\((day + 7).day)日", "辆": String(random.number(2...9)),
        ]
    }

    private var address: String {
        switch customer.type {
        case .person: "\(customer.name.prefix(1))\(customer.gender == .female ? "女士" : "先生")"
        case .family: "\(customer.name.prefix(1))先生一家"
        default: customer.shortName ?? customer.name
        }
    }
}
