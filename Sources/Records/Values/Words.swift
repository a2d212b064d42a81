/// A text in both languages: `Words("联系方式", "Contact")`.
public struct Words: Sendable, Hashable {
    public let chinese: String
    public let english: String

    public init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }

    public func callAsFunction(_ language: Language) -> String { language(chinese, english) }
}
