import Core
import Records

/// D13: one attempt to reach a customer, and what came of it. A supervisor listens to some and gives a score.
public struct FollowVisit: Entity {
    public static let name = "follow_visits", label = "跟踪记录"
    public static var traits: EntityTraits {
        EntityTraits(icon: "phone-call", menu: .service, english: "Follow-up log").with {
            $0.sort = ["-ended_at"]
            ($0.isCreatable, $0.isKept) = (false, true)
            $0.indexes = [
                ["plan_id", "-ended_at"], ["customer_id", "-ended_at"], ["owner_id", "-ended_at"], ["department_id", "-ended_at"],
                ["result", "-ended_at"],
            ]
            $0.highlights = ["result", "customer_id", "ended_at", "minutes", "qa_score"]
            $0.presets = [Preset("待质检", "To be inspected", ["filter[is_sampled]": "true", "filter[qa_score][empty]": "1"])]
        }
    }

    public let title = Field<String>("title", "跟踪事项", kind: TextKind(limit: 200), .title, .readOnly)
    public let plan = Field<Ref<FollowPlan>>("plan_id", "跟踪计划", .inList, .readOnly, .indexed, .english("Follow-up"))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .readOnly, .indexed)
    public let scene = Field<Question.Scene>("scene", "场景", .inList, .readOnly, .english("Scene"))
    public let result = Field<Result>("result", "结果", .inList, .readOnly, .indexed, .initial("success"))
    public let startedAt = Field<Instant?>("started_at", "开始", .readOnly, .english("Begun"))
    public let endedAt = Field<Instant?>("ended_at", "结束", .inList, .readOnly, .indexed, .english("Ended"))
    public let minutes = Field<Int?>("minutes", "时长", .readOnly, .unit("分钟", "min"))
    public let note = Field<String?>("note", "记录", kind: LongTextKind(), .readOnly, .searchable)
    public let suggestion = Field<String?>("suggestion", "客户建议", kind: TextKind(limit: 500), .readOnly, .searchable)
    public let response = Field<Ref<SurveyResponse>?>("response_id", "答卷", .readOnly, .english("Response"))
    public let recording = Field<String?>("recording_url", "录音", kind: URLKind(), .readOnly, .english("Recording"))
    public let isSampled = Field<Bool?>("is_sampled", "抽中质检", .readOnly, .inList, .section(.inspection), .english("Drawn for inspection"))
    public let qaScore = Field<Int?>(
        "qa_score", "质检得分", kind: ScoreKind(), .readOnly, .inList, .section(.inspection), .english("Inspection score"))
    public let qaNote = Field<String?>(
        "qa_note", "质检意见", kind: LongTextKind(limit: 2000), .readOnly, .section(.inspection), .english("Inspection note"))
    public let qaBy = Field<Ref<User>?>("qa_by", "质检人", .readOnly, .section(.inspection), .english("Inspected by"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Result: String, Choice {
        case success, noAnswer = "no_answer", busy, powerOff = "power_off", invalid, refused, callback, wrongPerson = "wrong_person"
        public static let options: [Option<Result>] = [
            .init(.success, "成功", .ok), .init(.noAnswer, "无人接听", .warn, english: "No answer"), .init(.busy, "占线", .warn),
            .init(.powerOff, "关机", .warn, english: "Switched off"), .init(.invalid, "空号", .bad, english: "No such number"),
            .init(.refused, "拒访", .bad), .init(.callback, "约定再拨", .sky, english: "Call again"),
            .init(.wrongPerson, "非本人", .warn, english: "Somebody else"),
        ]
    }

    private static let score = Field<Int>("score", "得分", kind: ScoreKind(), .english("Score"))
    private static let opinion = Field<String?>("note", "意见", kind: LongTextKind(limit: 2000), .english("Note"))

    /// §4.3-10: whoever made the call does not score it.
    public static var actions: [Action] {
        [
            Action.on(
                FollowVisit.self, "inspect", "质检评分", icon: "badge-check", english: "Score", parameters: [score, opinion],
                permission: "inspect",
                unavailable: { visit, actor in visit.ownerID == actor.userID ? "不能给自己的跟踪评分" : nil }
            ) { visit, arguments, tx in
                (visit.qaScore, visit.qaNote, visit.qaBy) = (arguments[score], arguments[opinion], Ref(tx.actor.userID))
            }.with {
                $0.isPrimary = true; $0.isBulk = false
            }
        ]
    }

    /// Writes down an attempt, and one interaction when the customer was reached.
    static func keep(
        _ plan: Record<FollowPlan>, _ result: Result, from started: Instant, _ arguments: Arguments, _ tx: any Transaction
    ) throws {
        var visit = Record<FollowVisit>()
        (visit.title, visit.plan, visit.customer, visit.scene, visit.result) = (plan.title, plan.id, plan.customer, plan.scene, result)
        (visit.startedAt, visit.endedAt, visit.minutes) = (
            started, tx.now, Int(max(0, tx.now.milliseconds - started.milliseconds) / 60_000)
        )
        (visit.note, visit.suggestion, visit.recording, visit.response) = (
            arguments[FollowPlan.Attempt.note], arguments[FollowPlan.Attempt.suggestion], arguments[FollowPlan.Attempt.recording],
            plan.response
        )
        (visit.ownerID, visit.departmentID) = (plan.ownerID, plan.departmentID)
        var random = SplitMix64(seed: UInt64(bitPattern: plan.row.id) &* 31 &+ UInt64(plan.attempts ?? 0))
        let share = try tx.int(FollowParameters.inspectShare)
        visit.isSampled = result == .success && random.chance(share)
        try tx.insert(visit)
        guard [.success, .refused, .callback].contains(result) else { return }
        var talk = Record<Interaction>()
        (talk.customer, talk.subject, talk.outcome, talk.happenedAt, talk.minutes) = (
            plan.customer, String(plan.title.prefix(200)), result.label, tx.now, visit.minutes
        )
        talk.channel = try plan.method.flatMap { try tx.get(TrackingMethod.self, $0) }?.channel ?? .phone
        talk.content = [visit.note, visit.suggestion.map { "建议：\($0)" }].compactMap(\.self).joined(separator: "\n")
        (talk.ownerID, talk.departmentID) = (plan.ownerID, plan.departmentID)
        try tx.insert(talk)
    }
}

extension Words {
    static let inspection = Words("质检", "Inspection")
}
