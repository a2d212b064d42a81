import Gate
import Markup
import Records

/// What comes next for a record, said to whoever looks at it: the step that can be taken now, or the one that cannot and why not yet.
struct NextStep {
    let page: Page
    let row: Row
    /// The main steps that can be taken now, two at most: the way on, and another beside it.
    let ready: [ActionOffer]
    /// The way on when it is not open.
    private let blocked: (action: Action, why: String)?

    init(_ page: Page, _ row: Row, _ offers: [ActionOffer]) {
        (self.page, self.row) = (page, row)
        ready = Array(offers.filter { $0.action.isPrimary && $0.action.page == nil }.prefix(2))
        guard ready.isEmpty, let flow = row.schema.flow, let state = row[flow.field].text else {
            blocked = nil
            return
        }
        let onward = flow.transitions.filter { $0.isPrimary && $0.from.contains(state) }
        let actions = onward.compactMap { step in row.schema.actions.first { $0.name == step.name } }
        guard let action = actions.first(where: { page.view.may($0, row) }) ?? actions.first else {
            blocked = nil
            return
        }
        blocked = (action, NextStep.reason(action, flow, row, page))
    }

    private static func reason(_ action: Action, _ flow: Flow, _ row: Row, _ page: Page) -> String {
        guard page.view.may(action, row) else { return page.t("由有此权限的同事办理。", "A colleague with that right does it.") }
        // What only lines bring about is said by the lines' name.
        if let missing = flow.transitions.first(where: { $0.name == action.name })?.missing(in: row), !missing.isEmpty,
            missing.allSatisfy(\.traits.isReadOnly), let lines = row.schema.fields.first(where: \.isLines)
        {
            return page.t("请先添加「\(lines.label)」。", "Add the \(lines.label(in: .english).lowercased()) first.")
        }
        return (action.unavailable(row, page.actor) ?? page.view.settled(row)).map { $0 + page.t("。", ".") } ?? ""
    }

    /// Buttons at the head.
    var buttons: Node { buttons("btn only-d", first: "btn-p") }

    /// The same on a phone, where a thumb reaches it.
    var strip: Node { buttons("go", first: "go-p") }

    private func buttons(_ style: String, first: String) -> Node {
        Group {
            for (place, offer) in ready.enumerated() {
                button(.class(style, place == 0 ? first : nil), .data("dialog", "act-\(offer.action.name)")) {
                    page.site.icon(offer.action.icon); offer.action.label(in: page.language)
                }
            }
        }.node
    }

    /// The way on that is not open yet.
    var notice: Node {
        guard let blocked else { return .empty }
        return p(.class("alert next"), .role("note")) {
            page.site.icon("arrow-right")
            span {
                page.t("下一步：", "Next: ")
                b { blocked.action.label(in: page.language) }
                if !blocked.why.isEmpty { page.t("。\(blocked.why)", ". \(blocked.why)") }
            }
        }.node
    }
}
