import Markup
import Testing

@Suite("Documents")
struct HTMLDocumentTests {
    @Test("a document says its language, theme and title, and starts with the doctype")
    func document() {
        let page = HTMLDocument(title: "客户 & 知客", theme: "dark", bodyAttributes: [.class("plain")]) {
            link(.rel("stylesheet"), .href("/assets/css/app.css"))
        } body: {
            main(.id("main")) { h1 { "客户" } }
        }
        #expect(
            page.rendered() == """
                <!doctype html><html lang="zh-CN" data-theme="dark"><head><meta charset="utf-8">\
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\
                <title>客户 &amp; 知客</title><link rel="stylesheet" href="/assets/css/app.css"></head>\
                <body class="plain"><main id="main"><h1>客户</h1></main></body></html>
                """)
    }

    @Test("a page longer than the buffer it began with is whole")
    func growth() {
        let text = String(repeating: "长", count: 100_000)
        // Compared first: the difference of two pages this long would take minutes to describe.
        let isWhole = p { text }.bytes(reserving: 1) == Array("<p>\(text)</p>".utf8)
        #expect(isWhole)
    }
}
