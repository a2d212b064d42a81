import Formats

/// The name–value pairs of a query string, in their order.
struct QueryItems: Sendable {
    var pairs: [(name: String, value: String)]

    init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    /// - Throws: ``HTTPAnswer/badRequest(_:)`` for broken percent escapes or too many pairs.
    init(parsing query: String?) throws {
        guard let query, !query.isEmpty else {
            pairs = []
            return
        }
        do {
            pairs = try FormText.parse(query).pairs
        } catch {
            throw HTTPAnswer.badRequest("地址中的查询参数无法读取")
        }
    }

    /// The first value of a name.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// The same with a name's values replaced; nil takes them out.
    func setting(_ name: String, _ value: String?) -> QueryItems {
        var copy = QueryItems(pairs.filter { $0.name != name })
        if let value { copy.pairs.append((name, value)) }
        return copy
    }

    func removing(_ isGone: (String) -> Bool) -> QueryItems { QueryItems(pairs.filter { !isGone($0.name) }) }

    /// What a saved view keeps of a list's address.
    var state: QueryItems { removing { ["cursor", "at", "limit", "view", "from", "all", "open"].contains($0) } }

    /// Says the same, whatever the order of its pairs.
    func says(_ other: QueryItems) -> Bool {
        func sorted(_ items: QueryItems) -> [String] { items.pairs.map { "\($0.name)=\($0.value)" }.sorted() }
        return sorted(self) == sorted(other)
    }

    var text: String { FormText(pairs).encoded }

    /// `?a=b`, or nothing.
    var suffix: String { pairs.isEmpty ? "" : "?" + text }
}
