import Records

/// One question of a questionnaire's edition: written here or taken from the bank, when it is asked, what it counts for, and what a bad
/// answer sets off.
public struct QuestionnaireItem: Entity {
    public static let name = "questionnaire_items", label = "问卷题目"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list-checks", english: "Questions").with {
            $0.parent = "questionnaire_id"
            $0.sort = ["questionnaire_id", "position", "id"]
            $0.indexes = [["questionnaire_id", "position", "id"]]
            $0.unique = [["questionnaire_id", "code"]]
        }
    }

    public let questionnaire = Field<Ref<Questionnaire>>("questionnaire_id", "问卷", .indexed)
    public let code = Field<String?>(
        "code", "题号", kind: TextKind(limit: 20), .inList, .quick, .help("留空自动编为 q1、q2 …", "q1, q2 … when empty"))
    public let section = Field<String?>("section", "分节", kind: TextKind(limit: 60), .inList, .help("一节一页", "A page each"))
    public let bank = Field<Ref<Question>?>(
        "question_id", "取自题库", .quick, .help("题目、题型和选项留空时从题库带出", "Fills in what is left empty"), .english("From the bank"))
    public let text = Field<String?>("text", "题目", kind: TextKind(limit: 300), .title)
    public let kind = Field<Question.Kind?>("kind", "题型", .inList, .quick)
    public let options = Field<String?>("options", "选项", kind: LongTextKind(limit: 4000), .quick, .help("用分号隔开", "With semicolons between"))
    public let low = Field<String?>("low_label", "低分含义", kind: TextKind(limit: 50), .english("Low end"))
    public let high = Field<String?>("high_label", "高分含义", kind: TextKind(limit: 50), .english("High end"))
    public let isRequired = Field<Bool?>("is_required", "必答", .inList, .initial(true), .english("Required"))
    public let when = Field<String?>(
        "show_if", "显示条件", kind: TextKind(limit: 200), .inList, .help("例如 q1<=6 或 q2=否", "Such as q1<=6 or q2=no"), .english("Asked when"))
    public let metric = Field<Question.Metric?>("metric", "指标", .inList)
    public let factor = Field<String?>("factor", "评价因子", kind: TextKind(limit: 50), .inList)
    public let weight = Field<Int?>(
        "weight", "因子权重", kind: DecimalKind(scale: 2, range: 0...100_000), .help("各因子按权重合计，和不必是 100", "Need not add up to 100"))
    public let alertIf = Field<String?>(
        "alert_if", "警示条件", kind: TextKind(limit: 100), .help("例如 <=6 或 =否", "Such as <=6 or =no"), .english("Alert when"))
    public let alert = Field<Alert?>("alert", "警示后", .english("Then"))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public enum Alert: String, Choice {
        case complaint, task
        public static let options: [Option<Alert>] = [
            .init(.complaint, "建投诉", .bad, english: "Open a complaint"), .init(.task, "建任务", .warn, english: "Make a task"),
        ]
    }

    public static var rules: Rules {
        .of(QuestionnaireItem.self) {
            $0.beforeSave { item, _, tx in
                if let bank = try item.bank.flatMap({ try tx.get(Question.self, $0) }) { fill(&item, from: bank) }
                if item.position == nil {
                    item.position = (try Questionnaire.items(of: item.questionnaire, tx).compactMap(\.position).max() ?? 0) + 10
                }
                if item.code == nil { item.code = try freeCode(item, tx) }
                guard let code = item.code,
                    code.utf8.allSatisfy({ (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95 })
                else { throw Problem("code", "题号只用字母、数字和下划线，例如 q1") }
                try check([item], alone: true)
            }
        }
    }

    private static func fill(_ item: inout Record<QuestionnaireItem>, from bank: Record<Question>) {
        if item.text == nil { item.text = bank.text }
        if item.kind == nil { item.kind = bank.kind }
        if item.options == nil { item.options = bank.options }
        if item.low == nil { item.low = bank.low }
        if item.high == nil { item.high = bank.high }
        if item.metric == nil { item.metric = bank.metric }
        if item.factor == nil { item.factor = bank.factor }
    }

    private static func freeCode(_ item: Record<QuestionnaireItem>, _ tx: any Transaction) throws -> String {
        let taken = Set(try Questionnaire.items(of: item.questionnaire, tx).compactMap(\.code))
        return (1...201).lazy.map { "q\($0)" }.first { !taken.contains($0) } ?? "q\(item.row.id)"
    }

    /// Everything that would make a questionnaire unanswerable. A single item is looked at without its neighbours.
    static func check(_ items: [Record<QuestionnaireItem>], alone: Bool = false) throws {
        var before: Set<String> = []
        for item in items {
            let code = item.code ?? "", place = alone ? "" : "题目 \(code)："
            guard let text = item.text, !text.isEmpty else { throw Problem("text", code: "required", "\(place)请填写「题目」或选择题库中的题目") }
            guard let kind = item.kind else { throw Problem("kind", code: "required", "\(place)请选择「题型」") }
            let field = FieldSpec(code, text, Asking.kind(kind, try Asking.options(item.options, for: kind)))
            if let text = item.when {
                guard let when = Sheet.When(text) else { throw Problem("show_if", "\(place)显示条件应写成 q1<=6、q2=否 或 q3=1,2 的样子") }
                if !alone, !before.contains(when.code) { throw Problem("show_if", "\(place)显示条件中的 \(when.code) 不在这道题之前") }
            }
            if let text = item.alertIf {
                guard let when = Sheet.When(text, about: code), when.code == code,
                    when.op != .in && when.op != .notIn || when.values.allSatisfy({ (try? field.kind.parse($0)) != nil })
                else {
                    throw Problem("alert_if", "\(place)警示条件应写成 <=6 或 =否 的样子，并用这道题的选项")
                }
            }
            if (item.alertIf == nil) != (item.alert == nil) { throw Problem("alert", "\(place)「警示条件」和「警示后」要一起填写") }
            let wanted: Question.Kind? =
                switch item.metric {
                case .nps: .score10;
                case .csat: .score5;
                case .ces: .score7;
                default: nil
                }
            if let wanted, wanted != kind { throw Problem("metric", "\(place)\(item.metric?.label ?? "") 要用「\(wanted.label)」题") }
            if item.metric == .factor, item.factor == nil || kind.range == nil { throw Problem("factor", "\(place)CSI 因子要填写「评价因子」，并用打分题") }
            before.insert(code)
        }
    }

    static func question(_ item: Record<QuestionnaireItem>) -> Sheet.Question? {
        guard let code = item.code, let text = item.text, let kind = item.kind, let options = try? Asking.options(item.options, for: kind)
        else { return nil }
        let field = FieldSpec(code, text, Asking.kind(kind, options), isRequired: item.isRequired ?? true)
        return Sheet.Question(field, section: item.section, low: item.low, high: item.high, when: item.when.flatMap { Sheet.When($0) })
    }
}
