import Gate
import Markup
import Records

/// The questions of a sheet as controls: pills for a choice, a row of figures for a scale, boxes for the rest.
struct SheetPart {
    let site: Site
    let language: Language
    let sheet: Sheet
    let answers: [String: Value]
    var state = FormState()
    /// Before each control's name, where other fields stand in the same form.
    static let prefix = "q."

    /// What was sent for the questions of a sheet.
    static func sent(_ body: FormBody) -> [String: [String]] {
        var input: [String: [String]] = [:]
        for pair in body.pairs where pair.name.hasPrefix(prefix) {
            input[String(pair.name.dropFirst(prefix.count)), default: []].append(pair.value)
        }
        return input
    }

    /// - Parameter isWhole: with those that may not come up, which scripts show and hide.
    func questions(_ questions: [Sheet.Question], isWhole: Bool = false) -> Element {
        div(.class("asks")) {
            for (place, question) in questions.enumerated() {
                if let section = question.section, place == 0 || questions[place - 1].section != section { h2 { section } }
                self.question(question, isWhole: isWhole)
            }
        }
    }

    private func question(_ question: Sheet.Question, isWhole: Bool) -> Element {
        let name = SheetPart.prefix + question.code, kind = question.field.kind, problem = state.problem(question.code)
        let typed = state.typed[name].map(Set.init), value = answers[question.code] ?? .null
        let text = state.typed[name]?.last ?? (value.isNull ? "" : kind.edit(value))
        let chosen = typed ?? Set(value.list?.compactMap(\.text) ?? [text])
        let when = isWhole ? question.when : nil
        let common: [Attribute] = [
            .id("f-\(question.code)"), .class("field wide"), .data("when", when.map { SheetPart.prefix + $0.code }),
            .data("when-op", when?.op.rawValue),
            .data("when-values", when.map(codes)),
        ]
        func pills(_ options: [(value: String, label: String)], type: String, scale: Bool = false) -> Element {
            Element("fieldset", common) {
                legend { title(question) }
                div(.class("pick", scale ? "scale" : nil), .aria("invalid", problem == nil ? nil : "true")) {
                    for option in options {
                        Markup.label {
                            input(.type(type), .name(name), .value(option.value), .checked(chosen.contains(option.value))); option.label
                        }
                    }
                }
                if scale, question.low != nil || question.high != nil {
                    div(.class("ends")) {
                        span { question.low ?? "" }; span { question.high ?? "" }
                    }
                }
                fault(problem)
            }
        }
        func box(_ control: Element) -> Element {
            Element("div", common) {
                Markup.label(.for("in-\(question.code)")) { title(question) }
                control
                fault(problem)
            }
        }
        switch kind.editor {
        case .choice(let options): return pills(options.map { ($0.code, $0.label(in: language)) }, type: "radio")
        case .choices(let options): return pills(options.map { ($0.code, $0.label(in: language)) }, type: "checkbox")
        case .area: return box(textarea(.class("in"), .id("in-\(question.code)"), .name(name), .rows(3), .maxlength(2000)) { text })
        case .day: return box(input(.class("in"), .id("in-\(question.code)"), .name(name), .type("date"), .value(text)))
        default:
            if let scale = kind.scale { return pills(scale.map { (String($0), String($0)) }, type: "radio", scale: true) }
            return box(
                input(
                    .class("in num"), .id("in-\(question.code)"), .name(name), .type("text"), .inputmode("numeric"), .value(text),
                    .autocomplete("off")))
        }
    }

    private func title(_ question: Sheet.Question) -> Node {
        Group {
            question.field.label
            if question.field.isRequired { span(.class("req"), .aria("hidden", "true")) { "*" } }
        }.node
    }

    private func fault(_ problem: Problem?) -> Node {
        guard let problem else { return .empty }
        return span(.class("err")) {
            site.icon("circle-alert", "sm"); problem.message
        }.node
    }

    /// A condition's values as the controls hold them.
    private func codes(_ when: Sheet.When) -> String {
        when.values.map { text in
            sheet[when.code].flatMap { try? $0.field.kind.parse(text) }.flatMap { $0.list?.first?.text ?? $0.text } ?? text
        }.joined(separator: ",")
    }
}
