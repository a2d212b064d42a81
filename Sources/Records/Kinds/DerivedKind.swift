/// A value that the program works out, of another kind: stored like that kind, so that it sorts, filters, groups and sums, and never typed.
///
/// It still reads text and JSON, because a filter's operand must be read; that nobody sets it is the field's ``FieldTraits/isReadOnly``.
public protocol DerivedKind: FieldKind {
    var base: any FieldKind { get }
}

extension DerivedKind {
    public var column: ColumnType { base.column }
    public var editor: Editor { .none }
    public var operators: [Operator] { base.operators }
    public var filterControl: FilterControl { base.filterControl }
    public var searching: Searching { base.searching }
    public var openAPI: [String: Plain] { base.openAPI.merging(["readOnly": true]) { $1 } }

    public func parse(_ text: String) throws(Fault) -> Value { try base.parse(text) }
    public func accept(_ plain: Plain) throws(Fault) -> Value { try base.accept(plain) }
    public func check(_ value: Value) -> Fault? { base.check(value) }
    public func show(_ value: Value, in language: Language) -> String { base.show(value, in: language) }
    public func plain(_ value: Value) -> Plain { base.plain(value) }
    public func edit(_ value: Value) -> String { base.edit(value) }
    public func mask(_ value: Value) -> String { base.mask(value) }

    public var time: TimeForm? { base.time }
    public var choices: [ChoiceOption]? { base.choices }
    public func option(_ code: String) -> ChoiceOption? { base.option(code) }
    public var isYesNo: Bool { base.isYesNo }
    public var reference: LinkForm? { base.reference }
    public var figure: FigureForm? { base.figure }
    public var scale: ClosedRange<Int64>? { base.scale }
    public var sharing: Sharing { base.sharing }
    public var isProse: Bool { base.isProse }
    public var isDocument: Bool { base.isDocument }
    public var asks: String? { base.asks }
    public var contact: ContactForm? { base.contact }
    public var canBeUnique: Bool { base.canBeUnique }
    public var isCodeList: Bool { base.isCodeList }
    public var plainForm: PlainForm { base.plainForm }
    public var sheetForm: SheetForm { base.sheetForm }
    public func sheetHint(unit: Words?) -> String? { base.sheetHint(unit: unit) }
}
