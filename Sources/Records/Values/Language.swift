/// The two languages a user can choose.
public enum Language: String, Sendable, CaseIterable {
    case chinese = "zh"
    case english = "en"

    /// Picks the text of this language: `language("保存", "Save")`.
    public func callAsFunction(_ chinese: String, _ english: String) -> String {
        self == .chinese ? chinese : english
    }
}
