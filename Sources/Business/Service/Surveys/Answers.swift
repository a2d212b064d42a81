import Core
import Records

/// How a response comes to hold answers, and what follows when it is handed in.
enum Answers {
    static let inquiry = Inquiry(
        of: SurveyResponse.name, token: "token",
        sheet: { row, look in try Questionnaire.sheet(Record<SurveyResponse>(row).questionnaire, look) },
        answers: { row, look in try read(Record<SurveyResponse>(row), look) },
        closed: { row, look in try closed(Record<SurveyResponse>(row), look) },
        keep: { row, values, hand, tx in
            var response = Record<SurveyResponse>(row)
            try keep(&response, values, hand, tx)
        }
    )

    static func read(_ response: Record<SurveyResponse>, _ look: any Looking) throws -> [String: Value] {
        guard let sheet = try Questionnaire.sheet(response.questionnaire, look) else { return [:] }
        return try read(response, sheet, look)
    }

    private static func rows(_ response: Record<SurveyResponse>, _ look: any Looking) throws -> [Record<SurveyAnswer>] {
        response.row.id == 0
            ? [] : try look.all(SurveyAnswer.self, where: \SurveyAnswer.response == response.id, sort: [Query.Sort("id")], limit: 400)
    }

    private static func read(_ response: Record<SurveyResponse>, _ sheet: Sheet, _ look: any Looking) throws -> [String: Value] {
        let pairs = try rows(response, look).compactMap { answer -> (String, Value)? in
            guard let field = sheet[answer.code]?.field, let typed = answer.typed, let value = try? field.kind.parse(typed) else {
                return nil
            }
            return (answer.code, value)
        }
        return Dictionary(pairs) { _, last in last }
    }

    static func closed(_ response: Record<SurveyResponse>, _ look: any Looking) throws -> String? {
        if response.status == .submitted { return "这份问卷已经提交，感谢您的参与。" }
        if response.status == .void { return "这份问卷已经失效。" }
        guard let survey = try response.survey.flatMap({ try look.get(Survey.self, $0) }) else { return nil }
        return survey.status == .running ? nil : "本次调查已经结束，感谢您的关注。"
    }

    static func keep(
        _ response: inout Record<SurveyResponse>, _ values: [String: Value], _ hand: Inquiry.Hand, _ tx: any Transaction
    ) throws {
        if let reason = try closed(response, tx) { throw Refusal.conflict(reason) }
        guard let sheet = try Questionnaire.sheet(response.questionnaire, tx) else { throw Refusal.notFound }
        if response.startedAt == nil {
            response.startedAt = tx.now
            if !values.isEmpty || hand.isLast || response.row.id != 0 { response = try tx.save(response) }
        }
        guard !values.isEmpty || hand.isLast else { return }
        var answers = try read(response, sheet, tx)
        answers.merge(values) { $1 }
        let asked = sheet.asked(answers)
        try write(answers.filter { answer in asked.contains { $0.code == answer.key } }, of: sheet, response, tx)
        guard hand.isLast else { return }
        let missing = sheet.missing(answers, of: asked)
        guard missing.isEmpty else { throw Problems(missing) }
        try submit(&response, answers, sheet, hand, tx)
    }

    /// The rows become exactly these answers; what is no longer asked is gone.
    static func write(
        _ answers: [String: Value], of sheet: Sheet, _ response: Record<SurveyResponse>, isCounted: Bool = false, _ tx: any Transaction
    ) throws {
        let present = try rows(response, tx), items = try Questionnaire.items(of: response.questionnaire, tx)
        let gone = present.filter { (answers[$0.code] ?? .null).isBlank }
        if !gone.isEmpty { try tx.erase(tx.catalog.schema(SurveyAnswer.self), ids: gone.map(\.row.id)) }
        for (code, value) in answers.sorted(by: { $0.key < $1.key }) where !value.isBlank {
            guard let field = sheet[code]?.field else { continue }
            var answer = present.first { $0.code == code } ?? Record<SurveyAnswer>()
            let typed = field.kind.edit(value)
            if answer.row.id != 0, answer.typed == typed { continue }
            (answer.question, answer.code, answer.typed, answer.number) = (
                field.label, code, typed,
                field.kind is ScoreKind || field.kind is WholeNumberKind ? value.int.map { Int(truncatingIfNeeded: $0) } : nil
            )
            answer.shown = String(field.kind.show(value, in: .chinese).prefix(2000))
            (answer.response, answer.survey, answer.questionnaire, answer.customer) = (
                response.id, response.survey, response.questionnaire, response.customer
            )
            answer.factor = items.first { $0.code == code }?.factor
            (answer.ownerID, answer.departmentID) = (response.ownerID, response.departmentID)
            answer.isCounted = isCounted
            _ = try answer.row.id == 0 ? tx.insert(answer) : tx.save(answer)
        }
    }

    private static func submit(
        _ response: inout Record<SurveyResponse>, _ answers: [String: Value], _ sheet: Sheet, _ hand: Inquiry.Hand, _ tx: any Transaction
    ) throws {
        let items = try Questionnaire.items(of: response.questionnaire, tx)
        score(&response, answers, items)
        response.answeredAt = tx.now
        response.seconds = response.startedAt.map { Int(max(0, tx.now.milliseconds - $0.milliseconds) / 1000) }
        response.origin = hand.origin
        let doubts = try hand.isColleague ? [] : suspicions(response, hand, tx)
        if !doubts.isEmpty { (response.isSuspicious, response.suspicion) = (true, doubts.joined(separator: "；")) }
        try alert(&response, answers, sheet, items, tx)
        response.status = .submitted
        response = try tx.save(response)
        for var answer in try rows(response, tx) {
            answer.isCounted = true
            try tx.save(answer)
        }
        try closeWhenFull(response.survey, tx)
    }

    private static func closeWhenFull(_ ref: Ref<Survey>?, _ tx: any Transaction) throws {
        guard let ref, var survey = try tx.get(Survey.self, ref), survey.status == .running, let quota = survey.quota else { return }
        guard
            try tx.count(
                Query(tx.catalog.schema(SurveyResponse.self), where: \SurveyResponse.survey == ref && \SurveyResponse.status == .submitted),
                cap: quota) >= quota
        else { return }
        (survey.status, survey.endedAt) = (.ended, tx.now)
        try tx.save(survey)
    }

    /// The figures of §3.6, of this one response.
    static func score(_ response: inout Record<SurveyResponse>, _ answers: [String: Value], _ items: [Record<QuestionnaireItem>]) {
        var parts: [(weight: Double, share: Double)] = [], words: [String] = []
        for item in items {
            guard let code = item.code, let kind = item.kind, let value = answers[code], !value.isBlank else { continue }
            let number = value.int.map { Int(truncatingIfNeeded: $0) }
            switch item.metric {
            case .nps: response.nps = number
            case .csat: response.csat = number
            case .ces: response.ces = number
            case .factor:
                if let number, let range = kind.range {
                    parts.append(
                        (Double(item.weight ?? 100), Double(Int64(number) - range.lowerBound) / Double(range.upperBound - range.lowerBound))
                    )
                }
            default: break
            }
            if kind == .text, let text = value.text { words.append(text) }
        }
        response.csi = Satisfaction.csi(parts).map { Int($0.rounded()) }
        if !words.isEmpty { response.comment = words.joined(separator: "\n") }
    }

    /// §2.13: begged scores and machines are marked, not thrown away.
    private static func suspicions(_ response: Record<SurveyResponse>, _ hand: Inquiry.Hand, _ tx: any Transaction) throws -> [String] {
        var doubts: [String] = []
        if hand.isOwnDevice { doubts.append("在员工登录的设备上作答") }
        let least = try tx.int(SurveyParameters.leastSeconds)
        if let seconds = response.seconds, seconds < least { doubts.append("作答只用了 \(seconds) 秒") }
        if let origin = hand.origin, let survey = response.survey {
            let most = try tx.int(SurveyParameters.perNetwork)
            let same = Query(
                tx.catalog.schema(SurveyResponse.self),
                where: \SurveyResponse.survey == survey && \SurveyResponse.origin == origin && \SurveyResponse.status == .submitted)
            let count = try tx.count(same, cap: most + 1)
            if count >= most { doubts.append("同一网络已提交 \(count) 份") }
        }
        return doubts
    }

    /// §2.13: whoever would not recommend the company (0…6 of 10), or is not content (1 or 2 of 5), has something to complain of, whether or
    /// not the questionnaire says so.
    private static func isLow(_ item: Record<QuestionnaireItem>, _ answers: [String: Value]) -> Bool {
        guard let score = item.code.flatMap({ answers[$0]?.int }) else { return false }
        return item.metric == .nps && score <= 6 || item.metric == .csat && score <= 2
    }

    /// A bad answer opens one complaint, or one task, with what the customer said.
    private static func alert(
        _ response: inout Record<SurveyResponse>, _ answers: [String: Value], _ sheet: Sheet, _ items: [Record<QuestionnaireItem>],
        _ tx: any Transaction
    ) throws {
        let alerts = items.filter { item in
            guard let code = item.code, let text = item.alertIf, let field = sheet[code]?.field, let when = Sheet.When(text, about: code)
            else { return false }
            return when.holds(for: answers[code] ?? .null, field)
        }
        let low = try tx.isOn(SurveyParameters.lowScores) ? items.first { isLow($0, answers) } : nil
        guard let worst = alerts.first(where: { $0.alert == .complaint }) ?? low ?? alerts.first, response.complaint == nil else { return }
        let said = sheet.asked(answers).compactMap { question in
            answers[question.code].flatMap { $0.isBlank ? nil : "\(question.field.label)：\(question.field.kind.show($0, in: .chinese))" }
        }.joined(separator: "\n")
        let subject = String(
            ("\(sheet.title)：\(worst.text ?? "")"
                + "（\(answers[worst.code ?? ""].map { sheet[worst.code ?? ""]?.field.kind.show($0, in: .chinese) ?? "" } ?? "")）").prefix(
                    200))
        if worst.alert == .complaint || low != nil, let customer = response.customer {
            var complaint = Record<Complaint>()
            (complaint.subject, complaint.content, complaint.customer, complaint.channel, complaint.receivedAt) = (
                subject, said, customer, response.channel, tx.now
            )
            (complaint.ownerID, complaint.departmentID) = (response.ownerID, response.departmentID)
            if let about = response.aboutEntity, let link = tx.catalog.schema(Complaint.self).fields.first(where: { $0.target == about }) {
                complaint.row[link] = response.aboutID.map { .int(Int64($0)) } ?? .null
            }
            let saved = try tx.insert(complaint)
            response.complaint = saved.id
            try tx.notify(ComplaintPeople.withRole("cs_mgr", tx), of: .due, "低分警示：\(subject)", about: saved.row)
        } else if let owner = try response.ownerID ?? ComplaintPeople.withRole("cs_mgr", tx).first {
            var task = Todo.followUp(response.customer, owner: owner, department: response.departmentID)
            (task.title, task.content, task.priority, task.dueAt) = (
                subject, said, .high, try WorkCalendar.load(tx).adding(workingDays: 1, to: tx.now)
            )
            (task.aboutEntity, task.aboutID) = (SurveyResponse.name, Int(response.row.id))
            try tx.insert(task)
        }
    }
}
