import Gate
import Markup
import Records

/// A dashboard as a page: its tiles on a grid of twelve, each asked anew; and the form that arranges them.
struct DashboardParts {
    let page: Page
    let sheet: DashboardSheet
    let all: [DashboardSheet]

    private var base: String { "/dashboard/\(sheet.key)" }
    private var stretch: Day.Stretch? { page.items["span"].flatMap(Day.Stretch.init(rawValue:)) }
    private var who: String { page.items["who"] ?? "all" }

    static func none(_ page: Page) -> Shell {
        Shell(page.t("仪表盘", "Dashboards"), active: "dashboard") {
            div(.class("empty empty-page")) {
                span(.class("ico")) { page.site.icon("layout-dashboard", "lg") }
                b { page.t("还没有仪表盘", "No dashboard yet") }
                span { page.t("新建一个，再从任何列表的“统计”把图存为磁贴。", "Make one, then save charts from any list's statistics as tiles.") }
                newForm(page)
            }
        }
    }

    private static func newForm(_ page: Page) -> Element {
        form(.method("post"), .action("/dashboard"), .class("row")) {
            page.csrfField;
            button(.class("btn btn-p")) {
                page.site.icon("plus"); page.t("新建仪表盘", "New dashboard")
            }
        }
    }

    var shell: Shell {
        get throws {
            Shell(sheet.title, active: "dashboard", crumbs: [(page.t("仪表盘", "Dashboards"), "/dashboard")]) {
                script(.src(page.site.assets.url("js/charts.js")), .type("module"))
                head
                if sheet.tiles.isEmpty {
                    blank
                } else {
                    div(.class("dash")) {
                        for tile in sheet.tiles { DashboardParts.tile(tile, page, asked(tile), canChange: sheet.canChange) }
                    }
                }
            }
        }
    }

    /// The tile's question for whose work and which stretch of time the page is about.
    private func asked(_ tile: DashboardSheet.Tile) -> (Question, Schema)? {
        DashboardParts.question(tile, page, who: who, stretch: stretch)
    }

    static func question(_ tile: DashboardSheet.Tile, _ page: Page, who: String, stretch: Day.Stretch?) -> (Question, Schema)? {
        guard let schema = page.catalog[tile.entity], page.view.may("read", schema),
            let question = try? Question(QueryItems(parsing: tile.question), of: tile.entity)
        else { return nil }
        let whose = Whose(rawValue: who)?.filters(schema, question) ?? []
        return (question.asked(of: whose, stretch: stretch), schema)
    }

    private var head: Element {
        div(.class("pagehead")) {
            h1 { sheet.title }
            span(.class("grow")) {}
            seg(
                page.t("谁的", "Whose"), "who", who == "all" ? nil : who,
                [(nil, page.t("全部", "All")), ("me", page.t("我的", "Mine"))]
                    + (page.actor.subordinates.isEmpty ? [] : [("team", page.t("下属", "Team"))]))
            seg(
                page.t("时期", "Period"), "span", stretch?.rawValue,
                [
                    (nil, page.t("默认", "As saved")), ("week", page.t("本周", "Week")), ("month", page.t("本月", "Month")),
                    ("quarter", page.t("本季", "Quarter")), ("year", page.t("本年", "Year")),
                ])
            a(.class("btn btn-i"), .href(page.here(page.items)), .aria("label", page.t("刷新", "Refresh")), .data("key", "r")) {
                page.site.icon("refresh-cw")
            }
            if sheet.canChange {
                a(.class("btn only-d"), .href("\(base)?edit=1")) {
                    page.site.icon("pencil"); page.t("编辑", "Edit")
                }
            }
            button(.class("btn btn-i"), .popovertarget("dashmenu"), .aria("label", page.t("其他仪表盘与操作", "Other dashboards and actions"))) {
                page.site.icon("ellipsis")
            }
            menu
        }
    }

    private func seg(_ label: String, _ name: String, _ present: String?, _ choices: [(String?, String)]) -> Element {
        span(.class("seg"), .role("group"), .aria("label", label)) {
            for (value, words) in choices {
                a(.href(page.here(page.items.setting(name, value))), .aria("current", value == present ? "true" : nil)) { words }
            }
        }
    }

    private var menu: Element {
        div(.popover("auto"), .id("dashmenu"), .class("menu")) {
            for other in all {
                a(.href("/dashboard/\(other.key)"), .aria("current", other.key == sheet.key ? "true" : nil)) {
                    page.site.icon("layout-dashboard"); other.title
                }
            }
            hr()
            if sheet.canChange {
                a(.class("only-m"), .href("\(base)?edit=1")) {
                    page.site.icon("pencil"); page.t("编辑", "Edit")
                }
                a(.href("/dashboards/\(sheet.key)/share")) {
                    page.site.icon("share-2"); page.t("共享", "Share")
                }
            }
            act("\(base)/copy", "copy", page.t("复制一份来修改", "Copy and change"))
            act("/dashboard", "plus", page.t("新建仪表盘", "New dashboard"))
            if sheet.isOwn { act("/dashboards/\(sheet.key)/delete", "trash-2", page.t("删除", "Delete")) }
        }
    }

    private func act(_ url: String, _ icon: String, _ label: String) -> Element {
        form(.method("post"), .action(url)) {
            page.csrfField;
            button {
                page.site.icon(icon); label
            }
        }
    }

    private var blank: Element {
        div(.class("empty empty-page")) {
            span(.class("ico")) { page.site.icon("chart-column-big", "lg") }
            b { page.t("还没有磁贴", "No tile yet") }
            span { page.t("打开任何列表，选“统计”，排好图后点“存为磁贴”。", "Open any list, choose Statistics, and save the chart as a tile.") }
        }
    }

    // MARK: One tile

    static func tile(
        _ tile: DashboardSheet.Tile, _ page: Page, _ asked: (question: Question, schema: Schema)?, canChange: Bool = false
    ) -> Element {
        let width = "w\(tile.width)", tall = tile.isTall ? "tall" : nil
        guard let asked else {
            if let pack = page.catalog.resting(tile.entity) {
                return fault(
                    tile, page, width, page.t("「\(pack.label.chinese)」已停用。", "\(pack.label.english) is switched off."))
            }
            return fault(tile, page, width, page.t("您没有查看这些记录的权限，或对象已停用。", "You may not see these records, or they are gone."))
        }
        do {
            let answer = try page.view.answer(asked.question), chart = Chart(page, answer, kind: asked.question.chart)
            let isFigure = chart.kind == .number
            return section(.class("card", isFigure ? "kpi" : nil, width, tall), .data("chart-box"), .aria("label", tile.title)) {
                if isFigure {
                    div(.class("l")) { tile.title }
                    chart.body
                } else {
                    div(.class("card-h")) {
                        h2 { a(.href("/\(asked.schema.name)" + asked.question.items.setting("layout", "stats").suffix)) { tile.title } }
                        span(.class("s only-d")) { asked.schema.label(in: page.language) }
                        span(.class("grow")) {}
                        if chart.hasPicture {
                            button(
                                .type("button"), .class("btn btn-g btn-sm btn-i"), .data("png", tile.title),
                                .aria("label", page.t("把\(tile.title)存为图片", "Save \(tile.title) as a picture")), .hidden()
                            ) { page.site.icon("image", "sm") }
                        }
                        a(
                            .class("btn btn-g btn-sm btn-i"), .href("/\(asked.schema.name)/stats.csv" + asked.question.items.suffix),
                            .download(), .aria("label", page.t("下载\(tile.title)的数据", "Download the data of \(tile.title)"))
                        ) { page.site.icon("download", "sm") }
                        if canChange {
                            a(
                                .class("btn btn-g btn-sm btn-i"),
                                .href(
                                    "/\(asked.schema.name)"
                                        + asked.question.items.setting("layout", "stats").setting("tile", String(tile.id)).suffix),
                                .aria("label", page.t("修改\(tile.title)的问题", "Change what \(tile.title) asks"))
                            ) { page.site.icon("pencil", "sm") }
                        }
                    }
                    div(.class(chart.kind == .rows ? "card-rows" : "card-b")) { chart.body }
                    if chart.hasPicture {
                        details(.class("chart-data")) {
                            summary { page.t("数据表", "Data table") }; AnswerTable(page: page, answer: answer).body
                        }
                    }
                }
            }
        } catch {
            return fault(tile, page, width, Reason.words(error, page))
        }
    }

    private static func fault(_ tile: DashboardSheet.Tile, _ page: Page, _ width: String, _ words: String) -> Element {
        section(.class("card", width), .aria("label", tile.title)) {
            div(.class("card-h")) { h2 { tile.title } }
            div(.class("empty")) {
                span(.class("ico")) { page.site.icon("lock", "lg") }; span { words }
            }
        }
    }

    // MARK: Arranging

    static func widths(_ page: Page, name: String, id: String? = nil, present: Int) -> Element {
        select(.class("in in-sm"), .id(id), .name(name), .aria("label", id == nil ? page.t("宽度", "Width") : nil)) {
            for (width, words) in [
                (3, page.t("四分之一", "Quarter")), (4, page.t("三分之一", "Third")), (5, "5/12"), (6, page.t("一半", "Half")), (7, "7/12"),
                (8, page.t("三分之二", "Two thirds")), (12, page.t("整行", "Whole row")),
            ] {
                option(.value(String(width)), .selected(width == present)) { words }
            }
        }
    }

    /// Every tile as a line that is dragged, or moved by Alt+↑↓, with its title and size.
    func editor(_ state: FormState) -> Shell {
        Shell(sheet.title, active: "dashboard", crumbs: [(page.t("仪表盘", "Dashboards"), "/dashboard"), (sheet.title, base)]) {
            div(.class("pagehead")) { h1 { page.t("编辑仪表盘", "Edit dashboard") } }
            form(.class("pad col"), .method("post"), .action(base)) {
                page.csrfField
                page.faults(state.problems)
                section(.class("card")) {
                    div(.class("card-b")) {
                        div(.class("field")) {
                            Markup.label(.for("d-name")) { page.t("名称", "Name") }
                            input(
                                .class("in"), .id("d-name"), .name("name"), .value(state.typed["name"]?.last ?? sheet.title),
                                .required(true), .maxlength(60))
                        }
                    }
                }
                section(.class("card")) {
                    div(.class("card-h")) {
                        h2 { page.t("磁贴", "Tiles") }; span(.class("s")) { page.t("拖动或按 Alt+↑↓ 排序", "Drag or press Alt+↑↓ to order") }
                    }
                    if sheet.tiles.isEmpty {
                        p(.class("card-b muted")) {
                            page.t("打开任何列表，选“统计”，排好图后点“存为磁贴”。", "Open any list, choose Statistics, and save the chart as a tile.")
                        }
                    }
                    div(.data("sortable")) { for tile in sheet.tiles { line(tile, state) } }
                }
                div(.class("actionbar")) {
                    span(.class("grow")) {}
                    a(.class("btn"), .href(base)) { page.t("取消", "Cancel") }
                    button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
        }
    }

    private func line(_ tile: DashboardSheet.Tile, _ state: FormState) -> Element {
        div(.class("setrow tilerow"), .draggable(true), .tabindex(0), .aria("label", tile.title)) {
            page.site.icon("grip-vertical", "sm")
            input(.type("hidden"), .name("order"), .value(String(tile.id)))
            input(
                .class("in in-sm grow"), .name("title.\(tile.id)"), .value(state.typed["title.\(tile.id)"]?.last ?? tile.title),
                .required(true), .maxlength(60), .aria("label", page.t("标题", "Title")))
            DashboardParts.widths(page, name: "width.\(tile.id)", present: tile.width)
            Markup.label(.class("row-s")) {
                input(.type("checkbox"), .class("ck"), .name("tall.\(tile.id)"), .checked(tile.isTall)); page.t("加高", "Tall")
            }
            Markup.label(.class("row-s")) {
                input(.type("checkbox"), .class("ck"), .name("remove.\(tile.id)")); page.t("移除", "Remove")
            }
        }
    }
}

/// Why a tile shows nothing, in the reader's words.
enum Reason {
    static func words(_ error: any Error, _ page: Page) -> String {
        switch error {
        case Refusal.forbidden(let why), Refusal.unreadable(let why), Refusal.conflict(let why): why
        default: page.t("暂时无法统计，请刷新重试。", "Cannot be counted just now; please refresh.")
        }
    }
}
