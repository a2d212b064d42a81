/// An element with its attributes and what is inside it. Written with the functions named after the tags;
/// made directly only where the attributes come as an array.
public final class Element: HTML {
    let tag: StaticString
    let attributes: [Attribute]
    /// `nil` for an element that has no content and no end tag, such as `<input>`.
    let content: Node?

    init(_ tag: StaticString, _ attributes: [Attribute], _ content: Node?) {
        self.tag = tag
        self.attributes = attributes
        self.content = content
    }

    public convenience init(_ tag: StaticString, _ attributes: [Attribute], @HTMLBuilder content: () -> Node) {
        self.init(tag, attributes, content())
    }

    public convenience init(void tag: StaticString, _ attributes: [Attribute]) {
        self.init(tag, attributes, nil)
    }

    public var node: Node { .element(self) }

    public func render(into html: inout HTMLBuffer) {
        html.open(tag, attributes)
        guard let content else { return }
        content.render(into: &html)
        html.close(tag)
    }
}

extension HTMLBuffer {
    mutating func open(_ tag: StaticString, _ attributes: [Attribute]) {
        append(byte: UInt8(ascii: "<"))
        append(tag)
        for attribute in attributes { append(attribute) }
        append(byte: UInt8(ascii: ">"))
    }

    mutating func close(_ tag: StaticString) {
        append("</")
        append(tag)
        append(byte: UInt8(ascii: ">"))
    }
}
