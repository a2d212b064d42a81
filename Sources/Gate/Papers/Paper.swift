import Records

/// A filled form: what stands where on the paper, however it is drawn.
public struct Paper: Sendable {
    public var title: String
    public var company: String
    public var isLandscape = false
    public var head: [Box] = []
    public var blocks: [Block] = []
    /// Which state of the record this is (I6).
    public var version: Int64?

    public enum Block: Sendable {
        case grid([[Box]])
        case table(Table)
        case text(Box)
        case signatures([String])
    }

    public struct Box: Sendable {
        public var label: String
        public var text: String
        public init(_ label: String, _ text: String) { (self.label, self.text) = (label, text) }
    }

    public struct Table: Sendable {
        public var columns: [Column]
        public var rows: [[String]]
        /// What the columns come to, blank where they are not summed.
        public var totals: [String]?
    }

    public struct Column: Sendable {
        public var label: String
        /// Figures stand at the right.
        public var isNumber: Bool
    }
}
