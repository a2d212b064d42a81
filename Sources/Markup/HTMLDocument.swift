/// A whole page, from `<!doctype html>` on.
///
///     HTMLDocument(title: "客户 · 知客", theme: "auto") {
///         link(.rel("stylesheet"), .href("/assets/base.css"))
///     } body: {
///         main(.id("main")) { … }
///     }
public struct HTMLDocument: HTML {
    let title: String
    let attributes: [Attribute]
    let bodyAttributes: [Attribute]
    let head: Node
    let body: Node

    public init(
        title: String,
        language: String = "zh-CN",
        theme: String = "auto",
        attributes: [Attribute] = [],
        bodyAttributes: [Attribute] = [],
        @HTMLBuilder head: () -> Node,
        @HTMLBuilder body: () -> Node
    ) {
        self.title = title
        self.attributes = [.lang(language), .data("theme", theme)] + attributes
        self.bodyAttributes = bodyAttributes
        self.head = head()
        self.body = body()
    }

    public func render(into html: inout HTMLBuffer) {
        html.append("<!doctype html>")
        html.open("html", attributes)
        html.append("<head><meta charset=\"utf-8\">")
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">")
        html.append("<title>")
        html.append(text: title)
        html.append("</title>")
        head.render(into: &html)
        html.append("</head>")
        html.open("body", bodyAttributes)
        body.render(into: &html)
        html.append("</body></html>")
    }
}
