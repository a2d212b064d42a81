extension Attribute {
    // MARK: Any element

    public static func id(_ id: String?) -> Attribute { Attribute("id", id) }
    public static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
    /// Joins the names, leaving out those that are `nil`: `.class("btn", isMain ? "btn-p" : nil)`.
    public static func `class`(_ names: String?...) -> Attribute { Attribute("class", joined(names)) }
    public static func title(_ text: String?) -> Attribute { Attribute("title", text) }
    public static func role(_ role: String?) -> Attribute { Attribute("role", role) }
    public static func lang(_ code: String?) -> Attribute { Attribute("lang", code) }
    public static func tabindex(_ index: Int) -> Attribute { Attribute("tabindex", String(index)) }
    public static func hidden(_ isOn: Bool = true) -> Attribute { Attribute("hidden", flag: isOn) }
    public static func inert(_ isOn: Bool = true) -> Attribute { Attribute("inert", flag: isOn) }
    public static func draggable(_ isOn: Bool) -> Attribute { Attribute("draggable", isOn ? "true" : "false") }
    public static var hidden: Attribute { .hidden(true) }

    /// The attribute only if the condition holds: `.when(isNew, .data("new", "1"))`.
    public static func when(_ condition: Bool, _ attribute: @autoclosure () -> Attribute) -> Attribute {
        condition ? attribute() : Attribute("", nil)
    }

    /// An attribute without a function of its own. `style` and `on…` are refused, addresses are checked.
    public static func named(_ name: StaticString, _ value: String?) -> Attribute {
        precondition(!isInlineCode(name), "\(name): inline styles and scripts are forbidden by the content security policy")
        return isLink(name) ? Attribute(name, link: value) : Attribute(name, value)
    }

    // MARK: Families

    /// `data-…`: what a script attaches to.
    public static func data(_ name: StaticString) -> Attribute { Attribute(name, flag: true, in: .data) }
    public static func data(_ name: StaticString, _ value: String?) -> Attribute { Attribute(.data, name, value) }
    public static func data(_ name: StaticString, _ value: Int) -> Attribute { Attribute(.data, name, String(value)) }

    /// `aria-…`: what a screen reader says.
    public static func aria(_ name: StaticString, _ value: String?) -> Attribute { Attribute(.aria, name, value) }
    public static func aria(_ name: StaticString, _ value: Int) -> Attribute { Attribute(.aria, name, String(value)) }
    public static func aria(_ name: StaticString, _ isOn: Bool) -> Attribute {
        Attribute(.aria, name, isOn ? "true" : "false")
    }

    /// `hx-…`: how htmx behaves. For the addresses use ``hxGet(_:)`` and its like.
    public static func hx(_ name: StaticString, _ value: String? = "") -> Attribute {
        precondition(!isInlineCode(name), "hx-\(name): inline scripts are forbidden by the content security policy")
        return Attribute(.hx, name, isRequest(name) ? value.map(SafeLink.checked) : value)
    }
    public static func hxGet(_ url: String) -> Attribute { Attribute(.hx, "get", SafeLink.checked(url)) }
    public static func hxPost(_ url: String) -> Attribute { Attribute(.hx, "post", SafeLink.checked(url)) }
    public static func hxPut(_ url: String) -> Attribute { Attribute(.hx, "put", SafeLink.checked(url)) }
    public static func hxPatch(_ url: String) -> Attribute { Attribute(.hx, "patch", SafeLink.checked(url)) }
    public static func hxDelete(_ url: String) -> Attribute { Attribute(.hx, "delete", SafeLink.checked(url)) }
    public static func hxTarget(_ selector: String) -> Attribute { Attribute(.hx, "target", selector) }
    public static func hxSwap(_ how: String) -> Attribute { Attribute(.hx, "swap", how) }
    public static func hxTrigger(_ when: String) -> Attribute { Attribute(.hx, "trigger", when) }

    // MARK: Links and media

    public static func href(_ url: String?) -> Attribute { Attribute("href", link: url) }
    public static func src(_ url: String?) -> Attribute { Attribute("src", link: url) }
    public static func rel(_ kind: String) -> Attribute { Attribute("rel", kind) }
    public static func target(_ name: String?) -> Attribute { Attribute("target", name) }
    public static func download(_ name: String = "") -> Attribute { Attribute("download", name) }
    public static func alt(_ text: String) -> Attribute { Attribute("alt", text) }
    public static func width(_ width: Int) -> Attribute { Attribute("width", String(width)) }
    public static func height(_ height: Int) -> Attribute { Attribute("height", String(height)) }
    public static func loading(_ when: String) -> Attribute { Attribute("loading", when) }
    public static func datetime(_ instant: String?) -> Attribute { Attribute("datetime", instant) }
    public static func viewBox(_ box: String) -> Attribute { Attribute("viewBox", box) }
    public static func charset(_ name: String) -> Attribute { Attribute("charset", name) }
    public static func content(_ text: String) -> Attribute { Attribute("content", text) }
    public static func media(_ query: String) -> Attribute { Attribute("media", query) }
    public static func `defer`(_ isOn: Bool = true) -> Attribute { Attribute("defer", flag: isOn) }
    public static func open(_ isOn: Bool = true) -> Attribute { Attribute("open", flag: isOn) }

    // MARK: Forms

    public static func action(_ url: String?) -> Attribute { Attribute("action", link: url) }
    public static func formaction(_ url: String?) -> Attribute { Attribute("formaction", link: url) }
    public static func method(_ method: String) -> Attribute { Attribute("method", method) }
    public static func enctype(_ type: String) -> Attribute { Attribute("enctype", type) }
    public static func form(_ id: String?) -> Attribute { Attribute("form", id) }
    public static func name(_ name: String?) -> Attribute { Attribute("name", name) }
    public static func type(_ type: String?) -> Attribute { Attribute("type", type) }
    public static func value(_ value: String?) -> Attribute { Attribute("value", value) }
    public static func value(_ value: Int) -> Attribute { Attribute("value", String(value)) }
    public static func placeholder(_ text: String?) -> Attribute { Attribute("placeholder", text) }
    public static func `for`(_ id: String?) -> Attribute { Attribute("for", id) }
    public static func label(_ text: String?) -> Attribute { Attribute("label", text) }
    public static func list(_ id: String?) -> Attribute { Attribute("list", id) }
    public static func pattern(_ pattern: String?) -> Attribute { Attribute("pattern", pattern) }
    public static func min(_ value: String?) -> Attribute { Attribute("min", value) }
    public static func max(_ value: String?) -> Attribute { Attribute("max", value) }
    public static func max(_ value: Int) -> Attribute { Attribute("max", String(value)) }
    public static func step(_ value: String?) -> Attribute { Attribute("step", value) }
    public static func maxlength(_ length: Int) -> Attribute { Attribute("maxlength", String(length)) }
    public static func minlength(_ length: Int) -> Attribute { Attribute("minlength", String(length)) }
    public static func rows(_ count: Int) -> Attribute { Attribute("rows", String(count)) }
    public static func accept(_ types: String?) -> Attribute { Attribute("accept", types) }
    public static func capture(_ camera: String?) -> Attribute { Attribute("capture", camera) }
    public static func autocomplete(_ hint: String) -> Attribute { Attribute("autocomplete", hint) }
    public static func inputmode(_ mode: String?) -> Attribute { Attribute("inputmode", mode) }
    public static func enterkeyhint(_ hint: String) -> Attribute { Attribute("enterkeyhint", hint) }
    public static func checked(_ isOn: Bool) -> Attribute { Attribute("checked", flag: isOn) }
    public static func selected(_ isOn: Bool) -> Attribute { Attribute("selected", flag: isOn) }
    public static func disabled(_ isOn: Bool) -> Attribute { Attribute("disabled", flag: isOn) }
    public static func required(_ isOn: Bool) -> Attribute { Attribute("required", flag: isOn) }
    public static func readonly(_ isOn: Bool) -> Attribute { Attribute("readonly", flag: isOn) }
    public static func multiple(_ isOn: Bool) -> Attribute { Attribute("multiple", flag: isOn) }
    public static func autofocus(_ isOn: Bool) -> Attribute { Attribute("autofocus", flag: isOn) }
    public static func novalidate(_ isOn: Bool) -> Attribute { Attribute("novalidate", flag: isOn) }
    public static func formnovalidate(_ isOn: Bool) -> Attribute { Attribute("formnovalidate", flag: isOn) }
    public static var checked: Attribute { .checked(true) }
    public static var selected: Attribute { .selected(true) }
    public static var disabled: Attribute { .disabled(true) }
    public static var required: Attribute { .required(true) }
    public static var readonly: Attribute { .readonly(true) }
    public static var multiple: Attribute { .multiple(true) }
    public static var autofocus: Attribute { .autofocus(true) }
    public static var novalidate: Attribute { .novalidate(true) }
    public static var formnovalidate: Attribute { .formnovalidate(true) }

    // MARK: Tables and popovers

    public static func scope(_ scope: String) -> Attribute { Attribute("scope", scope) }
    public static func colspan(_ count: Int) -> Attribute { Attribute("colspan", String(count)) }
    public static func rowspan(_ count: Int) -> Attribute { Attribute("rowspan", String(count)) }
    public static var popover: Attribute { Attribute("popover", flag: true) }
    public static func popover(_ mode: String) -> Attribute { Attribute("popover", mode) }
    public static func popovertarget(_ id: String) -> Attribute { Attribute("popovertarget", id) }
}

extension Attribute {
    private static func isInlineCode(_ name: StaticString) -> Bool {
        let name = "\(name)".lowercased()
        return name == "style" || name == "srcdoc" || name.hasPrefix("on")
    }

    private static func joined(_ names: [String?]) -> String? {
        var joined: String?
        for case let name? in names where !name.isEmpty {
            if joined == nil { joined = name } else { joined?.append(" " + name) }
        }
        return joined
    }

    private static func isLink(_ name: StaticString) -> Bool {
        ["href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href"].contains("\(name)".lowercased())
    }

    private static func isRequest(_ name: StaticString) -> Bool {
        ["get", "post", "put", "patch", "delete"].contains("\(name)")
    }
}
