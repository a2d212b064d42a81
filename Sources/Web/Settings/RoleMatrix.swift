import Gate
import Markup
import Records

/// Entities by rights, with a reach in every cell.
struct RoleMatrix {
    let part: RolePart

    private var page: Page { part.page }

    private static let order = ["read", "create", "update", "delete", "assign", "export", "import", "merge", "reveal"]

    /// Entities in their menu groups; set-up data last.
    private var groups: [(label: String, schemas: [Schema])] {
        var groups: [(label: String, schemas: [Schema])] = []
        for schema in page.catalog.schemas where schema.traits.isPublic {
            let label = schema.traits.menu?(page.language) ?? (schema.isOwned ? page.t("明细", "Details") : page.t("基础数据", "Set-up data"))
            if let place = groups.firstIndex(where: { $0.label == label }) {
                groups[place].schemas.append(schema)
            } else {
                groups.append((label, [schema]))
            }
        }
        return groups
    }

    var body: Node {
        form(.class("card wide"), .method("post"), .action(part.formURL), .data("form")) {
            part.hidden("rights")
            div(.class("tblwrap"), .tabindex(0), .role("region"), .aria("label", page.t("权限矩阵", "Matrix of rights"))) {
                table(.class("tbl matrix")) {
                    thead {
                        tr {
                            th(.scope("col")) { page.t("对象", "Entity") };
                            for right in RoleMatrix.order { th(.scope("col")) { label(right) } };
                            th(.scope("col")) { page.t("其他操作", "Other actions") }
                        }
                    }
                    tbody {
                        tr {
                            th(.scope("row")) { page.t("未单独设置的对象", "Entities not set below") }
                            for right in RoleMatrix.order { td { cell(Rights.anyEntity, page.t("默认", "Default"), right, nil) } }
                            td {}
                        }
                        for group in groups {
                            tr(.class("grp")) { th(.colspan(RoleMatrix.order.count + 2)) { group.label } }
                            for schema in group.schemas { line(schema) }
                        }
                    }
                }
            }
            part.saveBar()
        }.node
    }

    private func line(_ schema: Schema) -> Element {
        let name = schema.label(in: page.language)
        let others = Rights.names(for: schema).filter { !RoleMatrix.order.contains($0) }
        return tr {
            th(.scope("row")) { name }
            for right in RoleMatrix.order { td { if makesSense(right, schema) { cell(schema.name, name, right, schema) } } }
            td {
                for right in others {
                    span(.class("row-s nowrap")) {
                        span(.class("small muted")) { text(right, schema) }; cell(schema.name, name, right, schema)
                    }
                }
            }
        }
    }

    private func makesSense(_ right: String, _ schema: Schema) -> Bool {
        switch right {
        case "assign": schema.isOwned
        case "create", "import": schema.traits.nature != .log && schema.traits.isCreatable
        case "update", "delete", "merge": schema.traits.nature != .log
        case "reveal": schema.fields.contains { $0.traits.isSensitive }
        default: true
        }
    }

    private func cell(_ entity: String, _ name: String, _ right: String, _ schema: Schema?) -> Element {
        let rights = part.rights
        let usual = rights.fallback[right] ?? .none
        let said = entity == Rights.anyEntity ? usual : rights.scopes[entity]?[right] ?? (usual == .none ? Scope.none : nil)
        let typed = part.state.typed["r.\(entity).\(right)"]?.last
        let chosen = typed ?? said.map(RoleScope.word) ?? ""
        let isSwitch = right == "create" || right == "import" || !(schema?.isOwned ?? true)
        let scopes: [Scope] = isSwitch ? [.none, .all] : Scope.allCases
        // What is set stays visible, also where the cell would not offer it.
        let offered = scopes + (said.map { scopes.contains($0) ? [] : [$0] } ?? [])
        return select(
            .class("cell"), .name("r.\(entity).\(right)"), .aria("label", "\(name) \(text(right))"),
            .data("scope", chosen.isEmpty ? RoleScope.word(usual) : chosen)
        ) {
            if entity != Rights.anyEntity, usual != .none { option(.value(""), .selected(chosen.isEmpty)) { page.t("默认", "Default") } }
            for scope in offered {
                option(.value(RoleScope.word(scope)), .selected(chosen == RoleScope.word(scope))) {
                    isSwitch && scope == .all ? page.t("可以", "Yes") : scope.label(in: page.language)
                }
            }
        }
    }

    private func label(_ right: String) -> Node { .text(text(right)) }
    private func text(_ right: String, _ schema: Schema? = nil) -> String { Rights.label(right, on: schema, in: page.language) }
}

/// Fields of one entity, with what the role sees of each.
struct RoleFields {
    let part: RolePart

    private var page: Page { part.page }

    private var entities: [Schema] { page.catalog.schemas.filter { $0.traits.isPublic && !$0.fields.isEmpty } }
    private var schema: Schema? {
        let wanted = part.state.typed["entity"]?.last ?? page.items["entity"]
        return entities.first { $0.name == wanted } ?? entities.first { $0.isOwned } ?? entities.first
    }

    var body: Node {
        guard let schema else { return .empty }
        return Group {
            form(.class("row wrap"), .method("get"), .action(part.formURL)) {
                input(.type("hidden"), .name("tab"), .value("fields"))
                select(.class("in in-sm"), .name("entity"), .aria("label", page.t("对象", "Entity"))) {
                    for one in entities { option(.value(one.name), .selected(one.name == schema.name)) { one.label(in: page.language) } }
                }
                button(.class("btn btn-sm")) { page.t("查看", "Show") }
            }
            form(.class("card"), .method("post"), .action(part.formURL), .data("form")) {
                part.hidden("fields")
                input(.type("hidden"), .name("entity"), .value(schema.name))
                div(.class("tblwrap")) {
                    table(.class("tbl")) {
                        thead {
                            tr {
                                th(.scope("col")) { page.t("字段", "Field") }; th(.scope("col")) { page.t("权限", "Right") }
                            }
                        }
                        tbody {
                            for field in schema.fields where !["id", "version", "deleted_at"].contains(field.name) { line(schema, field) }
                        }
                    }
                }
                part.saveBar()
            }
        }.node
    }

    private func line(_ schema: Schema, _ field: FieldSpec) -> Element {
        let name = "f.\(schema.name).\(field.name)"
        let chosen = part.state.typed[name]?.last ?? part.rights.fields[schema.name]?[field.name]?.rawValue ?? ""
        let usual: FieldRight = field.traits.isSensitive ? .masked : field.traits.isReadOnly ? .read : .edit
        let offered = FieldRight.allCases.filter { !(field.traits.isReadOnly && $0 == .edit) }
        return tr {
            td {
                field.label(in: page.language)
                " "
                if field.traits.isSensitive { span(.class("tag tag-warn")) { page.t("敏感", "Sensitive") } }
                if field.isCustom { span(.class("tag")) { page.t("自定义", "Own") } }
            }
            td {
                select(.class("in in-sm"), .name(name), .aria("label", field.label(in: page.language))) {
                    option(.value(""), .selected(chosen.isEmpty)) {
                        page.t("默认（\(usual.label(in: .chinese))）", "Default (\(usual.label(in: .english)))")
                    }
                    for right in offered {
                        option(.value(right.rawValue), .selected(chosen == right.rawValue)) { right.label(in: page.language) }
                    }
                }
            }
        }
    }
}
