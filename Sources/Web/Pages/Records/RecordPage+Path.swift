import Gate
import Markup
import Records

extension RecordPage {
    /// The states of the entity's flow in their order, how long the record stood in each, and the steps that can be taken now.
    func path() -> Node {
        if let field = schema.traits.board.flatMap({ schema[$0] }), let stages = stages(of: field) { return path(of: stages, field) }
        guard let flow = schema.flow, let field = schema[flow.field], let choices = field.kind.choices,
            page.view.right(schema, field) >= .read
        else { return .empty }
        let start = schema.blank()[field].text ?? choices.first?.code ?? ""
        var states = flow.path(from: start)
        guard !states.isEmpty, let present = row[field].text else { return .empty }
        // What waits for a word stands after the state from which it was asked; what left the way at its end.
        if !states.contains(present) {
            let asked = flow.transitions.first { $0.waiting == present }?.from.first.flatMap(states.firstIndex)
            states.insert(present, at: asked.map { $0 + 1 } ?? states.count)
        }
        let place = states.firstIndex(of: present) ?? 0, days = days(in: field), isOffTheWay = !flow.path(from: start).contains(present)
        return ol(.class("path"), .tabindex(0), .aria("label", field.label(in: page.language))) {
            for (index, state) in states.enumerated() {
                li(
                    .class(index < place && (!isOffTheWay || index == 0 || days[state] != nil) ? "done" : nil),
                    .aria("current", index == place ? "step" : nil)
                ) { step(flow, field.kind, state, flow.transitions.contains { $0.from.contains(state) } ? days[state] : nil) }
            }
        }.node
    }

    /// The set-up records beside the one in which this record stands, in their order: a pipeline's stages.
    private func stages(of field: FieldSpec) -> [Row]? {
        guard page.view.right(schema, field) >= .read, let target = field.target.flatMap({ page.catalog[$0] }),
            let link = target.traits.parent, let present = row[field].int,
            let stage = page.view.attempt({ try page.view.records(target, ids: [present]) })?.first, let parent = stage[link].int
        else { return nil }
        let request = ListRequest(target, where: .field(link, .eq, .int(parent)), limit: 30)
        return page.view.attempt { try page.view.page(request).rows }.flatMap { $0.count > 1 ? $0 : nil }
    }

    /// Stages are entered by a click, as a card is moved on the board; the present one and those behind stand out.
    private func path(of stages: [Row], _ field: FieldSpec) -> Node {
        let place = stages.firstIndex { $0.id == row[field].int } ?? 0, days = days(in: field)
        let isOver =
            schema.flow.map { flow in
                !flow.transitions.contains { $0.from.contains(row[flow.field].text ?? "") && page.view.may("update", row) }
            } ?? false
        let url = "\(base)/move" + QueryItems([("by", field.name), ("back", base)]).suffix
        return form(.class("path-form"), .method("post"), .action(url)) {
            page.csrfField;
            ol(.class("path"), .tabindex(0), .aria("label", field.label(in: page.language))) {
                for (index, stage) in stages.enumerated() {
                    let content = Group {
                        stage.title
                        if let count = days[String(stage.id)] { small { page.t("\(count) 天", "\(count) d") } }
                    }
                    li(.class(index < place ? "done" : nil), .aria("current", index == place ? "step" : nil)) {
                        if index == place || isOver || !page.view.may("update", row) || page.view.right(field, in: row) != .edit {
                            span { content }
                        } else {
                            button(.name("to"), .value(String(stage.id)), .title(page.t("移动到「\(stage.title)」", "Move to “\(stage.title)”")))
                            { content }
                        }
                    }
                }
            }
        }.node
    }

    private func step(_ flow: Flow, _ kind: any FieldKind, _ state: String, _ days: Int?) -> Node {
        let content = Group {
            kind.show(.text(state), in: page.language)
            if let days { small { page.t("\(days) 天", "\(days) d") } }
        }
        let steps = flow.transitions.filter { $0.to == state && $0.from.contains(row[flow.field].text ?? "") }
        guard
            let action = steps.compactMap({ step in schema.actions.first { $0.name == step.name } }).first(where: {
                page.view.may($0, row)
            })
        else { return span { content }.node }
        guard ActionOffer(action, row, page.view) != nil else { return span(.title(action.unavailable(row, page.actor))) { content }.node }
        return a(.href("\(base)/actions/\(action.name)"), .data("dialog", "act-\(action.name)"), .title(action.label(in: page.language))) {
            content
        }.node
    }

    /// How many days the record stood in each state, as its newest two hundred changes tell.
    private func days(in field: FieldSpec) -> [String: Int] {
        let changes = (page.view.attempt { try page.view.changes(of: row, limit: 200) } ?? []).reversed()
        var days: [String: Int] = [:], since = schema.createdAtSlot == nil ? nil : Optional(row.createdAt.day)
        func add(_ state: String?, until day: Day) {
            if let state, let since { days[state, default: 0] += max(day - since, 0) }
            since = day
        }
        for item in changes {
            guard case .change(_, _, _, let pairs) = item.content, let pair = pairs.first(where: { $0.field === field }),
                pair.old != pair.new, !pair.old.isNull
            else { continue }
            add(pair.old.text ?? pair.old.int.map(String.init), until: item.at.day)
        }
        add(row[field].text ?? row[field].int.map(String.init), until: page.view.now.day)
        return days
    }
}
