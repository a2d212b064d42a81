import Core
import Records

/// Who decides, how much, and what they think of us: the decision chain of an opportunity.
public struct DecisionRole: Entity {
    public static let name = "decision_roles", label = "决策链"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "workflow", english: "Decision chain").with {
            $0.parent = "opportunity_id"
            $0.sort = ["position", "id"]
        }
    }

    public let opportunity = Field<Ref<Opportunity>>("opportunity_id", "商机", .indexed)
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人", .inList, .quick)
    public let title = Field<String?>(
        "name", "姓名", kind: TextKind(limit: 50), .title, .help("选了联系人可以留空", "May be left empty with a contact"))
    public let role = Field<Contact.Role?>("role", "角色", .inList, .quick)
    public let attitude = Field<Attitude?>("attitude", "态度", .inList, .quick)
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200), .inList)
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public enum Attitude: String, Choice {
        case champion, supports, neutral, against
        public static let options: [Option<Attitude>] = [
            .init(.champion, "力挺", .ok), .init(.supports, "支持", .teal), .init(.neutral, "中立"), .init(.against, "反对", .bad),
        ]
    }

    public static var rules: Rules {
        .of(DecisionRole.self) {
            $0.beforeSave { person, _, tx in
                if person.title == nil, let contact = person.contact { person.title = try tx.get(Contact.self, contact)?.name }
                if person.title == nil { throw Problem("contact_id", code: "required", "请选择联系人或填写姓名") }
            }
        }
    }
}

/// Who else wants the deal.
public struct Competitor: Entity {
    public static let name = "competitors", label = "竞争对手"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "swords", english: "Competitors").with { $0.sort = ["name"] }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 100), .title, .unique)
    public let strengths = Field<String?>("strengths", "优势", kind: TextKind(limit: 500), .inList)
    public let weaknesses = Field<String?>("weaknesses", "劣势", kind: TextKind(limit: 500), .inList)
    public let tactics = Field<String?>("tactics", "应对", kind: LongTextKind())

    public init() {}
}

/// A26: when an opportunity went from one stage to the next, and how long it had stayed.
public struct StageMove: Entity {
    public static let name = "stage_moves", label = "阶段记录"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "milestone", english: "Stage history").with {
            $0.parent = "opportunity_id"
            $0.isCreatable = false
            $0.indexes = [["from_stage_id", "at"]]
        }
    }

    public let opportunity = Field<Ref<Opportunity>>("opportunity_id", "商机", .indexed)
    public let from = Field<Ref<PipelineStage>?>("from_stage_id", "从", .inList, .english("From"))
    public let to = Field<Ref<PipelineStage>?>("to_stage_id", "到", .inList, .english("To"))
    public let days = Field<Int>("days", "停留", .inList, .unit("天", "days"), .english("Stayed"))
    public let reason = Field<String?>("reason", "原因", kind: TextKind(limit: 200), .title)
    public let by = Field<Ref<User>?>("moved_by", "操作人", .inList, .english("Moved by"))
    public let at = Field<Instant>("at", "时间", .inList)

    public init() {}
}
