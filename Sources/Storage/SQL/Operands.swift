import Records

/// Bringing what a filter compares with to the column's type, so that both engines compare like with like.
enum Operand {
    /// The value as the column would hold it; nil when no stored value can equal it.
    static func fit(_ value: Value, _ type: ColumnType) -> Value? {
        switch (type, value) {
        case (_, .null), (_, .list), (.none, _): nil
        case (.integer, .int), (.text, .text): value
        case (.integer, .real(let number)): Int64(exactly: number).map(Value.int)
        case (.integer, .text(let text)): Int64(text).map(Value.int) ?? Double(text).flatMap { fit(.real($0), .integer) }
        case (.real, .int(let number)): .real(Double(number))
        case (.real, .real(let number)): number.isNaN ? nil : value
        case (.real, .text(let text)): Double(text).flatMap { fit(.real($0), .real) }
        case (.text, .int(let number)): .text(String(number))
        case (.text, .real): nil
        }
    }

    /// An ordering comparison whose operand fits the column: `< 5.5` of whole numbers is `<= 5`. Nil when nothing compares.
    static func fit(_ op: Operator, _ value: Value, _ type: ColumnType) -> (op: Operator, value: Value)? {
        if let exact = fit(value, type) { return (op, exact) }
        guard type == .integer, let number = value.real ?? value.text.flatMap(Double.init), !number.isNaN else { return nil }
        let isUpper = op == .lt || op == .lte
        let bound = isUpper ? number.rounded(.down) : number.rounded(.up)
        if let whole = Int64(exactly: bound) { return (isUpper ? .lte : .gte, .int(whole)) }
        // Beyond what a whole number can be: everything or nothing.
        let isAll = isUpper == (number > 0)
        return isAll ? (isUpper ? .lte : .gte, .int(isUpper ? .max : .min)) : nil
    }
}

extension Value {
    /// Lists taken apart.
    var flat: [Value] { list?.flatMap(\.flat) ?? [self] }
}

extension Operator {
    /// The operator it is the opposite of.
    var positive: (op: Operator, negates: Bool) {
        switch self {
        case .ne: (.eq, true)
        case .notIn: (.in, true)
        case .notEmpty: (.empty, true)
        default: (self, false)
        }
    }
}
