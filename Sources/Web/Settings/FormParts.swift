import Markup
import Records

/// The lines of a form that no entity declares: settings, passwords, log-in. They need no record, so they also serve before anybody is
/// logged in.
struct FormParts {
    let site: Site
    let language: Language
    var state = FormState()

    func t(_ chinese: String, _ english: String) -> String { language(chinese, english) }

    /// What was typed last, or the present value.
    func value(_ name: String, _ present: String? = nil) -> String? { state.typed[name]?.last ?? present }

    /// A single line. A password is never filled in again.
    func line(
        _ name: String, _ label: String, _ present: String? = nil, type: String = "text", hint: String? = nil, required: Bool = false,
        wide: Bool = false,
        autocomplete: String = "off", mode: String? = nil, maxlength: Int = 200, autofocus: Bool = false, placeholder: String? = nil
    ) -> Element {
        field(name, label, hint: hint, required: required, wide: wide) { common in
            Element(
                void: "input",
                common + [
                    .class("in"), .type(type), .value(type == "password" ? nil : value(name, present)), .autocomplete(autocomplete),
                    .inputmode(mode),
                    .maxlength(maxlength), .autofocus(autofocus), .placeholder(placeholder),
                ]
            ).node
        }
    }

    func area(
        _ name: String, _ label: String, _ present: String? = nil, hint: String? = nil, required: Bool = false, rows: Int = 3,
        placeholder: String? = nil
    ) -> Element {
        field(name, label, hint: hint, required: required, wide: true) { common in
            Element("textarea", common + [.class("in"), .rows(rows), .placeholder(placeholder)]) { value(name, present) ?? "" }.node
        }
    }

    func select(
        _ name: String, _ label: String, _ options: [(value: String, label: String)], _ present: String? = nil, hint: String? = nil,
        required: Bool = false,
        empty: String? = nil
    ) -> Element {
        let chosen = value(name, present) ?? ""
        return field(name, label, hint: hint, required: required) { common in
            Element("select", common + [.class("in")]) {
                if let empty { option(.value("")) { empty } }
                for item in options { option(.value(item.value), .selected(item.value == chosen)) { item.label } }
            }.node
        }
    }

    /// Several of a few, as toggle pills; an empty value goes along so that "none" can be said.
    func pick(
        _ name: String, _ label: String, _ options: [(value: String, label: String)], _ present: Set<String>, hint: String? = nil
    ) -> Element {
        let chosen = state.typed[name].map(Set.init) ?? present
        return group(name, label, hint) {
            input(.type("hidden"), .name(name), .value(""))
            for item in options {
                Markup.label {
                    input(.type("checkbox"), .name(name), .value(item.value), .checked(chosen.contains(item.value))); item.label
                }
            }
        }
    }

    /// One of a few, as toggle pills.
    func radios(
        _ name: String, _ label: String, _ options: [(value: String, label: String)], _ present: String, hint: String? = nil
    ) -> Element {
        let chosen = value(name, present)
        return group(name, label, hint) {
            for item in options {
                Markup.label {
                    input(.type("radio"), .name(name), .value(item.value), .checked(chosen == item.value)); item.label
                }
            }
        }
    }

    /// On or off.
    func toggle(_ name: String, _ label: String, _ present: Bool, hint: String? = nil, wide: Bool = false) -> Element {
        let isOn = state.typed[name].map { $0.contains("true") } ?? present
        return div(.class("field", wide ? "wide" : nil)) {
            input(.type("hidden"), .name(name), .value("false"))
            Markup.label(.class("switch")) {
                input(.type("checkbox"), .id("f-\(name)"), .name(name), .value("true"), .checked(isOn))
                span { label }
            }
            if let hint { span(.class("hint")) { hint } }
        }
    }

    /// Label, control, hint and fault.
    func field(
        _ name: String, _ label: String, hint: String? = nil, required: Bool = false, wide: Bool = false, control: ([Attribute]) -> Node
    ) -> Element {
        let problem = state.problem(name)
        let notes = [problem.map { _ in "f-\(name)-e" }, hint.map { _ in "f-\(name)-h" }].compactMap(\.self).joined(separator: " ")
        let common: [Attribute] = [
            .id("f-\(name)"), .name(name), .required(required), .aria("invalid", problem == nil ? nil : "true"),
            .aria("describedby", notes.isEmpty ? nil : notes),
        ]
        return div(.class("field", wide ? "wide" : nil)) {
            Markup.label(.for("f-\(name)")) {
                label
                if required { span(.class("req"), .aria("hidden", "true")) { "*" } }
            }
            control(common)
            if let hint { span(.class("hint"), .id("f-\(name)-h")) { hint } }
            fault(name)
        }
    }

    private func group(_ name: String, _ label: String, _ hint: String?, @HTMLBuilder content: () -> Node) -> Element {
        fieldset(.class("field wide"), .id("f-\(name)")) {
            legend { label }
            div(.class("pick"), .aria("invalid", state.problem(name) == nil ? nil : "true"), content: content)
            if let hint { span(.class("hint")) { hint } }
            fault(name)
        }
    }

    func fault(_ name: String) -> Node {
        guard let problem = state.problem(name) else { return .empty }
        return span(.class("err"), .id("f-\(name)-e")) {
            site.icon("circle-alert", "sm"); problem.message
        }.node
    }

    /// What is wrong, above the form.
    var faults: Node {
        guard !state.problems.isEmpty else { return .empty }
        return alert("bad", t("有 \(state.problems.count) 处需要修改", "\(state.problems.count) to correct")) {
            ul { for problem in state.problems { li { a(.href("#f-\(problem.field ?? "")")) { problem.message } } } }
        }.node
    }

    /// The same at the top of a card.
    var cardFaults: Node { state.problems.isEmpty ? .empty : div(.class("card-b")) { faults }.node }

    /// `ok`, `warn`, `bad` or `info`.
    func alert(_ tone: String, _ heading: String, @HTMLBuilder content: () -> Node = { .empty }) -> Element {
        let icon = ["ok": "circle-check", "warn": "triangle-alert", "info": "info"][tone] ?? "circle-alert"
        return div(.class("alert alert-\(tone)"), .role("alert")) {
            site.icon(icon)
            div {
                b { heading }; content()
            }
        }
    }
}

extension Page {
    func parts(_ state: FormState = FormState()) -> FormParts { FormParts(site: site, language: language, state: state) }
}
