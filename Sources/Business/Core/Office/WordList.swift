import Records

/// §2.24: a list of words that administrators keep themselves (行业, 战败原因 …).
public struct WordList: Entity {
    public static let name = "dictionaries", label = "数据字典"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "book-a", english: "Dictionaries").with {
            $0.sort = ["code"]
            $0.related = ["dictionary_items"]
        }
    }

    public let name = Field<String>("name", "字典名称", kind: TextKind(limit: 50), .title)
    public let code = Field<String>("code", "字典编码", kind: TextKind(limit: 50), .unique, .inList, .quick)
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200), .inList)

    public init() {}
}
