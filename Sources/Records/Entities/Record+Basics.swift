extension Record {
    public var createdBy: Int64? { row["created_by"].int }

    /// Whether nothing stands in a field yet: a draft may lack what the field's type promises.
    public func isBlank<V: FieldValue>(_ path: KeyPath<E, Field<V>>) -> Bool { row[Schema.field(path)].isNull }
}
