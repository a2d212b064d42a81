import Records

/// A plan laid over one sheet's header: what stands where, and what it becomes. Made once, used for every row.
struct ImportLayout: Sendable {
    let schema: Schema
    let mode: ImportPlan.Mode
    let createsLinked: Bool
    let header: [String]
    /// Linked records first, the entity's own last.
    let targets: [Target]

    /// Records of one kind that a row fills.
    struct Target: Sendable {
        let schema: Schema
        /// The field of the main entity that links here; nil for the main entity.
        let link: FieldSpec?
        var columns: [Column] = []
        var fixed: [Fixed] = []
        /// What finds an existing record.
        var key: [FieldSpec] = []

        /// Columns beyond the key: what can change in a linked record.
        var fills: Bool { columns.contains { column in !key.contains { $0 === column.field } } }
        var hasLinks: Bool { columns.contains(where: \.field.isLinks) }
        func fills(_ field: FieldSpec) -> Bool { columns.contains { $0.field === field } || fixed.contains { $0.field === field } }
    }

    struct Column: Sendable {
        let place: Int
        let header: String
        let field: FieldSpec
        let reader: CellReader
    }

    struct Fixed: Sendable {
        let field: FieldSpec
        let text: FixedText
        let reader: CellReader
    }

    var main: Target { targets[targets.count - 1] }

    /// The sheet's heading of a field of a target; empty when no column fills it.
    func heading(_ name: String?, in target: Target) -> String {
        guard let name else { return "" }
        if let column = target.columns.first(where: { $0.field.name == name }) { return column.header }
        // A fault of the link itself is seen where the linked record's columns stand.
        return targets.first { $0.link?.name == name }?.columns.first?.header ?? ""
    }
}

extension ImportLayout {
    /// - Throws: ``Problems`` with everything that does not fit, or a ``Refusal`` when the actor may not.
    init(_ plan: ImportPlan, header raw: [String], _ view: View) throws {
        let catalog = view.catalog
        guard let schema = catalog[plan.entity], schema.traits.isPublic, schema.traits.nature != .log else {
            throw Problems([Problem("entity", code: "unknown_entity", "没有可以导入的对象「\(plan.entity.prefix(60))」")])
        }
        let header = raw.map(\.trimmed)
        var plan = plan
        if plan.columns.isEmpty {
            plan.columns = try view.proposeMapping(header, into: schema).mapped
            guard !plan.columns.isEmpty else { throw Problems([Self.nothingKnown(header, schema)]) }
        }
        var builder = LayoutBuilder(schema: schema, header: header, catalog: catalog)
        for column in plan.columns { builder.add(column) }
        for fixed in plan.fixed { builder.add(fixed) }
        for match in plan.match { builder.addKey(match) }
        let targets = builder.finished(createsLinked: plan.createsLinked)
        var problems = builder.problems
        if problems.isEmpty { problems = try Self.faults(of: targets, plan, schema, view) }
        guard problems.isEmpty else { throw Problems(problems) }
        self.init(schema: schema, mode: plan.mode, createsLinked: plan.createsLinked, header: header, targets: targets)
    }

    private static func nothingKnown(_ header: [String], _ schema: Schema) -> Problem {
        let seen = header.filter { !$0.isEmpty }.prefix(6).map { "「\($0.prefix(20))」" }.joined(separator: "、")
        return Problem(nil, code: "no_header", "没有一列能对应\(schema.label)的字段。第一行应是表头，现在是：\(seen)。请补上表头，或用字段映射指定各列。")
    }

    /// What the plan lacks and what the actor may not, before any row is read.
    private static func faults(of targets: [Target], _ plan: ImportPlan, _ schema: Schema, _ view: View) throws -> [Problem] {
        var problems: [Problem] = []
        for target in targets {
            let isMain = target.link == nil
            let creates = isMain ? plan.mode != .update : plan.createsLinked && plan.mode != .update
            let updates = isMain ? plan.mode != .add : plan.mode != .add && target.fills
            guard !isMain || view.may("import", target.schema) else { throw Refusal.forbidden("您没有导入\(target.schema.label)的权限，请联系系统管理员。") }
            if !isMain, creates || updates, !view.may("import", target.schema) {
                throw Refusal.forbidden("这张表还会写入\(target.schema.label)，而您没有导入\(target.schema.label)的权限，请联系系统管理员。")
            }
            if creates, !view.may("create", target.schema) || !target.schema.traits.isCreatable {
                throw Refusal.forbidden("您没有新建\(target.schema.label)的权限，请联系系统管理员。")
            }
            if updates, isMain ? !target.key.isEmpty : true, !view.may("update", target.schema) {
                throw Refusal.forbidden("您没有修改\(target.schema.label)的权限，请改用只新增的方式，或联系系统管理员。")
            }
            problems += lacking(target, plan, isMain: isMain, links: targets.compactMap(\.link))
            problems += forbidden(target, view)
        }
        return problems
    }

    private static func lacking(_ target: Target, _ plan: ImportPlan, isMain: Bool, links: [FieldSpec]) -> [Problem] {
        if isMain, plan.mode == .update, target.key.isEmpty {
            return [Problem("match", code: "required", "更新已有\(target.schema.label)时，请指定用哪些字段查找（例如手机号码和客户名称）")]
        }
        if !isMain, target.key.isEmpty {
            return [
                Problem(
                    "match", code: "required", "请指定按\(target.schema.label)的哪个字段查找，例如 \(target.link?.name ?? "").\(target.schema.title.name)"
                )
            ]
        }
        var problems = target.key.filter { field in !target.fills(field) && !(isMain && links.contains { $0 === field }) }.map { field in
            Problem("match", code: "required", "用于查找\(target.schema.label)的字段「\(field.label)」没有对应的列")
        }
        if isMain ? plan.mode != .update : plan.createsLinked {
            for field in target.schema.fields
            where field.isRequired(from: "import") && field.traits.initial == nil && !field.traits.isReadOnly
                && field.traits.onlyWhen == nil
            {
                guard !target.fills(field), target.schema.rules.beforeSave.isEmpty || field === target.schema.title,
                    field.kind.numbering == nil
                else { continue }
                problems.append(Problem(field.name, code: "required", "没有列对应\(target.schema.label)的必填字段「\(field.label)」"))
            }
        }
        return problems
    }

    private static func forbidden(_ target: Target, _ view: View) -> [Problem] {
        let lens = view.lens(target.schema)
        var problems: [Problem] = []
        for (field, header) in target.columns.map({ ($0.field, $0.header) }) + target.fixed.map({ ($0.field, $0.field.label) }) {
            if lens.right(field) == .hidden {
                problems.append(Problem(header, code: "unknown_field", "\(target.schema.label)没有「\(header)」对应的字段"))
            } else if !lens.edits(field), !(field.traits.isReadOnly && GateTransaction.kept.contains(field.name)) {
                let reason = field.traits.isReadOnly ? "由系统维护，不能导入" : "您没有修改权限，请去掉这一列或联系系统管理员"
                problems.append(Problem(header, code: "not_allowed", "列「\(header)」对应「\(field.label)」：\(reason)"))
            }
        }
        return problems
    }
}
