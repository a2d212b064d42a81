import Records
import Testing

@testable import Core
@testable import Gate
@testable import Service

/// D10, §2.13: editions that never change, questions that follow from answers, answers nobody changes.
@Suite("Questionnaires and surveys")
struct SurveyTests {
    private func customer(_ house: House, _ name: String, owner: String = "liwei", more: [String: Plain] = [:]) async throws -> Int64 {
        try await house.gate.write(as: .system(via: "api")) { tx in
            tx.ignoresWarnings = true
            let schema = tx.catalog.schema(Customer.self)
            var made = Record<Customer>(
                try tx.create(
                    schema,
                    ["name": .text(name), "source": "walk_in", "mobile": .text("199000\(10_000 + abs(name.hashValue % 80_000))")].merging(
                        more
                    ) { $1 }))
            made.ownerID = house[owner]
            return try tx.save(made).row.id
        }
    }

    private func all<E: Entity>(_ type: E.Type, _ house: House, where condition: Condition = .everything) async throws -> [Record<E>] {
        try await house.gate.write(as: .system()) { try $0.all(type, where: condition, sort: [Query.Sort("id")], limit: 1000) }
    }

    private func current(_ code: String, _ house: House) async throws -> Record<Questionnaire> {
        try #require(
            try await all(Questionnaire.self, house, where: \Questionnaire.code == code && \Questionnaire.status == .published).first)
    }

    /// A response of the care desk to this questionnaire, with its link.
    private func response(_ house: House, _ questionnaire: Ref<Questionnaire>, customer: Int64?) async throws -> Record<SurveyResponse> {
        try await house.gate.write(as: .system()) { tx in
            var response = Record<SurveyResponse>()
            (response.questionnaire, response.customer, response.token) = (
                questionnaire, customer.map { Ref($0) }, SurveyResponse.freshToken()
            )
            response.ownerID = house["liwei"]
            return try tx.insert(response)
        }
    }

    @Test("a published edition never changes; revising makes the next, and publishing that retires the former", arguments: Engine.available)
    func editions(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let admin = try await house.actor("admin"), schema = house.gate.catalog.schema(Questionnaire.self),
                items = house.gate.catalog.schema(QuestionnaireItem.self)
            let first = try await current("service", house),
                item = try #require(try await all(QuestionnaireItem.self, house, where: \QuestionnaireItem.questionnaire == first.id).first)
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: admin) { try $0.update(items, id: item.row.id, ["text": "换一道题"]) }
            }
            await #expect(throws: Problems.self) { try await house.gate.write(as: admin) { try $0.remove(items, id: item.row.id) } }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: admin) {
                    try $0.create(items, ["questionnaire_id": .int(first.row.id), "text": "新题", "kind": "text"])
                }
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: admin) { try $0.update(schema, id: first.row.id, ["intro": "改了"]) }
            }
            try await house.gate.write(as: admin) { _ = try $0.perform("revise", schema, id: first.row.id) }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: admin) { try $0.perform("revise", schema, id: first.row.id) }
            }
            let draft = try #require(
                try await all(Questionnaire.self, house, where: \Questionnaire.code == "service" && \Questionnaire.status == .draft).first)
            let copied = try await all(QuestionnaireItem.self, house, where: \QuestionnaireItem.questionnaire == draft.id)
            #expect(draft.edition == 2 && copied.count == 6 && copied[3].when == "q3<=3" && copied[0].alert == .complaint)
            // A condition about a question behind it cannot be published.
            _ = try await house.gate.write(as: admin) { try $0.update(items, id: copied[1].row.id, ["show_if": "q6=1"]) }
            await #expect(throws: (any Error).self) {
                try await house.gate.write(as: admin) { try $0.perform("publish", schema, id: draft.row.id) }
            }
            try await house.gate.write(as: admin) { tx in
                try tx.update(items, id: copied[1].row.id, ["show_if": "q1=否", "text": "还有什么没解决？"])
                try tx.perform("publish", schema, id: draft.row.id)
            }
            #expect(try await current("service", house).edition == 2)
            #expect(
                try await all(Questionnaire.self, house, where: \Questionnaire.code == "service" && \Questionnaire.status == .retired).map(
                    \.edition) == [1])
            #expect(
                try await all(QuestionnaireItem.self, house, where: \QuestionnaireItem.questionnaire == first.id)[1].text == "还有哪个问题没有解决？")
        }
    }

    @Test(
        "a question that follows from an answer comes on the next page, and one that no longer follows loses its answer",
        arguments: Engine.available)
    func branching(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let made = try await response(house, try await current("service", house).id, customer: try await customer(house, "林知远")),
                token = try #require(made.token)
            let open = try await house.gate.sheet(token: token)
            #expect(open.sheet.pages([:]).map { $0.map(\.code) } == [["q1"], ["q3"], ["q5", "q6"]])
            // Nothing chosen: told at once.
            do {
                _ = try await house.gate.answer(token: token, [:], page: 0, from: "203.0.113.9", isOwnDevice: false)
                Issue.record("taken")
            } catch let wrong as Problems { #expect(wrong.all.compactMap(\.field) == ["q1"]) }
            house.time.pass(60)
            func answer(_ page: Int, _ input: [String: [String]]) async throws -> [[String]] {
                let open = try await house.gate.answer(token: token, input, page: page, from: "203.0.113.9", isOwnDevice: false)
                return open.closed == nil ? open.sheet.pages(open.answers).map { $0.map(\.code) } : []
            }
            #expect(try await answer(0, ["q1": ["no"]]) == [["q1"], ["q2", "q3"], ["q5", "q6"]])
            #expect(try await answer(1, ["q2": ["异响还在"], "q3": ["3"]]) == [["q1"], ["q2", "q3"], ["q4", "q5", "q6"]])
            // Back, and the other answer: what followed from the first is gone.
            #expect(try await answer(0, ["q1": ["yes"]]) == [["q1"], ["q3"], ["q4", "q5", "q6"]])
            #expect(try await answer(1, ["q3": ["5"]]) == [["q1"], ["q3"], ["q5", "q6"]])
            #expect(try await answer(2, ["q5": ["9"], "q6": ["等候短"]]).isEmpty)
            let kept = try #require(try await all(SurveyResponse.self, house).first)
            #expect(kept.status == .submitted && kept.nps == 9 && kept.csat == 5 && kept.comment == "等候短" && kept.isSuspicious != true)
            let answers = try await all(SurveyAnswer.self, house, where: \SurveyAnswer.response == kept.id)
            #expect(Set(answers.map(\.code)) == ["q1", "q3", "q5", "q6"] && answers.allSatisfy { $0.isCounted == true })
            // Nobody changes it any more.
            await #expect(throws: Refusal.self) {
                try await house.gate.answer(token: token, ["q5": ["0"]], page: 0, from: nil, isOwnDevice: false)
            }
            let boss = try await house.actor("admin")
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: boss) { try $0.update(kept.row.schema, id: kept.row.id, ["nps": 10]) }
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: try await house.actor("admin")) {
                    try $0.remove($0.catalog.schema(SurveyResponse.self), id: kept.row.id)
                }
            }
        }
    }

    @Test("a bad answer opens one complaint with the customer's words", arguments: Engine.available)
    func alert(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await customer(house, "沈佳禾"), made = try await response(house, try await current("csi", house).id, customer: id),
                admin = try await house.actor("admin")
            let scores = Dictionary(uniqueKeysWithValues: (1...5).map { ("q\($0)", ["8"]) })
            try await house.gate.write(as: admin) {
                try $0.answer(
                    $0.catalog.schema(SurveyResponse.self), id: made.row.id,
                    scores.merging(["q6": ["3"], "q7": ["4"], "q8": ["5"], "q9": ["等了三小时"]]) { $1 }, isLast: true)
            }
            let complaints = try await all(Complaint.self, house)
            #expect(
                complaints.count == 1 && complaints[0].customer.id == id && complaints[0].content.contains("等了三小时")
                    && complaints[0].subject.contains("推荐"))
            let kept = try #require(try await all(SurveyResponse.self, house).first)
            // All factors at 8 of 0 … 10.
            #expect(kept.csi == 800 && kept.complaint == complaints[0].id && kept.ces == 4)
        }
    }

    /// §2.13: 0 to 6 of 10, whether or not the questionnaire says so.
    @Test("whoever would not recommend us has a complaint, once; a company may switch that off", arguments: Engine.available)
    func detractor(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await customer(house, "沈佳禾"), sale = try await current("sale", house).id, admin = try await house.actor("admin")
            func answer(_ score: Int) async throws -> Int64 {
                let made = try await response(house, sale, customer: id)
                try await house.gate.write(as: admin) {
                    try $0.answer(
                        $0.catalog.schema(SurveyResponse.self), id: made.row.id, ["q1": ["5"], "q2": ["yes"], "q5": ["\(score)"]],
                        isLast: true)
                }
                return made.row.id
            }
            _ = try await answer(7)
            #expect(try await all(Complaint.self, house).isEmpty)
            let low = try await answer(6), complaints = try await all(Complaint.self, house)
            #expect(complaints.count == 1 && complaints[0].customer.id == id)
            #expect(try await all(SurveyResponse.self, house, where: \SurveyResponse.complaint == complaints[0].id).map(\.row.id) == [low])
            try await house.gate.write(as: .system()) { tx in
                try tx.set(try #require(house.gate.catalog.parameter("surveys.low_score_complaint")), to: "false", reason: "试用")
            }
            _ = try await answer(0)
            #expect(try await all(Complaint.self, house).count == 1)
        }
    }

    @Test("whoever answers too fast, on a colleague's device or from one network again and again is marked", arguments: Engine.available)
    func suspicion(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let questionnaire = try await current("verify", house).id
            let survey = try await house.gate.write(as: .system()) { tx in
                var survey = Record<Survey>()
                (survey.title, survey.questionnaire, survey.status, survey.code) = ("店内扫码", questionnaire, .running, "hall")
                return try tx.insert(survey)
            }
            let answers = ["q1": ["1"], "q2": ["5"]]
            func fill(_ address: String, after seconds: Int64, own: Bool = false) async throws -> String? {
                let token = try await house.gate.begin("hall", from: address)
                _ = try await house.gate.sheet(token: token)
                house.time.pass(seconds)
                _ = try await house.gate.answer(token: token, answers, page: 0, from: address, isOwnDevice: own)
                return try await all(SurveyResponse.self, house, where: \SurveyResponse.token == token).first?.suspicion
            }
            #expect(try await fill("203.0.113.1", after: 40) == nil)
            #expect(try await fill("203.0.113.2", after: 14) == "作答只用了 14 秒")
            #expect(try await fill("203.0.113.3", after: 40, own: true) == "在员工登录的设备上作答")
            for _ in 0..<3 { _ = try await fill("203.0.113.4", after: 40) }
            #expect(try await fill("203.0.113.4", after: 40) == "同一网络已提交 3 份")
            #expect(try await all(Survey.self, house, where: .ids([survey.row.id])).first?.answered == 7)
        }
    }

    @Test(
        "each chosen customer is invited once though the work is killed between batches; who asked not to be contacted never",
        arguments: Engine.available)
    func invitations(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            for number in 0..<12 { _ = try await customer(house, "客户\(number)", more: number % 4 == 0 ? ["do_not_contact": true] : [:]) }
            let admin = try await house.actor("admin"), schema = house.gate.catalog.schema(Survey.self),
                questionnaire = try await current("csi", house).id.id
            let id = try await house.gate.write(as: admin) { tx in
                let id = try tx.create(schema, ["name": "秋季调查", "questionnaire_id": .int(questionnaire), "quota": 2]).id
                try tx.perform("start", schema, id: id)
                return id
            }
            func run() async throws { try await house.gate.write(as: .system()) { try SurveyJobs.invite.run(["survey": .int(id)], $0) } }
            // As after a crash: the answer of the first run never came, so it runs again from a point before.
            try await run()
            try await house.gate.write(as: .system()) { tx in
                var survey = try #require(try tx.get(Survey.self, Ref(id)))
                (survey.invitedTo, survey.isInvited) = (nil, false)
                try tx.save(survey)
            }
            try await run()
            let invited = try await all(SurveyResponse.self, house)
            #expect(invited.count == 9 && Set(invited.compactMap(\.customer)).count == 9 && Set(invited.compactMap(\.token)).count == 9)
            // The quota closes it.
            for one in invited.prefix(2) {
                let scores = Dictionary(uniqueKeysWithValues: (1...5).map { ("q\($0)", ["9"]) })
                try await house.gate.write(as: admin) {
                    try $0.answer(
                        $0.catalog.schema(SurveyResponse.self), id: one.row.id,
                        scores.merging(["q6": ["5"], "q7": ["6"], "q8": ["9"]]) { $1 }, isLast: true)
                }
            }
            #expect(try await house.gate.sheet(token: try #require(invited[2].token)).closed == "本次调查已经结束，感谢您的关注。")
        }
    }

    @Test(
        "a sample is drawn at random by a seed that is kept, so that it can be drawn again; not the first ones",
        arguments: Engine.available)
    func sampling(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            for number in 0..<60 { _ = try await customer(house, "客户\(number)", owner: number % 3 == 0 ? "admin" : "liwei") }
            let customers = try await all(Customer.self, house), admin = try await house.actor("admin")
            let schema = house.gate.catalog.schema(Survey.self), questionnaire = try await current("csi", house).id.id
            func draw(_ sampling: String, _ size: Int64, seed: Int64? = nil) async throws -> (seed: Int?, drawn: [Int64]) {
                let id = try await house.gate.write(as: admin) { tx in
                    var input: [String: Plain] = [
                        "name": "抽样", "questionnaire_id": .int(questionnaire), "sampling": .text(sampling), "sample_size": .int(size),
                    ]
                    input["sample_seed"] = seed.map(Plain.int)
                    let id = try tx.create(schema, input).id
                    try tx.perform("start", schema, id: id)
                    return id
                }
                try await house.gate.write(as: .system()) { try SurveyJobs.invite.run(["survey": .int(id)], $0) }
                let drawn = try await all(SurveyResponse.self, house, where: \SurveyResponse.survey == Ref(id)).compactMap(\.customer?.id)
                return (try await all(Survey.self, house, where: .ids([id])).first?.seed, drawn.sorted())
            }
            let first = Array(customers.map(\.row.id).prefix(10))
            let drawn = try await draw("number", 10), again = try await draw("number", 10, seed: drawn.seed.map(Int64.init))
            #expect(drawn.drawn.count == 10 && drawn.drawn == again.drawn && drawn.seed == again.seed)
            #expect(try await draw("number", 10, seed: 7).drawn != first)
            #expect(try await draw("number", 10, seed: 7).drawn != draw("number", 10, seed: 8).drawn)
            #expect(try await draw("number", 500, seed: 7).drawn.count == customers.count)
            let share = try await draw("share", 30, seed: 7).drawn
            #expect((8...30).contains(share.count))
            #expect(try await draw("share", 30, seed: 8).drawn != share)
            let owners = Dictionary(grouping: customers) { $0.ownerID }, each = try await draw("per_owner", 4, seed: 7).drawn
            for (owner, theirs) in owners where owner != nil {
                let ids = theirs.map(\.row.id)
                #expect(
                    ids.count { each.contains($0) } == min(4, ids.count)
                        && (ids.count <= 4 || Array(ids.prefix(4)) != ids.filter(each.contains)))
            }
            #expect(try await draw("per_owner", 4, seed: 7).drawn == each)
        }
    }

    /// 20,000 drawings of 3 of 10: each customer in 30 %, within four standard deviations (0.32 % each).
    @Test("each customer is as likely to be drawn as any other")
    func fairness() {
        var drawn = Array(repeating: 0, count: 10)
        for seed in 1...20_000 {
            var drawing = Survey.Drawing(wanted: 3, left: 10)
            for customer in 0..<10 where drawing.draws(Int64(customer + 1), seed: seed) { drawn[customer] += 1 }
            #expect(drawing.wanted == 0)
        }
        #expect(drawn.allSatisfy { (5740...6260).contains($0) }, "\(drawn)")
    }
}
