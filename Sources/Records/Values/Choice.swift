/// An enumeration whose cases a user chooses from.
///
/// ```swift
/// public enum Status: String, Choice {
///     case active, scrapped
///     public static let options: [Option<Status>] = [.init(.active, "在用", .ok), .init(.scrapped, "报废")]
/// }
/// ```
public protocol Choice: FieldValue, RawRepresentable, Hashable, CaseIterable where RawValue == String {
    /// Every case with its label, in the order they are offered.
    static var options: [Option<Self>] { get }
}

/// One case of a ``Choice`` as a person reads it.
public struct Option<C: Sendable & RawRepresentable>: Sendable where C.RawValue == String {
    public var value: C
    public var label: String
    public var tone: Tone
    public var english: String?
    /// What else spreadsheets call it.
    public var aliases: [String]

    public init(_ value: C, _ label: String, _ tone: Tone = .neutral, english: String? = nil, aliases: [String] = []) {
        self.value = value
        self.label = label
        self.tone = tone
        self.english = english
        self.aliases = aliases
    }

    var choice: ChoiceOption {
        var option = ChoiceOption(value.rawValue, label, tone, english: english)
        option.aliases = aliases
        return option
    }
}

extension Choice {
    public static var kind: any FieldKind { ChoiceKind(Self.self) }
    public init(stored: Value) {
        guard let value = stored.text.flatMap(Self.init(rawValue:)) ?? Self.options.first?.value else {
            preconditionFailure("\(Self.self) promises at least one option")
        }
        self = value
    }
    public var stored: Value { .text(rawValue) }

    public var label: String { label(in: .chinese) }
    public func label(in language: Language) -> String {
        guard let option = Self.options.first(where: { $0.value == self }) else { return rawValue }
        return language == .chinese ? option.label : option.english ?? rawValue.asEnglishLabel
    }
}

extension Array: FieldValue where Element: Choice {
    public static var kind: any FieldKind { ChoicesKind(Element.self) }
    public static var isOptional: Bool { true }
    public init(stored: Value) { self = stored.list?.compactMap { $0.text.flatMap(Element.init(rawValue:)) } ?? [] }
    public var stored: Value { isEmpty ? .null : .list(map(\.stored)) }
}
