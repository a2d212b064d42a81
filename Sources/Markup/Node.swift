/// A piece whose own type is forgotten: what every builder block becomes.
///
/// One concrete type keeps pages quick to compile, and lets pieces of any kind stand in one `if`, `for` or array.
public enum Node: HTML {
    case empty
    case text(String)
    case element(Element)
    case list([Node])
    indirect case other(any HTML)

    public init(_ piece: any HTML) {
        self = piece.node
    }

    public init(_ pieces: [any HTML]) {
        self = .list(pieces.map(\.node))
    }

    public var node: Node { self }

    public func render(into html: inout HTMLBuffer) {
        switch self {
        case .empty: break
        case .text(let text): html.append(text: text)
        case .element(let element): element.render(into: &html)
        case .list(let nodes): for node in nodes { node.render(into: &html) }
        case .other(let piece): piece.render(into: &html)
        }
    }
}

public typealias AnyHTML = Node

/// Pieces without an element around them, to return or pass on as one.
public struct Group: HTML {
    public let node: Node

    public init(@HTMLBuilder content: () -> Node) {
        node = content()
    }

    public func render(into html: inout HTMLBuffer) {
        node.render(into: &html)
    }
}

extension Optional: HTML where Wrapped: HTML {
    public var node: Node { self?.node ?? .empty }

    public func render(into html: inout HTMLBuffer) {
        self?.render(into: &html)
    }
}

extension Array: HTML where Element: HTML {
    public var node: Node { .list(map(\.node)) }

    public func render(into html: inout HTMLBuffer) {
        for piece in self { piece.render(into: &html) }
    }
}
