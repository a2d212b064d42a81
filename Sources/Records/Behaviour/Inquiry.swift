/// Records that hold one person's answers to a ``Sheet``: filled in by the person through a link of their own, or by a colleague who asks.
public struct Inquiry: Sendable {
    public var entity: String
    /// The field that holds the secret of the link; nil when only colleagues fill in.
    public var token: String?
    /// What this record asks; nil when there is nothing to ask.
    public var sheet: @Sendable (Row, any Looking) throws -> Sheet?
    /// What has been answered.
    public var answers: @Sendable (Row, any Looking) throws -> [String: Value]
    /// Why nothing can be answered any more, in Chinese.
    public var closed: @Sendable (Row, any Looking) throws -> String?
    /// Keeps answers; the last time they are handed in.
    public var keep: @Sendable (Row, [String: Value], Hand, any Transaction) throws -> Void

    /// By whom and how answers came in.
    public struct Hand: Sendable {
        public var isLast: Bool
        /// A colleague wrote down what somebody said.
        public var isColleague = false
        /// A link opened on a colleague's own device.
        public var isOwnDevice = false
        /// A keyed hash of the address.
        public var origin: String?
        public init(isLast: Bool, isColleague: Bool = false, isOwnDevice: Bool = false, origin: String? = nil) {
            (self.isLast, self.isColleague, self.isOwnDevice, self.origin) = (isLast, isColleague, isOwnDevice, origin)
        }
    }

    public init(
        of entity: String, token: String? = nil, sheet: @escaping @Sendable (Row, any Looking) throws -> Sheet?,
        answers: @escaping @Sendable (Row, any Looking) throws -> [String: Value],
        closed: @escaping @Sendable (Row, any Looking) throws -> String?,
        keep: @escaping @Sendable (Row, [String: Value], Hand, any Transaction) throws -> Void
    ) {
        (self.entity, self.token, self.sheet, self.answers, self.closed, self.keep) = (entity, token, sheet, answers, closed, keep)
    }
}

/// A poster's address, open to whoever passes: each who begins gets a record of their own.
public struct OpenInquiry: Sendable {
    /// The entity with the field `code` of its address and `per_hour`.
    public var entity: String
    /// What is asked; nil when it is not open now.
    public var sheet: @Sendable (Row, any Looking) throws -> Sheet?
    /// Makes the record that holds the answers and returns its token.
    public var begin: @Sendable (Row, _ origin: String, any Transaction) throws -> String

    public init(
        of entity: String, sheet: @escaping @Sendable (Row, any Looking) throws -> Sheet?,
        begin: @escaping @Sendable (Row, _ origin: String, any Transaction) throws -> String
    ) {
        (self.entity, self.sheet, self.begin) = (entity, sheet, begin)
    }
}
