import Core
import Records

/// The demo's care desk: what was asked after deliveries and visits, what waits to be called today, and one survey with its answers (§5).
enum DemoFollowUp {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        let done = demo.pick(small: 132, full: 1320)
        let past: [Demo.Step] = stride(from: 0, to: done, by: 33).map { first in
            { tx in try insertDone(demo, first..<min(first + 33, done), tx) }
        }
        return [{ tx in try turnOn(tx) }] + past + [{ tx in try insertOpen(demo, tx) }]
    }

    private static let desk = (1...6).map { "followup\($0)" }

    /// The rules run from now on; the next night's run plans what is due.
    private static func turnOn(_ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx)
        for var rule in try tx.all(FollowRule.self, limit: 50) where rule.entity != Customer.name {
            rule.people = Refs(desk.compactMap { directory.users[$0] })
            rule.isEnabled = true
            try tx.save(rule)
        }
    }

    static func published(_ code: String, _ tx: any Transaction) throws -> Record<Questionnaire>? {
        try tx.first(Questionnaire.self, where: \Questionnaire.code == code && \Questionnaire.status == .published)
    }

    private static let kinds: [(scene: Question.Scene, questionnaire: String)] = [
        (.sale3d, "sale"), (.service3d, "service"), (.sale7d, "sale"), (.service3d, "service"), (.complaintVerify, "verify"),
        (.sale30d, "sale"),
    ]

    private static func blank(_ customer: Record<Customer>, _ index: Int, _ demo: Demo, _ tx: any Transaction) throws -> Record<FollowPlan>
    {
        let (scene, code) = kinds[(index + index / desk.count) % kinds.count]
        var plan = Record<FollowPlan>()
        (plan.title, plan.customer, plan.scene) = ("\(scene.label)：\(customer.name)", customer.id, scene)
        plan.questionnaire = try published(code, tx)?.id
        plan.method = try tx.first(TrackingMethod.self, where: \TrackingMethod.channel == .phone)?.id
        plan.key = "demo/\(index)/\(customer.row.id)"
        plan.isDemo = true
        return plan
    }

    /// §5: done 88, unreachable 7, refused 2; most at the first call.
    private static func insertDone(_ demo: Demo, _ range: Range<Int>, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx),
            customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id")], limit: 600)
        for index in range where !customers.isEmpty {
            var random = SplitMix64(seed: demo.seed &+ UInt64(91_000 + index))
            let customer = customers[(index * 13 + 5) % customers.count], caller = desk[index % desk.count],
                at = Instant(demo.asOf - random.number(1...60), hour: random.number(9...17), minute: random.pick([5, 20, 40]))
            var plan = try blank(customer, index, demo, tx)
            let outcome: FollowPlan.Status = random.pick(weighted: [(.done, 91), (.failed, 7), (.skipped, 2)])
            (plan.status, plan.due, plan.attempts, plan.startedAt, plan.doneAt) = (
                outcome, at, outcome == .failed ? 5 : random.chance(71) ? 1 : random.number(2...4), at, at.adding(seconds: 240)
            )
            plan.result = outcome == .done ? .success : outcome == .failed ? .noAnswer : .refused
            if outcome == .failed { plan.reason = "拨打 5 次未接通" }
            if outcome == .skipped { plan.reason = "客户拒访" }
            plan.ownerID = directory.users[caller]
            plan.departmentID = customer.departmentID
            DemoClock.stamp(&plan.row, at.adding(seconds: -86_400))
            var saved = try tx.insert(plan)
            var visit = Record<FollowVisit>()
            (visit.title, visit.plan, visit.customer, visit.scene, visit.result, visit.startedAt, visit.endedAt, visit.minutes) = (
                plan.title, saved.id, customer.id, plan.scene, plan.result ?? .success, at, at.adding(seconds: 240), 4
            )
            visit.note = outcome == .done ? random.pick(["客户满意，没有问题。", "询问下次保养时间，已告知。", "反映等候稍久，已致歉并记录。", "夸奖顾问讲解仔细。", "希望保养前电话提醒。"]) : nil
            visit.isSampled = outcome == .done && random.chance(8)
            if visit.isSampled == true, random.chance(60) {
                (visit.qaScore, visit.qaNote, visit.qaBy) = (
                    random.number(78...98), "开场规范，倾听到位。", directory.users["csmgr1"].map { Ref($0) }
                )
            }
            (visit.ownerID, visit.departmentID, visit.isDemo) = (plan.ownerID, plan.departmentID, true)
            DemoClock.stamp(&visit.row, at)
            try tx.insert(visit)
            guard outcome == .done, let questionnaire = plan.questionnaire else { continue }
            var response = Record<SurveyResponse>()
            (response.questionnaire, response.customer, response.channel, response.key, response.aboutEntity, response.aboutID) = (
                questionnaire, customer.id, .phone, "plan/\(saved.row.id)", FollowPlan.name, Int(saved.row.id)
            )
            (response.ownerID, response.departmentID) = (plan.ownerID, plan.departmentID)
            saved.response = try DemoSurveys.answer(&response, at: at, seconds: 180, &random, tx)
            try tx.save(saved)
        }
    }

    /// What the desk finds today: some due, some overdue, some nobody's yet.
    private static func insertOpen(_ demo: Demo, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx),
            customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id", descending: true)], limit: 200)
        for index in 0..<54 where !customers.isEmpty {
            var random = SplitMix64(seed: demo.seed &+ UInt64(97_000 + index))
            let customer = customers[(index * 7 + 2) % customers.count]
            if customer.doNotContact == true { continue }
            var plan = try blank(customer, index + 10_000, demo, tx)
            let isPending = index % 9 == 8
            plan.status = isPending ? .pending : .assigned
            plan.due = Instant(demo.asOf + (index % 6 == 0 ? -2 : index % 5 == 0 ? 2 : 0), hour: 18)
            plan.priority = random.pick([.normal, .normal, .high])
            if !isPending, random.chance(30) { (plan.attempts, plan.result) = (1, random.pick([.noAnswer, .busy, .callback])) }
            plan.ownerID = isPending ? nil : directory.users[desk[index % desk.count]]
            plan.departmentID = customer.departmentID
            DemoClock.stamp(&plan.row, Instant(demo.asOf - 3, hour: 5))
            try tx.insert(plan)
        }
    }
}

enum DemoSurveys {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        let count = demo.pick(small: 340, full: 3000)
        let slices: [Demo.Step] = stride(from: 0, to: count, by: 34).map { first in
            { tx in try insert(demo, first..<min(first + 34, count), tx) }
        }
        return [{ tx in try insertSurveys(demo, tx) }] + slices
    }

    private static let name = "2026 下半年售后满意度调查"

    private static func insertSurveys(_ demo: Demo, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx)
        for (title, code, poster, status, channel, days) in [
            (name, "csi", "autumn", Survey.Status.running, Channel.sms, 30), ("展厅扫码：交车体验", "sale", "delivery", .running, .counter, 12),
            ("门店陪访满意度（试点）", "verify", nil, .draft, .letter, 2),
        ] as [(String, String, String?, Survey.Status, Channel, Int)] {
            guard let questionnaire = try DemoFollowUp.published(code, tx) else { continue }
            var survey = Record<Survey>()
            (survey.title, survey.questionnaire, survey.code, survey.status, survey.channel, survey.from, survey.to) = (
                title, questionnaire.id, poster, status, channel, demo.asOf - days, demo.asOf + 30
            )
            (survey.boughtWithin, survey.quota, survey.isInvited, survey.startedAt) = (
                365, 5000, true, status == .draft ? nil : Instant(demo.asOf - days, hour: 9)
            )
            survey.ownerID = directory.users["csmgr1"]
            survey.departmentID = directory.departments["HQ-CARE"]
            survey.isDemo = true
            DemoClock.stamp(&survey.row, Instant(demo.asOf - days - 3, hour: 10))
            try tx.insert(survey)
        }
    }

    private static func insert(_ demo: Demo, _ range: Range<Int>, _ tx: any Transaction) throws {
        guard let survey = try tx.first(Survey.self, where: \Survey.title == name) else { return }
        let customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id")], limit: 1000)
        for index in range where index < customers.count {
            var random = SplitMix64(seed: demo.seed &+ UInt64(99_000 + index))
            let customer = customers[index],
                at = Instant(demo.asOf - random.number(1...28), hour: random.number(9...20), minute: random.number(0...59))
            var response = Survey.invitation(survey, customer, tx)
            response.invitedAt = Instant(demo.asOf - 30, hour: 10)
            response.channel = random.pick(weighted: [(.sms, 60), (.wechat, 25), (.phone, 15)])
            if random.chance(74) {
                _ = try answer(&response, at: at, seconds: random.number(8...20) * random.number(2...15), &random, tx)
            } else {
                response.isDemo = true
                try tx.insert(response)
            }
        }
    }

    private static let words = [
        "等候时间有点久，希望预约能准。", "顾问很专业，讲得清楚。", "接车没人招呼，站了十分钟。", "价格透明，满意。", "休息区太吵。", "交车时没有解释账单。", "一直在这里保养，放心。", "电话很难打进来。",
    ]

    /// §5: NPS near +42, CSI near 812 with 服务启动 weakest.
    @discardableResult
    static func answer(
        _ response: inout Record<SurveyResponse>, at: Instant, seconds: Int, _ random: inout SplitMix64, _ tx: any Transaction
    ) throws -> Ref<SurveyResponse> {
        guard let sheet = try Questionnaire.sheet(response.questionnaire, tx) else { throw Refusal.notFound }
        let items = try Questionnaire.items(of: response.questionnaire, tx), mood = random.pick(weighted: [(2, 56), (1, 30), (0, 14)])
        var answers: [String: Value] = [:]
        for item in items {
            guard let code = item.code, let kind = item.kind else { continue }
            switch (item.metric ?? .none, kind) {
            case (.nps, _):
                answers[code] = .int(Int64(mood == 2 ? random.number(9...10) : mood == 1 ? random.number(7...8) : random.number(2...6)))
            case (.csat, _):
                answers[code] = .int(Int64(mood == 2 ? random.number(4...5) : mood == 1 ? random.number(3...5) : random.number(1...3)))
            case (.ces, _):
                answers[code] = .int(Int64(mood == 2 ? random.number(5...7) : mood == 1 ? random.number(4...6) : random.number(1...4)))
            case (.factor, _): answers[code] = .int(Int64(min(10, max(0, (item.factor == "服务启动" ? 5 : 6) + mood + random.number(0...3)))))
            case (_, .yesNo): answers[code] = .text(mood == 0 && random.chance(40) ? "no" : "yes")
            case (_, .single): answers[code] = .text(mood == 0 ? "2" : "1")
            case (_, .multiple): answers[code] = .list([.text("1")])
            case (_, .text): if random.chance(45) || item.isRequired == true { answers[code] = .text(random.pick(words)) }
            default: break
            }
        }
        let asked = sheet.asked(answers), kept = answers.filter { answer in asked.contains { $0.code == answer.key } }
        Answers.score(&response, kept, items)
        (response.status, response.startedAt, response.answeredAt, response.seconds, response.isDemo) = (
            .submitted, at.adding(seconds: -Int64(seconds)), at, seconds, true
        )
        if seconds < 15, response.channel != .phone { (response.isSuspicious, response.suspicion) = (true, "作答只用了 \(seconds) 秒") }
        if response.invitedAt == nil { response.invitedAt = at }
        DemoClock.stamp(&response.row, at)
        let saved = try tx.insert(response)
        try Answers.write(kept, of: sheet, saved, isCounted: true, tx)
        return saved.id
    }
}
