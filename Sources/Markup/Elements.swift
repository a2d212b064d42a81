// One function for each tag. Where a property hides one, as `title` or `label` may, write `Markup.label`.

// MARK: The page

@inlinable
public func main(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("main", attributes, content: content)
}

@inlinable
public func header(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("header", attributes, content: content)
}

@inlinable
public func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("footer", attributes, content: content)
}

@inlinable
public func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("nav", attributes, content: content)
}

@inlinable
public func aside(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("aside", attributes, content: content)
}

@inlinable
public func section(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("section", attributes, content: content)
}

@inlinable
public func article(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("article", attributes, content: content)
}

@inlinable
public func address(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("address", attributes, content: content)
}

@inlinable
public func template(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("template", attributes, content: content)
}

@inlinable
public func noscript(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("noscript", attributes, content: content)
}

@inlinable
public func title(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("title", attributes, content: content)
}

// MARK: Headings and text

@inlinable
public func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h1", attributes, content: content)
}

@inlinable
public func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h2", attributes, content: content)
}

@inlinable
public func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h3", attributes, content: content)
}

@inlinable
public func h4(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h4", attributes, content: content)
}

@inlinable
public func h5(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("h5", attributes, content: content)
}

@inlinable
public func p(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("p", attributes, content: content)
}

@inlinable
public func a(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("a", attributes, content: content)
}

@inlinable
public func b(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("b", attributes, content: content)
}

@inlinable
public func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("strong", attributes, content: content)
}

@inlinable
public func em(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("em", attributes, content: content)
}

@inlinable
public func i(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("i", attributes, content: content)
}

@inlinable
public func s(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("s", attributes, content: content)
}

@inlinable
public func small(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("small", attributes, content: content)
}

@inlinable
public func mark(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("mark", attributes, content: content)
}

@inlinable
public func sub(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("sub", attributes, content: content)
}

@inlinable
public func sup(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("sup", attributes, content: content)
}

@inlinable
public func code(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("code", attributes, content: content)
}

@inlinable
public func pre(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("pre", attributes, content: content)
}

@inlinable
public func kbd(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("kbd", attributes, content: content)
}

@inlinable
public func abbr(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("abbr", attributes, content: content)
}

@inlinable
public func time(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("time", attributes, content: content)
}

@inlinable
public func data(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("data", attributes, content: content)
}

@inlinable
public func span(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("span", attributes, content: content)
}

@inlinable
public func blockquote(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("blockquote", attributes, content: content)
}

// MARK: Blocks and lists

@inlinable
public func div(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("div", attributes, content: content)
}

@inlinable
public func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("ul", attributes, content: content)
}

@inlinable
public func ol(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("ol", attributes, content: content)
}

@inlinable
public func li(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("li", attributes, content: content)
}

@inlinable
public func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dl", attributes, content: content)
}

@inlinable
public func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dt", attributes, content: content)
}

@inlinable
public func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dd", attributes, content: content)
}

@inlinable
public func figure(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("figure", attributes, content: content)
}

@inlinable
public func figcaption(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("figcaption", attributes, content: content)
}

@inlinable
public func details(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("details", attributes, content: content)
}

@inlinable
public func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("summary", attributes, content: content)
}

@inlinable
public func dialog(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("dialog", attributes, content: content)
}

@inlinable
public func menu(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("menu", attributes, content: content)
}

// MARK: Tables

@inlinable
public func table(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("table", attributes, content: content)
}

@inlinable
public func caption(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("caption", attributes, content: content)
}

@inlinable
public func colgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("colgroup", attributes, content: content)
}

@inlinable
public func thead(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("thead", attributes, content: content)
}

@inlinable
public func tbody(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("tbody", attributes, content: content)
}

@inlinable
public func tfoot(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("tfoot", attributes, content: content)
}

@inlinable
public func tr(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("tr", attributes, content: content)
}

@inlinable
public func th(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("th", attributes, content: content)
}

@inlinable
public func td(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("td", attributes, content: content)
}

// MARK: Forms

@inlinable
public func form(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("form", attributes, content: content)
}

@inlinable
public func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("fieldset", attributes, content: content)
}

@inlinable
public func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("legend", attributes, content: content)
}

@inlinable
public func label(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("label", attributes, content: content)
}

@inlinable
public func button(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("button", attributes, content: content)
}

@inlinable
public func select(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("select", attributes, content: content)
}

@inlinable
public func optgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("optgroup", attributes, content: content)
}

@inlinable
public func option(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("option", attributes, content: content)
}

@inlinable
public func datalist(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("datalist", attributes, content: content)
}

@inlinable
public func textarea(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("textarea", attributes, content: content)
}

@inlinable
public func output(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("output", attributes, content: content)
}

@inlinable
public func progress(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("progress", attributes, content: content)
}

@inlinable
public func meter(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("meter", attributes, content: content)
}

// MARK: Pictures

@inlinable
public func picture(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("picture", attributes, content: content)
}

@inlinable
public func video(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("video", attributes, content: content)
}

@inlinable
public func audio(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("audio", attributes, content: content)
}

@inlinable
public func svg(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("svg", attributes, content: content)
}

@inlinable
public func g(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("g", attributes, content: content)
}

@inlinable
public func use(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("use", attributes, content: content)
}

@inlinable
public func path(_ attributes: Attribute..., @HTMLBuilder content: () -> Node) -> Element {
    Element("path", attributes, content: content)
}

// MARK: Without content

@inlinable
public func br(_ attributes: Attribute...) -> Element {
    Element(void: "br", attributes)
}

@inlinable
public func hr(_ attributes: Attribute...) -> Element {
    Element(void: "hr", attributes)
}

@inlinable
public func wbr(_ attributes: Attribute...) -> Element {
    Element(void: "wbr", attributes)
}

@inlinable
public func img(_ attributes: Attribute...) -> Element {
    Element(void: "img", attributes)
}

@inlinable
public func input(_ attributes: Attribute...) -> Element {
    Element(void: "input", attributes)
}

@inlinable
public func meta(_ attributes: Attribute...) -> Element {
    Element(void: "meta", attributes)
}

@inlinable
public func link(_ attributes: Attribute...) -> Element {
    Element(void: "link", attributes)
}

@inlinable
public func col(_ attributes: Attribute...) -> Element {
    Element(void: "col", attributes)
}

@inlinable
public func source(_ attributes: Attribute...) -> Element {
    Element(void: "source", attributes)
}

/// A script file. There is no way to write a script inside a page.
@inlinable
public func script(_ attributes: Attribute...) -> Element {
    Element("script", attributes) {}
}
