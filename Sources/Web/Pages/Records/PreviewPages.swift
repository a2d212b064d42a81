import Gate
import Hummingbird
import Markup
import Records

/// A record beside the list it stands in: its facts and what happened last, while the list stays.
struct PreviewPages {
    let site: Site

    func add(to router: Router<WebContext>) { router.get("{entity}/{id}/preview", use: preview) }

    @Sendable func preview(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in
            guard page.isFragment else { return .redirect("/\(name)/\(id)") }
            return .fragment(try PreviewPart(page, page.view.record(page.view.schema(named: name), id: id)).body)
        }
    }
}

struct PreviewPart {
    let page: Page
    let row: Row
    private let titles: Titles
    private let timeline: [TimelineItem]
    private let isFollowed: Bool

    private var schema: Schema { row.schema }
    private var base: String { "/\(schema.name)/\(row.id)" }

    init(_ page: Page, _ row: Row) throws {
        self.page = page
        self.row = row
        timeline = row.schema.traits.hasTimeline ? try page.view.timeline(row, limit: 8) : []
        isFollowed = try page.view.isFollowed(row)
        titles = try Titles(of: [row], fields: row.schema.fields, page.view)
    }

    var body: Node { body(isStanding: false) }

    /// - Parameter isStanding: a part of its page, which cannot be closed.
    func body(isStanding: Bool) -> Node {
        Group {
            header(.class("pre-h")) {
                span(.class("av lg", "h\(Site.hue(row.id))"), .aria("hidden", "true")) { String(row.title.prefix(1)) }
                h2 { a(.href(base)) { row.title } }
                form(.method("post"), .action("\(base)/follow")) {
                    page.csrfField
                    button(
                        .class("btn btn-g btn-sm btn-i"), .aria("label", isFollowed ? page.t("取消关注", "Unfollow") : page.t("关注", "Follow")),
                        .aria("pressed", isFollowed)
                    ) { page.site.icon("star") }
                }
                a(.class("btn btn-sm"), .href(base)) {
                    page.site.icon("maximize-2", "sm"); page.t("打开", "Open")
                }
                if !isStanding {
                    button(
                        .type("button"), .class("btn btn-g btn-sm btn-i"), .data("preview-close"),
                        .aria("label", page.t("关闭预览", "Close preview"))
                    ) { page.site.icon("x") }
                }
            }
            div(.class("pre-b")) {
                dl(.class("kv")) {
                    for field in facts {
                        dt { field.label(in: page.language) }
                        dd { page.fact(field, row, titles) }
                    }
                }
                if !timeline.isEmpty {
                    h3 { page.t("最近动态", "Latest") }
                    ul(.class("pre-tl")) {
                        for item in timeline { if case .record(let other) = item.content { li { event(other, item.at) } } }
                    }
                }
            }
        }.node
    }

    /// What there is, the highlights first.
    private var facts: [FieldSpec] {
        let all = RecordForm.sections(of: schema, page.view, creating: false).flatMap(\.fields).filter {
            !row[$0].isBlank && $0 !== schema.title
        }
        let first = schema.traits.highlights.compactMap { schema[$0] }.filter { field in all.contains { $0 === field } }
        return first + all.filter { field in !first.contains { $0 === field } }
    }

    private func event(_ other: Row, _ at: Instant) -> Node {
        let text = other.schema.traits.timeline.flatMap { other.schema[$0.text] }.flatMap { other[$0].text } ?? ""
        return Group {
            page.site.icon(other.schema.traits.icon, "sm")
            a(.class("lnk"), .href("/\(other.schema.name)/\(other.id)")) { other.title }
            page.moment(at)
            if !text.isEmpty, text != other.title { p { String(text.prefix(200)) } }
        }.node
    }
}
