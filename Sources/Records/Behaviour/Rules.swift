/// What happens around a save of one entity's records, declared beside it. All inside the gate's transaction: a thrown problem takes the
/// save back.
public struct Rules: Sendable {
    public typealias Before = @Sendable (inout Row, Change, any Transaction) throws -> Void
    public typealias After = @Sendable (Row, Change, any Transaction) throws -> Void

    /// Fill in and check, before validation of required fields and before the row is written.
    public var beforeSave: [Before] = []
    /// Write other records.
    public var afterSave: [After] = []
    /// Refuse a deletion by throwing.
    public var beforeDelete: [After] = []
    public var afterDelete: [After] = []
    /// Values kept in step with child records.
    public var rollUps: [RollUp] = []
    /// What makes two records the same.
    public var duplicates: [Duplicate] = []
    /// What the engine proposes when two records are merged beyond moving every link.
    public var afterMerge: [After] = []
    /// A message about the record that a person of the company wrote has left the house; with the moment at which it was written.
    public var afterSent: [@Sendable (Row, Instant, any Transaction) throws -> Void] = []
    /// What somebody should know before dealing with the record; nil when there is nothing to say.
    public var notices: [@Sendable (Row, any Looking) throws -> Notice?] = []
    /// What helps in the work on the record.
    public var aids: [@Sendable (Row, any Looking) throws -> [Aid]] = []
    /// Figures that follow from other records.
    public var findings: [@Sendable (Row, any Looking) throws -> [Finding]] = []

    public init() {}

    public static func of<E: Entity>(_ type: E.Type, _ fill: (inout RulesBuilder<E>) -> Void) -> Rules {
        var builder = RulesBuilder<E>()
        fill(&builder)
        return builder.rules
    }
}

/// A save seen by a rule.
public struct Change: Sendable {
    /// The row before, nil for a new record.
    public var old: Row?
    /// Where it came from: `web`, `api`, `import`, `rule`, `undo` …
    public var source: String

    public init(old: Row?, source: String) {
        self.old = old
        self.source = source
    }

    public var isNew: Bool { old == nil }

    public func changed(_ field: FieldSpec, in row: Row) -> Bool { old.map { $0[field] != row[field] } ?? !row[field].isNull }
    public func changed<E: Entity, V: FieldValue>(_ path: KeyPath<E, Field<V>>, in record: Record<E>) -> Bool {
        changed(Schema.field(path), in: record.row)
    }
}

/// Typed rules: closures that see `Record<E>`.
public struct RulesBuilder<E: Entity> {
    public var rules = Rules()
    init() {}

    public mutating func beforeSave(_ body: @escaping @Sendable (inout Record<E>, Change, any Transaction) throws -> Void) {
        rules.beforeSave.append { row, change, tx in
            var record = Record<E>(row)
            try body(&record, change, tx)
            row = record.row
        }
    }

    public mutating func afterSave(_ body: @escaping @Sendable (Record<E>, Change, any Transaction) throws -> Void) {
        rules.afterSave.append { row, change, tx in try body(Record(row), change, tx) }
    }

    public mutating func beforeDelete(_ body: @escaping @Sendable (Record<E>, Change, any Transaction) throws -> Void) {
        rules.beforeDelete.append { row, change, tx in try body(Record(row), change, tx) }
    }

    public mutating func afterDelete(_ body: @escaping @Sendable (Record<E>, Change, any Transaction) throws -> Void) {
        rules.afterDelete.append { row, change, tx in try body(Record(row), change, tx) }
    }

    /// A record stays while records of another entity that meet `condition` point to it by `link`.
    ///
    /// - Parameter what: with its counting word: "张未完成的订单".
    public mutating func keep(while child: any Entity.Type, by link: String, _ condition: Condition, _ what: String) {
        rules.beforeDelete.append { row, _, tx in
            let open = Query(tx.catalog.schema(child), where: .field(link, .eq, .int(row.id)) && condition)
            let count = try tx.count(open, cap: 100)
            guard count == 0 else { throw Refusal.conflict("「\(row.title)」还有 \(count) \(what)，请先处理完，再删除") }
        }
    }

    public mutating func rollUp(_ rollUp: RollUp) { rules.rollUps.append(rollUp) }
    public mutating func duplicate(_ duplicate: Duplicate) { rules.duplicates.append(duplicate) }

    /// The record comes as the reader may see it: a hidden field is empty.
    public mutating func notice(_ body: @escaping @Sendable (Record<E>, any Looking) throws -> Notice?) {
        rules.notices.append { row, look in try body(Record(row), look) }
    }

    public mutating func aid(_ body: @escaping @Sendable (Record<E>, any Looking) throws -> [Aid]) {
        rules.aids.append { row, look in try body(Record(row), look) }
    }

    public mutating func finding(_ body: @escaping @Sendable (Record<E>, any Looking) throws -> [Finding]) {
        rules.findings.append { row, look in try body(Record(row), look) }
    }

    /// Not for what an automation sent: nobody has answered then.
    public mutating func afterSent(_ body: @escaping @Sendable (Record<E>, Instant, any Transaction) throws -> Void) {
        rules.afterSent.append { row, written, tx in try body(Record(row), written, tx) }
    }

    public mutating func afterMerge(_ body: @escaping @Sendable (Record<E>, Change, any Transaction) throws -> Void) {
        rules.afterMerge.append { row, change, tx in try body(Record(row), change, tx) }
    }
}

/// A parent's field that follows from its children: the last interaction, the sum of orders. Declared on the parent.
public struct RollUp: Sendable {
    /// The parent's field.
    public var field: String
    /// The children's entity and their field that links to the parent.
    public var child: String
    public var link: String
    public var measure: Summary.Measure
    public var condition: Condition

    public init(_ field: String, of child: String, by link: String, _ measure: Summary.Measure, where condition: Condition = .everything) {
        self.field = field
        self.child = child
        self.link = link
        self.measure = measure
        self.condition = condition
    }
}

/// Fields whose equality makes two records the same (exact: a save is blocked) or likely the same (a warning that may be passed).
public struct Duplicate: Sendable {
    public var fields: [String]
    public var isExact: Bool
    /// Only between records that meet this.
    public var condition: Condition
    /// What the user reads: "手机号码和客户名称相同".
    public var message: String
    /// Another entity whose records are looked through, and its fields, in the order of ``fields``; nil for the entity's own.
    public var other: String?
    public var otherFields: [String] = []

    public init(_ fields: [String], exact: Bool, where condition: Condition = .everything, _ message: String) {
        self.fields = fields
        isExact = exact
        self.condition = condition
        self.message = message
    }

    /// Likely the same as a record of another entity that somebody else owns: a lead with the number of a colleague's customer.
    public init(
        _ fields: [String], like other: String, _ otherFields: [String], where condition: Condition = .everything, _ message: String
    ) {
        self.init(fields, exact: false, where: condition, message)
        (self.other, self.otherFields) = (other, otherFields)
    }

    /// The fields that are compared with, in `schema`, the one looked through.
    public func counterparts(in schema: Schema) -> [FieldSpec] { (other == nil ? fields : otherFields).compactMap { schema[$0] } }

    /// Whether `match` counts as the same as `row`: not itself, and of another entity only what a colleague owns.
    public func counts(_ match: Row, against row: Row) -> Bool {
        other == nil ? match.id != row.id : match.ownerID != nil && match.ownerID != row.ownerID
    }
}
