import Markup
import Testing

@Suite("Elements")
struct ElementTests {
    @Test("an element has its attributes in order and its content inside")
    func element() {
        let card = div(.class("card"), .id("x")) {
            h2 { "标题" };
            p {
                "共 "; 12; " 条"
            }
        }
        #expect(card.rendered() == #"<div class="card" id="x"><h2>标题</h2><p>共 12 条</p></div>"#)
    }

    @Test("an element without content has no end tag")
    func void() {
        #expect(input(.type("text"), .name("q"), .value(7)).rendered() == #"<input type="text" name="q" value="7">"#)
        #expect(br().rendered() == "<br>")
    }

    @Test("a script is a file, never text in the page")
    func scriptFile() {
        #expect(script(.src("/a.js"), .type("module")).rendered() == #"<script src="/a.js" type="module"></script>"#)
    }

    @Test("an attribute whose value is nil is left out, and so is a switched-off one")
    func absent() {
        let nothing: String? = nil
        #expect(
            input(.title(nothing), .checked(false), .disabled, .class(nil, ""), .when(false, .id("x"))).rendered() == "<input disabled>")
        #expect(p(.class("btn", true ? "btn-p" : nil)) {}.rendered() == #"<p class="btn btn-p"></p>"#)
        #expect(p(.value("")) {}.rendered() == #"<p value=""></p>"#)
    }

    @Test("data, aria and hx write their prefix")
    func families() {
        let box = div(.data("key"), .data("id", 7), .aria("hidden", true), .hxGet("/a"), .hx("push-url", "true")) {}
        #expect(box.rendered() == #"<div data-key data-id="7" aria-hidden="true" hx-get="/a" hx-push-url="true"></div>"#)
    }

    @Test("attributes can come as an array")
    func array() {
        let attributes: [Attribute] = [.id("a"), .class("b")]
        #expect(Element("p", attributes) { "x" }.rendered() == #"<p id="a" class="b">x</p>"#)
    }

    @Test("inline styles and scripts stop the program")
    func inline() async {
        await #expect(processExitsWith: .failure) { _ = Attribute.named("style", "color:red") }
        await #expect(processExitsWith: .failure) { _ = Attribute.named("onclick", "x()") }
        await #expect(processExitsWith: .failure) { _ = Attribute.hx("on:click", "x()") }
    }
}
