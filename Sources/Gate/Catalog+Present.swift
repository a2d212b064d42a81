import Records

/// An entity was asked for by its type that is not in the catalog, because its pack is off or no capability lists it: a slip of the program,
/// named instead of passed over.
public struct AbsentEntity: Error, CustomStringConvertible {
    public let entity: String
    public var description: String { "对象 \(entity) 不在目录中：它的功能包没有启用，或没有功能列出它" }
}

extension Catalog {
    func present(_ query: Query) throws -> Query {
        guard self[query.schema.name] != nil else { throw AbsentEntity(entity: query.schema.name) }
        return query
    }

    /// The row with the schema that counts: a record begun by its type knows nothing of extensions' and administrators' fields.
    func present(_ row: Row) throws -> Row {
        guard let schema = self[row.schema.name] else { throw AbsentEntity(entity: row.schema.name) }
        guard schema !== row.schema else { return row }
        let missing = max(0, schema.width - row.values.count)
        return Row(schema, row.values + Array(repeating: .null, count: missing))
    }
}
