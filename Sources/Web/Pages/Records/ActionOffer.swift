import Gate
import Records

/// What can be done with a record now, counting steps of its flow that only wait for a field: their dialog asks for it.
struct ActionOffer {
    let action: Action
    /// Fields that must have a value before the step, and have none.
    let missing: [FieldSpec]

    static func all(for row: Row, _ view: View) -> [ActionOffer] {
        row.schema.actions.filter { view.may($0, row) }.compactMap { ActionOffer($0, row, view) }
    }

    init?(_ action: Action, _ row: Row, _ view: View) {
        self.action = action
        guard action.unavailable(row, view.actor) != nil else {
            missing = []
            return
        }
        guard let flow = row.schema.flow, let step = flow.transitions.first(where: { $0.name == action.name }),
            step.from.contains(row[flow.field].text ?? ""), view.may("update", row)
        else { return nil }
        missing = step.missing(in: row)
        let taken = Set(action.parameters.map(\.name))
        guard !missing.isEmpty, missing.allSatisfy({ CellPages.isEditable($0, row.schema, view) && !taken.contains($0.name) }),
            step.guardRule(row, view.actor) == nil
        else { return nil }
    }

    /// What was typed for the missing fields, saved before the step in the same transaction.
    func fill(_ form: FormBody, _ row: Row, _ tx: GateTransaction) throws {
        let asked = missing.filter { !form.all($0.name).isEmpty || form[$0.name + "_text"] != nil }
        guard !asked.isEmpty else { return }
        var input: [String: Plain] = [:]
        for field in asked { input[field.name] = try form.plain(field, form.all(field.name), tx) }
        let empty = asked.filter { input[$0.name] == .null || input[$0.name] == .text("") }
        guard empty.isEmpty else { throw Problems(empty.map { Problem($0.name, code: "required", "请填写「\($0.label)」") }) }
        try tx.update(row.schema, id: row.id, input)
    }
}
