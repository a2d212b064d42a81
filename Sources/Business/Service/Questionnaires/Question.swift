import Records

/// D10: the bank of questions that questionnaires are put together from; a questionnaire keeps its own copy.
public struct Question: Entity {
    public static let name = "questions", label = "题库"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "circle-help", english: "Question bank").with {
            $0.sort = ["scene", "position", "id"]
            $0.indexes = [["scene", "position", "id"]]
            $0.highlights = ["kind", "metric", "scene", "edition"]
        }
    }

    public let text = Field<String>("text", "题目", kind: TextKind(limit: 300, searching: .prose), .title)
    public let kind = Field<Kind>("kind", "题型", .inList, .quick, .initial("single"))
    public let options = Field<String?>(
        "options", "选项", kind: LongTextKind(limit: 4000), .quick, .only(when: "kind", "single", "multiple"),
        .help("每行一个，或用分号隔开", "One a line, or with semicolons between"))
    public let low = Field<String?>(
        "low_label", "低分含义", kind: TextKind(limit: 50), .only(when: "kind", "score10", "score5", "score7"), .english("Low end"))
    public let high = Field<String?>(
        "high_label", "高分含义", kind: TextKind(limit: 50), .only(when: "kind", "score10", "score5", "score7"), .english("High end"))
    public let metric = Field<Metric>("metric", "指标", .inList, .initial("none"))
    public let factor = Field<String?>(
        "factor", "评价因子", kind: TextKind(limit: 50), .inList, .help("例如服务启动、服务顾问", "Such as service initiation, advisor"))
    public let scene = Field<Scene?>("scene", "适用场景", .inList, .quick, .indexed, .english("Scene"))
    public let isRequired = Field<Bool>("is_required", "必答", .initial(true), .english("Required"))
    public let position = Field<Int?>("position", "顺序", .initial(0), .english("Order"))
    public let edition = Field<Int?>("edition", "版本", .readOnly, .inList)
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public enum Kind: String, Choice {
        case single, multiple, score10, score5, score7, yesNo = "yes_no", number, text, day
        public static let options: [Option<Kind>] = [
            .init(.single, "单选", .sky, english: "One of several"), .init(.multiple, "多选", .sky, english: "Several"),
            .init(.score10, "0–10 分", .violet, english: "0 to 10"), .init(.score5, "1–5 分", .violet, english: "1 to 5"),
            .init(.score7, "1–7 分", .violet, english: "1 to 7"), .init(.yesNo, "是/否", .teal, english: "Yes or no"), .init(.number, "数字"),
            .init(.text, "文字"), .init(.day, "日期", english: "Date"),
        ]
        /// The scale's ends.
        var range: ClosedRange<Int64>? {
            switch self {
            case .score10: 0...10
            case .score5: 1...5
            case .score7: 1...7
            default: nil
            }
        }
    }

    /// §3.6: which figure an answer counts in.
    public enum Metric: String, Choice {
        case none, nps, csat, ces, factor
        public static let options: [Option<Metric>] = [
            .init(.none, "不计分", english: "No figure"), .init(.nps, "NPS 推荐意愿", .ok, english: "NPS"),
            .init(.csat, "CSAT 总体满意", .sky, english: "CSAT"), .init(.ces, "CES 费力程度", .teal, english: "CES"),
            .init(.factor, "CSI 因子", .violet, english: "CSI factor"),
        ]
    }

    /// §2.26 follow_plan.scene: for what customers are called or written to.
    public enum Scene: String, Choice {
        case sale1d = "sale_1d", sale3d = "sale_3d", sale7d = "sale_7d", sale30d = "sale_30d", service3d = "service_3d", service7d =
            "service_7d", maintFirst = "maint_first", maintRegular = "maint_regular"
        case inspection, insurance, loan, birthday, festival, lost, nearLost = "near_lost", complaintVerify = "complaint_verify", prospect,
            tripPre = "trip_pre", tripIn = "trip_in", tripPost = "trip_post", custom
        public static let options: [Option<Scene>] = [
            .init(.sale1d, "交车次日问候", .sky, english: "Day after delivery"), .init(.sale3d, "交车3日回访", .sky, english: "3 days after delivery"),
            .init(.sale7d, "交车7日回访", .sky, english: "7 days after delivery"),
            .init(.sale30d, "交车30日回访", .sky, english: "30 days after delivery"),
            .init(.service3d, "售后3日回访", .teal, english: "3 days after service"),
            .init(.service7d, "售后7日回访", .teal, english: "7 days after service"),
            .init(.maintFirst, "首保提醒", .accent, english: "First maintenance"),
            .init(.maintRegular, "定保提醒", .accent, english: "Regular maintenance"),
            .init(.inspection, "年检提醒"), .init(.insurance, "续保提醒"), .init(.loan, "还款提醒"), .init(.birthday, "生日关怀", .rose),
            .init(.festival, "节日关怀", .rose),
            .init(.lost, "流失招揽", .warn), .init(.nearLost, "准流失预警", .warn), .init(.complaintVerify, "投诉回访确认", .bad),
            .init(.prospect, "潜客跟进", .accent), .init(.tripPre, "行前提醒", .violet, english: "Before the trip"),
            .init(.tripIn, "行中关怀", .violet, english: "During the trip"), .init(.tripPost, "归来回访", .violet, english: "After the trip"),
            .init(.custom, "自定义"),
        ]
    }

    public static var rules: Rules {
        .of(Question.self) {
            $0.beforeSave { question, change, _ in
                _ = try Asking.options(question.options, for: question.kind)
                let isSame =
                    !change.changed(\Question.text, in: question) && !change.changed(\Question.options, in: question)
                    && !change.changed(\Question.kind, in: question)
                if !isSame { question.edition = (question.edition ?? 0) + 1 }
            }
        }
    }
}

/// How a question's words become a field that reads and checks the answer.
enum Asking {
    static let yesNo = [ChoiceOption("yes", "是", english: "Yes"), ChoiceOption("no", "否", english: "No")]

    /// Options are numbered: what is published never changes.
    static func options(_ text: String?, for kind: Question.Kind) throws -> [ChoiceOption] {
        guard kind == .single || kind == .multiple else { return kind == .yesNo ? yesNo : [] }
        let labels = (text ?? "").split(whereSeparator: { "\n；;".contains($0) }).map { String($0).trimmed }.filter { !$0.isEmpty }
        guard (2...50).contains(labels.count) else { throw Problem("options", "选择题要有 2 到 50 个选项，每行一个") }
        guard Set(labels).count == labels.count else { throw Problem("options", "选项不能重复") }
        if let long = labels.first(where: { $0.count > 60 || $0.contains(",") || $0.contains("，") || $0.contains("、") }) {
            throw Problem("options", "选项「\(long.prefix(20))」过长或含有逗号、顿号")
        }
        return labels.enumerated().map { ChoiceOption(String($0 + 1), $1) }
    }

    static func kind(_ kind: Question.Kind, _ options: [ChoiceOption]) -> any FieldKind {
        switch kind {
        case .single, .yesNo: ChoiceKind(options)
        case .multiple: ChoicesKind(options)
        case .score10, .score5, .score7: ScoreKind(range: kind.range ?? 0...10)
        case .number: WholeNumberKind(range: -1_000_000_000...1_000_000_000)
        case .text: LongTextKind(limit: 2000)
        case .day: DayKind()
        }
    }
}
