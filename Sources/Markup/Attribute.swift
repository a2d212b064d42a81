/// An attribute of an element: `.class("card")`, `.href("/customers/7")`, `.disabled(isClosed)`.
///
/// Values are escaped, and an attribute whose value is `nil` is left out. There is none for inline styles and
/// none for inline scripts: the content security policy forbids both.
public struct Attribute: Sendable {
    enum Family: UInt8, Sendable { case plain, data, aria, hx }

    let family: Family
    let name: StaticString
    let value: String?
    /// Written as a bare name, like `checked`.
    let isFlag: Bool

    init(_ family: Family, _ name: StaticString, _ value: String?) {
        self.family = family
        self.name = name
        self.value = value
        isFlag = false
    }

    init(_ name: StaticString, _ value: String?) {
        self.init(.plain, name, value)
    }

    init(_ name: StaticString, link: String?) {
        self.init(.plain, name, link.map(SafeLink.checked))
    }

    init(_ name: StaticString, flag isOn: Bool, in family: Family = .plain) {
        self.family = family
        self.name = name
        value = nil
        isFlag = isOn
    }
}

extension HTMLBuffer {
    mutating func append(_ attribute: Attribute) {
        guard attribute.isFlag || attribute.value != nil else { return }
        switch attribute.family {
        case .plain: append(byte: UInt8(ascii: " "))
        case .data: append(" data-")
        case .aria: append(" aria-")
        case .hx: append(" hx-")
        }
        append(attribute.name)
        guard let value = attribute.value else { return }
        append("=\"")
        append(text: value)
        append(byte: UInt8(ascii: "\""))
    }
}
