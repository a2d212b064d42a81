import Formats
import Records

/// The name–value pairs of a query string, in their order.
public struct QueryItems: Sendable {
    public var pairs: [(name: String, value: String)]

    public init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    /// - Throws: ``Refusal/unreadable(_:)`` for broken percent escapes or too many pairs.
    public init(parsing query: String?) throws {
        guard let query, !query.isEmpty else {
            pairs = []
            return
        }
        do {
            pairs = try FormText.parse(query).pairs
        } catch {
            throw Refusal.unreadable("地址中的查询参数无法读取")
        }
    }

    /// The first value of a name.
    public subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// A whole number that must lie in a range; nil when it is not asked for, or left empty in a form.
    ///
    /// - Throws: ``Refusal/unreadable(_:)`` for anything else.
    public func number<Number: FixedWidthInteger>(_ name: String, in range: ClosedRange<Number>) throws -> Number? {
        guard let text = self[name], !text.isEmpty else { return nil }
        return try QueryItems.whole(name, text, in: range)
    }

    /// How many are asked for. No form leaves this empty, so empty is a fault of whoever wrote the address.
    public func limit(default normal: Int, max most: Int) throws -> Int {
        guard let text = self["limit"] else { return normal }
        return try QueryItems.whole("limit", text, in: 1...most)
    }

    private static func whole<Number: FixedWidthInteger>(_ name: String, _ text: String, in range: ClosedRange<Number>) throws -> Number {
        guard let number = Number(text), range.contains(number) else {
            throw Refusal.unreadable("\(name) 应为 \(range.lowerBound) 到 \(range.upperBound) 的整数")
        }
        return number
    }

    /// The number of a record, or of the last one seen.
    public func id(_ name: String) throws -> Int64? { try number(name, in: 0...Int64.exact.upperBound) }

    public func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// The same with a name's values replaced; nil takes them out.
    public func setting(_ name: String, _ value: String?) -> QueryItems {
        var copy = QueryItems(pairs.filter { $0.name != name })
        if let value { copy.pairs.append((name, value)) }
        return copy
    }

    public func removing(_ isGone: (String) -> Bool) -> QueryItems { QueryItems(pairs.filter { !isGone($0.name) }) }

    /// What a saved view keeps of a list's address.
    public var state: QueryItems { removing { ["cursor", "at", "limit", "view", "from", "all", "open"].contains($0) } }

    /// Says the same, whatever the order of its pairs.
    public func says(_ other: QueryItems) -> Bool {
        func sorted(_ items: QueryItems) -> [String] { items.pairs.map { "\($0.name)=\($0.value)" }.sorted() }
        return sorted(self) == sorted(other)
    }

    public var text: String { FormText(pairs).encoded }

    /// `?a=b`, or nothing.
    public var suffix: String { pairs.isEmpty ? "" : "?" + text }
}
