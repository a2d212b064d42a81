import Core
import Records

/// What was said to a lead, before it was a customer.
public struct LeadTalk: Extension {
    public static let of = Interaction.self
    public let lead = Field<Ref<Lead>?>("lead_id", "线索", .indexed)

    public static func add(to traits: inout EntityTraits) {
        traits.needsOneOf.append("lead_id")
        traits.indexes.append(["lead_id", "-happened_at"])
    }

    public static var rules: Rules {
        .of(Interaction.self) {
            $0.afterSave { talk, change, tx in
                guard let ref = talk[LeadTalk.self].lead, talk.customer == nil else { return }
                try Interaction.planNext(talk, change, about: \LeadTask.lead == ref, tx) { task in
                    task[LeadTask.self].lead = ref
                    return "跟进线索「\(try tx.get(Lead.self, ref)?.name ?? "")」"
                }
            }
            $0.afterSave(Lead.heard)
        }
    }

    public init() {}
}

/// What is to be done about a lead.
public struct LeadTask: Extension {
    public static let of = Todo.self
    public let lead = Field<Ref<Lead>?>("lead_id", "线索", .indexed)

    public static func add(to traits: inout EntityTraits) { traits.indexes.append(["lead_id", "due_at"]) }

    public init() {}
}
