// One function for each tag. Where a property hides one, as `title` or `label` may, write `Markup.label`.

// MARK: The page

public func main(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("main", attributes, content: content)
}

public func header(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("header", attributes, content: content)
}

public func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("footer", attributes, content: content)
}

public func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("nav", attributes, content: content)
}

public func aside(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("aside", attributes, content: content)
}

public func section(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("section", attributes, content: content)
}

public func article(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("article", attributes, content: content)
}

public func address(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("address", attributes, content: content)
}

public func template(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("template", attributes, content: content)
}

public func noscript(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("noscript", attributes, content: content)
}

public func title(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("title", attributes, content: content)
}

// MARK: Headings and text

public func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h1", attributes, content: content)
}

public func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h2", attributes, content: content)
}

public func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h3", attributes, content: content)
}

public func h4(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h4", attributes, content: content)
}

public func h5(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h5", attributes, content: content)
}

public func p(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("p", attributes, content: content)
}

public func a(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("a", attributes, content: content)
}

public func b(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("b", attributes, content: content)
}

public func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("strong", attributes, content: content)
}

public func em(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("em", attributes, content: content)
}

public func i(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("i", attributes, content: content)
}

public func s(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("s", attributes, content: content)
}

public func small(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("small", attributes, content: content)
}

public func mark(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("mark", attributes, content: content)
}

public func sub(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("sub", attributes, content: content)
}

public func sup(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("sup", attributes, content: content)
}

public func code(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("code", attributes, content: content)
}

public func pre(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("pre", attributes, content: content)
}

public func kbd(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("kbd", attributes, content: content)
}

public func abbr(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("abbr", attributes, content: content)
}

public func time(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("time", attributes, content: content)
}

public func data(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("data", attributes, content: content)
}

public func span(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("span", attributes, content: content)
}

public func blockquote(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("blockquote", attributes, content: content)
}

// MARK: Blocks and lists

public func div(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("div", attributes, content: content)
}

public func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("ul", attributes, content: content)
}

public func ol(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("ol", attributes, content: content)
}

public func li(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("li", attributes, content: content)
}

public func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dl", attributes, content: content)
}

public func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dt", attributes, content: content)
}

public func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dd", attributes, content: content)
}

public func figure(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("figure", attributes, content: content)
}

public func figcaption(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("figcaption", attributes, content: content)
}

public func details(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("details", attributes, content: content)
}

public func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("summary", attributes, content: content)
}

public func dialog(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dialog", attributes, content: content)
}

public func menu(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("menu", attributes, content: content)
}

// MARK: Tables

public func table(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("table", attributes, content: content)
}

public func caption(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("caption", attributes, content: content)
}

public func colgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("colgroup", attributes, content: content)
}

public func thead(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("thead", attributes, content: content)
}

public func tbody(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("tbody", attributes, content: content)
}

public func tfoot(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("tfoot", attributes, content: content)
}

public func tr(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("tr", attributes, content: content)
}

public func th(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("th", attributes, content: content)
}

public func td(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("td", attributes, content: content)
}

// MARK: Forms

public func form(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("form", attributes, content: content)
}

public func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("fieldset", attributes, content: content)
}

public func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("legend", attributes, content: content)
}

public func label(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("label", attributes, content: content)
}

public func button(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("button", attributes, content: content)
}

public func select(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("select", attributes, content: content)
}

public func optgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("optgroup", attributes, content: content)
}

public func option(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("option", attributes, content: content)
}

public func datalist(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("datalist", attributes, content: content)
}

public func textarea(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("textarea", attributes, content: content)
}

public func output(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("output", attributes, content: content)
}

public func progress(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("progress", attributes, content: content)
}

public func meter(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("meter", attributes, content: content)
}

// MARK: Pictures

public func picture(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("picture", attributes, content: content)
}

public func video(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("video", attributes, content: content)
}

public func audio(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("audio", attributes, content: content)
}

public func svg(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("svg", attributes, content: content)
}

public func g(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("g", attributes, content: content)
}

public func use(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("use", attributes, content: content)
}

public func path(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("path", attributes, content: content)
}

// MARK: Without content

public func br(_ attributes: Attribute...) -> Element {
    Element(void: "br", attributes)
}

public func hr(_ attributes: Attribute...) -> Element {
    Element(void: "hr", attributes)
}

public func wbr(_ attributes: Attribute...) -> Element {
    Element(void: "wbr", attributes)
}

public func img(_ attributes: Attribute...) -> Element {
    Element(void: "img", attributes)
}

public func input(_ attributes: Attribute...) -> Element {
    Element(void: "input", attributes)
}

public func meta(_ attributes: Attribute...) -> Element {
    Element(void: "meta", attributes)
}

public func link(_ attributes: Attribute...) -> Element {
    Element(void: "link", attributes)
}

public func col(_ attributes: Attribute...) -> Element {
    Element(void: "col", attributes)
}

public func source(_ attributes: Attribute...) -> Element {
    Element(void: "source", attributes)
}

/// A script file. There is no way to write a script inside a page.
public func script(_ attributes: Attribute...) -> Element {
    Element("script", attributes) {}
}
