import Records

/// C10: contacts that are written to together: picked by hand (static), or whoever meets a saved condition (dynamic).
public struct ContactGroup: Entity {
    public static let name = "contact_groups", label = "联系人分组"
    public static var traits: EntityTraits {
        EntityTraits(icon: "users", menu: .customers, english: "Contact groups").with { $0.sort = ["name"] }
    }

    public let name = Field<String>("name", "分组名称", kind: TextKind(limit: 50), .title)
    public let kind = Field<Kind>("kind", "分组方式", .inList, .quick, .initial("static"))
    public let members = Field<Refs<Contact>>("member_ids", "成员", .only(when: "kind", "static"), .english("Members"))
    public let condition = Field<String?>(
        "condition", "筛选条件", kind: JSONTextKind(asking: "contacts"), .only(when: "kind", "dynamic"),
        .help("在联系人列表中筛选后，用“更多 → 存为联系人分组”带入", "Filter the list of contacts, then More → Save as contact groups"))
    public let purpose = Field<String?>("purpose", "用途", kind: TextKind(limit: 200), .inList)

    public init() {}

    public enum Kind: String, Choice {
        case `static`, dynamic
        public static let options: [Option<Kind>] = [.init(.static, "手工挑选"), .init(.dynamic, "按条件自动", .sky)]
    }

    public static var rules: Rules {
        .of(ContactGroup.self) {
            $0.beforeSave { group, change, tx in
                try Ownership.follow(&group.row, change, tx)
                guard group.kind == .dynamic else { return group.condition = nil }
                guard group.condition != nil else {
                    throw Problem("condition", code: "required", "按条件自动的分组需要筛选条件：请在联系人列表中筛选后，用“更多 → 存为联系人分组”")
                }
            }
        }
    }
}
