/// A number or choice that a company may change: with a default, a range, who may change it, from which day on, and why.
public struct Parameter: Sendable {
    /// Stable: `customers.stale_months`.
    public var name: String
    public var label: String
    public var english: String?
    public var kind: any FieldKind
    public var initial: Value
    public var range: ClosedRange<Int64>?
    public var unit: Words?
    public var help: Words?
    /// The settings page's section.
    public var section: Words
    /// A company decides about it in its first days: set-up asks for it.
    public var isRequired: Bool

    public init(
        _ name: String, _ label: String, _ initial: Value, kind: any FieldKind = WholeNumberKind(), range: ClosedRange<Int64>? = nil,
        unit: Words? = nil,
        help: Words? = nil, section: Words, english: String? = nil, isRequired: Bool = false
    ) {
        self.name = name
        self.label = label
        self.initial = initial
        self.kind = kind
        self.range = range
        self.unit = unit
        self.help = help
        self.section = section
        self.english = english
        self.isRequired = isRequired
    }
}
