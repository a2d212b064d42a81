import Records

/// 办公: what everybody in the company reads and keeps in common.
public enum OfficeCapability: Capability {
    public static let name = "office", label = "办公"
    public static let entities: [any Entity.Type] = [Announcement.self, WordList.self, DictionaryItem.self]

    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoNews.steps(demo) + DemoMessages.steps(demo) }
}
