/// A value that a rule works out from the record's others.
public struct ComputedKind: DerivedKind {
    public let base: any FieldKind
    public init(_ base: any FieldKind) { self.base = base }

    public var name: String { "computed" }
}
