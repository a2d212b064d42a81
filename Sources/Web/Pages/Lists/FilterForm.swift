import Gate
import Markup
import Records

/// The form of one filter: its ways as a row of choices, below them the control that the field's kind declares.
struct FilterForm {
    let list: ListPage
    let subject: FilterSubject
    let ask: FilterAsk
    /// The number of the condition that is changed; nil for a new one.
    var number: Int?
    var problem: Problem?

    /// The names of its controls: no part of a list's state.
    static let names: Set<String> = ["ff", "fo", "fw", "fv", "fv_text", "fl", "fh", "fn", "fr1", "fr2", "fr3", "fe", "fg"]

    /// What was filled in.
    static func ask(_ items: QueryItems, _ subject: FilterSubject) -> FilterAsk? {
        guard let way = items["fw"].flatMap(FilterWay.init) else { return nil }
        let values =
            subject.level > 0
            ? (1...3).map { items["fr\($0)"] ?? "" } : items.all("fv") + items.all("fv_text").filter { !$0.trimmed.isEmpty }
        return FilterAsk(way, values: values, from: items["fl"] ?? "", to: items["fh"] ?? "", days: items["fn"] ?? "")
    }

    private var page: Page { list.page }
    private var hasFault: String? { problem == nil ? nil : "true" }
    private var faultID: String? { problem == nil ? nil : "ff-e" }

    var element: Element {
        form(.class("ff"), .method("get"), .action("/\(list.schema.name)/filter"), .data("filter-apply")) {
            for pair in list.state.pairs { input(.type("hidden"), .name(pair.name), .value(pair.value)) }
            input(.type("hidden"), .name("ff"), .value(subject.path))
            if let number { input(.type("hidden"), .name("fe"), .value(String(number))) }
            div(.class("ff-h")) {
                a(
                    .class("btn btn-g btn-sm btn-i"), .href(list.formAddress([])), .data("filter-step"),
                    .aria("label", page.t("选择其他字段", "Choose another field"))
                ) { page.site.icon("chevron-left", "sm") }
                h2 { subject.label(in: page.language) }
            }
            div(.class("ff-b col")) {
                ways
                div(.class("ff-v")) { control }
                if let problem {
                    div(.class("err"), .id("ff-e"), .role("alert")) {
                        page.site.icon("circle-alert", "sm"); problem.message
                    }
                }
                if number == nil { list.joiningField("ff-join") }
            }
            div(.class("menu-end")) {
                if let number, let clause = list.clauses.first(where: { $0.filters.contains { $0.index == number } }) {
                    let rest = FilterBuilder(items: list.query.items).dropping(clause.filters.map(\.index))
                    a(.class("btn btn-g btn-sm"), .href("/\(list.schema.name)" + (rest.pairs.isEmpty ? "?all=1" : rest.suffix))) {
                        page.t("移除", "Remove")
                    }
                }
                button(.class("btn btn-sm btn-p")) { page.t("应用", "Apply") }
            }
        }
    }

    private var ways: Element {
        div(.class("pick ff-ways"), .role("radiogroup"), .aria("label", page.t("条件", "Condition"))) {
            for way in subject.ways {
                Markup.label {
                    input(
                        .type("radio"), .name("fw"), .value(way.rawValue), .checked(way == ask.way),
                        .autofocus(way == ask.way && startsWithWays))
                    way.label(in: page.language)
                }
            }
        }
    }

    /// Whether the ways are all there is to choose.
    private var startsWithWays: Bool {
        switch subject.control {
        case .days: ask.way != .range && ask.way != .lastDays && ask.way != .nextDays
        case .yesNo, .presence: true
        default: ask.way == .empty || ask.way == .notEmpty
        }
    }

    private var control: Node {
        switch subject.control {
        case .yesNo, .presence: .empty
        case .words: box("fv", ask.values.first, page.t("要找的文字", "Words to find"), isFirst: true).node
        case .options(let options): ticks(options.map { ($0.code, $0.label(in: page.language)) })
        case .records(let entity): records(entity)
        case .range:
            Group {
                range(page.t("最小值", "From"), page.t("最大值", "To")) { name, label, text, isFirst in
                    figure(name, text, label, isFirst: isFirst)
                }
                div(.class("ff-one")) { figure("fv", ask.values.first, page.t("等于", "Value"), isFirst: ask.way == .is || ask.way == .not) }
            }.node
        case .days:
            Group {
                range(page.t("开始日期", "First day"), page.t("结束日期", "Last day")) { name, label, text, isFirst in
                    input(
                        .class("in"), .type("date"), .name(name), .value(text), .aria("label", label), .autofocus(isFirst),
                        .min(Day.enterable.lowerBound.iso), .max(Day.enterable.upperBound.iso), .aria("invalid", hasFault),
                        .aria("describedby", faultID)
                    ).node
                }
                div(.class("ff-n")) {
                    Markup.label(.for("ff-n")) { page.t("天数", "Days") }
                    input(
                        .class("in num"), .id("ff-n"), .name("fn"), .value(ask.days.isEmpty ? "30" : ask.days), .inputmode("numeric"),
                        .autocomplete("off"), .autofocus(ask.way == .lastDays || ask.way == .nextDays), .aria("invalid", hasFault),
                        .aria("describedby", faultID))
                }
            }.node
        case .region: regions
        }
    }

    private func box(_ name: String, _ text: String?, _ label: String, isFirst: Bool, mode: String? = nil) -> Element {
        input(
            .class("in", mode == nil ? nil : "num"), .name(name), .value(text), .aria("label", label), .inputmode(mode),
            .autocomplete("off"), .autofocus(isFirst), .aria("invalid", hasFault), .aria("describedby", faultID))
    }

    private func figure(_ name: String, _ text: String?, _ label: String, isFirst: Bool) -> Node {
        let input = box(name, text, label, isFirst: isFirst, mode: "decimal"), field = subject.field
        guard field.isMoney || field.traits.unit != nil else { return input.node }
        return span(.class("affix")) {
            if field.isMoney { span { "¥" } }
            input
            if let unit = field.traits.unit { span { unit(page.language) } }
        }.node
    }

    private func range(
        _ low: String, _ high: String, _ control: (_ name: String, _ label: String, _ text: String, _ isFirst: Bool) -> Node
    ) -> Element {
        div(.class("ff-range")) {
            control("fl", low, ask.from, ask.way == .range)
            span(.aria("hidden", "true")) { page.t("至", "to") }
            control("fh", high, ask.to, false)
        }
    }

    private func ticks(_ options: [(value: String, label: String)]) -> Node {
        let chosen = Set(ask.values), first = options.first { chosen.contains($0.value) }?.value ?? options.first?.value
        return div(.class("ff-ticks"), .role("group"), .aria("label", subject.label(in: page.language)), .aria("describedby", faultID)) {
            for option in options {
                Markup.label(.class("mi")) {
                    input(
                        .type("checkbox"), .class("ck"), .name("fv"), .value(option.value), .checked(chosen.contains(option.value)),
                        .autofocus(option.value == first && !startsWithWays))
                    option.label
                }
            }
        }.node
    }

    /// Few records are ticked like options; of many, who is meant by what they are to the reader, and others by name.
    private func records(_ entity: String) -> Node {
        let people = FilterPerson.of(entity).map { (value: $0.rawValue, label: $0.label(in: page.language)) }
        if let few = few(entity) { return ticks(people + few.map { (value: String($0.id), label: $0.title) }) }
        let ids = ask.values.compactMap(Int64.init),
            typed = ask.values.filter { text in
                Int64(text) == nil && !people.contains { $0.value == text }
            }
        let titles = page.catalog[entity].flatMap { target in page.view.attempt { try page.view.titles(target, ids: ids) } } ?? [:]
        return Group {
            if !people.isEmpty { ticks(people) }
            div(.class("picker"), .data("picker", "/pick/\(entity)"), .data("multiple", "fv")) {
                for id in ids {
                    span(.class("tag")) {
                        titles[id] ?? "#\(id)"
                        button(.type("button"), .data("drop-tag"), .aria("label", page.t("移除", "Remove"))) { page.site.icon("x", "sm") }
                        input(.type("hidden"), .name("fv"), .value(String(id)))
                    }
                }
                input(
                    .class("in"), .name("fv_text"), .value(typed.first), .autocomplete("off"), .autofocus(people.isEmpty),
                    .placeholder(page.t("输入名称、拼音或电话后四位", "Name, pinyin or number tail")), .aria("invalid", hasFault),
                    .aria("label", subject.label(in: page.language)), .aria("describedby", faultID))
            }
        }.node
    }

    /// A list short enough to be ticked: levels, stages, categories, not people's own records.
    private func few(_ entity: String) -> [Row]? {
        guard let target = page.catalog[entity], !target.isOwned, entity != "users", page.view.may("read", target),
            let rows = page.view.attempt({ try page.view.page(ListRequest(target, limit: 31)).rows }), (1...30).contains(rows.count)
        else { return nil }
        return rows
    }

    /// Province, city, district: with a script lists one below the other, without it their names.
    private var regions: Node {
        let labels = [page.t("省份", "Province"), page.t("城市", "City"), page.t("区县", "District")]
        return div(.class("ff-regions col")) {
            for level in 1...max(1, min(subject.level, 3)) {
                let text = ask.values.indices.contains(level - 1) ? ask.values[level - 1] : ""
                div(.class("field")) {
                    Markup.label(.for("ff-r\(level)")) { labels[level - 1] }
                    input(
                        .class("in"), .type("text"), .id("ff-r\(level)"), .name("fr\(level)"), .value(text), .autocomplete("off"),
                        .autofocus(level == 1), .data("region-level", level),
                        .data("region", page.site.assets.url("vendor/divisions.json")),
                        .aria("invalid", hasFault), .aria("describedby", faultID))
                }
            }
        }.node
    }
}
