/// Lets a page be written as a list of pieces, with `if`, `switch` and `for` among them.
@resultBuilder
public enum HTMLBuilder {
    @inlinable
    public static func buildExpression<Piece: HTML>(_ piece: Piece) -> Node { piece.node }

    @inlinable
    public static func buildBlock() -> Node { .empty }

    @inlinable
    public static func buildBlock(_ node: Node) -> Node { node }

    @inlinable
    public static func buildBlock(_ nodes: Node...) -> Node { .list(nodes) }

    @inlinable
    public static func buildOptional(_ node: Node?) -> Node { node ?? .empty }

    @inlinable
    public static func buildEither(first node: Node) -> Node { node }

    @inlinable
    public static func buildEither(second node: Node) -> Node { node }

    @inlinable
    public static func buildArray(_ nodes: [Node]) -> Node { .list(nodes) }
}
