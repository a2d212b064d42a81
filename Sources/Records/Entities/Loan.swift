/// Whoever is given a piece of work may see whom it is about as long as the work is open (``EntityTraits/openStates``): a share, made and
/// ended by the assignment and written in the log.
public struct Loan: Sendable {
    /// The link to what is lent; nil for the record itself.
    public var link: String?
    /// The field that says who works on it.
    public var to: String
    /// May change it too.
    public var canWrite: Bool

    public init(_ link: String?, to field: String, canWrite: Bool = false) {
        self.link = link
        to = field
        self.canWrite = canWrite
    }
}

/// Whoever keeps the record that these are about sees them too, whoever wrote them down, unless one says that it is confidential.
public struct SeenWith: Sendable {
    public var link: String
    /// The yes-or-no field of what is confidential.
    public var unless: String

    public init(_ link: String, unless field: String) {
        self.link = link
        unless = field
    }
}
