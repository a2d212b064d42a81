import Core
import Records

/// The demo's complaints: 林知远's paint that does not match, a year of smaller ones in every state, and the improvements that came of them.
enum DemoComplaints {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        let count = demo.pick(small: 48, full: 600)
        let slices: [Demo.Step] = stride(from: 0, to: count, by: 24).map { first in
            { tx in try insert(demo, first..<min(first + 24, count), tx) }
        }
        return slices + [{ tx in try insertStory(demo, tx) }, { tx in try insertImprovements(demo, tx) }, { tx in try submit(tx) }]
    }

    private static let heard: [(Complaint.Kind, String, String, cause: String)] = [
        (.quality, "喷漆与原车有色差", "右前门补漆后在阳光下与翼子板明显不一致，要求重喷。", "维修造成损伤"), (.timeliness, "保养等候三小时", "预约九点，十二点才交车，期间没有人说明。", "等候过长"),
        (.price, "结算比报价多四百元", "加了清洗项目没有事先告知。", "超出报价"),
        (.attitude, "顾问态度冷淡", "询问进度两次都说“等着”，没有抬头。", "冷淡推诿"), (.delivery, "交车资料不全", "合格证当天没给，跑了两趟。", "资料不全"),
        (.parts, "配件等了两周", "说三天到货，两周才到，影响用车。", "缺货等待"),
        (.tour, "行程临时取消景点", "第三天的海岛没有去，导游说天气原因，但当天是晴天。", "行程变更"), (.insuranceFinance, "理赔材料反复补", "前后补了三次材料，每次说的都不一样。", "理赔慢"),
        (.product, "新车导航黑屏", "提车一周黑屏四次，重启才恢复。", "功能故障"), (.privacy, "提车后推销电话不断", "怀疑信息被泄露。", "骚扰电话"),
    ]

    /// Waiting and surprises on the bill make most of them.
    private static let frequent = [1, 2, 0, 1, 5, 2, 1, 3, 2, 6, 1, 4, 1, 2, 7, 5, 8, 1, 0, 9]

    private static let states: [(Complaint.Status, Int)] = [
        (.received, 4), (.registered, 6), (.acknowledged, 6), (.assessed, 8), (.investigating, 14), (.proposed, 12), (.approved, 4),
        (.communicated, 8), (.executing, 12), (.verified, 8), (.pendingInfo, 6), (.escalated, 6), (.reopened, 4), (.rejected, 6),
        (.transferredExternal, 2),
    ]

    private static func insert(_ demo: Demo, _ range: Range<Int>, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx),
            customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id")], limit: 400)
        let causes = Dictionary(try tx.all(ComplaintCause.self, limit: 200).map { ($0.name, $0.id) }) { first, _ in first }
        for index in range where !customers.isEmpty {
            var random = SplitMix64(seed: demo.seed &+ UInt64(80_000 + index))
            let customer = customers[((index % 8 == 7 ? index - 1 : index) * 11 + 3) % customers.count],
                (kind, subject, content, cause) = heard[frequent[index % frequent.count]]
            let isRecent = index < 20, daysAgo = isRecent ? index % 5 : random.number(6...330)
            var complaint = Record<Complaint>()
            (complaint.subject, complaint.type, complaint.content) = (subject, kind, content)
            complaint.no = "CP-D\(DemoIdentity.padded(index + 1, 4))"
            complaint.customer = customer.id
            complaint.contactWay = customer.mobile
            complaint.channel = random.pick([.phone, .phone, .counter, .wechat, .hotline400, .social])
            complaint.level = random.pick(weighted: [(.general, 82), (.serious, 15), (.critical, 3)])
            let hour = random.number(9...16), at = min(Instant(demo.asOf - daysAgo, hour: hour, minute: random.pick([10, 35, 50])), tx.now)
            complaint.receivedAt = at
            // Each state once, and the rest as it comes.
            complaint.status =
                index < states.count ? states[index].0 : isRecent ? random.pick(weighted: states) : random.chance(95) ? .closed : .rejected
            complaint.ownerID = customer.ownerID
            complaint.departmentID = customer.departmentID
            fill(&complaint, causes[cause], at, closer: directory.users["csmgr1"], &random)
            complaint.isDemo = true
            DemoClock.stamp(&complaint.row, at)
            try tx.insert(complaint)
        }
    }

    /// What the steps so far have left behind.
    private static func fill(
        _ complaint: inout Record<Complaint>, _ cause: Ref<ComplaintCause>?, _ at: Instant, closer: Int64?, _ random: inout SplitMix64
    ) {
        let order: [Complaint.Status] = [
            .received, .registered, .acknowledged, .assessed, .investigating, .proposed, .approved, .communicated, .executing, .verified,
            .closed,
        ]
        let place = order.firstIndex(of: complaint.status) ?? (complaint.status == .reopened ? 4 : 2)
        if place >= 2 { complaint.acknowledgedAt = at.adding(minutes: random.number(10...110)) }
        if place >= 3 { complaint.handlerDepartment = complaint.departmentID.map { Ref($0) } }
        if [.pendingInfo, .escalated].contains(complaint.status) { complaint.resumeTo = Complaint.Status.acknowledged.rawValue }
        if complaint.status == .transferredExternal { (complaint.externalBody, complaint.externalDue) = (.market, at.day + 45) }
        if complaint.status == .pendingInfo { complaint.waitingSince = at.adding(seconds: 14_400) }
        guard place >= 5 else { return }
        complaint.evidence = "查看工单、监控和当班记录，与当事人核对。"
        complaint.liability = random.pick(weighted: [
            (.own, 62), (.joint, 15), (.supplier, 13), (.customer, 6), (Complaint.Liability.none, 4),
        ])
        complaint.cause = cause
        complaint.rootCause = random.pick(["排班与预约量不匹配，高峰无人协调。", "报价单没有列明附加项目，交接靠口头。", "质检只看外观，未按色板比对。", "供应商交期变更没有通知前台。", "新员工未完成服务礼仪培训。"])
        complaint.proposal = random.pick(["当面致歉，免费返工并提供代步车。", "退还多收费用，赠送一次保养。", "重做资料并上门送达，经理致歉。", "说明原因，给予代金券补偿。"])
        complaint.compensationType = random.pick([.service, .discount, .money, .gift])
        complaint.compensation = Money(cents: Int64(random.pick([0, 10_000, 20_000, 40_000, 80_000, 260_000, 680_000])))
        complaint.proposedAt = at.adding(hours: random.number(3...22))
        complaint.proposedBy = complaint.ownerID.map { Ref($0) }
        complaint.handler = complaint.proposedBy
        guard place >= 6 else { return }
        complaint.decidedBy = closer.map { Ref($0) }
        guard place >= 7 else { return }
        complaint.answer = random.pick(["客户接受方案。", "客户同意，希望尽快。", "客户表示可以，要求书面说明。"])
        guard place >= 8 else { return }
        complaint.opinion = complaint.proposal
        complaint.handledOn = at.day + 1
        guard place >= 9 else { return }
        complaint.result = random.pick(weighted: [(.satisfied, 55), (.accept, 40), (.dissatisfied, 5)])
        guard place >= 10 else { return }
        complaint.closedAt = Instant(at.day + random.number(1...4), hour: 16)
        let check = (complaint.closedAt?.day ?? at.day) + 90
        complaint.recurrenceCheckOn = check
    }

    /// 林知远, our best customer, and his front door.
    private static func insertStory(_ demo: Demo, _ tx: any Transaction) throws {
        guard let customer = try tx.first(Customer.self, where: \Customer.code == "CUS-0001") else { return }
        let directory = try DemoDirectory(tx)
        var complaint = Record<Complaint>()
        complaint.no = "CP-0001"
        (complaint.subject, complaint.type, complaint.level) = ("右前门喷漆色差，要求复检", .quality, .serious)
        complaint.content = "上月二十日在本店喷漆，阳光下与原车明显不一致。老客户，两台车都在这里保养，语气失望。"
        complaint.demand = "重新喷漆，说明原因，承担返工期间代步。"
        complaint.customer = customer.id
        complaint.contactWay = customer.mobile
        complaint.receivedAt = Instant(demo.asOf - 2, hour: 10)
        complaint.acknowledgedAt = Instant(demo.asOf - 2, hour: 10, minute: 20)
        complaint.status = .investigating
        complaint.ownerID = directory.users["advisor01"]
        complaint.departmentID = directory.departments["CX-SVC"]
        complaint.handlerDepartment = directory.departments["CX-SVC"].map { Ref($0) }
        complaint.evidence = "复检照片显示漆膜厚度正常，色号为替代色板，未做现场比对。"
        complaint.remark = "客服经理已致电安抚，约定三日内给方案。"
        complaint.isDemo = true
        DemoClock.stamp(&complaint.row, Instant(demo.asOf - 2, hour: 10))
        try tx.insert(complaint)
    }

    private static let rounds: [(String, Improvement.Source, Improvement.Status, String, String, Int?, Int?)] = [
        ("钣喷交车前增加自然光比色", .complaint, .doing, "质检只在棚内灯光下进行", "交车前在室外自然光下按色板比对并拍照存档", 82, nil),
        ("高峰时段预约按工位放号", .complaint, .check, "预约不看工位容量", "系统按工位与工时放号，超量引导错峰", 74, 86),
        ("报价单列明附加项目并签字", .complaint, .closed, "附加项目口头确认", "报价单增加附加项目栏，客户签字后施工", 79, 93),
        ("电话首响在三声内", .kpi, .act, "午间无人值守", "设午间轮值与自动转接", 80, 91),
        ("休息区增加儿童角", .suggestion, .plan, "带孩子的客户占三成", "划出八平方米儿童角，配读物", nil, nil),
        ("外包洗车点驻场监督", .kpi, .cancelled, "外包洗车划痕投诉", "派人驻场", 77, nil),
        ("行程变更当日书面告知", .survey, .doing, "导游口头说明，无记录", "变更须填单、客户签字、客服抽查", 71, nil),
    ]

    private static func insertImprovements(_ demo: Demo, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx), owners = ["svcmgr1", "svcmgr1", "storemgr1", "csmgr1", "storemgr3", "svcmgr1", "director2"],
            units = ["CX-SVC", "CX-SVC", "BJ", "HQ-CARE", "SHOPS", "CX-SVC", "CONS"]
        for (place, (title, source, status, why, action, before, after)) in rounds.enumerated() {
            var item = Record<Improvement>()
            (item.title, item.source, item.status, item.rootCause, item.action, item.before, item.after) = (
                title, source, status, why, action, before, after
            )
            item.due = Instant(demo.asOf + place * 4 - 6, hour: 18)
            if [.check, .act, .closed].contains(status) { item.done = "已在三家店执行两周，随机抽查二十单均按要求。" }
            if [.act, .closed].contains(status) { item.verification = "抽查合格率百分之九十五，同类投诉下降。" }
            if status == .closed { (item.effect, item.closedAt) = ("写入服务标准第 7 条，列入新员工培训。", Instant(demo.asOf - 12, hour: 17)) }
            item.ownerID = directory.users[owners[place]]
            item.departmentID = directory.departments[units[place]]
            item.isDemo = true
            DemoClock.stamp(&item.row, Instant(demo.asOf - 30 + place, hour: 9))
            try tx.insert(item)
        }
        for (title, data, choice, target, days, status) in [
            ("城西店周末增开一个快修工位", "近八周周六平均等候 47 分钟，预约超工位 31%。", "十二月起周六增开快修工位，调两名技师。", "周六平均等候不超过 20 分钟", 20, Decision.Status.decided),
            ("停用代喷漆供应商乙", "近半年色差投诉六起，五起来自同一供应商。", "合同到期不续，改由厂家认证供应商。", "色差投诉为零", -5, .reviewed),
            ("是否引入自助取车柜", "晚六点后取车占 18%，每月加班 42 小时。", "", "加班减半", 15, .proposed),
        ] {
            var decision = Record<Decision>()
            (decision.title, decision.data, decision.choice, decision.target, decision.status) = (
                title, data, choice.isEmpty ? nil : choice, target, status
            )
            decision.review = Instant(demo.asOf + days, hour: 10)
            if status != .proposed { decision.decidedOn = demo.asOf - 25 }
            if status == .reviewed { decision.result = "切换后未再发生，单价上升百分之三，可接受。" }
            decision.ownerID = directory.users["director1"]
            decision.departmentID = directory.departments["AUTO"]
            decision.isDemo = true
            DemoClock.stamp(&decision.row, Instant(demo.asOf - 26, hour: 9))
            try tx.insert(decision)
        }
    }

    /// The proposals wait for the words of manager, director and general manager.
    private static func submit(_ tx: any Transaction) throws {
        for complaint in try tx.all(Complaint.self, where: \Complaint.status == .proposed, sort: [Query.Sort("id")], limit: 12) {
            guard let owner = complaint.ownerID else { continue }
            try tx.perform("approve", complaint.row, as: owner, [:])
        }
    }
}
