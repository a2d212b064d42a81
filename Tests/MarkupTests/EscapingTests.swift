import Markup
import Testing

@Suite("Escaping")
struct EscapingTests {
    @Test("text stays text, whatever a user typed")
    func text() {
        let name = #"<script>alert("1")</script> & 'x'"#
        #expect(p { name }.rendered() == "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</p>")
    }

    @Test("an attribute cannot be left by a quotation mark")
    func attribute() {
        #expect(div(.title(#"" onclick="x"#)) {}.rendered() == #"<div title="&quot; onclick=&quot;x"></div>"#)
        #expect(
            div(.data("name", "<&>"), .aria("label", "'")) {}.rendered() == #"<div data-name="&lt;&amp;&gt;" aria-label="&#39;"></div>"#)
    }

    @Test("every kind of string is escaped, long, short and cut from another")
    func kinds() {
        let long = String(repeating: "客户<", count: 50)
        #expect(p { long }.rendered() == "<p>" + String(repeating: "客户&lt;", count: 50) + "</p>")
        #expect(p { "a<b>c".dropFirst() }.rendered() == "<p>&lt;b&gt;c</p>")
        #expect(Group { "" }.rendered() == "")
    }

    @Test("only Raw is written as it stands")
    func raw() {
        #expect(p { Raw("<b>粗</b>") }.rendered() == "<p><b>粗</b></p>")
    }

    @Test("data for a script cannot end its element")
    func json() {
        let data = JSONData(id: "d\"", #"{"name":"</script><b>"}"#)
        #expect(data.rendered() == #"<script type="application/json" id="d&quot;">{"name":"\u003c/script>\u003cb>"}</script>"#)
    }
}
