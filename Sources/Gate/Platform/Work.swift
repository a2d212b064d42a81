import Records

/// Work that waits, runs or is over: imports, bulk changes, reminders, webhooks. The outbox is here too: a job enqueued in a transaction
/// exists exactly when the transaction does.
public struct JobRow: Entity {
    public static let name = "jobs", label = "后台任务"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "loader", english: "Jobs").with {
            $0.isPublic = false; $0.sort = ["-id"]; $0.indexes = [["status", "run_at"], ["key"], ["user_id", "-id"], ["operation"]]
        }
    }
    public let title = Field<String>("name", "任务", .title)
    public let label = Field<String>("label", "说明", .inList)
    public let payload = Field<String?>("payload", "内容", kind: JSONTextKind())
    public let status = Field<Status>("status", "状态", .inList)
    public let key = Field<String?>("key", "去重键")
    public let runAt = Field<Instant>("run_at", "计划时间", .inList)
    public let startedAt = Field<Instant?>("started_at", "开始时间")
    public let finishedAt = Field<Instant?>("finished_at", "完成时间", .inList)
    public let attempts = Field<Int>("attempts", "次数")
    public let worker = Field<String?>("worker", "执行者")
    /// Whoever runs it must say so again before this moment, or another takes it.
    public let leaseUntil = Field<Instant?>("lease_until", "租约")
    public let done = Field<Int>("done", "已处理", .inList)
    public let total = Field<Int>("total", "总数", .inList)
    public let result = Field<String?>("result", "结果", kind: JSONTextKind())
    public let error = Field<String?>("error", "错误", kind: LongTextKind())
    public let user = Field<Ref<User>?>("user_id", "发起人", .inList)
    /// The scopes of the API key with which it was asked for; it does no more than that key could.
    public let scopes = Field<String?>("scopes", "令牌范围")
    /// The changes it made, for undo.
    public let operation = Field<Int?>("operation", "操作", kind: WholeNumberKind.given)
    public init() {}

    public enum Status: String, Choice {
        case waiting, running, done, failed, cancelled, reverted
        public static let options: [Option<Status>] = [
            .init(.waiting, "等待中"), .init(.running, "进行中", .accent), .init(.done, "已完成", .ok), .init(.failed, "失败", .bad),
            .init(.cancelled, "已取消"), .init(.reverted, "已撤销", .warn),
        ]
    }
}

extension Record<JobRow> {
    /// Records were set aside while it ran (``BulkReport/failures`` of ``JobRow/result``): it did the others and tries these again in its
    /// next period.
    public var isSetAside: Bool {
        let report = self.result.flatMap(Plain.init(jsonText:)).flatMap(BulkReport.init(plain:))
        return self.status != .running && (report?.failed ?? 0) > 0
    }
}

/// An address outside that wants to know.
public struct Webhook: Entity {
    public static let name = "webhooks", label = "Webhook"
    public static var traits: EntityTraits { EntityTraits(.log, icon: "webhook").with { $0.isPublic = false } }
    public let title = Field<String>("name", "名称", .title)
    public let url = Field<String>("url", "地址", kind: URLKind(), .inList)
    /// `customers.created,orders.updated`; `*` for all.
    public let events = Field<String>("events", "事件", .inList)
    /// The sealed signing key.
    public let secret = Field<String>("secret", "签名密钥", kind: LongTextKind())
    public let isActive = Field<Bool>("is_active", "启用", .inList)
    /// Failures in a row; too many turn it off.
    public let failures = Field<Int>("failures", "连续失败")
    public let user = Field<Ref<User>?>("user_id", "创建人")
    public init() {}
}

/// One message to a webhook and what came back.
public struct WebhookDelivery: Entity {
    public static let name = "webhook_deliveries", label = "Webhook 发送记录"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["webhook_id", "-at"]]
        }
    }
    public let webhook = Field<Ref<Webhook>>("webhook_id", "Webhook")
    public let event = Field<String>("event", "事件", .title)
    public let at = Field<Instant>("at", "时间")
    public let status = Field<Int?>("status", "状态码")
    public let error = Field<String?>("error", "错误")
    public let milliseconds = Field<Int?>("milliseconds", "耗时")
    public init() {}
}

/// The first answer to a request that carried this key, so that a retry gets the same one.
public struct IdempotencyKey: Entity {
    public static let name = "idempotency_keys", label = "幂等键"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["user_id", "key"]]; $0.indexes = [["at"]]
        }
    }
    public let title = Field<String>("key", "键", .title)
    public let user = Field<Int>("user_id", "用户")
    /// A hash of method, path and body: the same key with another request is an error.
    public let fingerprint = Field<String>("fingerprint", "指纹")
    public let status = Field<Int>("status", "状态码")
    public let location = Field<String?>("location", "位置")
    public let body = Field<String>("body", "内容", kind: JSONTextKind())
    public let at = Field<Instant>("at", "时间")
    public init() {}
}
