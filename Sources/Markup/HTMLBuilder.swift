/// Lets a page be written as a list of pieces, with `if`, `switch` and `for` among them.
@resultBuilder
public enum HTMLBuilder {
    public static func buildExpression<Piece: HTML>(_ piece: Piece) -> Node { piece.node }

    public static func buildBlock() -> Node { .empty }

    public static func buildBlock(_ node: Node) -> Node { node }

    public static func buildBlock(_ nodes: Node...) -> Node { .list(nodes) }

    public static func buildOptional(_ node: Node?) -> Node { node ?? .empty }

    public static func buildEither(first node: Node) -> Node { node }

    public static func buildEither(second node: Node) -> Node { node }

    public static func buildArray(_ nodes: [Node]) -> Node { .list(nodes) }
}
