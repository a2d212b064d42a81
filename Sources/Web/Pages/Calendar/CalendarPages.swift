import Gate
import Hummingbird
import Markup
import Records

/// A list as a calendar (日历): its records by one of their days.
struct CalendarLayout: ListLayout {
    let page: Page
    let query: ListQuery
    private let fields: [FieldSpec]
    private let layer: CalendarLayer
    private let grid: CalendarGrid

    var hasFrame: Bool { true }

    init(_ page: Page, _ query: ListQuery) throws {
        self.page = page
        self.query = query
        let schema = query.schema
        let fields = CalendarLayer.fields(schema, page.view)
        self.fields = fields
        let named = query.items["on"]
        guard let field = named.map({ name in fields.first { $0.name == name } }) ?? fields.first else {
            throw Refusal.unreadable(named.map { "\(schema.label)不能按 \($0) 排成日历" } ?? "\(schema.label)没有可以排成日历的日期")
        }
        let layer = CalendarLayer(schema: schema, field: field, hue: 1)
        self.layer = layer
        let span = try CalendarSpan(range: query.items["range"], at: query.items["at"], today: page.view.now.day)
        let content = try CalendarContent([(layer, try query.request(page.view))], span, page.view)
        grid = CalendarGrid(page: page, span: span, content: content, holidays: try page.view.workCalendar()) { settings in
            var items = query.items.removing { $0 == "cursor" }
            for (name, value) in settings { items = items.setting(name, value) }
            return "/\(schema.name)" + items.suffix
        } add: { day in
            layer.canAdd(page.view) ? QuickForm.url(schema, [(field.name, QuickForm.text(day, field))], back: page.here(page.items)) : nil
        }
    }

    var body: Node { grid.body }

    var controls: Node {
        Group {
            button(.type("button"), .class("btn btn-sm"), .popovertarget("calendaron")) {
                page.site.icon("calendar-days", "sm")
                page.t("按 \(layer.field.label)", "By \(layer.field.label(in: .english).lowercased())")
            }
            div(.popover("auto"), .id("calendaron"), .class("menu")) {
                for field in fields {
                    a(.href(query.url(["on": field.name])), .aria("current", field === layer.field ? "true" : nil)) {
                        field.label(in: page.language)
                    }
                }
            }
        }.node
    }
}

/// `/calendar`: everything that has a day, of one's own, of one's people, or of all whom one may see.
struct CalendarPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("calendar", use: calendar)
        router.get("{entity}/quick", use: quick)
        router.get("{entity}/{id}/day", use: choose)
        router.post("{entity}/{id}/day", use: move)
    }

    @Sendable func calendar(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in .shell(try CombinedCalendar(page).shell) }
    }

    /// The few fields of a new record, in a dialog or in a column.
    @Sendable func quick(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let form = try QuickForm(page, try page.view.schema(named: name))
            return page.isFragment
                ? .fragment(form.body) : .redirect("/\(name)/new" + page.items.removing { ["back", "inline"].contains($0) }.suffix)
        }
    }

    @Sendable func choose(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in
            let form = DayForm(
                page: page, row: try page.view.record(try page.view.schema(named: name), id: id),
                field: try DayForm.field(page.items["on"], of: name, page.view))
            return page.isFragment ? .fragment(form.body(inDialog: true)) : .shell(form.shell)
        }
    }

    /// Puts a record on another day; a moment keeps its time.
    @Sendable func move(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        let on = try QueryItems(parsing: request.uri.query)["on"]
        guard let day = Day(iso: form["to"] ?? "") else { throw Problem("to", "请选择日期") }
        let (operation, version, asked) = try await site.gate.write(as: try context.actor()) { tx in
            tx.isTyped = true
            let field = try DayForm.field(on, of: name, tx), schema = try tx.schema(named: name), row = try tx.record(schema, id: id)
            let saved = try tx.update(
                schema, id: id, [field.name: .text(BoardAxis.moved(row[field], of: field, to: day))],
                ifVersion: form["_version"].flatMap(Int64.init))
            return (tx.operation, saved.version, tx.submitted)
        }
        guard asked == nil else {
            let text = context.language("修改已提交审批", "The change waits for approval")
            guard request.headers[.htmxRequest] == "true" else { return .done(LocalPath.checked(form["back"]), text) }
            return Response(status: .accepted, headers: [.htmxTrigger: "{\"toast\":{\"text\":\"\(text.asHeaderJSON)\"}}"])
        }
        let text = context.language("已改到 \(day.iso)", "Moved to \(day.iso)")
        guard request.headers[.htmxRequest] == "true" else { return .done(LocalPath.checked(form["back"]), text, undo: operation) }
        var response = Response.html(Node.text(String(version)))
        response.headers[.htmxTrigger] = "{\"toast\":{\"kind\":\"ok\",\"text\":\"\(text.asHeaderJSON)\",\"undo\":\"/undo/\(operation)\"}}"
        return response
    }
}

/// Which day a record moves to, without a mouse.
struct DayForm {
    let page: Page
    let row: Row
    let field: FieldSpec

    static func field(_ name: String?, of entity: String, _ view: View) throws -> FieldSpec {
        let schema = try view.schema(named: entity)
        guard let name, let field = CalendarLayer.fields(schema, view).first(where: { $0.name == name }) else {
            throw Refusal.unreadable("\(schema.label)没有日期字段 \(name ?? "")")
        }
        return field
    }

    var shell: Shell {
        Shell(
            page.t("改期", "Move"), active: row.schema.name, crumbs: [(row.title, "/\(row.schema.name)/\(row.id)")],
            back: LocalPath.checked(page.items["back"])
        ) { div(.class("narrow pad")) { body(inDialog: false) } }
    }

    func body(inDialog: Bool) -> Element {
        let present = BoardCard.day(row[field], field)?.iso ?? page.view.now.day.iso, back = LocalPath.checked(page.items["back"])
        return form(.method("post"), .action("/\(row.schema.name)/\(row.id)/day?on=\(field.name)"), .data("form")) {
            page.csrfField
            input(.type("hidden"), .name("back"), .value(back))
            input(.type("hidden"), .name("_version"), .value(String(row.version)))
            header { h2 { page.t("改期「\(row.title)」", "Move “\(row.title)”") } }
            div(.class("dlg-b col")) {
                div(.class("field")) {
                    Markup.label(.for("day-to")) { field.label(in: page.language) }
                    input(
                        .class("in"), .id("day-to"), .type("date"), .name("to"), .value(present), .required(true),
                        .min(Day.enterable.lowerBound.iso), .max(Day.enterable.upperBound.iso))
                }
            }
            footer {
                if inDialog {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                } else {
                    a(.class("btn"), .href(back)) { page.t("取消", "Cancel") }
                }
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }
}
