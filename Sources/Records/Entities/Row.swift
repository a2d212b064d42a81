/// One record's values in their slots, without Swift types.
public struct Row: Sendable {
    public let schema: Schema
    public var values: [Value]

    public init(_ schema: Schema, _ values: [Value]) {
        self.schema = schema
        self.values = values
    }

    public var id: Int64 {
        get { values[Schema.idSlot].int ?? 0 }
        set { values[Schema.idSlot] = .int(newValue) }
    }

    public subscript(field: FieldSpec) -> Value {
        get { field.slot < values.count && field.slot >= 0 ? values[field.slot] : .null }
        set {
            guard field.slot >= 0 else { return }
            while values.count <= field.slot { values.append(.null) }
            values[field.slot] = newValue
        }
    }

    /// A value by its field's name; null when there is no such field. Setting a field that is not there is a slip of the pen, which ends a test;
    /// the fields that only some natures of entity have may be set on all.
    public subscript(name: String) -> Value {
        get { schema[name].map { self[$0] } ?? .null }
        set {
            guard let field = schema[name] else {
                assert(SystemFields.names.contains(name), "\(schema.name) has no field \(name)")
                return
            }
            self[field] = newValue
        }
    }

    private func slot(_ slot: Int?) -> Value { slot.map { $0 < values.count ? values[$0] : .null } ?? .null }

    public var version: Int64 { slot(schema.versionSlot).int ?? 0 }
    public var ownerID: Int64? { slot(schema.ownerSlot).int }
    public var departmentID: Int64? { slot(schema.departmentSlot).int }
    public var deletedAt: Instant? { slot(schema.deletedAtSlot).int.map(Instant.init(milliseconds:)) }
    public var createdAt: Instant { Instant(milliseconds: slot(schema.createdAtSlot).int ?? 0) }
    public var updatedAt: Instant { Instant(milliseconds: slot(schema.updatedAtSlot).int ?? 0) }

    /// What the record is called.
    public var title: String {
        let text = schema.title.kind.show(self[schema.title], in: .chinese)
        return text.isEmpty ? "\(schema.label) #\(id)" : text
    }
}

/// One record with Swift types: `car.plate`, `car.status == .active`; a misspelled field or a wrong value does not compile.
@dynamicMemberLookup
public struct Record<E: Entity>: Sendable {
    public var row: Row
    private let declared: Declared<E>

    public init(_ row: Row) {
        self.row = row
        declared = Schema.declaration(E.self)
    }

    /// A blank record, to be filled and inserted.
    public init() { self.init(Schema.declaration(E.self).blank()) }

    public subscript<V: FieldValue>(dynamicMember path: KeyPath<E, Field<V>>) -> V {
        get { V(stored: row[declared.prototype[keyPath: path].spec]) }
        set { row[declared.prototype[keyPath: path].spec] = newValue.stored }
    }

    public var id: Ref<E> { Ref(row.id) }
    public var createdBy: Int64? { row["created_by"].int }
    public var ownerID: Int64? {
        get { row.ownerID }
        set { row["owner_id"] = newValue.map(Value.int) ?? .null }
    }
    public var departmentID: Int64? {
        get { row.departmentID }
        set { row["department_id"] = newValue.map(Value.int) ?? .null }
    }

    /// Whether nothing stands in a field yet: a draft may lack what the field's type promises.
    public func isBlank<V: FieldValue>(_ path: KeyPath<E, Field<V>>) -> Bool { row[Schema.field(path)].isNull }
}

/// A link to a record of `E`.
public struct Ref<E: Entity>: Sendable, Hashable, FieldValue {
    public var id: Int64
    public init(_ id: Int64) { self.id = id }
    public static var kind: any FieldKind { LinkKind(E.name) }
    public init(stored: Value) { id = stored.int ?? 0 }
    public var stored: Value { .int(id) }
}

/// Links to several records of `E` (a table of their own).
public struct Refs<E: Entity>: Sendable, Hashable, FieldValue {
    public var ids: [Int64]
    public init(_ ids: [Int64]) { self.ids = ids }
    public static var kind: any FieldKind { LinksKind(E.name) }
    public static var isOptional: Bool { true }
    public init(stored: Value) { ids = stored.list?.compactMap(LinksKind.id(of:)) ?? [] }
    public var stored: Value { .list(ids.map(Value.int)) }
}
