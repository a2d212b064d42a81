import Gate
import Markup
import Records

/// The company's own facts.
struct CompanyForm {
    let page: Page
    let row: Row
    let state: FormState

    var shell: Shell {
        let parts = page.parts(state), company = Record<Department>(row)
        return page.settings(
            "/settings/company", page.t("企业", "Company"), page.t("显示在左上角、报表和打印件上。", "Shown in the corner, on reports and prints.")
        ) {
            form(.class("card"), .method("post"), .action("/settings/company"), .data("form"), .novalidate(true)) {
                page.csrfField
                parts.cardFaults
                div(.class("fields")) {
                    parts.line("name", page.t("企业名称", "Name"), company.title, required: true, wide: true, autocomplete: "organization")
                    parts.line("phone", page.t("电话", "Telephone"), company.phone, type: "tel", mode: "tel")
                    parts.line("address", page.t("地址", "Address"), company.address, wide: true)
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
        }
    }
}

/// Departments as a tree, with their kinds, managers and people.
struct DepartmentTree {
    let page: Page
    let rows: [Row]
    let managers: [Int64: String]
    /// People directly in each department.
    let people: [Int64: Int]

    init(_ page: Page, _ chart: OrgChart) throws {
        self.page = page
        rows = try page.view.page(ListRequest(page.catalog.schema(Department.self), limit: 2000)).rows
        managers = try page.view.titles(page.catalog.schema(User.self), ids: rows.compactMap { $0["manager_id"].int })
        people = chart.members.values.reduce(into: [:]) { counts, member in
            if member.isActive, let department = member.departmentID { counts[department, default: 0] += 1 }
        }
    }

    var shell: Shell {
        let acts = a(.class("btn btn-p"), .href("/settings/departments/new")) {
            page.site.icon("plus"); page.t("新建", "New")
        }.node
        return page.settings(
            "/settings/departments", page.t("部门与门店", "Departments"),
            page.t("数据范围（本部门、本部门及下级）按这棵树计算。", "Rights by department follow this tree."), acts: acts
        ) {
            section(.class("card")) {
                div(.class("card-b tree")) { list(nil) }
            }
        }
    }

    private func list(_ parent: Int64?) -> Node {
        let ids = Set(rows.map(\.id))
        let children = rows.filter { row in
            let above = row["parent_id"].int
            return parent == nil ? above.map { !ids.contains($0) } ?? true : above == parent
        }
        guard !children.isEmpty else { return .empty }
        return ul {
            for row in children {
                li {
                    line(row); list(row.id)
                }
            }
        }.node
    }

    private func line(_ row: Row) -> Element {
        let department = Record<Department>(row), kind = department.kindOf
        let icon = kind == .company ? "building-2" : kind == .store ? "store" : "network"
        return a(.href("/settings/departments/\(row.id)")) {
            page.site.icon(icon)
            span { department.title }
            if let option = Department.Kind.options.first(where: { $0.value == kind }), kind != .department {
                span(.class("tag")) { page.language == .chinese ? option.label : kind.rawValue }
            }
            if !department.isActive { span(.class("tag")) { page.t("停用", "Off") } }
            span(.class("muted num")) { page.t("\(people[row.id] ?? 0) 人", "\(people[row.id] ?? 0)") }
            if let manager = department.manager.flatMap({ managers[$0.id] }) {
                span(.class("muted")) { page.t("负责人 ", "Manager ") + manager }
            }
        }
    }
}

struct DepartmentForm {
    let page: Page
    let chart: OrgChart
    let row: Row
    let state: FormState

    private var isNew: Bool { row.id == 0 }
    private var url: String { isNew ? "/settings/departments" : "/settings/departments/\(row.id)" }

    var shell: Shell {
        let title = isNew ? page.t("新建部门", "New department") : row.title
        return page.settings(
            "/settings/departments", title, page.t("移动部门会改变其下用户能看到的数据。", "Moving it changes what its people see."),
            crumbs: [(page.t("部门与门店", "Departments"), "/settings/departments")]
        ) {
            form()
            if !isNew { danger() }
        }
    }

    private func form() -> Element {
        let parts = page.parts(state), department = Record<Department>(row)
        let titles = page.view.attempt { try Titles(of: [row], fields: row.schema.fields, page.view) } ?? Titles()
        return Markup.form(.class("card"), .method("post"), .action(url), .data("form"), .novalidate(true)) {
            page.csrfField
            parts.cardFaults
            div(.class("fields")) {
                parts.line("name", page.t("名称", "Name"), department.title, required: true, autofocus: isNew)
                parts.radios(
                    "kind", page.t("类型", "Kind"),
                    Department.Kind.options.map {
                        ($0.value.rawValue, page.language == .chinese ? $0.label : $0.english ?? $0.value.rawValue.capitalized)
                    }, isNew ? "department" : department.kindOf.rawValue)
                parts.select(
                    "parent_id", page.t("上级部门", "Above it"), DepartmentForm.options(chart, without: isNew ? nil : row.id),
                    department.parent.map { String($0.id) }, empty: page.t("（最上级）", "(top)"))
                if let field = row.schema["manager_id"] { page.editor(field, row, state, titles) }
                parts.line("code", page.t("编码", "Code"), department.code)
                parts.line("position", page.t("排序", "Order"), department.position.map(String.init), mode: "numeric")
                parts.line("phone", page.t("电话", "Telephone"), department.phone, type: "tel", mode: "tel")
                parts.line("address", page.t("地址", "Address"), department.address)
                parts.toggle("is_active", page.t("启用", "Active"), isNew || department.isActive)
            }
            div(.class("card-f row")) {
                span(.class("grow")) {}; a(.class("btn"), .href("/settings/departments")) { page.t("取消", "Cancel") };
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }

    private func danger() -> Element {
        section(.class("card danger-zone")) {
            div(.class("setrow")) {
                div {
                    b { page.t("删除部门", "Delete") };
                    p { page.t("只有没有用户和下级的部门可以删除；在此之前可以先停用。", "Only one without people and parts; switch it off until then.") }
                }
                a(.class("btn"), .href("/settings/departments/new?parent=\(row.id)")) { page.t("新建下级", "Add below") }
                page.act(
                    "/settings/departments/\(row.id)/delete", page.t("删除", "Delete"), style: "btn btn-danger",
                    confirm: page.t("删除后可在回收站恢复。", "It goes to the recycle bin."))
            }
        }
    }

    /// The tree as indented options; a department cannot be put below itself.
    static func options(_ chart: OrgChart, without id: Int64? = nil) -> [(value: String, label: String)] {
        let gone = id.map { Set(chart.tree(of: $0)) } ?? []
        let live = chart.departments.values.filter { !$0.isDeleted && !gone.contains($0.id) }
        let ids = Set(live.map(\.id))
        let below = Dictionary(grouping: live) { department in department.parentID.flatMap { ids.contains($0) ? $0 : nil } ?? 0 }
        func walk(_ parent: Int64, _ depth: Int) -> [(value: String, label: String)] {
            guard depth < 20 else { return [] }
            return (below[parent] ?? []).sorted { $0.id < $1.id }.flatMap { department in
                [(String(department.id), String(repeating: "　", count: depth) + department.name)] + walk(department.id, depth + 1)
            }
        }
        return walk(0, 0)
    }
}
