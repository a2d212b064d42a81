/// A report that comes with the product: one subject as several questions, each a chart over its table. Who may see the records finds it in
/// the catalogue, and copies it to make it their own.
///
/// ```swift
/// ReportDefault("win_rate", .sales, "赢单率", "Win rate", "赢单占已结束商机的比例", "Won deals among those that ended", [
///     .init("按月", "By month", of: Opportunity.name, "by=closed_on:month&measure=rate:status:won,count", time: "closed_on"),
/// ])
/// ```
public struct ReportDefault: Sendable {
    /// The part of the company it is about: a section of the catalogue.
    public struct Area: Sendable, Hashable {
        public var code: String
        public var label: Words
        public var icon: String

        public init(_ code: String, _ chinese: String, _ english: String, icon: String) {
            self.code = code
            label = Words(chinese, english)
            self.icon = icon
        }
    }

    public struct Part: Sendable {
        public var title: Words
        public var entity: String
        /// A question in the words of a list's address.
        public var question: String
        /// The day or moment by which the report's period is reckoned; nil for what is counted as it stands now.
        public var time: String?

        public init(_ chinese: String, _ english: String, of entity: String, _ question: String, time: String? = nil) {
            title = Words(chinese, english)
            self.entity = entity
            self.question = question
            self.time = time
        }
    }

    /// Stable, a word: `win_rate`.
    public var code: String
    public var area: Area
    public var label: Words
    /// What it tells, in one sentence.
    public var about: Words
    public var figures: [Figure]
    public var parts: [Part]

    public init(
        _ code: String, _ area: Area, _ chinese: String, _ english: String, _ about: String, _ aboutEnglish: String, figures: [Figure] = [],
        _ parts: [Part]
    ) {
        self.code = code
        self.area = area
        label = Words(chinese, english)
        self.about = Words(about, aboutEnglish)
        self.figures = figures
        self.parts = parts
    }
}

/// One number measured against another: days of sales outstanding, a rate of repurchase. Both are questions whose records can be opened.
public struct Figure: Sendable {
    public struct Term: Sendable {
        public var label: Words
        public var entity: String
        /// A question without dimensions, of one measure.
        public var question: String

        public init(_ chinese: String, _ english: String, of entity: String, _ question: String) {
            label = Words(chinese, english)
            self.entity = entity
            self.question = question
        }
    }

    public enum Unit: Sendable { case percent, days, money, number, permille }

    /// Stable, a word.
    public var code: String
    public var label: Words
    public var unit: Unit
    public var over: Term, under: Term
    /// What the quotient is multiplied by: 90 for days of a quarter.
    public var times: Double
    /// A smaller number is the better one.
    public var isLessBetter: Bool

    public init(
        _ code: String, _ chinese: String, _ english: String, _ unit: Unit, _ over: Term, per under: Term, times: Double = 1,
        less: Bool = false
    ) {
        self.code = code
        label = Words(chinese, english)
        self.unit = unit
        self.over = over
        self.under = under
        self.times = times
        isLessBetter = less
    }
}
