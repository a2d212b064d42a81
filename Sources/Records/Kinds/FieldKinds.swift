/// The kinds from which administrators make their own fields: by name, with settings as JSON.
public enum FieldKinds {
    public struct Offer: Sendable {
        public let name: String
        public let label: String
        public let english: String
        public let settings: [Setting]
        fileprivate let make: @Sendable (Settings) -> (any FieldKind)?

        public func label(in language: Language) -> String { language(label, english) }
    }

    /// One setting of a kind: how the form asks for it.
    public struct Setting: Sendable {
        public let name: String
        public let label: String
        public let english: String
        /// What it holds; nil for the list of a choice's options (`{"code", "label", "english", "tone", "aliases"}`) .
        public let kind: (any FieldKind)?
        public let isRequired: Bool

        fileprivate init(_ name: String, _ label: String, _ english: String, _ kind: (any FieldKind)?, required: Bool = false) {
            self.name = name
            self.label = label
            self.english = english
            self.kind = kind
            isRequired = required
        }
    }

    /// Nil when there is no such kind or a setting is wrong.
    public static func make(name: String, settings: [String: Plain] = [:]) -> (any FieldKind)? {
        byName[name]?.make(Settings(values: settings))
    }

    public static subscript(name: String) -> Offer? { byName[name] }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// Every kind an administrator may use, in the order they are offered.
    public static let all: [Offer] = [
        offer("text", "单行文字", "Text", limit(1...2000)) { s in s.number("limit", 1...2000, or: 200).map { TextKind(limit: $0) } },
        offer("long_text", "多行文字", "Long text", limit(1...100_000)) { s in
            s.number("limit", 1...100_000, or: 20_000).map { LongTextKind(limit: $0) }
        },
        offer("whole_number", "整数", "Whole number", bounds) { s in s.range(Int64.exact).map { WholeNumberKind(range: $0) } },
        offer("decimal", "小数", "Decimal", .init("scale", "小数位数", "Decimals", WholeNumberKind(range: 0...6))) { s in
            s.number("scale", 0...6, or: 2).map { DecimalKind(scale: $0) }
        },
        offer("money", "金额", "Amount", .init("allows_negative", "可以为负", "May be negative", YesNoKind())) { s in
            s.flag("allows_negative").map { MoneyKind(allowsNegative: $0) }
        },
        offer("percent", "百分比", "Percent") { _ in PercentKind() },
        offer("score", "评分", "Score", bounds) { s in s.range(0...100).map { ScoreKind(range: $0) } },
        offer("yes_no", "是/否", "Yes/no") { _ in YesNoKind() },
        offer("day", "日期", "Date") { _ in DayKind() },
        offer("instant", "日期时间", "Date and time") { _ in InstantKind() },
        offer("choice", "单选", "Choice", options) { s in s.options().map { ChoiceKind($0) } },
        offer("choices", "多选", "Several choices", options) { s in s.options().map { ChoicesKind($0) } },
        offer("link", "关联记录", "Link", target) { s in s.target().map { LinkKind($0) } },
        offer("links", "关联多条记录", "Several links", target) { s in s.target().map { LinksKind($0) } },
        offer("attachments", "附件", "Attachments", .init("limit", "最多个数", "At most", WholeNumberKind(range: 1...100))) { s in
            s.number("limit", 1...100, or: 50).map { LinksKind.attachments(limit: $0) }
        },
        offer("mobile", "手机号码", "Mobile") { _ in MobileKind() },
        offer("phone", "电话", "Telephone") { _ in PhoneKind() },
        offer("email", "电子邮箱", "E-mail") { _ in EmailKind() },
        offer("url", "网址", "Web address") { _ in URLKind() },
        offer("address", "地址", "Address") { _ in AddressKind() },
        offer(
            "region", "行政区划", "Region",
            .init("level", "级别（1 省 2 市 3 区县）", "Level (1 province, 2 city, 3 district)", WholeNumberKind(range: 1...3), required: true)
        ) { s in
            s.number("level", 1...3, or: nil).map { RegionKind(level: $0) }
        },
        offer("coordinates", "坐标", "Coordinates") { _ in CoordinatesKind() },
        offer("postcode", "邮政编码", "Postcode") { _ in PostcodeKind() },
        offer("plate", "车牌号", "Number plate") { _ in PlateKind() },
        offer("vin", "车架号", "VIN", .init("blocks_wrong_check_digit", "校验位不符时拒绝", "Refuse a wrong check digit", YesNoKind())) { s in
            s.flag("blocks_wrong_check_digit", or: true).map { VINKind(blocksWrongCheckDigit: $0) }
        },
        offer("uscc", "统一社会信用代码", "Credit code (USCC)") { _ in USCCKind() },
        offer("resident_id", "身份证号", "Resident ID") { _ in ResidentIDKind() },
        offer("passport", "护照号", "Passport") { _ in PassportKind() },
        offer("bank_account", "银行账号", "Bank account") { _ in BankAccountKind() },
        offer(
            "auto_number", "自动编号", "Automatic number",
            .init("pattern", "格式，例如 CUS-{yyyyMMdd}-{####}", "Pattern", TextKind(limit: 60), required: true)
        ) { s in
            s.values["pattern"]?.text.flatMap { AutoNumberKind(checking: $0) }
        },
    ]

    private static func offer(
        _ name: String, _ label: String, _ english: String, _ settings: [Setting], make: @escaping @Sendable (Settings) -> (any FieldKind)?
    ) -> Offer {
        Offer(name: name, label: label, english: english, settings: settings, make: make)
    }

    private static func offer(
        _ name: String, _ label: String, _ english: String, _ settings: Setting..., make: @escaping @Sendable (Settings) -> (any FieldKind)?
    ) -> Offer {
        Offer(name: name, label: label, english: english, settings: settings, make: make)
    }

    private static func limit(_ range: ClosedRange<Int64>) -> [Setting] {
        [Setting("limit", "最多字数", "At most (characters)", WholeNumberKind(range: range))]
    }
    private static let bounds = [
        Setting("minimum", "最小值", "Minimum", WholeNumberKind()), Setting("maximum", "最大值", "Maximum", WholeNumberKind()),
    ]
    private static let options = [Setting("options", "选项", "Options", nil, required: true)]
    private static let target = [Setting("target", "关联的对象", "Entity", TextKind(limit: 60), required: true)]
}

/// The settings of a kind as they came; every reader answers nil for a wrong one.
private struct Settings: Sendable {
    let values: [String: Plain]

    private func isAbsent(_ name: String) -> Bool { values[name] == nil || values[name] == .null }

    func number(_ name: String, _ range: ClosedRange<Int>, or fallback: Int?) -> Int? {
        guard !isAbsent(name) else { return fallback }
        return values[name]?.int.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
    }

    func flag(_ name: String, or fallback: Bool = false) -> Bool? { isAbsent(name) ? fallback : values[name]?.bool }

    func range(_ fallback: ClosedRange<Int64>) -> ClosedRange<Int64>? {
        guard let low = isAbsent("minimum") ? fallback.lowerBound : values["minimum"]?.int,
            let high = isAbsent("maximum") ? fallback.upperBound : values["maximum"]?.int, low <= high
        else { return nil }
        // bounded: low is not above high.
        return low.held(in: Int64.exact)...high.held(in: Int64.exact)
    }

    func target() -> String? { values["target"]?.text.flatMap { Self.isName($0) ? $0 : nil } }

    func options() -> [ChoiceOption]? {
        guard let items = values["options"]?.list, (1...200).contains(items.count) else { return nil }
        let options = items.compactMap(Self.option)
        guard options.count == items.count, Set(options.map(\.code)).count == items.count, Set(options.map(\.label)).count == items.count
        else { return nil }
        return options
    }

    private static func option(_ item: Plain) -> ChoiceOption? {
        guard let members = item.object, let code = members["code"]?.text, isName(code),
            let label = members["label"]?.text.flatMap({ try? $0.cleaned(limit: 60) }), !label.isEmpty
        else { return nil }
        let tone = members["tone"]?.text.flatMap(Tone.init(rawValue:)) ?? .neutral
        var option = ChoiceOption(code, label, tone, english: members["english"]?.text.flatMap { try? $0.cleaned(limit: 60) })
        option.aliases = members["aliases"]?.list?.compactMap { $0.text.flatMap { try? $0.cleaned(limit: 60) } } ?? []
        return option
    }

    /// A stable name: letters, digits and `_`; so no comma that would break ``ChoicesKind/encode(_:)``.
    private static func isName(_ text: String) -> Bool {
        (1...60).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isLower || $0.isUpper || $0.isDigit || $0 == 0x5F || $0 == 0x2D }
    }
}
