/// One thing that the user can mend: which field, what is wrong, and what to do.
public struct Problem: Error, Sendable, Hashable {
    /// The field's stable name, or nil when the record as a whole is concerned.
    public var field: String?
    /// A stable word for programs: `required`, `invalid`, `duplicate`, `too_long`, `unknown_field`, `not_allowed` …
    public var code: String
    /// A sentence in Chinese that says what is wrong and how to mend it.
    public var message: String

    public init(_ field: String? = nil, code: String = "invalid", _ message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}

/// Every wrong field at once.
public struct Problems: Error, Sendable {
    public var all: [Problem]
    public init(_ all: [Problem]) { self.all = all }
}

/// Why a request was refused. Web turns each into its status code; the text is ready to be shown.
public enum Refusal: Error, Sendable {
    /// Not there, or not the actor's to see: the two look the same.
    case notFound
    /// Seen but not allowed. The text says who can grant it.
    case forbidden(String)
    /// Not possible in the record's present state.
    case conflict(String)
    /// Somebody else changed the record since the actor read it.
    case changedMeanwhile(current: Row)
    /// Too many in too short a time.
    case tooMany(String, retryAfter: Int)
    /// Nothing can be written now (database away, shutting down).
    case unavailable(String, retryAfter: Int)
    /// The question itself cannot be read: an unknown operator, a broken cursor.
    case unreadable(String)
}
