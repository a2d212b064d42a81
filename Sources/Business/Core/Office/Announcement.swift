import Records

/// News for the staff: shown on the home page until it expires, with a receipt of who has read it.
public struct Announcement: Entity {
    public static let name = "announcements", label = "公告"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "megaphone", menu: .work, english: "Announcements").with {
            $0.sort = ["-is_pinned", "-publish_at"]
            $0.hasAttachments = true
            $0.indexes = [["is_pinned", "publish_at"]]
        }
    }

    public let title = Field<String>("title", "标题", kind: TextKind(limit: 100), .title)
    public let content = Field<String>("content", "内容", kind: LongTextKind(), .searchable, .quick)
    public let category = Field<Category>("category", "类别", .inList, .quick, .initial("notice"))
    public let publishAt = Field<Instant?>(
        "publish_at", "发布时间", .inList, .help("留空立即发布", "Published at once when empty"), .english("Published"))
    public let expireAt = Field<Instant?>("expire_at", "失效时间", .inList, .english("Expires"))
    public let departments = Field<Refs<Department>>(
        "department_ids", "可见部门", .help("不选表示全员可见", "Everybody sees it when none is chosen"), .english("Visible to departments"))
    public let isPinned = Field<Bool>("is_pinned", "置顶", .inList, .quick, .initial(false), .english("Pinned"))
    public let needsReceipt = Field<Bool>("needs_receipt", "需要确认已读", .initial(false), .english("Ask for a receipt"))
    public let readers = Field<Refs<User>>("reader_ids", "已读人员", kind: everybody, .readOnly, .english("Read by"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    private static let everybody: LinksKind = {
        var kind = LinksKind(User.name)
        kind.limit = 100_000
        return kind
    }()

    public enum Category: String, Choice {
        case notice, policy, training, praise, system
        public static let options: [Option<Category>] = [
            .init(.notice, "通知", .accent), .init(.policy, "制度"), .init(.training, "培训", .sky), .init(.praise, "表彰", .rose),
            .init(.system, "系统", .warn),
        ]
    }

    public static var rules: Rules {
        .of(Announcement.self) {
            $0.beforeSave { announcement, _, tx in
                if announcement.publishAt == nil { announcement.publishAt = tx.now }
                if let end = announcement.expireAt, let start = announcement.publishAt, end <= start {
                    throw Problem("expire_at", "失效时间应晚于发布时间")
                }
            }
        }
    }

    public static var actions: [Action] {
        [
            Action.on(
                Announcement.self, "acknowledge", "确认已读", icon: "check-check", english: "Mark as read", permission: "read",
                unavailable: { announcement, actor in announcement.readers.ids.contains(actor.userID) ? "你已确认过" : nil }
            ) { announcement, _, tx in announcement.readers = Refs(announcement.readers.ids + [tx.actor.userID]) }
        ]
    }

    /// Whether somebody of these departments sees it now.
    static func isShown(_ announcement: Record<Announcement>, to departments: [Int64], at now: Instant) -> Bool {
        guard let start = announcement.publishAt, start <= now, announcement.expireAt.map({ $0 > now }) ?? true else { return false }
        return announcement.departments.ids.isEmpty || !Set(announcement.departments.ids).isDisjoint(with: departments)
    }
}
