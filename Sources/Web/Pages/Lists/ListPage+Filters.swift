import Gate
import Markup
import Records

extension ListPage {
    /// The chips: conditions one by one, alternatives in a frame with 或 between them.
    func chips() -> Node {
        Group {
            for clause in clauses where clause.place == .plain { chip(clause) }
            for group in groups {
                span(.class("chips-any"), .role("group"), .aria("label", page.t("满足其一", "Any of"))) {
                    for (index, part) in group.enumerated() {
                        if index > 0 { span(.class("or")) { page.t("或", "or") } }
                        for (place, clause) in part.enumerated() {
                            if place > 0 { span(.class("or")) { page.t("且", "and") } }
                            chip(clause)
                        }
                    }
                }
            }
        }.node
    }

    /// The groups in their order: alternatives, each of clauses that hold together.
    var groups: [[[FilterClause]]] {
        ListQuery.groups(filters).map { group in
            group.map { part in
                let numbers = Set(part.map(\.index))
                return clauses.filter { $0.filters.contains { numbers.contains($0.index) } }
            }
        }
    }

    /// A sentence that opens its own form, and what takes it away.
    private func chip(_ clause: FilterClause) -> Element {
        let words = page.view.sentence(clause), numbers = clause.filters.map(\.index),
            rest = FilterBuilder(items: query.items).dropping(numbers)
        return span(.class("chip")) {
            a(
                .class("say"), .href(formAddress([("fe", String(numbers[0]))])), .data("filter-step"), .aria("haspopup", "dialog"),
                .title(page.t("修改这个筛选", "Change this filter"))
            ) {
                span { words.field }
                if !words.op.isEmpty { span(.class("op")) { words.op } }
                span(.class("v")) { words.value }
            }
            a(
                .class("x"), .href("/\(schema.name)" + (rest.pairs.isEmpty ? "?all=1" : rest.suffix)),
                .aria("label", page.t("移除筛选 \(words.field)", "Remove filter \(words.field)"))
            ) { page.site.icon("x", "sm") }
        }
    }

    /// The list without what narrows it; its columns, order and groups stay.
    var cleared: String {
        let rest = query.items.removing { $0.hasPrefix("filter[") || ["q", "in", "cursor", "at"].contains($0) }
        return "/\(schema.name)" + (rest.pairs.isEmpty ? "?all=1" : rest.suffix)
    }

    /// The panel on one field or condition.
    func formAddress(_ more: [(name: String, value: String)]) -> String {
        "/\(schema.name)/panels/\(Panel.addfilter.rawValue)" + QueryItems(state.pairs + more).suffix
    }

    /// What a filter's form carries along: the list as it stands, from its first page on.
    var state: QueryItems { query.items.removing { ["cursor", "at", "all"].contains($0) } }

    /// How a new condition goes with those there are.
    func joinings() -> [(value: String, label: String)] {
        guard !clauses.isEmpty else { return [] }
        func text(_ clause: FilterClause) -> String { page.view.sentence(clause).text }
        var found = [("", page.t("并且：与其他条件同时满足", "and: together with the others"))]
        for clause in clauses where clause.place == .plain && clause.filters.count == 1 {
            found.append(
                ("or.\(clause.filters[0].index)", page.t("或者：与「\(text(clause))」满足其一", "or: either this or “\(text(clause))”")))
        }
        for group in groups {
            let all = group.map { $0.map(text).joined(separator: page.t("且", " and ")) }.joined(separator: page.t(" 或 ", " or "))
            if let name = group.first?.first?.place.group {
                found.append(("any.\(name)", page.t("或者：加入「\(all)」", "or: one more beside “\(all)”")))
            }
            for part in group {
                guard let first = part.first else { continue }
                found.append(
                    (
                        "and.\(first.filters[0].index)",
                        page.t("并且：组内与「\(text(first))」同时满足", "and: together with “\(text(first))” in its group")
                    ))
            }
        }
        return found
    }

    // MARK: The panel

    /// The form of a field or of a condition, when one is named; otherwise the fields to choose from.
    func filterPanel() throws -> Node {
        if let number = page.items["fe"].flatMap(Int.init) {
            guard let clause = clauses.first(where: { $0.filters.contains { $0.index == number } }) else { throw Refusal.notFound }
            guard let ask = query.ask(clause, beside: clauses.filter { $0.place == clause.place }) else {
                let present = clause.filters.first { $0.index == number } ?? clause.filters[0]
                return rawForm(path: clause.subject.path, op: present.op, text: present.text, number: number).node
            }
            return FilterForm(list: self, subject: clause.subject, ask: ask, number: number).element.node
        }
        if let path = page.items["ff"] {
            let subject = try query.subject(path, page.view)
            guard let way = subject.ways.first else { throw Refusal.notFound }
            return FilterForm(list: self, subject: subject, ask: FilterAsk(way)).element.node
        }
        return fieldList()
    }

    /// What the list shows comes first, then the rest by section, then one link away what the records belong to.
    private func fieldList() -> Node {
        let own = filterable(schema), usual = Set(usualNames)
        let first = usualNames.compactMap { name in own.first { $0.name == name } }
        var sections: [(title: String, fields: [FieldSpec])] = [(page.t("常用", "Often used"), first)]
        let other = page.t("其他", "More")
        for field in own where !usual.contains(field.name) {
            let title = field.traits.section.map { $0(page.language) } ?? other
            if let place = sections.firstIndex(where: { $0.title == title }) {
                sections[place].fields.append(field)
            } else {
                sections.append((title, [field]))
            }
        }
        sections = sections.filter { $0.title != other } + sections.filter { $0.title == other }
        return Group {
            input(
                .type("search"), .class("in"), .data("filter", "#ff-fields a"), .data("filter-find"), .autofocus,
                .placeholder(page.t("查找字段", "Find a field")), .aria("label", page.t("查找字段", "Find a field")), .autocomplete("off"))
            div(.id("ff-fields"), .class("ff-fields")) {
                for section in sections where !section.fields.isEmpty {
                    div(.class("ff-group")) {
                        div(.class("menu-h")) { section.title }
                        for field in section.fields { fieldLink(field, field.name) }
                    }
                }
                for link in own {
                    if let other = linked(link) {
                        details(.class("ff-group")) {
                            summary(.class("menu-h")) {
                                page.t("\(link.label(in: page.language))的…", "Of the \(link.label(in: page.language)) …")
                            }
                            for field in filterable(other) where !field.isLinks { fieldLink(field, "\(link.name).\(field.name)") }
                        }
                    }
                }
            }
            details(.class("ff-raw")) {
                summary { page.t("高级：按地址的写法", "Advanced: as in the address") }
                rawForm()
            }
        }.node
    }

    private func fieldLink(_ field: FieldSpec, _ path: String) -> Element {
        a(.class("mi"), .href(formAddress([("ff", path)])), .data("filter-step")) { field.label(in: page.language) }
    }

    /// In the order of use: what is filtered by, the columns, the highlights.
    private var usualNames: [String] {
        var names: [String] = []
        for name in clauses.map(\.subject.path) + columns.map(\.name) + schema.traits.highlights where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// The entity behind a link whose fields may be asked for.
    private func linked(_ link: FieldSpec) -> Schema? {
        guard link.isLink, let other = link.target.flatMap({ page.catalog[$0] }), other.isOwned, other.name != schema.name,
            page.catalog.standsAlone(other), page.view.may("read", other)
        else { return nil }
        return other
    }

    /// The field, the comparison and the value as an address has them: what the controls have no form for.
    func rawForm(path: String? = nil, op present: Operator? = nil, text: String? = nil, number: Int? = nil) -> Element {
        form(.method("get"), .action("/\(schema.name)/filter"), .class("col"), .data("filter-apply")) {
            for pair in state.pairs { input(.type("hidden"), .name(pair.name), .value(pair.value)) }
            if let number { input(.type("hidden"), .name("fe"), .value(String(number))) }
            div(.class("field")) {
                Markup.label(.for("ff-field")) { page.t("字段", "Field") }
                select(.class("in"), .id("ff-field"), .name("ff"), .data("filter-field")) {
                    for field in filterable(schema) { rawOption(field, field.name, path) }
                    for link in filterable(schema) {
                        if let other = linked(link) {
                            optgroup(.label(link.label(in: page.language))) {
                                for field in filterable(other) where !field.isLinks { rawOption(field, "\(link.name).\(field.name)", path) }
                            }
                        }
                    }
                }
            }
            div(.class("field")) {
                Markup.label(.for("ff-op")) { page.t("条件", "Condition") }
                select(.class("in"), .id("ff-op"), .name("fo")) {
                    for op in Operator.allCases {
                        option(.value(op.rawValue), .selected(op == present)) { op.label(in: page.language) }
                    }
                }
            }
            div(.class("field")) {
                Markup.label(.for("ff-value")) { page.t("值", "Value") }
                input(.class("in"), .id("ff-value"), .name("fv"), .value(text ?? page.items["fv"]), .autocomplete("off"))
                span(.class("hint")) {
                    page.t("可填名称、选项文字、me（我）、today-30（30 天前）；多个值用逗号分隔", "Names, options, me, today-30; several separated by commas")
                }
            }
            if number == nil { joiningField("ff-group") }
            div(.class("menu-end")) { button(.class("btn btn-sm btn-p")) { page.t("应用", "Apply") } }
        }
    }

    private func rawOption(_ field: FieldSpec, _ path: String, _ present: String?) -> Element {
        Markup.option(
            .value(path), .data("ops", field.comparisons.map(\.rawValue).joined(separator: " ")), .selected(path == present)
        ) { field.label(in: page.language) }
    }

    func joiningField(_ id: String) -> Node {
        let joinings = joinings()
        guard !joinings.isEmpty else { return .empty }
        return div(.class("field")) {
            Markup.label(.for(id)) { page.t("与其他筛选", "With the other filters") }
            select(.class("in"), .id(id), .name("fg")) {
                for joining in joinings {
                    option(.value(joining.value), .selected(joining.value == page.items["fg"])) { joining.label }
                }
            }
        }.node
    }
}
