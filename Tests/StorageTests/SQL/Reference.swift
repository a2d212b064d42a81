import Records

/// What a condition means, worked out on rows in memory: the two engines must agree with this and so with each other.
struct Reference {
    var customers: [Row]
    var deals: [Row]

    func matches(_ condition: Condition, _ row: Row) -> Bool {
        switch condition {
        case .all(let parts): return parts.allSatisfy { matches($0, row) }
        case .any(let parts): return parts.contains { matches($0, row) }
        case .not(let inner): return !matches(inner, row)
        case .ids(let ids): return ids.contains(row.id)
        case .search: return false
        case .exists(_, _, let inner):
            return deals.contains { $0["customer_id"] == .int(row.id) && $0.deletedAt == nil && matches(inner, $0) }
        case .listed(_, let field, let inner):
            return deals.contains { $0[field] == .int(row.id) && $0.deletedAt == nil && matches(inner, $0) }
        case .compare(let path, let op, let values):
            guard path.link != nil else { return compare(row, path.field, op, values) }
            // "Not" of a linked record's field also holds for who has no link.
            let (positive, negates) = Self.positive(op)
            let friend = customers.first { .int($0.id) == row["friend_id"] }
            return (friend.map { compare($0, path.field, positive, values) } ?? false) != negates
        }
    }

    private static func positive(_ op: Operator) -> (Operator, Bool) {
        switch op {
        case .ne: (.eq, true)
        case .notIn: (.in, true)
        case .notEmpty: (.empty, true)
        default: (op, false)
        }
    }

    private func compare(_ row: Row, _ name: String, _ op: Operator, _ values: [Value]) -> Bool {
        let (op, negates) = Self.positive(op)
        return compare(row[name], row.schema[name]!, op, values.flatMap { $0.list ?? [$0] }) != negates
    }

    private func compare(_ value: Value, _ field: FieldSpec, _ op: Operator, _ values: [Value]) -> Bool {
        if field.kind is LinksKind || field.kind is ChoicesKind {
            let items = value.list ?? []
            if op == .empty { return items.isEmpty }
            guard [.eq, .in, .contains].contains(op) else { return false }
            return values.contains { $0.isNull ? items.isEmpty && op != .contains : items.contains($0) }
        }
        let isEmpty = value.isNull || value == ""
        switch op {
        case .empty: return field.kind.column == .text ? isEmpty : value.isNull
        case .eq, .in:
            return values.contains {
                $0.isNull ? (field.kind.column == .text ? isEmpty : value.isNull) : !value.isNull && order(value, $0) == 0
            }
        case .contains, .starts:
            guard !value.isNull, field.kind.column != .real else { return false }
            let text = lowered(value)
            return values.contains { part in
                if case .real = part { return false }
                guard !part.isNull else { return false }
                let part = lowered(part)
                return op == .starts ? text.starts(with: part) : contains(text, part)
            }
        case .between:
            if values == [.null, .null] { return !value.isNull }
            return zip(values, [Operator.gte, .lte]).allSatisfy { $0.isNull || compare(value, field, $1, [$0]) }
        default:
            guard let operand = values.first, !operand.isNull, let order = order(value, operand) else { return false }
            return switch op {
            case .lt: order < 0
            case .lte: order <= 0
            case .gt: order > 0
            default: order >= 0
            }
        }
    }

    private func lowered(_ value: Value) -> [UInt8] {
        let text = value.text ?? value.int.map(String.init) ?? ""
        return text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }

    private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        part.isEmpty || text.indices.contains { text[$0...].starts(with: part) }
    }

    /// Negative, zero or positive; nil when the two cannot be compared.
    private func order(_ a: Value, _ b: Value) -> Int? {
        switch (a, b) {
        case (.text(let x), .text(let y)):
            return Array(x.utf8).lexicographicallyPrecedes(Array(y.utf8)) ? -1 : x.utf8.elementsEqual(y.utf8) ? 0 : 1
        case (.text, .int(let y)): return order(a, .text(String(y)))
        case (.int, .text(let y)), (.real, .text(let y)): return Double(y).flatMap { order(a, .real($0)) }
        case (.int(let x), .int(let y)): return x < y ? -1 : x == y ? 0 : 1
        default:
            guard let x = a.real, let y = b.real else { return nil }
            return x < y ? -1 : x == y ? 0 : x > y ? 1 : nil
        }
    }
}

/// Numbers that look random and are the same every time.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func roll(_ sides: Int) -> Int { Int(next() >> 33) % sides }
    mutating func pick<T>(_ some: [T]) -> T { some[roll(some.count)] }
}
