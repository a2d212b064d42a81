/// A value that follows from child records (the last visit, the sum of orders); see ``RollUp``.
public struct RollUpKind: DerivedKind {
    public let base: any FieldKind
    public init(_ base: any FieldKind) { self.base = base }

    public var name: String { "roll_up" }
}
