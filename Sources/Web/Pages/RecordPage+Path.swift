import Gate
import Markup
import Records

extension RecordPage {
    /// The states of the entity's flow in their order, how long the record stood in each, and the steps that can be taken now.
    func path() -> Node {
        guard let flow = schema.flow, let field = schema[flow.field], let kind = field.kind as? ChoiceKind, page.view.right(schema, field) >= .read else { return .empty }
        let start = schema.blank()[field].text ?? kind.options.first?.code ?? ""
        var states = flow.path(from: start)
        guard !states.isEmpty, let present = row[field].text else { return .empty }
        // What left the way stands at its end.
        if !states.contains(present) { states.append(present) }
        let place = states.firstIndex(of: present) ?? 0, days = days(in: field)
        return ol(.class("path"), .aria("label", field.label(in: page.language))) {
            for (index, state) in states.enumerated() {
                li(.class(index < place ? "done" : nil), .aria("current", index == place ? "step" : nil)) { step(flow, kind, state, flow.transitions.contains { $0.from.contains(state) } ? days[state] : nil) }
            }
        }.node
    }

    private func step(_ flow: Flow, _ kind: ChoiceKind, _ state: String, _ days: Int?) -> Node {
        let content = Group {
            kind.show(.text(state), in: page.language)
            if let days { small { page.t("\(days) 天", "\(days) d") } }
        }
        let steps = flow.transitions.filter { $0.to == state && $0.from.contains(row[flow.field].text ?? "") }
        guard let action = steps.compactMap({ step in schema.actions.first { $0.name == step.name } }).first(where: { page.view.may($0.permission, row) }) else { return span { content }.node }
        guard ActionOffer(action, row, page.view) != nil else { return span(.title(action.unavailable(row, page.actor))) { content }.node }
        return a(.href("\(base)/actions/\(action.name)"), .data("dialog", "act-\(action.name)"), .title(action.label(in: page.language))) { content }.node
    }

    /// How many days the record stood in each state, as its newest two hundred changes tell.
    private func days(in field: FieldSpec) -> [String: Int] {
        let changes = ((try? page.view.changes(of: row, limit: 200)) ?? []).reversed()
        var days: [String: Int] = [:], since = schema.createdAtSlot == nil ? nil : Optional(row.createdAt.day)
        func add(_ state: String?, until day: Day) {
            if let state, let since { days[state, default: 0] += max(day - since, 0) }
            since = day
        }
        for item in changes {
            guard case .change(_, _, _, let pairs) = item.content, let pair = pairs.first(where: { $0.field === field }), pair.old != pair.new, !pair.old.isNull else { continue }
            add(pair.old.text, until: item.at.day)
        }
        add(row[field].text, until: page.view.now.day)
        return days
    }
}
