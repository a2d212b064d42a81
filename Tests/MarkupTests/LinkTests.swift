import Markup
import Testing

@Suite("Links")
struct LinkTests {
    @Test(
        "pages, mail, telephone and places on this site are let through",
        arguments: [
            "/customers/7?tab=a:b", "https://example.cn/a", "HTTP://example.cn", "mailto:a@b.cn", "tel:13800006021",
            "?page=2", "#main", "customers/7", "", "./a:b", "//example.cn/a",
        ])
    func allowed(address: String) {
        #expect(a(.href(address)) {}.rendered() == "<a href=\"\(address)\"></a>")
    }

    @Test(
        "whatever a browser might run becomes #",
        arguments: [
            "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "\u{1}javascript:alert(1)",
            "java\tscript:alert(1)", "data:text/html,<b>", "vbscript:x", "file:///etc/passwd", "blob:x", "javascript&colon;:x",
        ])
    func refused(address: String) {
        #expect(a(.href(address)) {}.rendered() == "<a href=\"#\"></a>")
    }

    @Test("every attribute that holds an address is checked")
    func everywhere() {
        let bad = "javascript:x"
        for attribute: Attribute in [
            .src(bad), .action(bad), .formaction(bad), .hxGet(bad), .hxPost(bad), .hx("delete", bad), .named("poster", bad),
        ] {
            #expect(img(attribute).rendered().hasSuffix("=\"#\">"))
        }
    }
}
