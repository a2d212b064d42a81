import Markup
import Testing

@Suite("Builder")
struct BuilderTests {
    struct Badge: HTML {
        let text: String

        func render(into html: inout HTMLBuffer) {
            span(.class("tag")) { text }.render(into: &html)
        }
    }

    func cell(_ text: String) -> some HTML { td { text } }

    @Test(
        "if, else, if let and switch choose a piece",
        arguments: [
            (0, "<p>零</p>"), (1, "<p><b>一</b></p>"), (2, "<p>多2</p>"),
        ])
    func choice(count: Int, expected: String) {
        let page = p {
            if count == 0 { "零" } else if count == 1 { b { "一" } } else { "多" }
            if count > 1 { count }
            switch count {
            case 99: i {}
            default: EmptyPiece()
            }
        }
        #expect(page.rendered() == expected)
    }

    struct EmptyPiece: HTML { func render(into html: inout HTMLBuffer) {} }

    @Test("for repeats a piece, even one whose type is hidden")
    func loop() {
        let table = tr { for name in ["甲", "乙"] { cell(name) } }
        #expect(table.rendered() == "<tr><td>甲</td><td>乙</td></tr>")
        #expect(tr { ["甲", "乙"].map(cell) }.rendered() == "<tr><td>甲</td><td>乙</td></tr>")
    }

    @Test("nothing, an optional and a group add no element of their own")
    func group() {
        let missing: String? = nil
        let pieces = Group {
            missing; Optional("有");
            Group {
                "a"; "b"
            }
        }
        #expect(pieces.rendered() == "有ab")
        #expect(div {}.rendered() == "<div></div>")
    }

    @Test("own components and pieces of any kind stand side by side")
    func any() {
        let pieces: [any HTML] = ["a", b { "b" }, Badge(text: "c<")]
        #expect(
            div {
                AnyHTML(pieces); AnyHTML(Badge(text: "d"))
            }.rendered()
                == #"<div>a<b>b</b><span class="tag">c&lt;</span><span class="tag">d</span></div>"#)
    }
}
