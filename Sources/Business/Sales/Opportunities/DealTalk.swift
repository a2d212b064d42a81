import Core
import Records

/// What was said about a deal.
public struct DealTalk: Extension {
    public static let of = Interaction.self
    public let opportunity = Field<Ref<Opportunity>?>("opportunity_id", "商机", .indexed)

    public static func add(to traits: inout EntityTraits) { traits.indexes.append(["opportunity_id", "-happened_at"]) }

    public init() {}
}

/// What is to be done about a deal.
public struct DealTask: Extension {
    public static let of = Todo.self
    public let opportunity = Field<Ref<Opportunity>?>("opportunity_id", "商机", .indexed)

    public static func add(to traits: inout EntityTraits) { traits.indexes.append(["opportunity_id", "due_at"]) }

    public init() {}
}
