import Gate
import Markup
import Records

/// What a form shows again after it was refused: what was typed, and what is wrong with it.
struct FormState {
    var typed: [String: [String]] = [:]
    var problems: [Problem] = []
    /// Sets the controls' ids apart where several forms with the same fields stand on one page.
    var scope = "f"

    func problem(_ name: String) -> Problem? { problems.first { $0.field == name } }
}

extension Page {
    /// One field of a form with its label, its control, its hint and its fault.
    func editor(_ field: FieldSpec, _ row: Row, _ state: FormState, _ titles: Titles, source: String? = nil) -> Element {
        let name = field.name, id = "\(state.scope)-\(name)", problem = state.problem(name)
        let typed = state.typed[name]
        let value = present(field, row), text = typed?.first ?? (value.isNull ? "" : field.kind.edit(value))
        let isRequired = field.isRequired(from: source)
        let describedBy = [problem.map { _ in "\(id)-e" }, field.traits.help.map { _ in "\(id)-h" }].compactMap(\.self).joined(
            separator: " ")
        let common: [Attribute] = [
            .id(id), .name(name), .required(isRequired), .aria("invalid", problem == nil ? nil : "true"),
            .aria("describedby", describedBy.isEmpty ? nil : describedBy),
        ]
        let isWide = field.kind.isProse || field.isLinks
        return div(
            .class("field", isWide ? "wide" : nil), .data("only-field", field.traits.onlyWhen?.field),
            .data("only-codes", field.traits.onlyWhen?.codes.joined(separator: " ")),
            .when(field.traits.isSensitive, .data("private"))
        ) {
            Markup.label(.for(id)) {
                field.label(in: language)
                if isRequired { span(.class("req"), .aria("hidden", "true")) { "*" } }
            }
            control(field, row, text, typed, common, titles, id)
            if row.schema.traits.alternatives?.fields.first == name, let words = row.schema.traits.alternatives?.words {
                span(.class("hint")) { words(language) }
            }
            if let help = field.traits.help { span(.class("hint"), .id("\(id)-h")) { help(language) } }
            if let problem {
                span(.class("err"), .id("\(id)-e")) {
                    site.icon("circle-alert", "sm"); problem.message
                }
            }
        }
    }

    /// What stands in a control before anything is typed: what an action asks for belongs to no record and has its initial value.
    private func present(_ field: FieldSpec, _ row: Row) -> Value { row.values.isEmpty ? field.traits.initial ?? .null : row[field] }

    private func control(
        _ field: FieldSpec, _ row: Row, _ text: String, _ typed: [String]?, _ common: [Attribute], _ titles: Titles, _ id: String
    ) -> Node {
        switch field.kind.editor {
        case .line(let mode):
            let box = Element(
                void: "input",
                common + [
                    .class("in", mode == .decimal || mode == .numeric ? "num" : nil), .type("text"), .inputmode(mode.rawValue),
                    .value(text), .autocomplete("off"),
                ])
            guard field.isMoney || field.traits.unit != nil else { return box.node }
            return span(.class("affix")) {
                if field.isMoney { span { "¥" } }
                box
                if let unit = field.traits.unit { span { unit(language) } }
            }.node
        case .area: return Element("textarea", common + [.class("in"), .rows(4)]) { text }.node
        case .day:
            return Element(
                void: "input",
                common + [
                    .class("in"), .type("date"), .value(text), .min(Day.enterable.lowerBound.iso), .max(Day.enterable.upperBound.iso),
                    .when(field.traits.isAhead, .data("ahead")),
                ]
            ).node
        case .instant:
            let local = text.isEmpty ? "" : String(text.prefix(16)).replacing(" ", with: "T")
            return Element(
                void: "input",
                common + [
                    .class("in"), .type("datetime-local"), .value(local), .min(Day.enterable.lowerBound.iso + "T00:00"),
                    .max(Day.enterable.upperBound.iso + "T23:59"), .when(field.traits.isAhead, .data("ahead")),
                ]
            ).node
        case .yesNo:
            let isOn = typed.map { $0.contains("true") } ?? (present(field, row) == .int(1))
            return Group {
                input(.type("hidden"), .name(field.name), .value("false"))
                Markup.label(.class("switch")) {
                    Element(void: "input", [.id(id), .name(field.name), .type("checkbox"), .value("true"), .checked(isOn)])
                    span { field.label(in: language) }
                }
            }.node
        case .choice(let options):
            let chosen = typed?.first ?? present(field, row).text ?? ""
            return Element("select", common + [.class("in")]) {
                option(.value("")) { "—" }
                for item in options { option(.value(item.code), .selected(item.code == chosen)) { item.label(in: language) } }
            }.node
        case .choices(let options):
            let chosen = Set(typed ?? present(field, row).list?.compactMap(\.text) ?? [])
            return div(.class("pick")) {
                input(.type("hidden"), .name(field.name), .value(""))
                for item in options {
                    Markup.label {
                        input(.type("checkbox"), .name(field.name), .value(item.code), .checked(chosen.contains(item.code)))
                        item.label(in: language)
                    }
                }
            }.node
        case .link(let entity): return picker(field, entity, typed?.first.flatMap(Int64.init) ?? present(field, row).int, titles, id)
        case .links(let entity):
            return pickers(
                field, entity, typed?.compactMap(Int64.init) ?? present(field, row).list?.compactMap(LinksKind.id(of:)) ?? [], titles, id)
        // A text field; with scripts a list of the divisions below the one chosen above.
        case .region(let level):
            return Element(
                void: "input",
                common + [
                    .class("in"), .type("text"), .value(text), .autocomplete("off"), .data("region-level", level),
                    .data("region", site.assets.url("vendor/divisions.json")),
                ]
            ).node
        case .attachment, .none: return .empty
        }
    }

    /// One linked record: a field to type in, which offers matches; without scripts the name itself is sent.
    private func picker(_ field: FieldSpec, _ entity: String, _ linked: Int64?, _ titles: Titles, _ id: String) -> Node {
        let name = linked.flatMap { titles[entity, $0] } ?? ""
        return div(.class("picker"), .data("picker", "/pick/\(entity)")) {
            input(
                .class("in"), .id(id), .name(field.name + "_text"), .value(name),
                .placeholder(t("输入名称、拼音或电话后四位", "Name, pinyin or number tail")), .autocomplete("off"))
            input(.type("hidden"), .name(field.name), .value(linked.map(String.init) ?? ""))
        }.node
    }

    private func pickers(_ field: FieldSpec, _ entity: String, _ ids: [Int64], _ titles: Titles, _ id: String) -> Node {
        div(.class("picker"), .data("picker", "/pick/\(entity)"), .data("multiple", field.name)) {
            input(.type("hidden"), .name(field.name), .value(""))
            for linked in ids {
                span(.class("tag")) {
                    titles[entity, linked] ?? "#\(linked)"
                    button(.type("button"), .data("drop-tag"), .aria("label", t("移除", "Remove"))) { site.icon("x", "sm") }
                    input(.type("hidden"), .name(field.name), .value(String(linked)))
                }
            }
            input(.class("in"), .id(id), .name(field.name + "_text"), .placeholder(t("输入名称", "Name")), .autocomplete("off"))
        }.node
    }

    /// The list of faults above a refused form.
    func faults(_ problems: [Problem], scope: String = "f") -> Node {
        guard !problems.isEmpty else { return .empty }
        return div(.class("alert alert-bad"), .role("alert")) {
            site.icon("circle-alert")
            div {
                b { t("有 \(problems.count) 处需要修改", "\(problems.count) to correct") }
                ul { for problem in problems { li { a(.href("#\(scope)-\(problem.field ?? "")")) { problem.message } } } }
            }
        }.node
    }

    /// What the program doubts but does not forbid is saved once somebody says that they have looked.
    func confirmation(of problems: [Problem]) -> Node {
        guard problems.contains(where: { $0.code == "likely_duplicate" || $0.code == "suspicious" }) else { return .empty }
        return Markup.label(.class("check gutter")) {
            input(.type("checkbox"), .class("ck"), .name("_confirm"), .value("true"))
            t("我已核对，仍要保存", "I have checked; save anyway")
        }.node
    }
}
