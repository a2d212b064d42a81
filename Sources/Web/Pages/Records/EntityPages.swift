import Gate
import Hummingbird
import Markup
import Records

/// The pages of every entity: `/{entities}`, `/{entities}/new`, `/{entities}/{id}` …
struct EntityPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}", use: list)
        router.get("{entity}/panels/{panel}", use: panel)
        router.get("{entity}/new", use: new)
        router.get("{entity}/duplicates", use: duplicates)
        router.post("{entity}", use: create)
        router.get("{entity}/{id}", use: record)
        router.get("{entity}/{id}/edit", use: edit)
        router.post("{entity}/{id}", use: update)
        router.post("{entity}/{id}/delete", use: delete)
        router.post("{entity}/{id}/follow", use: follow)
        router.post("{entity}/{id}/putback", use: putBack)
        router.get("{entity}/{id}/reveal/{field}", use: revealForm)
        router.post("{entity}/{id}/reveal/{field}", use: reveal)
        router.get("{entity}/{id}/actions/{action}", use: actionForm)
        router.post("{entity}/{id}/actions/{action}", use: act)
        router.post("{entity}/{id}/compose/{child}", use: compose)
        router.post("undo/{operation}", use: undo)
    }

    /// What opens behind a button of a list's toolbar; a page of its own where there is no script.
    @Sendable func panel(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        guard let panel = context.parameters.get("panel").flatMap(ListPage.Panel.init) else { throw Refusal.notFound }
        return try await site.page(request, context) { page in
            let list = try ListPage(page, try page.view.schema(named: name), withRecords: false), content = try list.content(of: panel)
            return page.isFragment ? .fragment(content) : .shell(list.shell(of: panel, content))
        }
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            if !page.items.all("sf").isEmpty {
                let fields = zip(page.items.all("sf"), page.items.all("sd")).filter { !$0.0.isEmpty }.map { $0.1 + $0.0 }
                let rest = page.items.removing { ["sf", "sd", "sort", "cursor", "at"].contains($0) }
                return .redirect("/\(name)" + rest.setting("sort", fields.isEmpty ? nil : fields.joined(separator: ",")).suffix)
            }
            if !page.items.all("col").isEmpty {
                let rest = page.items.removing { ["col", "columns"].contains($0) }
                return .redirect("/\(name)" + rest.setting("columns", page.items.all("col").joined(separator: ",")).suffix)
            }
            if name == ApprovalRequest.name, let box = ApprovalInbox.asked(page.items) { return .shell(try ApprovalInbox(page, box).shell) }
            return .shell(try ListPage(page, schema).shell)
        }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            guard page.view.may("create", schema), schema.traits.isCreatable else {
                throw Refusal.forbidden("您没有新建\(schema.label)的权限，请联系系统管理员。")
            }
            var row = schema.blank()
            // A related list hands over its parent; the palette a name.
            for pair in page.items.pairs {
                guard let field = schema[pair.name], page.view.right(schema, field) == .edit else { continue }
                if let value = try? field.kind.parse(pair.value) { row[field] = value }
            }
            page.inherit(into: &row)
            let hasQuick = schema.fields.contains { $0.traits.isQuick }
            return .shell(try RecordForm(page, row, isNew: true, isShort: hasQuick && page.items["full"] == nil).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context)
        let actor = try context.actor()
        do {
            let (id, title, operation, label) = try await site.gate.write(as: actor) { tx in
                let schema = try tx.schema(named: name)
                tx.isTyped = true
                tx.ignoresWarnings = form["_confirm"] == "true"
                let row = try tx.create(schema, try form.input(for: schema, tx).merging(form.lines(of: schema, tx)) { first, _ in first })
                return (row.id, row.title, tx.operation, schema.label(in: tx.actor.language))
            }
            if form["_pick"] != nil {
                return try await site.page(request, context) { _ in .fragment(div(.data("id", String(id)), .data("text", title)) {}) }
            }
            let next = form["then"] == "new" ? "/\(name)/new" : form["back"].map { LocalPath.checked($0) } ?? "/\(name)/\(id)"
            return .done(next, context.language("已新建\(label)「\(title)」", "\(label) “\(title)” created"), undo: operation)
        } catch let wrong as Problems {
            let state = FormState(typed: form.typed, problems: wrong.all)
            if form["_pick"] != nil {
                return try await site.page(request, context) { page in
                    .status(.unprocessableContent, try QuickForm(page, try page.view.schema(named: name), state: state).body)
                }
            }
            return try await refused(request, context) { page in
                let schema = try page.view.schema(named: name)
                return try RecordForm(page, schema.blank(), isNew: true, state: state, isShort: form["_short"] == "1").shell
            }
        }
    }

    @Sendable func record(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        await site.noteVisit(of: name, id, by: context.login?.actor)
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            return .shell(name == ApprovalRequest.name ? try SlipPage(page, id).shell : try RecordPage(page, schema, id: id).shell)
        }
    }

    @Sendable func edit(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in
            let row = try page.view.record(try page.view.schema(named: name), id: id)
            guard page.view.may("update", row) else { throw Refusal.forbidden("您没有修改「\(row.title)」的权限，请联系其负责人。") }
            return .shell(try RecordForm(page, row, isNew: false).shell)
        }
    }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        let actor = try context.actor()
        do {
            let (operation, request) = try await site.gate.write(as: actor) { tx in
                let schema = try tx.schema(named: name)
                tx.isTyped = true
                tx.ignoresWarnings = form["_confirm"] == "true"
                let input = try form.input(for: schema, tx).merging(form.lines(of: schema, tx)) { first, _ in first }
                try tx.update(schema, id: id, input, ifVersion: form["_version"].flatMap(Int64.init))
                return (tx.operation, tx.submitted)
            }
            if request != nil { return .done("/\(name)/\(id)", context.language("修改已提交审批", "The change waits for approval")) }
            return .done("/\(name)/\(id)", context.language("已保存", "Saved"), undo: operation)
        } catch let wrong as Problems {
            return try await refused(request, context) { page in
                let row = try page.view.record(try page.view.schema(named: name), id: id)
                return try RecordForm(page, row, isNew: false, state: FormState(typed: form.typed, problems: wrong.all)).shell
            }
        } catch Refusal.changedMeanwhile {
            // The form comes back with what was typed and the record's new version: the user compares and saves again.
            return try await refused(request, context, status: .conflict) { page in
                let row = try page.view.record(try page.view.schema(named: name), id: id)
                let differing = row.schema.writable.filter { form.differs($0, row[$0]) }
                let problems =
                    [Problem(nil, code: "changed", "在您编辑期间，其他人修改了这条记录。下面是您填写的内容；与当前值不同的字段已标出，核对后再次保存即可。")]
                    + differing.map { Problem($0.name, code: "changed", "「\($0.label)」当前值为：\($0.kind.show(row[$0], in: .chinese))") }
                return try RecordForm(page, row, isNew: false, state: FormState(typed: form.typed, problems: problems)).shell
            }
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        _ = try await FormBody(request, context)
        let operation = try await site.gate.write(as: try context.actor()) { tx in
            try tx.remove(try tx.schema(named: name), id: id)
            return tx.operation
        }
        return .done("/\(name)", context.language("已移到回收站", "Moved to the recycle bin"), undo: operation)
    }

    @Sendable func follow(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        _ = try await FormBody(request, context)
        let isOn = try await site.gate.write(as: try context.actor()) { tx in try tx.toggleFollow(try tx.schema(named: name), id: id) }
        return .done("/\(name)/\(id)", isOn ? context.language("已关注", "Following") : context.language("已取消关注", "No longer following"))
    }

    @Sendable func putBack(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        let operation = try await site.gate.write(as: try context.actor()) { tx in
            guard let entry = form["entry"].flatMap(Int64.init), let field = form["field"] else { throw Refusal.notFound }
            try tx.putBack(entry: entry, field: field)
            return tx.operation
        }
        return .done("/\(name)/\(id)", context.language("已恢复旧值", "The old value is back"), undo: operation)
    }

    @Sendable func actionForm(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), action = try context.parameters.require("action")
        return try await site.page(request, context) { page in
            let row = try page.view.record(try page.view.schema(named: name), id: id)
            guard let action = row.schema.actions.first(where: { $0.name == action }) else { throw Refusal.notFound }
            return .shell(
                ActionPart(
                    page: page, row: row, action: action, state: FormState(), missing: ActionOffer(action, row, page.view)?.missing ?? []
                ).shell)
        }
    }

    @Sendable func act(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), actionName = try context.parameters.require("action")
        let form = try await FormBody(request, context)
        do {
            let (operation, label, request, next) = try await site.gate.write(as: try context.actor()) { tx in
                let schema = try tx.schema(named: name)
                guard let action = schema.actions.first(where: { $0.name == actionName }) else { throw Refusal.notFound }
                tx.isTyped = true
                var input: [String: Plain] = [:]
                for parameter in action.parameters { input[parameter.name] = try form.plain(parameter, form.all(parameter.name), tx) }
                let row = try tx.record(schema, id: id)
                try ActionOffer(action, row, tx)?.fill(form, row, tx)
                try tx.perform(actionName, schema, id: id, input)
                let next = tx.next.flatMap { tx.may("read", $0) ? "/\($0.schema.name)/\($0.id)" : nil }
                return (action.isUndoable ? tx.operation : nil, action.label(in: tx.actor.language), tx.submitted, next)
            }
            if request != nil { return .done("/\(name)/\(id)", context.language("「\(label)」已提交审批", "“\(label)” waits for approval")) }
            return .done(
                next ?? form["back"].map { LocalPath.checked($0) } ?? "/\(name)/\(id)", context.language("已\(label)", "Done: \(label)"),
                undo: operation)
        } catch let wrong as Problems {
            return try await refused(request, context) { page in
                let row = try page.view.record(try page.view.schema(named: name), id: id)
                guard let action = row.schema.actions.first(where: { $0.name == actionName }) else { throw Refusal.notFound }
                return ActionPart(
                    page: page, row: row, action: action, state: FormState(typed: form.typed, problems: wrong.all),
                    missing: ActionOffer(action, row, page.view)?.missing ?? []
                ).shell
            }
        }
    }

    /// Saves what was written in a record's composer as a record that points to it.
    @Sendable func compose(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context)
        return try await composed(form, request, context) { _, _ in }
    }

    /// - Parameter attach: puts files beside the new record.
    func composed(
        _ form: FormBody, _ request: Request, _ context: WebContext, attach: @escaping @Sendable (GateTransaction, Row) throws -> Void
    ) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), childName = try context.parameters.require("child")
        do {
            let (operation, label) = try await site.gate.write(as: try context.actor()) { tx in
                let schema = try tx.schema(named: name), child = try tx.schema(named: childName)
                let row = try tx.record(schema, id: id)
                guard let link = tx.catalog.links(to: name).first(where: { $0.schema.name == childName && $0.field.isColumn }) else {
                    throw Refusal.notFound
                }
                tx.isTyped = true
                tx.ignoresWarnings = true
                var input = try form.input(for: child, tx)
                input[link.field.name] = .int(id)
                for (field, value) in tx.inherited(from: row, by: child) where input[field] == nil { input[field] = value }
                try attach(tx, try tx.create(child, input))
                return (tx.operation, child.label(in: tx.actor.language))
            }
            return .done("/\(name)/\(id)", context.language("已记录\(label)", "\(label) saved"), undo: operation)
        } catch let wrong as Problems {
            return try await refused(request, context) { page in
                let child = try page.view.schema(named: childName)
                var row = child.blank()
                if let link = page.catalog.links(to: name).first(where: { $0.schema.name == childName && $0.field.isColumn }) {
                    row[link.field] = .int(id)
                }
                return try RecordForm(page, row, isNew: true, state: FormState(typed: form.typed, problems: wrong.all)).shell
            }
        }
    }

    /// What is probably the same as what is being typed.
    @Sendable func duplicates(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            let input = Dictionary(
                page.items.pairs.filter { !$0.value.isEmpty }.map { ($0.name, Plain.text($0.value)) },
                uniquingKeysWith: { first, _ in first })
            let found = try page.view.likeness(ofTyped: input, in: schema)
            guard !found.isEmpty else { return .fragment(Node.empty) }
            let owners = try page.view.titles(page.catalog.schema(User.self), ids: found.compactMap(\.owner))
            return .fragment(
                div(.class("alert alert-warn")) {
                    page.site.icon("users-round")
                    div {
                        b { page.t("已存在 \(found.count) 条相似\(schema.label)", "\(found.count) alike already") }
                        ul {
                            for like in found {
                                li {
                                    if let row = like.row {
                                        a(.class("lnk"), .href("/\(row.schema.name)/\(row.id)"), .target("_blank")) { row.title }
                                    } else {
                                        page.t("（无权查看）", "(not yours to see)")
                                    }
                                    " · \(like.message) · " + page.t("负责人 ", "Owner ")
                                        + (like.owner.flatMap { owners[$0] } ?? page.t("无", "none"))
                                }
                            }
                        }
                    }
                })
        }
    }

    @Sendable func undo(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        guard let operation = context.parameters.get("operation").flatMap(Int64.init) else { throw Refusal.notFound }
        let before = LocalPath.checked(request.headers[.referer].flatMap(EntityPages.localPath))
        let (report, back) = try await site.gate.write(as: try context.actor()) { tx in
            (try tx.undo(operation: operation), EntityPages.stillThere(before, tx))
        }
        let text =
            report.conflicts.first
            ?? (report.undone == 0 ? context.language("没有可撤销的内容", "Nothing to undo") : context.language("已撤销", "Undone"))
        return .done(back, text)
    }

    /// The page the undo was asked from, or the list when the undo took its record away.
    private static func stillThere(_ path: String, _ view: View) -> String {
        let words = path.split(separator: "?").first?.split(separator: "/") ?? []
        guard words.count > 1, let schema = view.catalog[String(words[0])], let id = Int64(words[1]) else { return path }
        return view.attempt { try view.record(schema, id: id) } == nil ? "/\(schema.name)" : path
    }

    /// The path of an address of our own; nil for any other.
    static func localPath(_ address: String) -> String? {
        guard let scheme = address.range(of: "://") else { return address.hasPrefix("/") && !address.hasPrefix("//") ? address : nil }
        guard let slash = address[scheme.upperBound...].firstIndex(of: "/") else { return "/" }
        return String(address[slash...])
    }

    private func refused(
        _ request: Request, _ context: WebContext, status: HTTPResponse.Status = .unprocessableContent,
        _ body: @escaping @Sendable (Page) throws -> Shell
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in .shell(try body(page)) }
        response.status = status
        return response
    }
}

extension FormBody {
    /// The most lines that a form takes.
    static let mostLines = 500

    /// The lines typed into a form: `lines.0.product`, …; empty rows, in which nothing stands but what stood there from the beginning, are
    /// left out.
    func lines(of schema: Schema, _ view: View) throws -> [String: Plain] {
        var input: [String: Plain] = [:]
        for field in schema.fields {
            guard let kind = field.kind.lines, let child = view.catalog[kind.entity] else { continue }
            guard let rows = try rows(of: field, child) else { continue }
            input[field.name] = .list(try rows.map { .object(try line($0.words, child, view)) })
        }
        return input
    }

    /// The numbers of the rows in which something stands.
    func filled(_ field: FieldSpec, _ child: Schema) throws -> [Int] { try rows(of: field, child)?.map(\.index) ?? [] }

    /// The rows of a lines field in which something stands beyond what stood there from the beginning; nil when the form has none.
    private func rows(of field: FieldSpec, _ child: Schema) throws -> [(index: Int, words: [String: String])]? {
        let prefix = field.name + ".", mine = pairs.filter { $0.name.hasPrefix(prefix) }
        guard !mine.isEmpty else { return nil }
        var rows: [Int: [String: String]] = [:]
        for pair in mine {
            let words = pair.name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
            guard words.count == 2, let index = Int(words[0]), (0..<FormBody.mostLines).contains(index) else { continue }
            rows[index, default: [:]][String(words[1])] = pair.value
        }
        let blank = child.blank()
        return rows.sorted { $0.key < $1.key }.filter { row in
            row.value.contains { name, text in
                name != "id" && !text.trimmed.isEmpty
                    && text.trimmed != child[name].map { blank[$0].isNull ? "" : $0.kind.edit(blank[$0]) }
            }
        }.map { (index: $0.key, words: $0.value) }
    }

    private func line(_ row: [String: String], _ child: Schema, _ view: View) throws -> [String: Plain] {
        var input: [String: Plain] = [:]
        for (name, text) in row {
            if name == "id" { input["id"] = Int64(text).map(Plain.int) ?? .null; continue }
            guard let field = child[name] else { continue }
            guard case .link = field.kind.editor else { input[name] = .text(text); continue }
            input[name] = try linked(field, text, row[name + "_text"], view)
        }
        return input
    }
}
