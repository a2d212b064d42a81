/// A figure that follows from other records: what it is, how sure it is, how it comes about, and which rows stand behind it.
public struct Finding: Sendable {
    public var label: Words
    /// As it is read: `+42`, `87.5%`.
    public var value: String
    public var tone: Tone
    /// The interval, the number of cases.
    public var note: Words?
    /// Exactly the rows it was counted from, as in a list's address.
    public var entity: String?
    /// Where it comes from when it leads to no rows: whoever may not see all of that is not told it.
    public var source: String?
    public var filters: [(field: String, value: String)]
    public var bars: [Bar] = []
    /// What people said, each with the record it comes from.
    public var quotes: [Aid] = []

    /// One line of a distribution.
    public struct Bar: Sendable {
        public var label: String
        public var value: String
        /// 0 to 1 of the line's width.
        public var share: Double
        public var tone: Tone
        public var filters: [(field: String, value: String)]
        public init(_ label: String, _ value: String, share: Double, tone: Tone = .accent, _ filters: [(field: String, value: String)] = [])
        {
            (self.label, self.value, self.share, self.tone, self.filters) = (label, value, share, tone, filters)
        }
    }

    public init(
        _ chinese: String, _ english: String, _ value: String, tone: Tone = .neutral, note: Words? = nil, of entity: String? = nil,
        from source: String? = nil, _ filters: [(field: String, value: String)] = [], bars: [Bar] = []
    ) {
        self.source = source
        (label, self.value, self.tone, self.note, self.entity, self.filters, self.bars) = (
            Words(chinese, english), value, tone, note, entity, filters, bars
        )
    }
}
