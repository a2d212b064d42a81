/// A province, city or district by its full name. 杭州 becomes 杭州市 once a table of ``Regions`` is loaded; a name it does not know is pointed
/// out.
public struct RegionKind: FieldKind {
    /// 1 province, 2 city, 3 district.
    public let level: Int
    public init(level: Int) { self.level = min(max(level, 1), 3) }

    public var name: String { "region" }
    public var column: ColumnType { .text }
    public var editor: Editor { .region(level: level) }
    public var operators: [Operator] { [.eq, .ne, .in, .notIn, .starts, .contains, .empty, .notEmpty] }
    public var searching: Searching { .prose }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": 50, "pattern": .text(textPattern)] }
    public var sharing: Sharing { .usual }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .text }

    public func parse(_ text: String) throws(Fault) -> Value {
        let clean = try text.cleaned(limit: 50)
        return clean.isEmpty ? .null : .text(Regions.current?.fullName(of: clean, level: level) ?? clean)
    }

    public func check(_ value: Value) -> Fault? {
        if let fault = checkText(value, limit: 50) { return fault }
        guard let text = value.text, let regions = Regions.current, regions.named(text, level: level).isEmpty else { return nil }
        let near = regions.proposals(for: text, level: level).map { "「\($0)」" }.joined()
        let what = "行政区划中没有这个\(["省份", "城市", "区县"][level - 1])"
        return .warning(near.isEmpty ? "\(what)，请核对" : "\(what)，是不是\(near)？")
    }

    public func mask(_ value: Value) -> String { value.text ?? "" }
}
