import Gate
import Markup
import Records

/// Lists of entities, of fields, of kinds.
struct FieldParts {
    let page: Page

    func entities() throws -> Shell {
        let retired = try page.view.retiredEntities()
        let schemas = page.catalog.schemas.filter { $0.traits.isPublic && $0.traits.nature != .log }
        let acts = a(.class("btn btn-p"), .href("/settings/entities/new")) {
            page.site.icon("plus"); page.t("新建对象", "New entity")
        }.node
        return page.settings(
            "/settings/fields", page.t("字段与对象", "Fields and entities"),
            page.t("添加的字段马上出现在列表、表单、筛选、导入导出和接口中。", "New fields are at once in lists, forms, filters, sheets and the API."), acts: acts
        ) {
            section(.class("card")) {
                for schema in schemas {
                    let own = schema.fields.count { $0.isCustom }
                    a(.class("setrow"), .href("/settings/fields/\(schema.name)")) {
                        div {
                            b(.class("row-s")) {
                                page.site.icon(schema.traits.icon, "sm")
                                schema.label(in: page.language)
                                if schema.isCustom { span(.class("tag tag-sky")) { page.t("自定义对象", "Own") } }
                            }
                            p { schema.name }
                        }
                        if own > 0 { span(.class("tag num")) { page.t("\(own) 个自定义字段", "\(own) own fields") } }
                        span(.class("muted num")) { page.t("\(schema.fields.count) 个字段", "\(schema.fields.count) fields") }
                        page.site.icon("chevron-right", "sm")
                    }
                }
                for schema in page.catalog.whole.schemas where schema.isCustom && page.catalog[schema.name] == nil {
                    a(.class("setrow"), .href("/settings/entities/\(schema.name)")) {
                        div {
                            b(.class("row-s")) {
                                page.site.icon(schema.traits.icon, "sm"); schema.label(in: page.language);
                                span(.class("tag")) { page.t("随功能包停用", "Off with its pack") }
                            }
                            p { schema.name }
                        }
                        page.site.icon("chevron-right", "sm")
                    }
                }
                for row in retired {
                    a(.class("setrow"), .href("/settings/entities/\(row.title)")) {
                        div {
                            b(.class("row-s")) {
                                page.site.icon(row.icon, "sm"); row.label; span(.class("tag")) { page.t("已停用", "Retired") }
                            }
                            p { row.title }
                        }
                        page.site.icon("chevron-right", "sm")
                    }
                }
            }
        }
    }

    func list(_ schema: Schema) throws -> Shell {
        let own = try page.view.ownFields(of: schema.name)
        let acts = Markup.Group {
            if schema.isCustom {
                a(.class("btn"), .href("/settings/entities/\(schema.name)")) {
                    page.site.icon("pencil"); page.t("编辑对象", "Edit entity")
                }
            }
            a(.class("btn btn-p"), .href("/settings/fields/\(schema.name)/new")) {
                page.site.icon("plus"); page.t("添加字段", "Add field")
            }
        }.node
        return page.settings(
            "/settings/fields", schema.label(in: page.language),
            page.t("内置字段由产品维护；自定义字段可以修改和停用。", "Built-in fields are the product's; your own may be changed and retired."),
            crumbs: [(page.t("字段与对象", "Fields"), "/settings/fields")], acts: acts
        ) {
            section(.class("card wide")) {
                div(.class("tblwrap list")) {
                    table(.class("tbl")) {
                        thead {
                            tr {
                                for title in [
                                    page.t("名称", "Label"), page.t("字段名", "Name"), page.t("类型", "Kind"), page.t("必填", "Required"),
                                    page.t("唯一", "Unique"), page.t("操作", "Actions"),
                                ] { th(.scope("col")) { title } }
                            }
                        }
                        tbody {
                            for row in own { ownLine(schema, row) }
                            for field in schema.fields where !field.isCustom && !["version", "deleted_at"].contains(field.name) {
                                line(field)
                            }
                        }
                    }
                }
            }
        }
    }

    private func ownLine(_ schema: Schema, _ row: Record<OwnField>) -> Element {
        tr {
            td(.class("c-name")) {
                a(.class("name"), .href("/settings/fields/\(schema.name)/\(row.title)")) {
                    page.language == .chinese ? row.label : row.english ?? row.label
                }
                span(.class("tag tag-sky")) { page.t("自定义", "Own") }
                if row.isRetired {
                    span(.class("tag")) { page.t("已停用", "Retired") }
                } else if schema[row.title] == nil {
                    span(.class("tag")) { page.t("随功能包停用", "Off with its pack") }
                }
                span(.class("sub only-m")) { code { row.title } }
            }
            td { code { row.title } }
            td { kind(row.kind) }
            td { tick(row.isRequired) }
            td { tick(row.isUnique) }
            td(.class("c-r1")) { a(.class("lnk"), .href("/settings/fields/\(schema.name)/\(row.title)")) { page.t("编辑", "Edit") } }
        }
    }

    private func line(_ field: FieldSpec) -> Element {
        tr {
            td(.class("c-name")) {
                field.label(in: page.language); span(.class("sub only-m")) { code { field.name } }
            }
            td { code { field.name } }
            td { kind(field.kind.name) }
            td { tick(field.isRequired) }
            td { tick(field.traits.isUnique) }
            td {}
        }
    }

    private func kind(_ name: String) -> String { FieldKinds[name]?.label(in: page.language) ?? name }
    private func tick(_ isOn: Bool) -> Node { isOn ? page.site.icon("check", "sm").node : span(.class("off")) { "—" }.node }

    /// First the kind, because what else is asked depends on it.
    func kinds(_ schema: Schema) -> Shell {
        page.settings(
            "/settings/fields", page.t("添加字段：选择类型", "New field: choose a kind"), schema.label(in: page.language),
            crumbs: [(page.t("字段与对象", "Fields"), "/settings/fields"), (schema.label(in: page.language), "/settings/fields/\(schema.name)")]
        ) {
            section(.class("card")) {
                for offer in FieldKinds.all where offer.name != "attachments" {
                    a(.class("setrow"), .href("/settings/fields/\(schema.name)/new?kind=\(offer.name)")) {
                        div { b { offer.label(in: page.language) } }; page.site.icon("chevron-right", "sm")
                    }
                }
            }
        }
    }
}

/// One own field: its words, its place, and what its kind asks for.
struct FieldForm {
    let page: Page
    let schema: Schema
    let offer: FieldKinds.Offer
    let row: Record<OwnField>?
    let state: FormState

    private var base: String { "/settings/fields/\(schema.name)" }
    private var settings: [String: Plain] { row?.settings.flatMap(Plain.init(jsonText:))?.object ?? [:] }

    var shell: Shell {
        page.settings(
            "/settings/fields", row.map(\.label) ?? page.t("添加字段：\(offer.label)", "New field: \(offer.english)"),
            row.map { "\(offer.label(in: page.language)) · \($0.title)" } ?? schema.label(in: page.language),
            crumbs: [(page.t("字段与对象", "Fields"), "/settings/fields"), (schema.label(in: page.language), base)]
        ) {
            form()
            if let row {
                preview(row)
                danger(row)
            }
        }
    }

    /// Problems with a setting stand beside its line.
    private var parts: FormParts {
        let names = Set(offer.settings.map(\.name))
        let problems = state.problems.map { problem in
            problem.field.map { names.contains($0) ? Problem("s_" + $0, code: problem.code, problem.message) : problem } ?? problem
        }
        return page.parts(FormState(typed: state.typed, problems: problems))
    }

    private func form() -> Element {
        let parts = parts
        return Markup.form(
            .class("card"), .method("post"), .action(row.map { "\(base)/\($0.title)" } ?? base), .data("form"), .novalidate(true)
        ) {
            page.csrfField
            input(.type("hidden"), .name("kind"), .value(offer.name))
            parts.cardFaults
            div(.class("fields")) {
                parts.line("label", page.t("名称", "Label"), row?.label, required: true, maxlength: 40, autofocus: row == nil)
                parts.line("english", page.t("英文名称", "English label"), row?.english, maxlength: 60)
                if row == nil {
                    parts.line(
                        "name", page.t("字段名", "Name"),
                        hint: page.t("接口和导入用，留空则按拼音生成，建好后不变", "For the API; made from the label when empty; never changes"), maxlength: 40)
                }
                for setting in offer.settings { control(setting, parts) }
                parts.line(
                    "section", page.t("表单分组", "Section of the form"), row?.section, hint: page.t("留空为“基本资料”", "Basics when empty"),
                    maxlength: 40)
                parts.line("help", page.t("填写说明", "Help"), row?.help, maxlength: 200)
                parts.toggle("is_required", page.t("必填", "Required"), row?.isRequired ?? false)
                parts.toggle("is_in_list", page.t("显示在列表中", "In lists"), row?.isInList ?? true)
                parts.toggle("is_searchable", page.t("可搜索", "Searchable"), row?.isSearchable ?? false)
                if row == nil { parts.toggle("is_unique", page.t("不能重复", "Unique"), false) }
            }
            div(.class("card-f row")) {
                span(.class("grow")) {}; a(.class("btn"), .href(base)) { page.t("取消", "Cancel") };
                button(.class("btn btn-p")) { row == nil ? page.t("添加", "Add") : page.t("保存", "Save") }
            }
        }
    }

    private func control(_ setting: FieldKinds.Setting, _ parts: FormParts) -> Node {
        let name = "s_" + setting.name, label = page.language(setting.label, setting.english), present = settings[setting.name]
        // What is stored was checked against them: only options may still change.
        if row != nil, setting.kind != nil {
            return present.map { value in
                div(.class("field")) {
                    span(.class("lb")) { label }; span(.class("static")) { FieldForm.words(value) }
                }.node
            } ?? .empty
        }
        guard let kind = setting.kind else {
            return parts.area(
                name, label, FieldInput.text(present), hint: page.t("每行一个；可写成 code=名称", "One a line; code=label fixes the code"),
                required: true, rows: 6
            ).node
        }
        if setting.name == "target" {
            let targets = page.catalog.schemas.filter { $0.traits.isPublic && $0.traits.nature != .log }
            return parts.select(name, label, targets.map { ($0.name, $0.label(in: page.language)) }, present?.text, required: true).node
        }
        if kind.isYesNo { return parts.toggle(name, label, present?.bool ?? false).node }
        return parts.line(
            name, label, present.map(FieldForm.words), required: setting.isRequired, mode: kind.figure == .count ? "numeric" : nil
        ).node
    }

    private static func words(_ plain: Plain) -> String {
        switch plain {
        case .int(let number): String(number)
        case .text(let text): text
        case .bool(let flag): flag ? "是" : "否"
        default: plain.jsonText
        }
    }

    private func preview(_ row: Record<OwnField>) -> Node {
        guard let field = schema[row.title] else { return .empty }
        return section(.class("card")) {
            div(.class("card-h")) { h2 { page.t("预览", "Preview") } }
            div(.class("fields")) { page.editor(field, schema.blank(), FormState(), Titles()) }
        }.node
    }

    private func danger(_ row: Record<OwnField>) -> Element {
        section(.class("card danger-zone")) {
            div(.class("setrow")) {
                if row.isRetired {
                    div {
                        b { page.t("重新启用", "Use again") }; p { page.t("原有数据还在。", "Its values are still there.") }
                    }
                    page.act("\(base)/\(row.title)/revive", page.t("启用", "Use again"))
                } else {
                    let filled = schema[row.title].flatMap { title in page.view.attempt { try page.view.filled(schema, title) } } ?? 0
                    let count = ListPage.grouped(min(filled, 100_000)) + (filled > 100_000 ? "+" : "")
                    div {
                        b { page.t("停用字段", "Retire") };
                        p {
                            page.t(
                                "有 \(count) 条记录填了值。停用后不再显示，数据保留。", "\(count) records have a value. It is no longer shown; the data stays.")
                        }
                    }
                    page.act(
                        "\(base)/\(row.title)/retire", page.t("停用", "Retire"), style: "btn btn-danger",
                        confirm: page.t(
                            "有 \(count) 条记录填了值；停用后列表、表单和接口中不再出现。",
                            "\(count) records have a value; it disappears from lists, forms and the API."))
                }
            }
        }
    }
}
