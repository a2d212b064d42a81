import Records

/// Two records of one entity that are probably the same (A3): found by the scan, until they are merged or somebody says that they are not.
public struct DuplicatePair: Entity {
    public static let name = "duplicate_pairs", label = "疑似重复"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false
            $0.unique = [["entity", "first_id", "second_id"]]
            $0.indexes = [["entity", "status", "id"]]
        }
    }
    public let entity = Field<String>("entity", "对象")
    /// The older record.
    public let first = Field<Int>("first_id", "记录")
    public let second = Field<Int>("second_id", "疑似相同的记录")
    public let message = Field<String>("message", "相同之处")
    public let isExact = Field<Bool>("is_exact", "确定相同")
    public let status = Field<Status>("status", "状态")
    public let foundAt = Field<Instant>("found_at", "发现时间")
    /// Of the last scan that found it.
    public let seenAt = Field<Instant>("seen_at", "最近发现时间")
    public let decidedBy = Field<Ref<User>?>("decided_by", "判定人")
    public init() {}

    public enum Status: String, Choice {
        case open, different
        public static let options: [Option<Status>] = [.init(.open, "待处理"), .init(.different, "不是重复")]
    }
}
