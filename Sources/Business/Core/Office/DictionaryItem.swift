import Records

/// One word of a dictionary.
public struct DictionaryItem: Entity {
    public static let name = "dictionary_items", label = "字典项"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list", english: "Dictionary items").with {
            $0.parent = "dictionary_id"
            $0.sort = ["position", "code"]
            $0.unique = [["dictionary_id", "code"]]
        }
    }

    public let dictionary = Field<Ref<WordList>>("dictionary_id", "字典", .indexed)
    public let label = Field<String>("label", "名称", kind: TextKind(limit: 100), .title)
    public let code = Field<String>("code", "编码", kind: TextKind(limit: 50), .inList, .quick)
    public let position = Field<Int?>("position", "排序", .inList, .english("Order"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}
}
