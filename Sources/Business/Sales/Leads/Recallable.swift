import Core
import Records

/// §6.2 no. 5: a customer who has not bought goes back to the pool when nobody takes care; see ``RecallRule``.
public struct Recallable: Extension {
    public static let of = Customer.self
    public let recallOn = Field<Day?>("recall_on", "将回收到公海", .readOnly, .indexed, .section(.state), .english("Recalled on"))

    public static func add(to traits: inout EntityTraits) {
        traits.pool?.recall = "recall_on"
        traits.indexes.append(["owner_id", "recall_on"])
    }

    public init() {}
}

/// Whoever has been spoken to is not about to be recalled.
public struct RecallStop: Extension {
    public static let of = Interaction.self

    public static var rules: Rules {
        .of(Interaction.self) {
            $0.afterSave { talk, change, tx in
                guard change.isNew, let ref = talk.customer, var customer = try tx.get(Customer.self, ref),
                    customer[Recallable.self].recallOn != nil
                else { return }
                customer[Recallable.self].recallOn = nil
                try tx.save(customer)
            }
        }
    }

    public init() {}
}
