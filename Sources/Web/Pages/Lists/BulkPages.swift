import Gate
import Hummingbird
import Markup
import Records

/// What is done to several records at once, merging and sharing.
struct BulkPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.post("{entity}/bulk/{what}", use: ask)
        router.post("{entity}/bulk", use: start)
        router.post("{entity}/merge", use: chooseMerge)
        router.get("{entity}/merge", use: mergeWith)
        router.post("{entity}/merge/run", use: merge)
        router.get("{entity}/{id}/share", use: sharePage)
        router.post("{entity}/{id}/share", use: share)
        router.post("{entity}/{id}/share/{share}/delete", use: unshare)
    }

    /// The selection that a list's form carries: ids, or everything the list's query finds.
    private func selection(_ form: FormBody, _ schema: Schema, _ view: View) throws -> (selection: BulkChange.Selection, count: Int) {
        if form["all"].map({ !$0.isEmpty }) ?? false {
            let request = try ListQuery(try QueryItems(parsing: form["query"]), schema, view).request(view)
            return (.filter(request.filter, search: request.search), try view.count(request, cap: BulkChange.limit))
        }
        let ids = form.all("id").compactMap(Int64.init)
        guard !ids.isEmpty else { throw Problems([Problem("id", code: "required", "请先选择记录")]) }
        return (.ids(ids), ids.count)
    }

    /// Asks for what the change needs: a field and its value, a new owner, a tag, or just yes.
    @Sendable func ask(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), what = try context.parameters.require("what"), form = try await FormBody(request, context)
        if what == "follow" { return try await follow(form, name, context) }
        if what == "export" { return try exported(form, name) }
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            let (_, count) = try selection(form, schema, page.view)
            let action = schema.actions.first { $0.name == what && $0.isBulk }
            guard ["edit", "assign", "tag", "delete"].contains(what) || action != nil else { throw Refusal.notFound }
            let titles = [
                "edit": page.t("批量编辑", "Edit"), "assign": page.t("转移负责人", "Assign"), "tag": page.t("打标签", "Tag"),
                "delete": page.t("批量删除", "Delete"),
            ]
            let heading = titles[what] ?? action.map { page.t("批量\($0.label)", $0.label(in: .english)) } ?? what
            return .shell(
                Shell(heading, active: name, crumbs: [(schema.label(in: page.language), "/\(name)")], back: "/\(name)") {
                    Markup.form(.class("form narrow"), .method("post"), .action("/\(name)/bulk"), .data("form")) {
                        page.csrfField
                        input(.type("hidden"), .name("what"), .value(what))
                        input(.type("hidden"), .name("all"), .value(form["all"]))
                        input(.type("hidden"), .name("query"), .value(form["query"]))
                        for id in form.all("id") { input(.type("hidden"), .name("id"), .value(id)) }
                        div(.class("pagehead")) {
                            h1 { heading }; span(.class("count num")) { page.t("\(ListPage.grouped(count)) 条", "\(count) records") }
                        }
                        section(.class("card")) { div(.class("fields")) { question(what, schema, page) } }
                        div(.class("actionbar")) {
                            a(.class("btn"), .href("/\(name)")) { page.t("取消", "Cancel") }
                            span(.class("grow")) {}
                            button(.class("btn", what == "delete" ? "btn-danger" : "btn-p")) { heading }
                        }
                    }
                })
        }
    }

    /// Done at once: at most a page of records is ticked by hand.
    private func follow(_ form: FormBody, _ name: String, _ context: WebContext) async throws -> Response {
        let count = try await site.gate.write(as: try context.actor()) { tx in
            let schema = try tx.schema(named: name)
            var ids = form.all("id").compactMap(Int64.init)
            if form["all"].map({ !$0.isEmpty }) ?? false {
                var request = try ListQuery(try QueryItems(parsing: form["query"]), schema, tx).request(tx)
                request.limit = 500
                ids = try tx.page(request).rows.map(\.id)
            }
            return try tx.follow(schema, ids)
        }
        let back = try QueryItems(parsing: form["query"])
        return .done("/\(name)" + back.suffix, context.language("已关注 \(count) 条", "Following \(count) more"))
    }

    /// What is ticked, as a spreadsheet.
    private func exported(_ form: FormBody, _ name: String) throws -> Response {
        var items = try QueryItems(parsing: form["query"]).setting("format", "xlsx")
        if form["all"].map({ $0.isEmpty }) ?? true {
            let ids = form.all("id").filter { Int64($0) != nil }
            guard !ids.isEmpty else { throw Problems([Problem("id", code: "required", "请先选择记录")]) }
            items = items.setting("ids", ids.joined(separator: ","))
        }
        return .redirect(to: "/\(name)/export" + items.suffix)
    }

    private func question(_ what: String, _ schema: Schema, _ page: Page) -> Node {
        let blank = schema.blank(), state = FormState()
        if let action = schema.actions.first(where: { $0.name == what && $0.isBulk }), !["assign", "delete"].contains(what) {
            return Group {
                p(.class("wide")) {
                    page.t(
                        "对所选记录逐条执行“\(action.label)”；不能执行的会列出原因，其余可撤销。",
                        "Each is done by itself; those that cannot are named, the rest can be undone.")
                }
                for parameter in action.parameters { page.editor(parameter, Row(schema, []), state, Titles()) }
            }.node
        }
        switch what {
        case "assign": return schema["owner_id"].map { page.editor($0, blank, state, Titles()).node } ?? .empty
        case "tag": return schema["tags"].map { page.editor($0, blank, state, Titles()).node } ?? .empty
        case "delete": return p(.class("wide")) { page.t("所选记录将移到回收站，30 天内可恢复。", "They go to the recycle bin for 30 days.") }.node
        default:
            let fields = schema.writable.filter {
                page.view.right(schema, $0) == .edit && !$0.isLines && $0.kind.numbering == nil && !$0.traits.isUnique
                    && !["owner_id", "department_id", "tags"].contains($0.name)
            }
            return Group {
                p(.class("wide muted")) { page.t("只有勾选的字段会被修改。", "Only the checked fields change.") }
                for field in fields {
                    div(.class("wide row"), .data("set")) {
                        input(
                            .type("checkbox"), .class("ck"), .name("set"), .value(field.name),
                            .aria("label", page.t("修改 \(field.label)", "Change \(field.label(in: .english))")))
                        div(.class("grow")) {
                            page.editor(
                                FieldSpec(field.name, field.label, field.kind, isCustom: field.isCustom, []), Row(schema, []), state,
                                Titles())
                        }
                    }
                }
            }.node
        }
    }

    @Sendable func start(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context), actor = try context.actor()
        let change = try await site.gate.read(as: actor) { view in
            let schema = try view.schema(named: name)
            let (chosen, _) = try selection(form, schema, view)
            switch form["what"] {
            case "assign":
                guard let field = schema["owner_id"], case .int(let owner) = try form.plain(field, form.all("owner_id"), view) else {
                    throw Problems([Problem("owner_id", code: "required", "请选择新的负责人")])
                }
                return BulkChange(name, chosen, action: "assign", values: ["owner_id": .int(owner)])
            case "tag":
                let ids = form.all("tags").compactMap(Int64.init).map(Plain.int)
                guard !ids.isEmpty else { throw Problems([Problem("tags", code: "required", "请选择标签")]) }
                return BulkChange(name, chosen, action: "add_tags", values: ["tags": .list(ids)])
            case "delete": return BulkChange(name, chosen, action: "delete")
            case "edit":
                var values: [String: Plain] = [:]
                for name in form.all("set") {
                    guard let field = schema[name] else { continue }
                    let plain = try form.plain(field, form.all(name), view)
                    // Typed by a person; the bulk job reads what programs send.
                    if let text = plain.text {
                        values[name] = text.trimmed.isEmpty ? .null : field.kind.plain(try BulkPages.parsed(text.trimmed, field))
                    } else {
                        values[name] = plain
                    }
                }
                guard !values.isEmpty else { throw Problems([Problem("set", code: "required", "请勾选要修改的字段")]) }
                return BulkChange(name, chosen, action: "update", values: values)
            case let what?:
                guard let action = schema.actions.first(where: { $0.name == what && $0.isBulk }) else { throw Refusal.notFound }
                var values: [String: Plain] = [:]
                for parameter in action.parameters {
                    let plain = try form.plain(parameter, form.all(parameter.name), view)
                    if let text = plain.text {
                        values[parameter.name] =
                            text.trimmed.isEmpty ? .null : parameter.kind.plain(try BulkPages.parsed(text.trimmed, parameter))
                    } else {
                        values[parameter.name] = plain
                    }
                }
                return BulkChange(name, chosen, action: what, values: values)
            case nil: throw Refusal.notFound
            }
        }
        let job = try await Bulk.start(change, as: actor, in: site.gate)
        return .redirect(to: "/jobs/\(job)")
    }

    private static func parsed(_ text: String, _ field: FieldSpec) throws -> Value {
        do throws(Fault) { return try field.kind.parse(text) } catch {
            throw Problems([Problem(field.name, code: error.code, "\(field.label)：\(error.message)")])
        }
    }

    // MARK: Merging

    @Sendable func mergeWith(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            let ids = page.items.all("id").compactMap(Int64.init)
            guard let first = ids.first else { throw Refusal.notFound }
            let row = try page.view.record(schema, id: first)
            let alike = ids.count > 1 ? try page.view.records(schema, ids: Array(ids.dropFirst())) : try page.view.likeness(of: row)
            return .shell(try MergePart(page: page, rows: [row] + alike.filter { $0.id != row.id }).shell)
        }
    }

    @Sendable func chooseMerge(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context)
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            let rows = try page.view.records(schema, ids: Array(form.all("id").compactMap(Int64.init).prefix(10)))
            return .shell(try MergePart(page: page, rows: rows).shell)
        }
    }

    @Sendable func merge(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context)
        guard let winner = form["winner"].flatMap(Int64.init) else { throw Problems([Problem("winner", code: "required", "请选择保留哪一条")]) }
        let losers = form.all("id").compactMap(Int64.init).filter { $0 != winner }
        let choices = Dictionary(
            form.pairs.compactMap { pair in
                pair.name.hasPrefix("choice.") ? Int64(pair.value).map { (String(pair.name.dropFirst(7)), $0) } : nil
            }, uniquingKeysWith: { _, last in last })
        let operation = try await site.gate.write(as: try context.actor()) { tx in
            try tx.merge(try tx.schema(named: name), into: winner, losers, choices: choices)
            return tx.operation
        }
        return .done(
            "/\(name)/\(winner)", context.language("已合并 \(losers.count + 1) 条记录", "\(losers.count + 1) records merged"), undo: operation)
    }

    // MARK: Sharing

    @Sendable func sharePage(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name), row = try page.view.record(schema, id: id)
            return .shell(try SharePart(page: page, row: row, shares: page.view.shares(of: schema, id: id)).shell)
        }
    }

    @Sendable func share(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        let until = form["until"].flatMap { Day(iso: $0) }
        try await site.gate.write(as: try context.actor()) { tx in
            let users = try form.plain(FieldSpec("user_id", "同事", LinkKind("users")), form.all("user_id"), tx).int
            let department = try form.plain(FieldSpec("department_id", "部门", LinkKind("departments")), form.all("department_id"), tx).int
            try tx.share(
                try tx.schema(named: name), id: id, withUser: users, department: department, canWrite: form["can_write"] == "true",
                until: until)
        }
        return .done("/\(name)/\(id)/share", context.language("已共享", "Shared"))
    }

    @Sendable func unshare(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        _ = try await FormBody(request, context)
        guard let share = context.parameters.get("share").flatMap(Int64.init) else { throw Refusal.notFound }
        try await site.gate.write(as: try context.actor()) { tx in try tx.unshare(try tx.schema(named: name), id: id, shareID: share) }
        return .done("/\(name)/\(id)/share", context.language("已取消共享", "No longer shared"))
    }
}
