import Records

/// How a sheet becomes records: which column is which field, what every row gets, how existing records are found.
///
/// ```swift
/// var plan = ImportPlan(into: "orders")
/// plan.columns = [.init("订单号", "no"), .init("客户编号", "customer.code"), .init("金额", "amount")]
/// plan.fixed = [.init("customer.name", "顾客 {客户编号}")]
/// plan.match = ["no", "customer.code"]
/// plan.createsLinked = true
/// ```
public struct ImportPlan: Sendable, Hashable {
    /// What happens to a row whose record is there already, or is not.
    public enum Mode: String, Sendable, CaseIterable {
        /// Only new records; a row that is there already is rejected.
        case add
        /// Only existing records; a row that is not there is rejected.
        case update
        case both
    }

    /// A column of the sheet and the field it fills: `name`, or one link deep `customer.code`.
    public struct Column: Sendable, Hashable {
        public var header: String
        public var path: String
        public init(_ header: String, _ path: String) {
            self.header = header
            self.path = path
        }
    }

    /// A text that a field gets in every row; `{列名}` stands for the row's cell in that column.
    public struct Fixed: Sendable, Hashable {
        public var path: String
        public var text: String
        public init(_ path: String, _ text: String) {
            self.path = path
            self.text = text
        }
    }

    public var entity: String
    /// Empty: found by the sheet's header, see ``MappingProposal``.
    public var columns: [Column] = []
    public var fixed: [Fixed] = []
    /// The fields that find an existing record: of the entity itself and of linked ones (`customer.code`).
    public var match: [String] = []
    public var mode = Mode.both
    /// Linked records that are not there are made; otherwise their rows are rejected.
    public var createsLinked = false
    /// Everything is tried and nothing is kept.
    public var isDryRun = false
    /// A workbook's sheet; the first when nil.
    public var sheet: String?

    public init(into entity: String) { self.entity = entity }
}

// As JSON: kept with a job, and as somebody's saved mapping.
extension ImportPlan {
    public var plain: Plain {
        .object([
            "entity": .text(entity),
            "columns": .list(columns.map { .list([.text($0.header), .text($0.path)]) }),
            "set": .list(fixed.map { .list([.text($0.path), .text($0.text)]) }),
            "match": .list(match.map(Plain.text)), "mode": .text(mode.rawValue), "create_linked": .bool(createsLinked),
            "dry_run": .bool(isDryRun), "sheet": sheet.map(Plain.text) ?? .null,
        ])
    }

    /// Reads what ``plain`` wrote, and `columns`, `set` as objects; nil when it is something else.
    public init?(_ plain: Plain) {
        guard let members = plain.object, let entity = members["entity"]?.text else { return nil }
        self.init(into: entity)
        columns = Self.pairs(members["columns"]).map { Column($0.0, $0.1) }
        fixed = Self.pairs(members["set"]).map { Fixed($0.0, $0.1) }
        match = members["match"]?.list?.compactMap(\.text) ?? []
        mode = members["mode"]?.text.flatMap(Mode.init) ?? .both
        createsLinked = members["create_linked"]?.bool ?? false
        isDryRun = members["dry_run"]?.bool ?? false
        sheet = members["sheet"]?.text
    }

    private static func pairs(_ plain: Plain?) -> [(String, String)] {
        if let members = plain?.object {
            return members.sorted { $0.key < $1.key }.compactMap { key, value in value.text.map { (key, $0) } }
        }
        return plain?.list?.compactMap { pair in
            guard let pair = pair.list, pair.count == 2, let first = pair[0].text, let second = pair[1].text else { return nil }
            return (first, second)
        } ?? []
    }
}
