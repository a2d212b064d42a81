/// The fields that the entity's traits name; nil where it has none of that name.
extension Schema {
    /// Says where a record stands in its life.
    public var state: FieldSpec? { flow.flatMap { self[$0.field] } ?? self[traits.state] }

    /// Until when a record is to be done.
    public var deadline: FieldSpec? { self[traits.deadline] }

    /// When whoever keeps a record is to be in touch again.
    public var nextContact: FieldSpec? { traits.nextContact.flatMap { self[$0] } }

    /// Marks what was invented for a demonstration.
    public var demoMark: FieldSpec? { self[traits.demoMark] }
}
