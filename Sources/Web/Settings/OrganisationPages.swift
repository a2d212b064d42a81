import Gate
import Hummingbird
import Markup
import Records

/// The company, its departments and stores.
struct OrganisationPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/company", use: company)
        router.post("settings/company", use: saveCompany)
        router.get("settings/departments", use: tree)
        router.get("settings/departments/new", use: new)
        router.post("settings/departments", use: create)
        router.get("settings/departments/{id}", use: edit)
        router.post("settings/departments/{id}", use: update)
        router.post("settings/departments/{id}/delete", use: delete)
    }

    // MARK: The company

    @Sendable func company(_ request: Request, _ context: WebContext) async throws -> Response {
        try await page(request, context, FormState()) { page in
            .shell(CompanyForm(page: page, row: try OrganisationPages.root(page.view), state: FormState()).shell)
        }
    }

    @Sendable func saveCompany(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try context.actor()
        let input: [String: Plain] = [
            "name": .text(form["name"] ?? ""), "phone": .text(form["phone"] ?? ""), "address": .text(form["address"] ?? ""),
        ]
        do {
            let id = try await site.gate.read(as: actor) { try OrganisationPages.root($0).id }
            try await site.accounts.updateDepartment(id, input, as: actor)
            return .done("/settings/company", context.language("企业资料已保存", "Company saved"))
        } catch let wrong as Problems {
            let state = FormState(typed: form.typed, problems: wrong.all)
            return try await page(request, context, state) { page in
                .shell(CompanyForm(page: page, row: try OrganisationPages.root(page.view), state: state).shell)
            }
        }
    }

    /// The department above all others.
    static func root(_ view: View) throws -> Row {
        let schema = view.catalog.schema(Department.self)
        guard
            let row = try view.page(ListRequest(schema, where: .field("parent_id", .empty), sort: [Query.Sort("id")], limit: 1)).rows.first
        else { throw Refusal.notFound }
        return row
    }

    // MARK: Departments

    @Sendable func tree(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart()
        return try await page(request, context, FormState()) { page in .shell(try DepartmentTree(page, chart).shell) }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart()
        return try await page(request, context, FormState()) { page in
            var row = page.catalog.schema(Department.self).blank()
            if let parent = page.items["parent"].flatMap(Int64.init) { row["parent_id"] = .int(parent) }
            return .shell(DepartmentForm(page: page, chart: chart, row: row, state: FormState()).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        try await save(nil, request, context) { input, actor in
            let asked = try await site.gate.write(as: actor) { tx in
                try tx.create(tx.catalog.schema(Department.self), input)
                return tx.submitted
            }
            return .done(
                "/settings/departments",
                context.saved(context.language("部门已新建", "Department created"), asked, waits: "上级或负责人的调整", "its place waits"))
        }
    }

    @Sendable func edit(_ request: Request, _ context: WebContext) async throws -> Response {
        let chart = try await site.accounts.chart(), id = try context.recordID()
        return try await page(request, context, FormState()) { page in
            .shell(
                DepartmentForm(
                    page: page, chart: chart, row: try page.view.record(page.catalog.schema(Department.self), id: id), state: FormState()
                ).shell)
        }
    }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        return try await save(id, request, context) { input, actor in
            let asked = try await site.change(Department.name, id, input, as: actor)
            return .done(
                "/settings/departments",
                context.saved(context.language("部门已保存", "Department saved"), asked, waits: "上级或负责人的调整", "its place waits"))
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        try await site.accounts.deleteDepartment(try context.recordID(), as: try context.actor())
        return .done("/settings/departments", context.language("部门已删除", "Department deleted"))
    }

    private func save(
        _ id: Int64?, _ request: Request, _ context: WebContext, _ body: ([String: Plain], Actor) async throws -> Response
    ) async throws -> Response {
        let form = try await FormBody(request, context), actor = try context.actor()
        do {
            var input: [String: Plain] = [:]
            for name in ["name", "code", "kind", "phone", "address"] { if let text = form[name] { input[name] = .text(text) } }
            if let text = form["position"] { input["position"] = Int64(text.trimmed).map(Plain.int) ?? .null }
            if let text = form["parent_id"] { input["parent_id"] = Int64(text).map(Plain.int) ?? .null }
            if form["manager_id"] != nil || form["manager_id_text"] != nil {
                input["manager_id"] = try await link("manager_id", form, actor)
            }
            if form["is_active"] != nil { input["is_active"] = .bool(form.all("is_active").contains("true")) }
            return try await body(input, actor)
        } catch let wrong as Problems {
            let chart = try await site.accounts.chart(), state = FormState(typed: form.typed, problems: wrong.all)
            return try await page(request, context, state) { page in
                let schema = page.catalog.schema(Department.self)
                let row = try id.map { try page.view.record(schema, id: $0) } ?? schema.blank()
                return .shell(DepartmentForm(page: page, chart: chart, row: row, state: state).shell)
            }
        }
    }

    /// A user chosen in a picker, or typed by name where there are no scripts.
    private func link(_ name: String, _ form: FormBody, _ actor: Actor) async throws -> Plain {
        try await site.gate.read(as: actor) { view in
            guard let field = view.catalog.schema(Department.self)[name] else { return .null }
            return try form.plain(field, form.all(name).filter { !$0.isEmpty }, view)
        }
    }

    private func page(
        _ request: Request, _ context: WebContext, _ state: FormState, _ body: @escaping @Sendable (Page) throws -> PageAnswer
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in
            guard page.view.may("update", page.catalog.schema(Department.self)) else {
                throw Refusal.forbidden(page.t("您没有管理部门的权限，请联系系统管理员。", "You may not manage departments. Please ask your administrator."))
            }
            return try body(page)
        }
        if !state.problems.isEmpty { response.status = .unprocessableContent }
        return response
    }
}
