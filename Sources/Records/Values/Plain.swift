/// A value as the outside world writes it: what a JSON body, a form or a spreadsheet cell can say, before a field has read it,
/// and what a field answers to the outside.
public enum Plain: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case real(Double)
    case text(String)
    case list([Plain])
    case object([String: Plain])

    public var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    public var int: Int64? {
        if case .int(let number) = self { return number }
        return nil
    }

    public var bool: Bool? {
        if case .bool(let flag) = self { return flag }
        return nil
    }

    public var list: [Plain]? {
        if case .list(let values) = self { return values }
        return nil
    }

    public var object: [String: Plain]? {
        if case .object(let members) = self { return members }
        return nil
    }

    /// What the outside calls this type, for messages: "文字", "整数" …
    public var typeName: String {
        switch self {
        case .null: "空值"
        case .bool: "是/否"
        case .int: "整数"
        case .real: "小数"
        case .text: "文字"
        case .list: "列表"
        case .object: "对象"
        }
    }
}
