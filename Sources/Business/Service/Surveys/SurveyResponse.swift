import Core
import Records

/// §2.13: what one person answered to one questionnaire — by telephone, through a link of their own, at a poster or on paper.
/// Once handed in nobody changes it.
public struct SurveyResponse: Entity {
    public static let name = "survey_responses", label = "问卷答卷"
    public static var traits: EntityTraits {
        EntityTraits(icon: "message-square-text", menu: .service, english: "Survey responses").with {
            $0.sort = ["-invited_at"]
            $0.isCreatable = false
            $0.timeline = .init(at: "invited_at", text: "comment")
            $0.indexes = [
                ["owner_id", "-invited_at"], ["department_id", "-invited_at"], ["customer_id", "-invited_at"],
                ["survey_id", "-invited_at"], ["survey_id", "status", "nps"], ["survey_id", "origin"], ["questionnaire_id", "-invited_at"],
                ["about_entity", "about_id"],
            ]
            $0.highlights = ["status", "customer_id", "nps", "csat", "csi", "channel"]
            $0.related = ["survey_answers"]
            $0.presets = [
                Preset("贬损者", "Detractors", ["filter[nps][lte]": "6"]), Preset("可疑答卷", "Suspicious", ["filter[is_suspicious]": "true"]),
            ]
        }
    }

    public let no = Field<String?>(
        "no", "编号", kind: AutoNumberKind("SR-{yyyyMMdd}-{#####}"), .unique, .title, .readOnly, .english("Response no."))
    public let questionnaire = Field<Ref<Questionnaire>>("questionnaire_id", "问卷", .inList, .readOnly, .indexed)
    public let survey = Field<Ref<Survey>?>("survey_id", "调查", .inList, .readOnly, .indexed)
    public let customer = Field<Ref<Customer>?>("customer_id", "客户", .inList, .readOnly, .indexed)
    public let channel = Field<Channel>("channel", "渠道", .inList, .readOnly, .initial("phone"))
    public let status = Field<Status>("status", "状态", .inList, .readOnly, .initial("open"))
    public let aboutEntity = Field<String?>("about_entity", "相关对象", kind: TextKind(limit: 50), .readOnly, .english("About entity"))
    public let aboutID = Field<Int?>("about_id", "相关记录", .readOnly, .english("About record"))
    public let invitedAt = Field<Instant?>("invited_at", "邀请时间", .inList, .readOnly, .indexed, .english("Invited"))
    public let startedAt = Field<Instant?>("started_at", "开始作答", .readOnly, .english("Begun"))
    public let answeredAt = Field<Instant?>("answered_at", "提交时间", .inList, .readOnly, .english("Handed in"))
    public let seconds = Field<Int?>("seconds", "用时", .readOnly, .unit("秒", "s"), .english("Took"))

    public let nps = Field<Int?>(
        "nps", "推荐意愿", kind: ScoreKind(range: 0...10), .inList, .readOnly, .indexed, .section(.scores), .english("NPS score"))
    public let csat = Field<Int?>(
        "csat", "总体满意", kind: ScoreKind(range: 1...5), .inList, .readOnly, .section(.scores), .english("CSAT score"))
    public let ces = Field<Int?>("ces", "费力程度", kind: ScoreKind(range: 1...7), .readOnly, .section(.scores), .english("CES score"))
    public let csi = Field<Int?>("csi", "CSI 指数", kind: ScoreKind(range: 0...1000), .inList, .readOnly, .section(.scores), .english("CSI"))
    public let comment = Field<String?>(
        "comment", "原话", kind: LongTextKind(), .inList, .readOnly, .searchable, .section(.scores), .english("In their words"))
    public let complaint = Field<Ref<Complaint>?>(
        "complaint_id", "引发的投诉", .readOnly, .indexed, .section(.scores), .reverse("来自答卷", "From responses"),
        .english("Complaint"))

    public let isSuspicious = Field<Bool?>("is_suspicious", "可疑", .inList, .readOnly, .section(.integrity), .english("Suspicious"))
    public let suspicion = Field<String?>("suspicion", "可疑之处", kind: TextKind(limit: 200), .readOnly, .section(.integrity))
    public let voidReason = Field<String?>("void_reason", "作废原因", kind: TextKind(limit: 200), .readOnly, .section(.integrity))
    public let origin = Field<String?>("origin", "来源网络", kind: JSONTextKind(limit: 200), .readOnly, .section(.integrity))
    public let token = Field<String?>(
        "token", "链接", kind: JSONTextKind(limit: 60), .unique, .readOnly, .section(.integrity), .english("Link"))
    public let key = Field<String?>(
        "dedupe_key", "去重键", kind: JSONTextKind(limit: 200), .unique, .readOnly, .section(.integrity), .english("Key"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.integrity))

    public init() {}

    public enum Status: String, Choice {
        case open, submitted, void
        public static let options: [Option<Status>] = [
            .init(.open, "待作答", .accent, english: "Waiting"), .init(.submitted, "已提交", .ok, english: "Handed in"),
            .init(.void, "已作废", .warn),
        ]
    }

    public static var flow: Flow? {
        .of(SurveyResponse.self, \.status) {
            $0.step(
                "void", "作废", from: [.open, .submitted], to: .void, parameters: [Reason.demanded], permission: "void", icon: "ban"
            ) { response, arguments, _ in response.voidReason = arguments[Reason.demanded] }
            $0.move(from: [.open], to: [.submitted], "客户或代填的同事交卷：必答题都已回答")
            $0.lock([.submitted], instead: "有问题请作废并写明原因")
        }
    }

    public static var rules: Rules {
        .of(SurveyResponse.self) {
            $0.beforeSave { response, _, tx in
                if response.invitedAt == nil { response.invitedAt = tx.now }
            }
            $0.notice { response, _ in
                response.isSuspicious == true
                    ? Notice(.warn, "可疑：\(response.suspicion ?? "")", "Suspicious: \(response.suspicion ?? "")") : nil
            }
            // Whoever has the link answers in the customer's name: it is for those who look after the answer.
            $0.notice { response, look in
                let row = response.row
                guard response.status == .open, let token = response.token,
                    look.actor.reach(row.schema, "update").covers(id: row.id, owner: row.ownerID, department: row.departmentID)
                else { return nil }
                return Notice(.neutral, "客户的作答链接：/answer/\(token)", "The customer's link: /answer/\(token)")
            }
        }
    }

    /// The secret of a link: 120 random bits.
    static func freshToken() -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<24).map { _ in letters[Int(generator.next() % 32)] })
    }
}

extension Words {
    static let scores = Words("得分", "Scores")
    static let integrity = Words("真实性", "Integrity")
}

/// One answer, as a row that every figure can be counted from.
public struct SurveyAnswer: Entity {
    public static let name = "survey_answers", label = "作答"
    public static var traits: EntityTraits {
        EntityTraits(icon: "check-check", english: "Answers").with {
            $0.sort = ["-id"]
            ($0.isCreatable, $0.isKept) = (false, true)
            $0.indexes = [
                ["response_id", "-id"], ["survey_id", "code", "shown"], ["survey_id", "-id"], ["questionnaire_id", "-id"],
                ["owner_id", "-id"], ["department_id", "-id"],
            ]
        }
    }

    public let question = Field<String>("question", "题目", kind: TextKind(limit: 300), .title, .readOnly)
    public let response = Field<Ref<SurveyResponse>>("response_id", "答卷", .inList, .readOnly, .indexed)
    public let survey = Field<Ref<Survey>?>("survey_id", "调查", .readOnly, .indexed)
    public let questionnaire = Field<Ref<Questionnaire>>("questionnaire_id", "问卷", .readOnly, .indexed)
    public let customer = Field<Ref<Customer>?>("customer_id", "客户", .inList, .readOnly)
    public let code = Field<String>("code", "题号", kind: TextKind(limit: 20), .inList, .readOnly)
    public let factor = Field<String?>("factor", "评价因子", kind: TextKind(limit: 50), .inList, .readOnly)
    public let shown = Field<String?>("shown", "回答", kind: TextKind(limit: 2000), .inList, .readOnly, .english("Answer"))
    public let number = Field<Int?>("number", "分值", .inList, .readOnly)
    /// As it was typed, to be read back by the question's field.
    public let typed = Field<String?>("typed", "原值", kind: JSONTextKind(limit: 4000), .readOnly)
    /// Counts only once the whole is handed in.
    public let isCounted = Field<Bool?>("is_counted", "计入统计", .inList, .readOnly, .english("Counted"))

    public init() {}
}
