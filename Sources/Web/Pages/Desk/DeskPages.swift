import Gate
import Hummingbird
import Markup
import Records

/// `/{entities}/desk`: one's own waiting records done one after another — whom it is about, what to say, what to ask, what came of it, and
/// the next.
struct DeskPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/desk", use: next)
        router.get("{entity}/desk/{id}", use: show)
        router.post("{entity}/desk/{id}", use: done)
    }

    @Sendable func next(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let desk = try DeskPart(page, try page.view.schema(named: name))
            guard let first = desk.rows.first else { return .shell(desk.empty) }
            return .redirect("\(desk.base)/\(first.id)")
        }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in
            let desk = try DeskPart(page, try page.view.schema(named: name))
            return .shell(try desk.shell(try page.view.record(desk.schema, id: id), FormState()))
        }
    }

    /// Answers and result in one transaction: either both are kept or neither.
    @Sendable func done(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        do {
            let (operation, label) = try await site.gate.write(as: try context.actor()) { tx in
                let schema = try tx.schema(named: name)
                guard let desk = schema.traits.desk, let action = schema.actions.first(where: { $0.name == desk.action }) else {
                    throw Refusal.notFound
                }
                tx.isTyped = true
                let answers = SheetPart.sent(form)
                if answers.values.contains(where: { $0.contains { !$0.isEmpty } }) { try tx.answer(schema, id: id, answers, isLast: false) }
                var input: [String: Plain] = [:]
                for parameter in action.parameters { input[parameter.name] = try form.plain(parameter, form.all(parameter.name), tx) }
                try tx.perform(action.name, schema, id: id, input)
                return (tx.operation, action.label(in: tx.actor.language))
            }
            return .done("/\(name)/desk", context.language("已\(label)，这是下一个", "Done: \(label). Next one"), undo: operation)
        } catch let wrong as Problems {
            var response = try await site.page(request, context) { page in
                let desk = try DeskPart(page, try page.view.schema(named: name))
                return .shell(try desk.shell(try page.view.record(desk.schema, id: id), FormState(typed: form.typed, problems: wrong.all)))
            }
            response.status = .unprocessableContent
            return response
        }
    }
}

struct DeskPart {
    let page: Page
    let schema: Schema
    private let desk: EntityTraits.Desk
    private let action: Action
    /// What waits, the longest waiting first.
    let rows: [Row]
    private let count: Int

    var base: String { "/\(schema.name)/desk" }

    init(_ page: Page, _ schema: Schema) throws {
        guard let desk = schema.traits.desk, let action = schema.actions.first(where: { $0.name == desk.action }),
            page.view.may(action.permission, schema)
        else { throw Refusal.notFound }
        (self.page, self.schema, self.desk, self.action) = (page, schema, desk, action)
        let pairs = desk.filters.map { filter -> (name: String, value: String) in
            let name = filter.field.prefix { $0 != "[" }
            return ("filter[\(name)]\(filter.field.dropFirst(name.count))", filter.value)
        }
        var request = try ListQuery(
            QueryItems([("filter[owner_id]", "me")] + pairs + [("sort", schema.traits.sort.first ?? "id")]), schema, page.view
        ).request(page.view)
        request.limit = 30
        request.countCap = 999
        let found = try page.view.page(request)
        rows = found.rows
        count = found.count ?? found.rows.count
    }

    private var title: String { desk.label(page.language) }

    var empty: Shell {
        Shell(title, active: schema.name, crumbs: [(schema.label(in: page.language), "/\(schema.name)")], back: "/\(schema.name)") {
            div(.class("empty")) {
                span(.class("ico")) { page.site.icon("check-check", "lg") }
                b { page.t("都做完了", "All done") }
                span { page.t("今天没有待办的\(schema.label)。", "Nothing waits today.") }
                a(.class("btn"), .href("/\(schema.name)")) { page.t("查看全部", "See all") }
            }
        }
    }

    func shell(_ row: Row, _ state: FormState) throws -> Shell {
        let open = try page.view.sheet(of: row), reason = action.unavailable(row, page.actor)
        let subject = try subjectRow(of: row)
        return Shell(
            "\(title)：\(row.title)", active: schema.name, crumbs: [(schema.label(in: page.language), "/\(schema.name)"), (title, base)],
            back: "/\(schema.name)"
        ) {
            div(.class("desk")) {
                queue(row)
                div(.class("desk-main")) {
                    header(.class("desk-h")) {
                        h1 { row.title }
                        if let phone = subject.flatMap(phone) {
                            a(.class("btn btn-p"), .href("tel:\(phone)"), .data("key", "t")) {
                                page.site.icon("phone"); phone
                            }
                        }
                        a(.class("btn"), .href("/\(schema.name)/\(row.id)")) { page.t("详情", "Details") }
                        if let next = after(row) {
                            a(.class("btn"), .href("\(base)/\(next)"), .data("key", "j")) {
                                page.t("下一个", "Next"); page.site.icon("chevron-right", "sm")
                            }
                        }
                    }
                    page.notices(of: row)
                    if let subject { page.notices(of: subject) }
                    for aid in page.view.attempt({ try page.view.aids(of: row) }) ?? [] {
                        Markup.details(.class("sect"), .open(true)) {
                            summary { aid.title }
                            p(.class("pre small")) { aid.text }
                        }
                    }
                    if let reason {
                        div(.class("alert"), .role("note")) {
                            page.site.icon("info"); span { reason }
                        }
                    } else {
                        form(row, open, state)
                    }
                }
                if let subject, let preview = page.view.attempt({ try PreviewPart(page, subject) }) {
                    aside(.class("desk-side"), .aria("label", subject.title)) { preview.body(isStanding: true) }
                }
            }
        }
    }

    private func form(_ row: Row, _ open: OpenSheet?, _ state: FormState) -> Element {
        Markup.form(
            .class("col"), .method("post"), .action("\(base)/\(row.id)"), .data("form"), .data("draft", "\(base)/\(row.id)"),
            .novalidate(true)
        ) {
            page.csrfField
            page.faults(state.problems)
            if let open, open.closed == nil {
                section(.class("card")) {
                    div(.class("card-h")) { h2 { open.sheet.title } }
                    div(.class("card-b")) {
                        if let intro = open.sheet.intro { p(.class("muted")) { intro } }
                        SheetPart(site: page.site, language: page.language, sheet: open.sheet, answers: open.answers, state: state)
                            .questions(open.sheet.questions, isWhole: true)
                    }
                }
            }
            section(.class("card")) {
                div(.class("card-h")) { h2 { action.label(in: page.language) } }
                div(.class("card-b col")) {
                    for parameter in action.parameters { page.editor(parameter, Row(schema, []), state, Titles()) }
                }
            }
            div(.class("asks-acts")) {
                button(.class("btn btn-p"), .data("key", "ctrl+Enter")) {
                    page.t("保存，下一个", "Save, next"); kbd { "Ctrl ↵" }
                }
            }
        }
    }

    private func queue(_ row: Row) -> Element {
        nav(.class("desk-q"), .aria("label", page.t("队列", "Queue"))) {
            div(.class("desk-qh")) {
                b { title }; span(.class("tag")) { count > 998 ? "999+" : String(count) }
            }
            ul {
                for other in rows {
                    li {
                        a(.href("\(base)/\(other.id)"), .aria("current", other.id == row.id ? "true" : nil)) {
                            span(.class("ellipsis")) { other.title }
                            if let at = other.schema.deadline.flatMap({ other[$0].int }).map(Instant.init(milliseconds:)) {
                                time(.class(at < page.view.now ? "bad small" : "muted small"), .datetime(at.rfc3339)) { page.relative(at) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func after(_ row: Row) -> Int64? {
        guard let place = rows.firstIndex(where: { $0.id == row.id }) else { return rows.first?.id }
        return place + 1 < rows.count ? rows[place + 1].id : nil
    }

    private func subjectRow(of row: Row) throws -> Row? {
        guard let field = schema[desk.subject], let target = field.target, let id = row[field].int, let other = page.catalog[target] else {
            return nil
        }
        return page.view.attempt { try page.view.record(other, id: id) }
    }

    private func phone(_ row: Row) -> String? {
        row.schema.fields.first {
            $0.kind.contact == .phone && page.view.right(row.schema, $0) >= .read && !row[$0].isNull
        }.flatMap { row[$0].text }
    }
}
