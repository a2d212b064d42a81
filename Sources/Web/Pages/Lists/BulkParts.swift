import Gate
import Markup
import Records

/// Which record stays, and whose value of each differing field.
struct MergePart {
    let page: Page
    let rows: [Row]

    var shell: Shell {
        get throws {
            guard let schema = rows.first?.schema else { throw Refusal.notFound }
            let fields = schema.fields.filter { field in
                !SystemNames.hidden.contains(field.name) && !field.traits.isReadOnly && !field.isLines
                    && !field.isLinks && field.name != schema.flow?.field && page.view.right(schema, field) >= .read
                    && Set(rows.map { $0[field] }).count > 1
            }
            let titles = try Titles(of: rows, fields: fields, page.view)
            return Shell(
                page.t("合并\(schema.label)", "Merge"), active: schema.name, crumbs: [(schema.label(in: page.language), "/\(schema.name)")],
                back: "/\(schema.name)"
            ) {
                if rows.count < 2 {
                    div(.class("pagehead")) { h1 { page.t("合并\(schema.label)", "Merge") } }
                    div(.class("empty empty-page")) {
                        span(.class("ico")) { page.site.icon("merge", "lg") }; b { page.t("没有找到相似的\(schema.label)", "Nothing alike") };
                        span { page.t("在列表中勾选两条以上，再点“合并”。", "Select two or more in the list.") }
                    }
                } else {
                    form(.class("form"), .method("post"), .action("/\(schema.name)/merge/run"), .data("form")) {
                        page.csrfField
                        for row in rows { input(.type("hidden"), .name("id"), .value(String(row.id))) }
                        div(.class("pagehead")) { h1 { page.t("合并 \(rows.count) 条\(schema.label)", "Merge \(rows.count)") } }
                        p(.class("gutter muted")) {
                            page.t("所有联系人、跟进、任务、订单和附件都会转到保留的记录；可撤销。", "Everything moves to the record that stays; can be undone.")
                        }
                        table(fields, titles)
                        div(.class("actionbar")) {
                            a(.class("btn"), .href("/\(schema.name)")) { page.t("取消", "Cancel") }
                            span(.class("grow")) {}
                            button(.class("btn btn-p")) { page.t("合并", "Merge") }
                        }
                    }
                }
            }
        }
    }

    private func table(_ fields: [FieldSpec], _ titles: Titles) -> Element {
        section(.class("card")) {
            div(.class("tblwrap")) {
                Markup.table(.class("tbl")) {
                    thead {
                        tr {
                            th(.scope("col")) { page.t("保留", "Keep") }
                            for (index, row) in rows.enumerated() {
                                th(.scope("col")) {
                                    Markup.label(.class("check")) {
                                        input(.type("radio"), .name("winner"), .value(String(row.id)), .checked(index == 0)); row.title
                                    }
                                }
                            }
                        }
                    }
                    tbody {
                        for field in fields {
                            tr {
                                th(.scope("row")) { field.label(in: page.language) }
                                for (index, row) in rows.enumerated() {
                                    td {
                                        Markup.label(.class("check")) {
                                            input(
                                                .type("radio"), .name("choice.\(field.name)"), .value(String(row.id)), .checked(index == 0),
                                                .aria("label", "\(field.label(in: page.language)) \(row.title)"));
                                            page.display(field, row, titles, inList: true)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// With whom a record is shared, and the form to share it.
struct SharePart {
    let page: Page
    let row: Row
    let shares: [Record<Share>]

    private var base: String { "/\(row.schema.name)/\(row.id)/share" }

    var shell: Shell {
        get throws {
            let users = try page.view.titles(page.catalog.schema(User.self), ids: shares.compactMap { $0.user?.id })
            let departments = try page.view.titles(page.catalog.schema(Department.self), ids: shares.compactMap { $0.department?.id })
            return Shell(
                page.t("共享", "Share"), active: row.schema.name, crumbs: [(row.title, "/\(row.schema.name)/\(row.id)")],
                back: "/\(row.schema.name)/\(row.id)"
            ) {
                div(.class("pagehead")) { h1 { page.t("共享「\(row.title)」", "Share “\(row.title)”") } }
                div(.class("narrow pad col")) {
                    section(.class("card")) {
                        div(.class("card-h")) { h2 { page.t("已共享给", "Shared with") } }
                        div(.class("card-b col")) {
                            if shares.isEmpty { span(.class("muted")) { page.t("还没有共享给任何人。", "Nobody yet.") } }
                            for share in shares {
                                div(.class("row")) {
                                    b { share.user.flatMap { users[$0.id] } ?? share.department.flatMap { departments[$0.id] } ?? "?" }
                                    span(.class("tag")) { share.canWrite ? page.t("可编辑", "Write") : page.t("只读", "Read") }
                                    if let until = share.until { span(.class("muted")) { page.t("至 ", "until ") + until.iso } }
                                    span(.class("grow")) {}
                                    form(.method("post"), .action("\(base)/\(share.row.id)/delete")) {
                                        page.csrfField; button(.class("btn btn-sm")) { page.t("取消共享", "Unshare") }
                                    }
                                }
                            }
                        }
                    }
                    if page.view.may("update", row) { newShare() }
                }
            }
        }
    }

    private func newShare() -> Element {
        let blank = Row(row.schema, [])
        return form(.class("card"), .method("post"), .action(base), .data("form")) {
            page.csrfField
            div(.class("card-h")) { h2 { page.t("新增共享", "Share with") } }
            div(.class("fields")) {
                page.editor(FieldSpec("user_id", "同事", LinkKind("users"), .english("Colleague")), blank, FormState(), Titles())
                page.editor(
                    FieldSpec("department_id", "或部门", LinkKind("departments"), .english("or department")), blank, FormState(), Titles())
                page.editor(FieldSpec("until", "截止日（可空）", DayKind(), .english("Until")), blank, FormState(), Titles())
                div(.class("field")) {
                    Markup.label(.class("check")) {
                        input(.type("checkbox"), .class("ck"), .name("can_write"), .value("true")); page.t("允许编辑", "May edit")
                    }
                }
            }
            div(.class("card-b row")) {
                span(.class("grow")) {}; button(.class("btn btn-p")) { page.t("共享", "Share") }
            }
        }
    }
}
