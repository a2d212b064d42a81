import Records

/// One change: who, when, from where, what it was before and after. Never changed afterwards.
public struct AuditEntry: Entity {
    public static let name = "audit_entries", label = "操作日志"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "scroll-text", english: "Audit log").with {
            $0.isPublic = false
            $0.sort = ["-id"]
            $0.indexes = [["entity", "record_id", "-id"], ["operation"], ["user_id", "-id"]]
        }
    }
    /// `create`, `update`, `delete`, `restore`, `erase`, `merge`, an action's name; `login`, `export`, `reveal` for what is not a change.
    public let action = Field<String>("action", "操作", .title, .inList)
    public let at = Field<Instant>("at", "时间", .inList)
    public let user = Field<Ref<User>?>("user_id", "操作人", .inList)
    public let via = Field<String>("via", "方式", .inList)
    public let address = Field<String?>("address", "地址", .inList)
    public let entity = Field<String?>("entity", "对象", .inList)
    public let recordID = Field<Int?>("record_id", "记录", .inList)
    /// All changes of one command carry the same number: what undo takes back together.
    public let operation = Field<Int>("operation", "操作号", kind: WholeNumberKind.given)
    /// It followed from what was asked for, by a rule; undo takes it back along with its cause.
    public let isConsequence = Field<Bool?>("is_consequence", "连带")
    /// `{"name":["old","new"]}` in stored form; a deletion keeps all old values.
    public let changes = Field<String?>("changes", "变更", kind: JSONTextKind())
    public let reason = Field<String?>("reason", "原因", kind: LongTextKind())
    /// HMAC-SHA256 of the changes; they lie outside the entry's own digest, so that a person's data can be erased without breaking it.
    public let changesDigest = Field<String?>("changes_digest", "变更摘要")
    /// HMAC-SHA256 of all the rest.
    public let digest = Field<String>("digest", "摘要")
    public init() {}
}

/// A closed stretch of the audit log: its digest covers its entries' digests and the seal before, so that nothing can be taken out unseen.
public struct AuditSeal: Entity {
    public static let name = "audit_seals", label = "日志封印"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["to_id"]]
        }
    }
    public let from = Field<Int>("from_id", "起")
    public let to = Field<Int>("to_id", "止")
    public let count = Field<Int>("entries", "条数")
    public let digest = Field<String>("digest", "摘要", .title)
    public let at = Field<Instant>("at", "时间")
    public init() {}
}
