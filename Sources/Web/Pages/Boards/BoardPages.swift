import Gate
import Hummingbird
import Markup
import Records

/// What a board asks for while it is on the screen: more cards, a move.
struct BoardPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/board", use: more)
        router.get("{entity}/{id}/move", use: choose)
        router.post("{entity}/{id}/move", use: move)
    }

    @Sendable func more(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            guard let column = page.items["column"] else { return .redirect("/\(name)?layout=board") }
            return .fragment(try Board.more(page, try ListQuery(page.items, schema, page.view), column: column))
        }
    }

    @Sendable func choose(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in
            let row = try page.view.record(try page.view.schema(named: name), id: id)
            let part = MoveChoice(page: page, row: row, axis: try BoardAxis.chosen(page.items["by"], row.schema, page.view))
            return page.isFragment ? .fragment(try part.form(inDialog: true)) : .shell(try part.shell())
        }
    }

    /// Moves a card. What the step needs to know and has not been told is asked for first.
    @Sendable func move(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        let items = try QueryItems(parsing: request.uri.query), by = form["by"] ?? items["by"], to = form["to"] ?? ""
        do {
            let (undo, asked) = try await site.gate.write(as: try context.actor()) { tx in
                tx.isTyped = true
                let schema = try tx.schema(named: name)
                let isUndoable = try BoardMove(schema: schema, id: id, axis: try BoardAxis.chosen(by, schema, tx), to: to).perform(form, tx)
                return (isUndoable ? tx.operation : nil, tx.submitted)
            }
            return try await moved(
                request, context, name, id,
                asked == nil ? context.language("已移动", "Moved") : context.language("已提交审批", "It waits for approval"),
                undo: asked == nil ? undo : nil)
        } catch is BoardMove.Asks {
            return try await ask(request, context, name, id, by, to, FormState(), status: .accepted)
        } catch let wrong as Problems where form["_asked"] == "1" {
            return try await ask(
                request, context, name, id, by, to, FormState(typed: form.typed, problems: wrong.all), status: .unprocessableContent)
        } catch let wrong as Problems where BoardMove.canAnswer(wrong, site.gate.catalog[name], by) {
            return try await ask(request, context, name, id, by, to, FormState(problems: wrong.all), status: .accepted)
        }
    }

    private func ask(
        _ request: Request, _ context: WebContext, _ name: String, _ id: Int64, _ by: String?, _ to: String, _ state: FormState,
        status: HTTPResponse.Status
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in
            let row = try page.view.record(try page.view.schema(named: name), id: id)
            let part = MoveQuestion(page: page, row: row, axis: try BoardAxis.chosen(by, row.schema, page.view), to: to, state: state)
            return page.isFragment ? .fragment(try part.form(inDialog: true)) : .shell(try part.shell())
        }
        response.status = status
        return response
    }

    /// To a script the card and the columns' heads as they are now; to a browser without scripts the board.
    private func moved(
        _ request: Request, _ context: WebContext, _ name: String, _ id: Int64, _ text: String, undo operation: Int64?
    ) async throws -> Response {
        let items = try QueryItems(parsing: request.uri.query)
        if let back = items["back"] { return .done(LocalPath.checked(back), text, undo: operation) }
        guard request.headers[.htmxRequest] == "true" else {
            return .done("/\(name)" + items.removing { $0 == "cursor" }.setting("layout", "board").suffix, text, undo: operation)
        }
        var response = try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            let board = try Board(page, try ListQuery(page.items, schema, page.view), onlyHeads: true)
            let row = page.view.attempt { try page.view.record(schema, id: id) }
            let titles = try Titles(of: row.map { [$0] } ?? [], fields: board.face.fields, page.view)
            return .fragment(
                Group {
                    if let row { BoardCard(page: page, row: row, face: board.face, titles: titles, query: board.query).body }
                    for (place, column) in board.columns.enumerated() { board.head(column, place) }
                })
        }
        response.headers[.htmxTrigger] =
            "{\"toast\":{\"kind\":\"ok\",\"text\":\"\(text.asHeaderJSON)\"\(operation.map { ",\"undo\":\"/undo/\($0)\"" } ?? "")}}"
        return response
    }
}

/// One card's way to another column.
struct BoardMove {
    let schema: Schema
    let id: Int64
    let axis: BoardAxis
    let to: String

    /// The step has something to ask.
    struct Asks: Error {}

    /// A step of a state machine, or a change of the field. Whether it can be undone.
    func perform(_ form: FormBody, _ tx: GateTransaction) throws -> Bool {
        let row = try tx.record(schema, id: id)
        guard axis.key(of: row) != to else { return false }
        guard axis.flow != nil else {
            // What was asked for comes with the answer.
            var input = form["_asked"] == "1" ? try form.input(for: schema, tx) : [:]
            input[axis.field.name] = try axis.value(to, for: row, today: tx.now.day)
            try tx.update(schema, id: id, input, ifVersion: form["_version"].flatMap(Int64.init))
            return true
        }
        let step = try step(of: row, tx)
        let missing = BoardMove.missing(step, row)
        if form["_asked"] != "1", !step.parameters.isEmpty || !missing.isEmpty { throw Asks() }
        if !missing.isEmpty {
            var input: [String: Plain] = [:]
            for field in missing { input[field.name] = try form.plain(field, form.all(field.name), tx) }
            try tx.update(schema, id: id, input)
        }
        var arguments: [String: Plain] = [:]
        for parameter in step.parameters { arguments[parameter.name] = try form.plain(parameter, form.all(BoardMove.name(parameter)), tx) }
        try tx.perform(step.name, schema, id: id, arguments)
        return schema.actions.first { $0.name == step.name }?.isUndoable ?? false
    }

    /// Whether somebody can mend these faults by filling in other fields of the record.
    static func canAnswer(_ wrong: Problems, _ schema: Schema?, _ by: String?) -> Bool {
        guard let schema, let by, schema.flow?.field != by else { return false }
        return !wrong.all.isEmpty
            && wrong.all.allSatisfy { problem in
                problem.field.flatMap { schema[$0] }.map { $0.name != by && !$0.traits.isReadOnly && $0.isColumn } ?? false
            }
    }

    /// A step's parameter may carry a field's name.
    static func name(_ parameter: FieldSpec) -> String { "step." + parameter.name }

    static func missing(_ step: Flow.Transition, _ row: Row) -> [FieldSpec] {
        step.missing(in: row)
    }

    func step(of row: Row, _ view: View) throws -> Flow.Transition {
        let steps = axis.steps(from: row, to: to)
        if let step = steps.first(where: { view.may($0, row) }) ?? steps.first { return step }
        let language = view.actor.language, show = { (key: String) in axis.field.kind.show(.text(key), in: language) }
        let ways = (axis.flow?.transitions ?? []).filter { $0.from.contains(row[axis.field].text ?? "") }.map { show($0.to) }
        let present = show(row[axis.field].text ?? "")
        throw Refusal.conflict(
            language(
                "不能从「\(present)」移到「\(show(to))」" + (ways.isEmpty ? "，它已没有下一步" : "，可以移到：\(ways.joined(separator: "、"))"),
                "Cannot move from “\(present)” to “\(show(to))”"
                    + (ways.isEmpty ? "; it has no next step" : "; possible: \(ways.joined(separator: ", "))")
            ))
    }
}
