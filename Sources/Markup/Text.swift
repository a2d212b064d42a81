extension String: HTML {
    public var node: Node { .text(self) }

    public func render(into html: inout HTMLBuffer) {
        html.append(text: self)
    }
}

extension Substring: HTML {
    public var node: Node { .text(String(self)) }

    public func render(into html: inout HTMLBuffer) {
        html.append(text: String(self))
    }
}

extension Int: HTML {
    public var node: Node { .text(String(self)) }

    public func render(into html: inout HTMLBuffer) {
        html.append(raw: String(self))
    }
}

/// Markup that is written as it stands. The caller vouches for it: never anything a user typed.
public struct Raw: HTML {
    let markup: String

    public init(_ markup: String) {
        self.markup = markup
    }

    public func render(into html: inout HTMLBuffer) {
        html.append(raw: markup)
    }
}

/// Data for a script: `<script type="application/json">`, which a browser never runs.
///
///     JSONData(id: "trend", json)
public struct JSONData: HTML {
    let id: String
    let json: String

    public init(id: String, _ json: String) {
        self.id = id
        self.json = json
    }

    public func render(into html: inout HTMLBuffer) {
        html.append("<script type=\"application/json\" id=\"")
        html.append(text: id)
        html.append("\">")
        for byte in json.utf8 {
            // "<" could end the element; in JSON it only ever stands inside a string.
            if byte == UInt8(ascii: "<") { html.append("\\u003c") } else { html.append(byte: byte) }
        }
        html.append("</script>")
    }
}
