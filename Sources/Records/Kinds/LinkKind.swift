/// A link to one record of another entity. The record's id is stored and sent; its title is shown by those who can look it up.
public struct LinkKind: FieldKind {
    public let target: String
    /// What an id can be.
    public static let ids: ClosedRange<Int64> = 1...Int64.exact.upperBound
    public init(_ target: String) { self.target = target }

    public var name: String { "link" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .link(entity: target) }
    public var operators: [Operator] { .forChoices }
    public var openAPI: [String: Plain] {
        var schema = integerSchema(Self.ids)
        schema["description"] = .text("\(target) 的编号")
        return schema
    }
    public var reference: LinkForm? { .one(target) }
    public var sharing: Sharing { .usual }
    public var plainForm: PlainForm { .asStored }

    /// Reads an id, `12` or `#12`. Names are looked up by the gate, which knows what the actor may see.
    public func parse(_ text: String) throws(Fault) -> Value {
        let digits = text.utf8.count > 80 ? "" : text.halfWidth.trimmed.drop { $0 == "#" }
        guard digits.utf8.count <= 19, String(digits).isDigits, let id = Int64(digits), Self.ids.contains(id) else {
            throw Fault("没有找到对应的记录，请从列表中选择", code: "not_found")
        }
        return .int(id)
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        guard let id = try plain.whole("记录编号（整数）") else { return .null }
        guard Self.ids.contains(id) else { throw Fault("记录编号应为 1 到 \(Self.ids.upperBound) 的整数", code: "out_of_range") }
        return .int(id)
    }

    public func check(_ value: Value) -> Fault? { value.isNull ? nil : checkInteger(value, Self.ids) }
    public func show(_ value: Value, in language: Language) -> String { value.int.map { "#\($0)" } ?? "" }
    public func edit(_ value: Value) -> String { value.int.map { String($0) } ?? "" }
}
