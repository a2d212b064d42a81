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
            let after = try page.items.id("after") ?? 0
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
                    if !pairs.isEmpty {
                        span(.class("count num")) {
                            page.t("\(pairs.count) 组\(next == nil ? "" : "以上")", "\(pairs.count)\(next == nil ? "" : "+") pairs")
                        }
                    }
                    span(.class("grow")) {}
                    form(.method("post"), .action("\(path)/duplicates/scan")) {
                        page.csrfField; button(.class("btn btn-p")) { page.t("立即查重", "Scan now") }
                    }
                }
                p(.class("gutter muted")) {
                    page.t(
                        "系统每晚按查重规则检查全部\(schema.label)。合并会把跟进、任务、订单和附件都转到保留的一条，可撤销。",
                        "Every night all records are compared. Merging moves everything to the one that stays and can be undone.")
                }
                if pairs.isEmpty {
                    div(.class("empty empty-page")) {
                        span(.class("ico")) { page.site.icon("merge", "lg") }
                        b { page.t("没有待处理的重复\(schema.label)", "No duplicates to decide") }
                        span { page.t("刚导入了数据？点“立即查重”检查一遍。", "Just imported? Scan now.") }
                    }
                } else {
                    div(.class("pad col")) { for pair in pairs { card(pair, told, titles) } }
                    nav(.class("pager"), .aria("label", page.t("翻页", "Pages"))) {
                        if !isFirst { a(.class("btn btn-sm"), .href("\(path)/duplicates/review")) { page.t("回到开头", "First page") } }
                        span(.class("grow")) {}
                        if let next { a(.class("btn btn-sm"), .href("\(path)/duplicates/review?after=\(next)")) { page.t("下一页", "Next") } }
                    }
                }
            }
        }
    }

    /// What people tell two records apart by: the number they are found under, what stands at the head of their pages, whose they are.
    private var told: [FieldSpec] {
        // bounded: names.
        let names = (schema["code"].map { [$0.name] } ?? []) + schema.traits.highlights.prefix(4) + ["owner_id"]
        return names.compactMap { schema[$0] }.filter { page.view.right(schema, $0) != .hidden }
    }

    private func card(_ pair: View.Alike, _ told: [FieldSpec], _ titles: Titles) -> Element {
        section(.class("card")) {
            div(.class("card-h wrap")) {
                span(.class("tag", pair.isExact ? "tag-bad" : "tag-warn")) { pair.message }
                span(.class("grow")) {}
                form(.method("post"), .action("/\(schema.name)/duplicates/\(pair.id)/different")) {
                    page.csrfField
                    button(.class("btn btn-sm")) { page.t("不是重复", "Not the same") }
                }
                a(.class("btn btn-sm btn-p"), .href("/\(schema.name)/merge?id=\(pair.first.id)&id=\(pair.second.id)")) {
                    page.t("比较合并", "Compare")
                }
            }
            for row in [pair.first, pair.second] { side(row, told, titles) }
        }
    }

    private func side(_ row: Row, _ told: [FieldSpec], _ titles: Titles) -> Element {
        div(.class("card-b row wrap")) {
            page.site.avatar(row.title, id: row.id, size: "av-md")
            a(.class("lnk"), .href("/\(schema.name)/\(row.id)")) { row.title }
            for field in told where !row[field].isNull { span(.class("muted")) { page.display(field, row, titles, inList: true) } }
        }
    }
}
