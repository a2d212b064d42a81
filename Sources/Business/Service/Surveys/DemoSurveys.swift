import Core
import Records

/// Surveys of the demo company, and what its customers answered.
enum DemoSurveys {
    static func published(_ code: String, _ tx: any Transaction) throws -> Record<Questionnaire>? {
        try tx.first(Questionnaire.self, where: \Questionnaire.code == code && \Questionnaire.status == .published)
    }

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
            ("门店陪访满意度（试点）", "verify", nil, .draft, .letter, 2), ("2026 上半年售后满意度调查", "csi", "spring", .ended, .sms, 190),
            ("车间开放日问卷", "service", "workshop", .paused, .counter, 20),
        ] as [(String, String, String?, Survey.Status, Channel, Int)] {
            guard let questionnaire = try published(code, tx) else { continue }
            var survey = Record<Survey>()
            (survey.title, survey.questionnaire, survey.code, survey.status, survey.channel, survey.from, survey.to) = (
                title, questionnaire.id, poster, status, channel, demo.asOf - days, demo.asOf + (status == .ended ? -150 : 30)
            )
            if status == .ended { survey.endedAt = Instant(demo.asOf - 149, hour: 0) }
            if tx.catalog.has(Buyer.self) { survey.boughtWithin = 365 }
            (survey.quota, survey.isInvited, survey.startedAt) = (
                5000, true, status == .draft ? nil : Instant(demo.asOf - days, hour: 9)
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
