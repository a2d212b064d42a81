import Gate
import Markup
import Records

/// The frame around a step: where one is, what comes next, how to put it off.
struct GuidePart {
    let page: Page
    let steps: [SetUpGuide.Step]
    private let guide: SetUpGuide?

    init(_ page: Page) throws {
        self.page = page
        guide = try page.view.setUpGuide()
        steps = GuidePart.steps(page.site, page.catalog)
    }

    /// A step in which there is nothing to decide is not one.
    static func steps(_ site: Site, _ catalog: Catalog) -> [SetUpGuide.Step] {
        let hasPacks = !site.trades.isEmpty && !GuideForm.packs(catalog).isEmpty
        let hasParameters = !GuideForm.parameters(catalog).isEmpty
        return SetUpGuide.Step.allCases.filter { ($0 != .trade || hasPacks) && ($0 != .parameters || hasParameters) }
    }

    private var done: Set<SetUpGuide.Step> { guide?.done ?? [] }
    /// What the company said it does.
    var chosen: String? { guide?.trade }
    /// What is not done yet.
    var open: [SetUpGuide.Step] { steps.filter { !done.contains($0) } }
    /// Whether the home page speaks of it.
    var isReminding: Bool { guide.map { !$0.isOver } ?? false && !open.isEmpty }

    /// Where it goes on; from the beginning when every step is done.
    var start: String { (open.first ?? steps.first).map(GuidePart.url) ?? "/" }

    /// The next open step behind this one.
    func next(after step: SetUpGuide.Step) -> String? {
        steps.drop { $0 != step }.dropFirst().first { !done.contains($0) }.map(GuidePart.url)
    }

    private static func url(_ step: SetUpGuide.Step) -> String { "/setup/\(step.rawValue)" }

    /// What is said behind the last step.
    var farewell: String {
        guard open.isEmpty else {
            return page.t("初始设置还有 \(open.count) 步，随时可以从 设置 ▸ 初始设置 继续", "\(open.count) steps are open: go on under Settings ▸ Set-up")
        }
        let said = page.t("设置完成，可以开始工作了", "Set up. You can begin to work")
        guard let first = GuideForm.importable(page).first?.schemas.first else { return said }
        let label = first.label(in: page.language)
        return said + page.t("。接下来：新建或导入\(label)", ". Next: add or import \(label.lowercased())")
    }

    func shell(_ step: SetUpGuide.Step, _ form: GuideForm) throws -> Shell {
        guard let place = steps.firstIndex(of: step) else { throw Refusal.notFound }
        let content = try form.content(step)
        return Shell(page.t("初始设置", "Set-up"), active: "settings", back: "/settings") {
            div(.class("guide")) {
                progress(step)
                header(.class("set-head")) {
                    p {
                        page.t(
                            "\(page.actor.name)，第 \(place + 1) 步，共 \(steps.count) 步",
                            "\(page.actor.name), step \(place + 1) of \(steps.count)")
                    }
                    h1 { GuidePart.title(step, page.language) }
                    p { GuidePart.why(step, page.language) }
                }
                content
                form.made.isEmpty ? foot(step) : onward(from: step)
            }
        }
    }

    private func progress(_ current: SetUpGuide.Step) -> Element {
        nav(.aria("label", page.t("步骤", "Steps"))) {
            ol(.class("guide-steps")) {
                for (place, step) in steps.enumerated() {
                    li(.class(done.contains(step) ? "done" : nil)) {
                        a(
                            .href("/setup/\(step.rawValue)"), .aria("current", step == current ? "step" : nil),
                            .aria("label", GuidePart.short(step, page.language))
                        ) {
                            span(.class("n")) { done.contains(step) ? page.site.icon("check", "sm").node : .text(String(place + 1)) }
                            span(.class("t")) { GuidePart.short(step, page.language) }
                        }
                    }
                }
            }
        }
    }

    private func foot(_ step: SetUpGuide.Step) -> Element {
        div(.class("guide-foot row")) {
            page.act("/setup/\(step.rawValue)/skip", page.t("以后再说", "Later"))
            span(.class("grow")) {}
            button(.class("btn btn-p"), .form("guide")) {
                step == steps.last ? page.t("完成", "Finish") : page.t("保存并继续", "Save and go on")
            }
        }
    }

    private func onward(from step: SetUpGuide.Step) -> Element {
        div(.class("guide-foot row")) {
            span(.class("grow")) {}
            a(.class("btn"), .href("/setup/people")) { page.t("再添加几个人", "Add more people") }
            a(.class("btn btn-p"), .href(next(after: step) ?? (open.isEmpty ? "/" : start))) { page.t("已记下，继续", "Noted, go on") }
        }
    }

    private static func short(_ step: SetUpGuide.Step, _ language: Language) -> String {
        switch step {
        case .trade: language("行业", "Trade")
        case .places: language("部门与门店", "Places")
        case .people: language("同事", "People")
        case .parameters: language("参数", "Parameters")
        case .records: language("数据", "Data")
        }
    }

    private static func title(_ step: SetUpGuide.Step, _ language: Language) -> String {
        switch step {
        case .trade: language("您的公司做什么？", "What does your company do?")
        case .places: language("有哪些部门和门店？", "Which departments and stores are there?")
        case .people: language("谁和您一起用？", "Who works with you?")
        case .parameters: language("几项只有您能定的事", "A few things only you can decide")
        case .records: language("把现有的数据带进来", "Bring along what you have")
        }
    }

    private static func why(_ step: SetUpGuide.Step, _ language: Language) -> String {
        switch step {
        case .trade:
            language(
                "勾选的功能包会启用，其余停用；以后可以在 设置 ▸ 功能包 随时增减。", "Ticked packs go on, the others off; change it any time under Settings ▸ Packs.")
        case .places: language("门店也是部门，数据范围按它们划分。空着的行不算。", "Rights follow them. Empty lines do not count.")
        case .people:
            language("每人一个角色和一次性密码，密码保存后显示一次。空着的行不算。", "A role and a password for everybody, shown once. Empty lines do not count.")
        case .parameters: language("其余参数都有合适的默认值，以后在 设置 ▸ 业务参数 里改。", "Everything else has a fitting default.")
        case .records: language("从 Excel 或 CSV 导入，先检查再写入，整次可以撤销。", "From Excel or CSV: checked first, taken back as a whole.")
        }
    }
}

extension Page {
    /// From an import back to the guide, as long as it is not over.
    var wayToGuide: Node {
        guard let guide = view.attempt({ try view.setUpGuide() }), !guide.isOver else { return .empty }
        return a(.class("btn btn-sm"), .href("/setup/\(SetUpGuide.Step.records.rawValue)")) {
            site.icon("list-checks", "sm"); t("返回初始设置", "Back to the set-up")
        }.node
    }
}
