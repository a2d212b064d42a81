import Records

extension View {
    /// Every parameter's values by name, newest first: one question for a whole page of them.
    public func parameterHistory() throws -> [String: [Record<ParameterValue>]] {
        let rows = try reading.fetch(
            Query(catalog.schema(ParameterValue.self), sort: [Query.Sort("valid_from", descending: true)], limit: 20_000))
        return Dictionary(grouping: rows.map(Record<ParameterValue>.init), by: \.title)
    }
}
