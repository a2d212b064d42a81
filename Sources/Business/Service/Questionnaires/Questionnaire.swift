import Core
import Records

/// A29, D10: one edition of a questionnaire. What is published never changes; a change is a new edition, so that every answer keeps its
/// question.
public struct Questionnaire: Entity {
    public static let name = "questionnaires", label = "问卷"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "clipboard-list", menu: .service, english: "Questionnaires").with {
            $0.sort = ["code", "-edition"]
            $0.unique = [["code", "edition"]]
            $0.indexes = [["code", "-edition"], ["status", "code"]]
            $0.highlights = ["status", "code", "edition", "scene"]
            $0.presets = [Preset("使用中", "In use", ["filter[status]": "published"])]
            $0.related = ["questionnaire_items"]
        }
    }

    public let title = Field<String>("name", "问卷名称", kind: TextKind(limit: 100), .title)
    public let code = Field<String>(
        "code", "问卷代码", kind: TextKind(limit: 40), .inList, .quick, .indexed, .help("同一问卷各版本的代码相同", "The same in every edition"))
    public let edition = Field<Int?>("edition", "版本", .readOnly, .inList)
    public let status = Field<Status>("status", "状态", .inList, .initial("draft"))
    public let scene = Field<Question.Scene?>("scene", "场景", .inList, .quick, .english("Scene"))
    public let intro = Field<String?>("intro", "开头的话", kind: TextKind(limit: 500), .quick, .english("Introduction"))
    public let thanks = Field<String?>("thanks", "结束的话", kind: TextKind(limit: 500), .english("Thanks"))
    public let items = Field<Lines<QuestionnaireItem>>("items", "题目")
    public let publishedAt = Field<Instant?>("published_at", "发布时间", .readOnly, .english("Published"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case draft, published, retired
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.published, "使用中", .ok, english: "In use"), .init(.retired, "已停用", .warn),
        ]
    }

    public static var rules: Rules {
        .of(Questionnaire.self) {
            $0.beforeSave { questionnaire, _, tx in
                if questionnaire.edition == nil { questionnaire.edition = try lastEdition(questionnaire.code, tx) + 1 }
            }
            $0.notice { questionnaire, look in
                guard questionnaire.status != .draft,
                    let draft = try look.first(
                        Questionnaire.self, where: \Questionnaire.code == questionnaire.code && \Questionnaire.status == .draft)
                else { return nil }
                return Notice(
                    .neutral, "第 \(draft.edition ?? 0) 版正在起草", "Edition \(draft.edition ?? 0) is being drafted", entity: name,
                    id: draft.row.id)
            }
        }
    }

    private static func lastEdition(_ code: String, _ tx: any Looking) throws -> Int {
        try tx.all(Questionnaire.self, where: \Questionnaire.code == code, sort: [Query.Sort("edition", descending: true)], limit: 1).first?
            .edition ?? 0
    }

    public static var flow: Flow? {
        .of(Questionnaire.self, \.status) {
            $0.step("publish", "发布", from: [.draft], to: .published, icon: "megaphone", primary: true) { draft, _, tx in
                let items = try items(of: draft.id, tx)
                guard !items.isEmpty else { throw Refusal.conflict("问卷还没有题目") }
                try QuestionnaireItem.check(items)
                for var other in try tx.all(
                    Questionnaire.self, where: \Questionnaire.code == draft.code && \Questionnaire.status == .published, limit: 20)
                {
                    other.status = .retired
                    try tx.save(other)
                }
                draft.publishedAt = tx.now
            }
            $0.step("retire", "停用", from: [.published], to: .retired, icon: "archive")
            $0.move(from: [.published], to: [.retired], "发布新版本：旧版本停用")
            $0.lock([.published, .retired], instead: "请用「修订」做出新版本")
        }
    }

    public static var actions: [Action] {
        [
            Action.on(
                Questionnaire.self, "revise", "修订", icon: "copy", english: "Revise",
                unavailable: { questionnaire, _ in questionnaire.status == .draft ? "草稿可以直接修改" : nil }
            ) { questionnaire, _, tx in
                if let draft = try tx.first(
                    Questionnaire.self, where: \Questionnaire.code == questionnaire.code && \Questionnaire.status == .draft)
                {
                    throw Refusal.conflict("第 \(draft.edition ?? 0) 版已在起草，请接着改那一版")
                }
                var next = Record<Questionnaire>()
                (next.title, next.code, next.scene, next.intro, next.thanks, next.isDemo) = (
                    questionnaire.title, questionnaire.code, questionnaire.scene, questionnaire.intro, questionnaire.thanks,
                    questionnaire.isDemo
                )
                let saved = try tx.insert(next)
                for item in try items(of: questionnaire.id, tx) {
                    var copy = Record<QuestionnaireItem>()
                    for field in item.row.schema.fields where !field.traits.isReadOnly && field.isColumn {
                        copy.row[field.name] = item.row[field]
                    }
                    copy.questionnaire = saved.id
                    try tx.insert(copy)
                }
            }
        ]
    }

    static func items(of questionnaire: Ref<Questionnaire>, _ look: any Looking) throws -> [Record<QuestionnaireItem>] {
        try look.all(
            QuestionnaireItem.self, where: \QuestionnaireItem.questionnaire == questionnaire,
            sort: [Query.Sort("position"), Query.Sort("id")], limit: 200)
    }

    /// The edition in use of the same questionnaire; the given one when none is.
    static func current(_ ref: Ref<Questionnaire>, _ look: any Looking) throws -> Ref<Questionnaire> {
        guard let given = try look.get(Questionnaire.self, ref), given.status != .published else { return ref }
        return try look.first(Questionnaire.self, where: \Questionnaire.code == given.code && \Questionnaire.status == .published)?.id
            ?? ref
    }

    static func sheet(_ ref: Ref<Questionnaire>, _ look: any Looking) throws -> Sheet? {
        guard let found = try look.get(Questionnaire.self, ref) else { return nil }
        return Sheet(found.title, intro: found.intro, thanks: found.thanks, try items(of: ref, look).compactMap(QuestionnaireItem.question))
    }
}
