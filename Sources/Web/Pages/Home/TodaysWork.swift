import Gate
import Markup
import Records

/// What waits for somebody today, made of what the entities have: open work with a due moment, records whose next contact is due, days that
/// come round.
struct TodaysWork {
    let page: Page
    /// The work of those below, not one's own.
    let isTeam: Bool
    /// What those below may do is theirs to do.
    private let rolesBelow: [OrgChart.Role]

    init(_ page: Page, _ chart: OrgChart) {
        self.page = page
        rolesBelow = chart.roles(below: page.actor.userID)
        isTeam =
            switch page.items["who"] {
            case _ where page.actor.subordinates.isEmpty: false
            case "team": true
            case "me": false
            default: !TodaysWork.keepsRecords(page)
            }
    }

    /// Whoever follows nobody up in person begins with the work of those below.
    private static func keepsRecords(_ page: Page) -> Bool {
        page.catalog.schemas.contains { schema in
            guard schema.isOwned, schema.nextContact != nil, page.view.may("read", schema) else { return false }
            return page.view.attempt {
                try page.view.count(ListRequest(schema, where: .field("owner_id", .eq, .int(page.actor.userID))), cap: 1)
            } ?? 0 > 0
        }
    }

    struct Queue {
        var label: String
        var icon: String
        var url: String
        var count: Int
        var isUrgent = false
    }

    /// One thing to do, with the moment it is due.
    struct Item {
        var row: Row
        var at: Instant
    }

    private var mine: (name: String, value: String) { isTeam ? ("filter[owner_id][in]", "my_subordinates") : ("filter[owner_id]", "me") }

    private var schemas: [Schema] {
        page.catalog.schemas.filter { $0.isOwned && page.catalog.standsAlone($0) && page.view.may("read", $0) }
    }

    /// Records that are to be done until a moment, and what a list asks for those still open.
    private struct Work {
        var deadline: FieldSpec
        var open: (name: String, value: String)
    }

    /// Work has a due moment and a state among whose values are those that count as open; both must be the reader's to see.
    private func work(_ schema: Schema) -> Work? {
        guard let deadline = schema.deadline, let state = schema.state, page.view.right(schema, deadline) >= .read,
            page.view.right(schema, state) >= .read, let states = state.kind.choices?.map(\.code)
        else { return nil }
        let open = schema.traits.openStates
        return open.allSatisfy(states.contains)
            ? Work(deadline: deadline, open: ("filter[\(state.name)]", open.joined(separator: ","))) : nil
    }

    /// Whether a step is the actor's to take, and nobody's below.
    private func isMine(_ right: String, _ schema: Schema) -> Bool {
        page.view.may(right, schema) && rolesBelow.allSatisfy { $0.rights.scope(schema.name, right) == .none }
    }

    /// Each with its number, and a list of exactly these records behind it.
    func queues() throws -> [Queue] {
        var queues: [Queue] = []
        func add(
            _ schema: Schema, _ label: String, _ icon: String, urgent: Bool = false, onlyIfAny: Bool = false, isMine: Bool = true,
            _ column: FieldSpec?, _ pairs: [(name: String, value: String)]
        ) throws {
            guard let column, page.view.right(schema, column) >= .read else { return }
            let items = QueryItems((isMine ? [mine] : []) + pairs)
            let request = try ListQuery(items, schema, page.view).request(page.view)
            let count = try page.view.count(request, cap: 999)
            guard count > 0 || !onlyIfAny else { return }
            queues.append(Queue(label: label, icon: icon, url: "/\(schema.name)" + items.suffix, count: count, isUrgent: urgent))
        }
        // Whose work it is, nobody but the actor decides what waits for a word of theirs.
        let waiting = try page.view.countApprovals(in: .waiting, cap: 999)
        if waiting > 0 {
            queues.append(
                Queue(
                    label: ApprovalBox.waiting.label(in: page.language), icon: page.catalog.schema(ApprovalRequest.self).traits.icon,
                    url: ApprovalInbox.url(.waiting), count: waiting, isUrgent: true))
        }
        for schema in schemas {
            let label = schema.label(in: page.language)
            if let contact = schema.nextContact {
                let asked = "filter[\(contact.name)]"
                try add(
                    schema, page.t("今日需联系\(label)", "\(label) to contact today"), "phone", contact,
                    [("\(asked)[gte]", "today"), ("\(asked)[lt]", "today+1")])
                try add(
                    schema, page.t("逾期未联系\(label)", "\(label) overdue"), "alarm-clock", urgent: true, contact,
                    [("\(asked)[lt]", "today")])
            }
            if let work = work(schema) {
                let asked = "filter[\(work.deadline.name)]"
                try add(
                    schema, page.t("今日\(label)", "\(label) due today"), "list-checks", work.deadline,
                    [work.open, ("\(asked)[gte]", "today"), ("\(asked)[lt]", "today+1")])
                try add(
                    schema, page.t("逾期\(label)", "\(label) overdue"), "clock-alert", urgent: true, work.deadline,
                    [work.open, ("\(asked)[lt]", "today")])
            }
            for queue in schema.traits.queues {
                if let right = queue.right, !isMine(right, schema) { continue }
                let pairs = queue.filters.map { filter -> (name: String, value: String) in
                    let name = filter.field.prefix { $0 != "[" }
                    return ("filter[\(name)]\(filter.field.dropFirst(name.count))", filter.value)
                }
                try add(
                    schema, queue.label(page.language), queue.icon, urgent: queue.isUrgent, onlyIfAny: true, isMine: queue.right == nil,
                    schema[String(queue.filters.first?.field.prefix { $0 != "[" } ?? "id")], pairs)
            }
            if let recall = schema.traits.pool?.recall {
                try add(
                    schema, page.t("即将进入公海\(label)", "\(label) about to be recalled"), "waves", urgent: true, onlyIfAny: true,
                    schema[recall], [("filter[\(recall)][not_empty]", "1")])
            }
            for day in schema.traits.comingDays {
                let asked = "filter[\(day.field)]"
                try add(
                    schema, day.label(page.language), day.icon, schema[day.field],
                    [("\(asked)[gte]", "today"), ("\(asked)[lt]", "today+8")])
            }
        }
        return queues
    }

    /// What is due by tonight, the longest waiting first.
    func due() throws -> [Item] {
        var items: [Item] = []
        for schema in schemas {
            let work = work(schema)
            guard let column = work?.deadline ?? schema.nextContact, page.view.right(schema, column) >= .read else { continue }
            let pairs = [mine, ("filter[\(column.name)][lt]", "today+1"), ("sort", column.name)] + (work.map { [$0.open] } ?? [])
            var request = try ListQuery(QueryItems(pairs), schema, page.view).request(page.view)
            request.limit = 10
            items += try page.view.page(request).rows.compactMap { row in
                row[column].int.map { Item(row: row, at: Instant(milliseconds: $0)) }
            }
        }
        return Array(items.sorted { $0.at < $1.at }.prefix(12))
    }

    func card(_ items: [Item]) -> Element {
        section(.class("card")) {
            div(.class("card-h")) { h2 { page.t("今天要做", "To do today") } }
            if items.isEmpty {
                div(.class("empty")) {
                    span(.class("ico")) { page.site.icon("check-check", "lg") }
                    b { page.t("今天的事都做完了", "Nothing left for today") }
                    span { page.t("写跟进时填“下次联系”，到那天会出现在这里。", "A next contact appears here on its day.") }
                }
            } else {
                ul(.class("todo")) { for item in items { line(item) } }
            }
        }
    }

    private func line(_ item: Item) -> Element {
        let row = item.row, schema = row.schema
        let step = schema.actions.first {
            $0.isPrimary && !$0.parameters.contains(where: \.isRequired) && $0.unavailable(row, page.actor) == nil
                && page.view.may($0, row)
        }
        return li {
            if let step, work(schema) != nil {
                form(.method("post"), .action("/\(schema.name)/\(row.id)/actions/\(step.name)")) {
                    page.csrfField
                    input(.type("hidden"), .name("back"), .value(page.here(page.items)))
                    button(.class("btn btn-sm btn-i"), .aria("label", "\(step.label(in: page.language)) \(row.title)")) {
                        page.site.icon(step.icon, "sm")
                    }
                }
            } else {
                span(.class("btn btn-sm btn-g btn-i"), .aria("hidden", "true")) { page.site.icon("phone", "sm") }
            }
            a(.class("lnk ellipsis"), .href("/\(schema.name)/\(row.id)")) { row.title }
            span(.class("muted small only-d")) { schema.label(in: page.language) }
            time(.class(item.at < page.view.now ? "bad" : nil), .datetime(item.at.rfc3339), .title(item.at.shown)) {
                page.relative(item.at)
            }
        }
    }
}
