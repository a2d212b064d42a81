/// A list of an entity that everybody starts from, beside those every entity has (全部, 我负责的 …).
///
/// ```swift
/// $0.presets = [Preset("公海", "Pool", ["filter[pool]": "public"])]
/// ```
public struct Preset: Sendable {
    public var label: Words
    /// What the list's address says.
    public var query: [(name: String, value: String)]

    public init(_ chinese: String, _ english: String, _ query: KeyValuePairs<String, String>) {
        label = Words(chinese, english)
        self.query = query.map { ($0.key, $0.value) }
    }
}

/// When a record counts as neglected: the instant of the last care taken, and after how many days it is late and very late.
/// Every list of the entity marks such records, and offers those that nobody has cared for (N 天未跟进).
public struct Neglect: Sendable {
    public var field: String
    public var warnAfter: Int
    public var badAfter: Int
    public var label: @Sendable (_ days: Int) -> Words

    public init(
        _ field: String, warnAfter: Int = 7, badAfter: Int = 30,
        label: @escaping @Sendable (Int) -> Words = { Words("\($0) 天未跟进", "No contact for \($0) days") }
    ) {
        self.field = field
        self.warnAfter = warnAfter
        self.badAfter = badAfter
        self.label = label
    }

    /// The preset that shows the very late.
    public var preset: Preset {
        var preset = Preset("", "", ["filter[\(field)][lt]": "today-\(badAfter)"])
        preset.label = label(badAfter)
        return preset
    }
}

/// Which of an entity's records have to do with somebody personally: a list's `mine`.
public enum Mine: String, Sendable, CaseIterable {
    /// Lent by colleagues, or naming one among its people.
    case involved
    case followed
    /// Opened last, newest first.
    case recent

    public var label: Words {
        switch self {
        case .involved: Words("我参与的", "Shared with me")
        case .followed: Words("我关注的", "Followed")
        case .recent: Words("最近查看", "Recently opened")
        }
    }
}
