import Core
import Records

/// A28, C16: a round of asking — which customers, with which questionnaire, how, how many — and what came of it.
public struct Survey: Entity {
    public static let name = "surveys", label = "满意度调查"
    public static var traits: EntityTraits {
        EntityTraits(icon: "clipboard-check", menu: .service, english: "Surveys").with {
            $0.sort = ["-created_at"]
            $0.hasAttachments = true
            $0.indexes = [["owner_id", "-created_at"], ["department_id", "-created_at"], ["status", "-created_at"]]
            $0.highlights = ["status", "questionnaire_id", "channel", "invited", "answered", "quota"]
            $0.related = ["survey_responses"]
        }
    }

    public let title = Field<String>("name", "调查名称", kind: TextKind(limit: 100, searching: .prose), .title)
    public let questionnaire = Field<Ref<Questionnaire>>(
        "questionnaire_id", "问卷", .inList, .quick, .help("启动时用正在使用的版本", "The edition in use when it starts"))
    public let status = Field<Status>("status", "状态", .inList, .initial("draft"))
    public let channel = Field<Channel>(
        "channel", "调查方式", .inList, .quick, .initial("sms"), .help("短信、微信等发链接；电话由客服逐个询问；柜台贴二维码；信函为纸质", "A link, a call, a poster or paper"))
    public let from = Field<Day?>("from_on", "开始日期", .english("From"))
    public let to = Field<Day?>("to_on", "结束日期", .inList, .help("到期自动结束", "Ends by itself"), .english("Until"))

    public let lifecycles = Field<[Customer.Lifecycle]>("lifecycles", "生命周期", .section(.audience))
    public let levels = Field<Refs<CustomerLevel>>("level_ids", "客户级别", .section(.audience))
    public let city = Field<String?>("city", "城市", kind: RegionKind(level: 2), .section(.audience))
    public let boughtWithin = Field<Int?>(
        "bought_within", "近期成交", kind: WholeNumberKind(range: 1...3650), .unit("天内", "days"), .section(.audience), .english("Bought within")
    )
    public let segment = Field<String?>(
        "segment", "其他条件", kind: JSONTextKind(limit: 20_000, asking: "customers"), .section(.audience), .english("Further conditions"))
    public let sampling = Field<Sampling>("sampling", "抽样", .initial("all"), .section(.audience))
    public let size = Field<Int?>(
        "sample_size", "抽样数", kind: WholeNumberKind(range: 1...1_000_000), .section(.audience),
        .help("按比例时为百分数，按负责人时为每人几位", "Percent, or how many of each owner"), .english("Sample"))
    public let seed = Field<Int?>(
        "sample_seed", "抽样种子", kind: WholeNumberKind(range: 1...999_999_999), .section(.audience),
        .help("留空则启动时随机取一个并记下；填同一个数，同样的客户会抽出同样的人", "Drawn and kept when it starts; the same seed draws the same of the same customers"),
        .english("Seed of the drawing"))
    public let quota = Field<Int?>(
        "quota", "配额", kind: WholeNumberKind(range: 1...1_000_000), .section(.audience), .unit("份", "responses"),
        .help("收满即止", "Closed when so many are in"))

    public let code = Field<String?>(
        "code", "二维码代码", kind: TextKind(limit: 40), .unique, .section(.open),
        .help("公开地址为 /ask/代码，不填则只能凭个人链接作答", "The public address is /ask/code; without it only personal links work"),
        .english("Poster's code"))
    public let perHour = Field<Int>(
        "per_hour", "每小时最多", kind: WholeNumberKind(range: 1...100_000), .initial(60), .unit("份", "responses"), .section(.open),
        .english("At most an hour"))

    public let invitedTo = Field<Int?>("invited_to", "已邀请到", .readOnly, .section(.state), .english("Invited up to"))
    public let isInvited = Field<Bool?>("is_invited", "邀请完毕", .readOnly, .section(.state), .english("All invited"))
    public let invited = Field<Int?>("invited", "邀请数", .readOnly, .inList, .unit("份", ""), .section(.state), .english("Invited"))
    public let answered = Field<Int?>("answered", "回收数", .readOnly, .inList, .unit("份", ""), .section(.state), .english("Answered"))
    public let startedAt = Field<Instant?>("started_at", "启动时间", .readOnly, .section(.state), .english("Started"))
    public let endedAt = Field<Instant?>("ended_at", "结束时间", .readOnly, .section(.state), .english("Ended"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}

    public enum Status: String, Choice {
        case draft, running, paused, ended
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.running, "进行中", .ok), .init(.paused, "暂停", .warn), .init(.ended, "已结束"),
        ]
    }

    public enum Sampling: String, Choice {
        case all, share, number, perOwner = "per_owner"
        public static let options: [Option<Sampling>] = [
            .init(.all, "全部"), .init(.share, "按比例", english: "A share"), .init(.number, "按数量", english: "A number"),
            .init(.perOwner, "每位负责人若干", english: "So many of each owner"),
        ]
    }

    public static var flow: Flow? {
        .of(Survey.self, \.status) {
            $0.step("start", "启动", from: [.draft, .paused], to: .running, icon: "play", primary: true) { survey, _, tx in
                survey.questionnaire = try Questionnaire.current(survey.questionnaire, tx)
                guard try tx.get(Questionnaire.self, survey.questionnaire)?.status == .published else {
                    throw Refusal.conflict("问卷还没有发布，请先发布再启动调查")
                }
                survey.startedAt = survey.startedAt ?? tx.now
                if survey.sampling != .all { survey.seed = survey.seed ?? Int.random(in: 1...999_999_999) }
                let id = survey.row.id
                try tx.enqueue("surveys.invite", ["survey": .int(id)], key: "surveys.invite/\(id)", after: 0)
            }
            $0.step("pause", "暂停", from: [.running], to: .paused, icon: "circle-pause")
            $0.step("end", "结束", from: [.running, .paused], to: .ended, keeper: true, icon: "circle-check", english: "End") {
                survey, _, tx in
                survey.endedAt = tx.now
            }
            $0.move(from: [.running, .paused], to: [.ended], "任务「结束到期的调查」：过了结束日期")
            $0.move(from: [.running], to: [.ended], "客户提交问卷：达到份数上限")
            $0.lock([.running, .paused], but: [\.title, \.to, \.perHour, \.quota])
        }
    }

    public static var rules: Rules {
        .of(Survey.self) {
            $0.rollUp(RollUp("invited", of: SurveyResponse.name, by: "survey_id", .count))
            $0.rollUp(RollUp("answered", of: SurveyResponse.name, by: "survey_id", .count, where: .field("status", .eq, "submitted")))
            $0.beforeSave { survey, change, tx in
                try Ownership.follow(&survey.row, change, tx)
                if let from = survey.from, let to = survey.to, to < from { throw Problem("to_on", "结束日期不能早于开始日期") }
                if survey.sampling != .all, survey.size == nil { throw Problem("sample_size", code: "required", "请填写「抽样数」") }
                if survey.boughtWithin != nil, !tx.catalog.has(Buyer.self) {
                    throw Problem("bought_within", "没有启用销售功能，不能按购买时间选客户，请清空此项")
                }
                if survey.sampling == .share, let share = survey.size, share > 100 { throw Problem("sample_size", "按比例抽样时填 1 到 100") }
                if let code = survey.code,
                    !code.utf8.allSatisfy({ (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 })
                {
                    throw Problem("code", "二维码代码只能用字母、数字和连字符")
                }
            }
            $0.finding { survey, look in try findings(survey, look) }
            $0.notice { survey, _ in
                guard survey.status == .running, let code = survey.code else { return nil }
                return Notice(.neutral, "二维码地址：/ask/\(code)", "The poster's address: /ask/\(code)")
            }
        }
    }

    /// Whom it is about, before sampling.
    static func audience(_ survey: Record<Survey>, _ tx: any Transaction) throws -> Condition {
        var condition = \Customer.fileStatus == .active && (\Customer.doNotContact == nil || \Customer.doNotContact == false)
        if !survey.lifecycles.isEmpty { condition = condition && .compare(.init("lifecycle"), .in, survey.lifecycles.map(\.stored)) }
        if !survey.levels.ids.isEmpty { condition = condition && .compare(.init("level_id"), .in, survey.levels.ids.map(Value.int)) }
        if let city = survey.city { condition = condition && \Customer.city == city }
        if let days = survey.boughtWithin { condition = condition && \Buyer.lastPurchase >= tx.today - days }
        if let text = survey.segment { condition = condition && (try tx.question(text, about: tx.catalog.schema(Customer.self))) }
        return condition
    }

    /// A customer's own random numbers: the same whenever it is asked, so that a batch that ran twice draws nobody anew.
    static func random(_ customer: Int64, seed: Int) -> SplitMix64 {
        SplitMix64(seed: UInt64(bitPattern: Int64(seed)) &* 1_000_003 &+ UInt64(bitPattern: customer))
    }

    /// Draws so many of so many, one after another, each of them equally likely (Knuth, The Art of Computer Programming 2, 3.4.2,
    /// algorithm S).
    struct Drawing {
        /// How many are still to be drawn, and of how many.
        var wanted: Int, left: Int

        mutating func draws(_ customer: Int64, seed: Int) -> Bool {
            var random = Survey.random(customer, seed: seed)
            defer { left = max(left - 1, 0) }
            guard wanted > 0, left <= wanted || random.number(below: left) < wanted else { return false }
            wanted -= 1
            return true
        }
    }

    static func invitation(_ survey: Record<Survey>, _ customer: Record<Customer>?, _ tx: any Transaction) -> Record<SurveyResponse> {
        var response = Record<SurveyResponse>()
        (response.survey, response.questionnaire, response.customer, response.channel, response.invitedAt) = (
            survey.id, survey.questionnaire, customer?.id, customer == nil ? .counter : survey.channel, tx.now
        )
        response.token = SurveyResponse.freshToken()
        response.ownerID = customer?.ownerID ?? survey.ownerID
        response.departmentID = customer?.departmentID ?? survey.departmentID
        if let customer { response.key = "survey/\(survey.row.id)/customer/\(customer.row.id)" }
        return response
    }

    /// The poster: whoever scans it begins a response of their own.
    static let openInquiry = OpenInquiry(
        of: Survey.name,
        sheet: { row, look in
            let survey = Record<Survey>(row)
            return survey.status == .running ? try Questionnaire.sheet(survey.questionnaire, look) : nil
        },
        begin: { row, origin, tx in
            let response = invitation(Record<Survey>(row), nil, tx)
            try tx.insert(response)
            return response.token ?? ""
        }
    )
}

extension Words {
    static let audience = Words("对象与抽样", "Audience and sample")
    static let open = Words("公开作答", "Open to all")
}

enum SurveyJobs {
    private static let batch = 200

    /// One invitation a customer, a batch at a time; where it stopped is kept with the batch.
    static let invite = Job("surveys.invite", "发出调查邀请", english: "Survey invitations") { payload, tx in
        guard let id = payload["survey"]?.int, var survey = try tx.get(Survey.self, Ref(id)), survey.status == .running,
            survey.isInvited != true
        else { return }
        var query = Query(tx.catalog.schema(Survey.self), where: .ids([id]), limit: 1)
        query.withLinks = true
        guard let whole = try tx.fetch(query).first.map(Record<Survey>.init) else { return }
        let after = \Customer.fileStatus == .active && .field("id", .gt, .int(Int64(survey.invitedTo ?? 0)))
        let found = try tx.all(Customer.self, where: after && Survey.audience(whole, tx), sort: [Query.Sort("id")], limit: batch)
        /// What is still to be drawn of the customers that are left, all or those of one owner. A poster's own responses do not count.
        func drawing(of owner: Int64?) throws -> Survey.Drawing {
            let theirs = owner.map { Condition.field("owner_id", .eq, .int($0)) } ?? .everything
            let invited = \SurveyResponse.survey == survey.id && \SurveyResponse.key != nil && theirs
            let present = try tx.count(Query(tx.catalog.schema(SurveyResponse.self), where: invited), cap: 1_000_000)
            let left = try tx.count(
                Query(tx.catalog.schema(Customer.self), where: after && Survey.audience(whole, tx) && theirs), cap: 10_000_000)
            return Survey.Drawing(wanted: size - present, left: left)
        }
        let size = survey.size ?? 0, seed = survey.seed ?? Int(truncatingIfNeeded: id)
        var whoever = survey.sampling == .number ? try drawing(of: nil) : Survey.Drawing(wanted: 0, left: 0)
        var byOwner: [Int64: Survey.Drawing] = [:]
        for customer in found {
            switch survey.sampling {
            case .all: break
            case .share:
                var random = Survey.random(customer.row.id, seed: seed)
                if !random.chance(size) { continue }
            case .number: if !whoever.draws(customer.row.id, seed: seed) { continue }
            case .perOwner:
                guard let owner = customer.ownerID else { break }
                var theirs = try byOwner[owner] ?? drawing(of: owner)
                let isDrawn = theirs.draws(customer.row.id, seed: seed)
                byOwner[owner] = theirs
                if !isDrawn { continue }
            }
            let response = Survey.invitation(survey, customer, tx)
            guard let key = response.key, try tx.first(SurveyResponse.self, where: \SurveyResponse.key == key) == nil else { continue }
            _ = try tx.apart(customer) { try tx.insert(response) }
        }
        survey.invitedTo = found.last.map { Int($0.row.id) } ?? survey.invitedTo
        let isOver = found.count < batch || survey.sampling == .number && whoever.wanted <= 0
        survey.isInvited = isOver
        try tx.save(survey)
        if !isOver { try tx.enqueue("surveys.invite", ["survey": .int(id)], key: "surveys.invite/\(id)", after: 1) }
    }

    static let end = Job("surveys.end", "结束到期的调查", english: "End surveys", schedule: .daily(hour: 0, minute: 30)) { _, tx in
        try tx.each(Survey.self, where: .field("status", .in, "running", "paused") && \Survey.to < tx.today) { survey in
            var survey = survey
            (survey.status, survey.endedAt) = (.ended, tx.now)
            try tx.save(survey)
        }
    }

    static let all = [invite, end]
}

/// What a company may set about surveys ([CFG]).
public enum SurveyParameters {
    static let section = Words("满意度调查", "Surveys")

    public static let lowScores = Parameter(
        "surveys.low_score_complaint", "低分自动建投诉", true, kind: YesNoKind(),
        help: Words(
            "推荐意愿 6 分及以下、总体满意 2 分及以下时，为客户建一件投诉；关闭后只按问卷里的警示条件",
            "0 to 6 of 10 for recommending, 1 or 2 of 5 for content; when off, only what a questionnaire says itself"), section: section,
        english: "A low score opens a complaint")
    public static let leastSeconds = Parameter(
        "surveys.least_seconds", "作答短于此为可疑", 15, range: 0...600, unit: Words("秒", "s"), section: section,
        english: "Suspicious when faster than")
    public static let perNetwork = Parameter(
        "surveys.per_network", "同一网络超过几份为可疑", 3, range: 1...1000, unit: Words("份", "responses"), section: section,
        english: "Suspicious when from one network more than")
    public static let leastShown = Parameter(
        "surveys.least_shown", "样本少于此不显示结果", 10, range: 1...1000, unit: Words("份", "responses"), section: section,
        english: "Figures are shown from")

    static let all = [lowScores, leastSeconds, perNetwork, leastShown]
}

/// 满意度: questions, questionnaires, surveys and what was answered.
public enum SurveysCapability: Capability {
    public static let name = "surveys", label = "满意度"
    public static let entities: [any Entity.Type] = [
        Survey.self, SurveyResponse.self, Questionnaire.self, QuestionnaireItem.self, Question.self, SurveyAnswer.self,
    ]
    public static let parameters = SurveyParameters.all
    public static let jobs = SurveyJobs.all
    public static let inquiries = [Answers.inquiry]
    public static let openInquiries = [Survey.openInquiry]
    public static let roles = SurveyRoles.all

    public static func seed(_ tx: any Transaction) throws { try QuestionnaireSetUp.seed(tx) }
    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoSurveys.steps(demo) }
}

/// The care desk asks and writes down, its manager and marketing decide what is asked; nobody changes what was answered.
enum SurveyRoles {
    private static let library: [any Entity.Type] = [Question.self, Questionnaire.self, QuestionnaireItem.self]
    private static let answers: [any Entity.Type] = [SurveyResponse.self, SurveyAnswer.self]

    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            rights.allow(.all, ["read"], on: library)
            rights.allow(.none, Rights.writing, on: library)
            if role.isAmong(.sellers) {
                rights.allow(.own, ["read", "update"], on: [SurveyResponse.self])
                rights.allow(.own, ["read"], on: [SurveyAnswer.self])
            }
            switch role {
            case .supervisor: rights.allow(.ownAndSubordinates, ["read"], on: answers)
            case .followUp:
                rights.allow(.all, ["read", "update"], on: [SurveyResponse.self])
                rights.allow(.all, ["read"], on: [SurveyAnswer.self, Survey.self])
            case .careManager, .marketing:
                rights.allow(.all, Rights.everyday + ["delete", "export"], on: library + [Survey.self])
                rights.allow(.all, ["read", "update", "delete", "export", "void"], on: [SurveyResponse.self])
                rights.allow(.all, ["read", "export"], on: [SurveyAnswer.self])
            case .gm, .director:
                rights.allow(.all, Rights.everyday + ["delete", "export"], on: library + [Survey.self])
                rights.allow(.all, ["read", "export", "void"], on: answers)
            case .dpo: rights.allow(.all, ["read", "delete", "export"], on: answers)
            default: break
            }
        }
    }
}
