/// A comparison as filters and the API name it.
public enum Operator: String, Sendable, CaseIterable {
    case eq, ne, lt, lte, gt, gte
    case `in`, notIn = "not_in"
    case contains, starts
    case empty, notEmpty = "not_empty"
    case between

    /// How many operands it takes: nil for any number.
    public var operandCount: Int? {
        switch self {
        case .empty, .notEmpty: 0
        case .between: 2
        case .in, .notIn: nil
        default: 1
        }
    }

    public func label(in language: Language) -> String {
        switch self {
        case .eq: language("是", "is")
        case .ne: language("不是", "is not")
        case .lt: language("小于", "<")
        case .lte: language("不大于", "≤")
        case .gt: language("大于", ">")
        case .gte: language("不小于", "≥")
        case .in: language("属于", "any of")
        case .notIn: language("不属于", "none of")
        case .contains: language("包含", "contains")
        case .starts: language("开头是", "starts with")
        case .empty: language("为空", "is empty")
        case .notEmpty: language("不为空", "is not empty")
        case .between: language("介于", "between")
        }
    }
}
