import Core
import Records

/// The demo's service desk: requests in every state, visitors of today, articles that are used.
enum DemoService {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        let count = demo.pick(small: 90, full: 1500)
        let slices: [Demo.Step] = stride(from: 0, to: count, by: 30).map { first in
            { tx in try insertTickets(demo, first..<min(first + 30, count), tx) }
        }
        return [{ tx in try insertArticles(demo, tx) }] + slices + [{ tx in try insertReceptions(demo, tx) }]
    }

    // MARK: Knowledge

    private static let articles: [(String, Article.Category, Ticket.Kind?, String)] = [
        ("首保与定保周期说明", .maintenance, .appointment, "首保：交车后三个月或五千公里，以先到为准。\n定保：每六个月或一万公里。可提前七天预约，到店一小时内完成常规项目。"),
        ("家用汽车三包要点", .warranty, .repair, "包修期三年或六万公里，三包有效期两年或五万公里，以先到为准。易损耗零部件以随车手册为准。\n请保留购车发票、三包凭证和每次维修的工单。"),
        ("预约到店流程", .process, .appointment, "一、电话或微信预约，说明项目和时间。\n二、系统短信确认顾问与工位。\n三、到店报排队号，顾问接车、环检、开单。"),
        ("发票与开票信息修改", .faq, .consult, "电子发票在结算后三个工作日内发到登记邮箱；抬头有误请在当月内提出，跨月须先红冲。"),
        ("出行退改规则", .policy, .consult, "出发前七日以上免损失费；三至七日收取团费百分之二十；三日以内按实际损失核算，以合同约定为准。"),
        ("客户意见收集与答复", .process, .suggestion, "每条建议都有编号，七个工作日内答复是否采纳及理由；采纳的在门店公示。"),
        ("空调异味自查", .product, .repair, "先换空调滤芯（一年或一万公里），再开外循环五分钟；仍有异味请预约蒸发箱清洗。"),
    ]

    private static func insertArticles(_ demo: Demo, _ tx: any Transaction) throws {
        for (place, (title, category, type, content)) in articles.enumerated() {
            var article = Record<Article>()
            (article.title, article.category, article.type, article.content) = (title, category, type, content)
            article.status = place == articles.count - 1 ? .draft : .published
            article.sent = place * 3 % 8
            article.isDemo = true
            DemoClock.stamp(&article.row, Instant(demo.asOf - 60 - place, hour: 10))
            try tx.insert(article)
        }
    }

    // MARK: Requests

    private static let asked: [(Ticket.Kind, String, String)] = [
        (.consult, "询问保养套餐包含项目", "客户想知道两年套餐是否含刹车油和变速箱油。"), (.repair, "空调出风有异味", "开内循环十分钟后有霉味，客户要求本周处理。"),
        (.appointment, "预约周六上午保养", "希望十点前交车，十二点前取车。"),
        (.suggestion, "建议休息区增加儿童读物", "带孩子等候两小时，玩具区太小。"), (.consult, "查询电子发票", "上次结算后没有收到邮件。"), (.repair, "右后门异响", "过减速带有咯吱声，冷车更明显。"),
        (.other, "更改联系电话", "换了号码，请同步到各店。"),
        (.complaint, "等候时间超过承诺", "说好一小时取车，实际等了三小时。"), (.consult, "厦门亲子线路能否加床", "两大两小，小孩九岁，问加床费用。"),
        (.appointment, "预约新品试吃送货", "经销商要求周五前送样。"),
    ]

    private static func insertTickets(_ demo: Demo, _ range: Range<Int>, _ tx: any Transaction) throws {
        let customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id")], limit: 400)
        guard !customers.isEmpty else { return }
        let article = try tx.first(Article.self, where: \Article.status == .published)
        for index in range {
            var random = SplitMix64(seed: demo.seed &+ UInt64(9000 + index))
            let customer = customers[index * 7 % customers.count], (type, subject, text) = asked[index % asked.count]
            let daysAgo = index < 12 ? index % 3 : random.number(1...120)
            var ticket = Record<Ticket>()
            (ticket.subject, ticket.type, ticket.description) = (subject, type, text)
            ticket.no = "SR-D\(DemoIdentity.padded(index + 1, 5))"
            ticket.customer = customer.id
            ticket.priority = random.pick(weighted: [(.p1, 4), (.p2, 18), (.p3, 58), (.p4, 20)])
            ticket.channel = random.pick([.phone, .phone, .wechat, .counter, .app])
            let at = Instant(demo.asOf - daysAgo, hour: random.number(9...16), minute: random.pick([5, 20, 40]))
            ticket.reportedAt = at
            ticket.status =
                daysAgo > 6
                ? random.pick(weighted: [(.closed, 88), (.cancelled, 6), (.resolved, 6)])
                : index % 12 == 5
                    ? .waitingSupplier
                    : random.pick(weighted: [(.new, 20), (.assigned, 15), (.working, 30), (.waitingCustomer, 20), (.resolved, 15)])
            if ticket.status != .new, ticket.status != .assigned {
                ticket.respondedAt = at.adding(minutes: random.number(5...200))
            }
            if [.resolved, .closed].contains(ticket.status) {
                ticket.resolvedAt = at.adding(hours: random.number(1...40))
                ticket.resolution = random.pick(["已电话说明，客户表示清楚。", "已安排到店检查并更换滤芯。", "已改约并短信确认。", "已补发发票到客户邮箱。", "建议已转门店，答复采纳。"])
                if random.chance(35) { ticket.article = article?.id }
            }
            if ticket.status == .closed { ticket.closedAt = ticket.resolvedAt?.adding(days: 1) }
            if ticket.status.isWaiting { ticket.waitingSince = at.adding(seconds: 7200) }
            ticket.ownerID = customer.ownerID
            ticket.departmentID = customer.departmentID
            ticket.isDemo = true
            DemoClock.stamp(&ticket.row, at)
            try tx.insert(ticket)
        }
    }

    // MARK: Visitors

    private static func insertReceptions(_ demo: Demo, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx),
            customers = try tx.all(Customer.self, where: \Customer.type == .person, sort: [Query.Sort("id")], limit: 200)
        let desks = [
            ("advisor01", "CX-SVC"), ("advisor05", "BJ-SVC"), ("advisor08", "SX-SVC"), ("clerk1", "YL-01"), ("sales01", "CX-SALES"),
        ]
        for index in 0..<demo.pick(small: 60, full: 600) where !customers.isEmpty {
            var random = SplitMix64(seed: demo.seed &+ UInt64(50_000 + index))
            let (user, unit) = desks[index % desks.count], customer = customers[index * 3 % customers.count], isToday = index < 10
            let at = Instant(
                demo.asOf - (isToday ? 0 : random.number(1...60)), hour: isToday ? 9 : random.number(9...17), minute: index * 7 % 60)
            var reception = Record<Reception>()
            reception.visitor = customer.name
            reception.customer = customer.id
            reception.people = random.number(1...3)
            reception.purpose = user == "sales01" ? .purchase : random.pick([.service, .service, .pickup, .insurance])
            reception.queueNo = "D\(DemoIdentity.padded(index + 1, 4))"
            reception.arrivedAt = at
            reception.status = isToday && index < 3 ? .waiting : isToday && index < 6 ? .serving : random.chance(4) ? .left : .done
            if reception.status != .waiting {
                let minutes = random.number(1...18)
                reception.waitMinutes = minutes
                reception.servedAt = reception.status == .left ? nil : at.adding(minutes: minutes)
                if reception.status != .left { reception.consultant = directory.users[user].map { Ref($0) } }
            }
            if reception.status == .done {
                (reception.leftAt, reception.result) = (
                    at.adding(minutes: random.number(40...170)), random.pick(["已完成保养，下次十一月", "已交车并讲解功能", "已报价，约周末试驾", "已办理续保"])
                )
            }
            if reception.status == .left { reception.leftAt = at.adding(seconds: 1500) }
            reception.ownerID = directory.users[user]
            reception.departmentID = directory.departments[unit]
            reception.isDemo = true
            DemoClock.stamp(&reception.row, at)
            try tx.insert(reception)
        }
    }
}
