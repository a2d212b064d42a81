/// A form as the company's paper has it (§2.28): which values stand where. Rights, masking, languages and the drawing are the engine's.
///
/// ```swift
/// $0.papers = [.sheet("quote", Words("报价单", "Quotation"), head: ["no", .today], [
///     .grid(["customer_id", "contact_id"], ["customer_id.address"]),
///     .lines("lines", ["product", "quantity", "price_cents", "amount_cents"], totals: ["amount_cents"]),
///     .signatures(Words("销售代表", "Sales"), Words("客户", "Customer")),
/// ])]
/// ```
public struct PaperForm: Sendable {
    /// Its name in an address: `?form=quote`.
    public var name: String
    public var label: Words
    public var isLandscape = false
    /// Small facts beside the heading.
    public var head: [Entry]
    public var body: Body

    public enum Body: Sendable {
        /// A sheet for each record.
        case sheet([Part])
        /// A line for each record of a list.
        case table([Entry], totals: [String])
    }

    /// A stretch of a sheet, from above to below.
    public enum Part: Sendable {
        /// Boxes side by side, row by row; a row of fewer boxes has wider ones.
        case rows([[Entry]])
        /// The record's child lines as a table, some columns summed.
        case lines(String, [String], totals: [String])
        /// A long text under its heading.
        case text(Entry)
        /// Room for signatures and seals.
        case signatures([Words])

        public static func grid(_ rows: [Entry]...) -> Part { .rows(rows) }
        public static func signatures(_ who: Words...) -> Part { .signatures(who) }
    }

    /// One value with what stands before it.
    public struct Entry: Sendable, ExpressibleByStringLiteral {
        public var source: Source
        /// The field's own label unless the paper calls it otherwise.
        public var label: Words?

        public init(_ source: Source, _ label: Words? = nil) { (self.source, self.label) = (source, label) }
        public init(stringLiteral path: String) { self.init(.field(path)) }

        public static func field(_ path: String, _ chinese: String, _ english: String) -> Entry {
            Entry(.field(path), Words(chinese, english))
        }
        /// A sum of money in the capital figures of Chinese receipts.
        public static func capitals(_ path: String) -> Entry { Entry(.capitals(path), Words("大写金额", "In words")) }
        /// A value of the record of `entity` that links here, or to the record that `link` names: the main contact's telephone, the
        /// customer's credit limit.
        public static func other(
            _ entity: String, _ field: String, _ label: Words? = nil, of link: String? = nil, marked mark: String? = nil
        ) -> Entry {
            Entry(.other(entity: entity, field: field, link: link, mark: mark), label)
        }
        /// The record's place in the table.
        public static let counter = Entry(.counter, Words("序号", "No."))
        public static let today = Entry(.today, Words("日期", "Date"))
        public static let reader = Entry(.reader, Words("填表人", "Filled in by"))
        /// Room to write by hand.
        public static func blank(_ chinese: String, _ english: String) -> Entry { Entry(.blank, Words(chinese, english)) }
    }

    public enum Source: Sendable, Hashable {
        /// A field, or a field of the record that one links to: `customer_id.address`.
        case field(String)
        case capitals(String)
        case other(entity: String, field: String, link: String?, mark: String?)
        case counter, today, reader, blank
    }

    public static func sheet(_ name: String, _ label: Words, landscape: Bool = false, head: [Entry] = [], _ parts: [Part]) -> PaperForm {
        PaperForm(name: name, label: label, isLandscape: landscape, head: head, body: .sheet(parts))
    }

    public static func table(
        _ name: String, _ label: Words, landscape: Bool = true, head: [Entry] = [], _ columns: [Entry], totals: [String] = []
    ) -> PaperForm {
        PaperForm(name: name, label: label, isLandscape: landscape, head: head, body: .table(columns, totals: totals))
    }

    public var isTable: Bool { if case .table = body { true } else { false } }

    /// Every value that stands on the paper, apart from child lines.
    public var entries: [Entry] {
        switch body {
        case .table(let columns, _): head + columns
        case .sheet(let parts):
            head
                + parts.flatMap { part -> [Entry] in
                    switch part {
                    case .rows(let rows): rows.flatMap { $0 }
                    case .text(let entry): [entry]
                    case .lines, .signatures: []
                    }
                }
        }
    }
}
