import Gate
import Hummingbird
import Markup
import Records

/// The work-list of records that are probably the same (A3): compare and merge, or say that they are not.
struct DuplicatePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/duplicates/review", use: review)
        router.post("{entity}/duplicates/scan", use: scan)
        router.post("{entity}/duplicates/{pair}/different", use: callDifferent)
    }

    @Sendable func review(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            let after = page.items["after"].flatMap(Int64.init) ?? 0
            let found = try page.view.duplicatePairs(of: schema, after: after)
            return .shell(try DuplicatePart(page: page, schema: schema, pairs: found.pairs, isFirst: after == 0, next: found.next).shell)
        }
    }

    @Sendable func scan(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        _ = try await FormBody(request, context)
        return .redirect(to: "/jobs/\(try await DuplicateScan.start(name, as: try context.actor(), in: site.gate))")
    }

    @Sendable func callDifferent(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        _ = try await FormBody(request, context)
        guard let pair = context.parameters.get("pair").flatMap(Int64.init) else { throw Refusal.notFound }
        try await site.gate.write(as: try context.actor()) { tx in try tx.callDifferent(try tx.schema(named: name), pair: pair) }
        return .done("/\(name)/duplicates/review", "已标记为不是重复")
    }
}

/// One line a pair: both records with what tells them apart.
struct DuplicatePart {
    let page: Page
    let schema: Schema
    let pairs: [View.Alike]
    let isFirst: Bool
    let next: Int64?

    var shell: Shell {
        get throws {
            let told = told
            let titles = try Titles(of: pairs.flatMap { [$0.first, $0.second] }, fields: told, page.view)
            let label = schema.label(in: page.language), path = "/\(schema.name)"
            return Shell(page.t("\(schema.label)查重", "Duplicate \(label)"), active: schema.name, crumbs: [(label, path)], back: path) {
                div(.class("pagehead")) {
                    h1 { page.t("\(schema.label)查重", "Duplicate \(label)") }
                    if !pairs.isEmpty { span(.class("count num")) { page.t("\(pairs.count) 组\(next == nil ? "" : "以上")", "\(pairs.count)\(next == nil ? "" : "+") pairs") } }
                    span(.class("grow")) {}
                    form(.method("post"), .action("\(path)/duplicates/scan")) { page.csrfField; button(.class("btn btn-p")) { page.t("立即查重", "Scan now") } }
                }
                p(.class("gutter muted")) {
                    page.t("系统每晚按查重规则检查全部\(schema.label)。合并会把跟进、任务、订单和附件都转到保留的一条，可撤销。", "Every night all records are compared. Merging moves everything to the one that stays and can be undone.")
                }
                if pairs.isEmpty {
                    div(.class("empty empty-page")) {
                        span(.class("ico")) { page.site.icon("merge", "lg") }
                        b { page.t("没有待处理的重复\(schema.label)", "No duplicates to decide") }
                        span { page.t("刚导入了数据？点“立即查重”检查一遍。", "Just imported? Scan now.") }
                    }
                } else {
                    section(.class("card")) { div(.class("tblwrap")) { list(told, titles) } }
                    nav(.class("pager"), .aria("label", page.t("翻页", "Pages"))) {
                        if !isFirst { a(.class("btn btn-sm"), .href("\(path)/duplicates/review")) { page.t("回到开头", "First page") } }
                        span(.class("grow")) {}
                        if let next { a(.class("btn btn-sm"), .href("\(path)/duplicates/review?after=\(next)")) { page.t("下一页", "Next") } }
                    }
                }
            }
        }
    }

    /// What people tell two records apart by: the first of the fields that lists show.
    private var told: [FieldSpec] {
        Array(schema.fields.filter { $0.traits.isInList && $0 !== schema.title && !SystemNames.hidden.contains($0.name) && page.view.right(schema, $0) != .hidden }.prefix(4))
            + (schema["owner_id"].map { [$0] } ?? [])
    }

    private func list(_ told: [FieldSpec], _ titles: Titles) -> Element {
        table(.class("tbl")) {
            thead {
                tr {
                    th(.scope("col")) { page.t("较早的记录", "Older record") }
                    th(.scope("col")) { page.t("疑似相同", "Probably the same") }
                    th(.scope("col")) { page.t("相同之处", "Why") }
                    th(.scope("col")) { span(.class("sr")) { page.t("操作", "Actions") } }
                }
            }
            tbody {
                for pair in pairs {
                    tr {
                        td { side(pair.first, told, titles) }
                        td { side(pair.second, told, titles) }
                        td { span(.class("badge", pair.isExact ? "t-red" : "t-amber")) { pair.message } }
                        td {
                            div(.class("row")) {
                                a(.class("btn btn-sm btn-p"), .href("/\(schema.name)/merge?id=\(pair.first.id)&id=\(pair.second.id)")) { page.t("比较合并", "Compare") }
                                form(.method("post"), .action("/\(schema.name)/duplicates/\(pair.id)/different")) {
                                    page.csrfField
                                    button(.class("btn btn-sm btn-g")) { page.t("不是重复", "Not the same") }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func side(_ row: Row, _ told: [FieldSpec], _ titles: Titles) -> Element {
        div {
            a(.class("name"), .href("/\(schema.name)/\(row.id)")) { row.title }
            div(.class("muted row wrap")) {
                for field in told where !row[field].isNull { span { page.display(field, row, titles, inList: true) } }
            }
        }
    }
}
