import Core
import Records

/// A21: what the company knows and tells customers — warranty policy, maintenance schedule, answers — with a receipt of who got it.
public struct Article: Entity {
    public static let name = "articles", label = "知识库"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "book-open", menu: .service, english: "Knowledge").with {
            $0.sort = ["category", "-updated_at"]
            $0.hasTags = true
            $0.hasAttachments = true
            $0.indexes = [["category", "-updated_at"], ["status", "category"]]
            $0.highlights = ["status", "category", "times_sent", "times_used"]
        }
    }

    public let title = Field<String>("title", "标题", kind: TextKind(limit: 200, searching: .prose), .title)
    public let category = Field<Category>("category", "类别", .inList, .quick, .initial("faq"), .indexed)
    public let content = Field<String>("content", "内容", kind: LongTextKind(), .searchable, .quick)
    public let type = Field<Ticket.Kind?>(
        "ticket_type", "适用的请求", .inList, .help("登记这类服务请求时提示", "Offered with such requests"), .english("For requests"))
    public let status = Field<Status>("status", "状态", .inList, .initial("draft"))
    public let version = Field<Int?>("edition", "版本", .readOnly, .inList, .english("Edition"))
    public let sent = Field<Int?>("times_sent", "发送次数", .readOnly, .unit("次", "times"), .english("Times sent"))
    public let used = Field<Int?>("times_used", "采用次数", .readOnly, .unit("次", "times"), .english("Times used"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Category: String, Choice {
        case policy, maintenance, warranty, product, process, faq
        public static let options: [Option<Category>] = [
            .init(.policy, "售后政策", .accent), .init(.maintenance, "保养说明", .teal), .init(.warranty, "三包与质保", .warn),
            .init(.product, "产品使用", .sky), .init(.process, "办理流程", .violet), .init(.faq, "常见问题", english: "FAQ"),
        ]
    }

    public enum Status: String, Choice {
        case draft, published, retired
        public static let options: [Option<Status>] = [.init(.draft, "草稿"), .init(.published, "已发布", .ok), .init(.retired, "已停用", .warn)]
    }

    public static var rules: Rules {
        .of(Article.self) {
            $0.rollUp(RollUp("times_used", of: Ticket.name, by: "article_id", .count))
            $0.beforeSave { article, change, _ in
                if change.changed(\Article.content, in: article) { article.version = (article.version ?? 0) + 1 }
            }
        }
    }

    private static let receiver = Field<Ref<Customer>>("customer_id", "客户", .english("Customer"))
    private static let way = Field<Channel>("channel", "方式", .english("Channel"))

    public static var flow: Flow? {
        .of(Article.self, \.status) {
            $0.step("publish", "发布", from: [.draft, .retired], to: .published, icon: "megaphone", primary: true)
            $0.step("retire", "停用", from: [.published], to: .retired, icon: "archive")
        }
    }

    /// The receipt: an interaction of the customer that says what was sent, and in which edition.
    public static var actions: [Action] {
        [
            Action.on(
                Article.self, "send", "发给客户", icon: "send", english: "Send to a customer", parameters: [receiver, way], permission: "read",
                unavailable: { article, _ in article.status == .published ? nil : "只有已发布的知识可以发给客户" }
            ) { article, arguments, tx in
                var receipt = Record<Interaction>()
                receipt.customer = arguments[receiver]
                receipt.channel = arguments[way]
                receipt.content = "发送「\(article.title)」（第 \(article.version ?? 1) 版）\n\(article.content)"
                receipt.subject = "发送知识：\(article.title)"
                receipt.outcome = "已发送"
                try tx.insert(receipt)
                article.sent = (article.sent ?? 0) + 1
            }
        ]
    }

    /// What is published for requests of this kind.
    static func aids(for ticket: Record<Ticket>, _ look: any Looking) throws -> [Aid] {
        let fitting = \Article.status == .published && \Article.type == ticket.type
        return try look.all(Article.self, where: fitting, sort: [Query.Sort("category")], limit: 5).map {
            Aid($0.title, $0.content, entity: Article.name, id: $0.row.id)
        }
    }
}

/// A8: how to say it — words for a scene, in editions, shown inside the work.
public struct Script: Entity {
    public static let name = "scripts", label = "话术库"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "message-square-text", menu: .service, english: "Scripts").with {
            $0.sort = ["scene", "position"]
            $0.indexes = [["scene", "position"]]
        }
    }

    public let title = Field<String>("title", "标题", kind: TextKind(limit: 100, searching: .prose), .title)
    public let scene = Field<Scene>("scene", "场景", .inList, .quick, .initial("follow_up"), .indexed)
    public let content = Field<String>("content", "话术", kind: LongTextKind(), .searchable, .quick, .english("Words"))
    public let position = Field<Int?>("position", "顺序", .initial(0), .english("Order"))
    public let version = Field<Int?>("edition", "版本", .readOnly, .inList, .english("Edition"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Scene: String, Choice {
        case followUp = "follow_up", renewal, complaint, winBack = "win_back", reception, service, survey
        public static let options: [Option<Scene>] = [
            .init(.followUp, "回访", .sky), .init(.renewal, "续保", .teal), .init(.complaint, "投诉处理", .bad), .init(.winBack, "流失挽回", .violet),
            .init(.reception, "到店接待", .accent), .init(.service, "服务请求"), .init(.survey, "满意度调查", .ok),
        ]
    }

    public static var rules: Rules {
        .of(Script.self) {
            $0.beforeSave { script, change, _ in
                if change.changed(\Script.content, in: script) { script.version = (script.version ?? 0) + 1 }
            }
        }
    }

    /// The scripts of a scene, with what the record knows in its places: {客户}, {门店}, {姓名}, {编号}, {事项}, {时限}. What it does not know stays to
    /// be said.
    static func aids(for scene: Scene, about row: Row, _ look: any Looking) throws -> [Aid] {
        let scripts = try look.all(
            Script.self, where: \Script.scene == scene && \Script.isEnabled == true, sort: [Query.Sort("position")], limit: 5)
        guard scripts.contains(where: { $0.content.contains("{") }) else {
            return scripts.map { Aid($0.title, $0.content, entity: Script.name, id: $0.row.id) }
        }
        let customer = try row.schema["customer_id"].flatMap { row[$0].int }.flatMap { try look.get(Customer.self, Ref($0)) }
        let department = try (row.departmentID ?? look.actor.departmentID).flatMap { try look.get(Department.self, Ref($0)) }
        let known: [(String, String?)] = [
            ("{客户}", customer?.name), ("{门店}", department?.title), ("{姓名}", look.actor.name),
            ("{编号}", row.schema["no"].flatMap { row[$0].text }), ("{事项}", row.title),
            ("{时限}", row.schema["due_at"].flatMap { row[$0].int }.map { Instant(milliseconds: $0).shown }),
        ]
        return scripts.map { script in
            Aid(
                script.title, known.reduce(script.content) { text, pair in pair.1.map { text.replacing(pair.0, with: $0) } ?? text },
                entity: Script.name, id: script.row.id)
        }
    }
}
