import Core
import Records

/// §2.14: one customer to be followed up by a day, for a reason, by somebody, with a questionnaire.
public struct FollowPlan: Entity {
    public static let name = "follow_plans", label = "跟踪计划"
    public static var traits: EntityTraits {
        EntityTraits(icon: "headset", menu: .service, english: "Follow-ups").with {
            $0.sort = ["due_at"]
            $0.hasTimeline = true
            $0.openStates = Status.open.map(\.rawValue)
            $0.loans = [Loan("customer_id", to: "owner_id")]
            $0.indexes = [
                ["owner_id", "status", "due_at"], ["customer_id", "due_at"], ["department_id", "due_at"], ["status", "due_at"],
                ["status", "escalated_at", "due_at"], ["rule_id", "due_at"], ["scene", "due_at"], ["about_entity", "about_id"],
            ]
            $0.highlights = ["status", "customer_id", "scene", "due_at", "attempts", "last_result"]
            $0.related = ["follow_visits"]
            $0.papers = [.callSheet]
            $0.board = "status"
            $0.queues = [.init("待分派的跟踪", "Follow-ups to assign", icon: "user-plus", by: "assign", [("status", "pending")])]
            $0.presets = [
                Preset("待分派", "To assign", ["filter[status]": "pending"]),
                Preset("逾期", "Overdue", ["filter[status]": "pending,assigned,in_progress", "filter[due_at][lt]": "today"]),
                Preset("本周完成", "Done this week", ["filter[status]": "done", "filter[done_at][gte]": "today-7"]),
                Preset("未能接通", "Not reached", ["filter[status]": "failed"]),
            ]
            $0.desk = EntityTraits.Desk(
                Words("呼叫台", "Call desk"), [("status", "assigned,in_progress"), ("due_at[lt]", "today+1")], about: "customer_id",
                action: "record")
        }
    }

    public let title = Field<String>("title", "跟踪事项", kind: TextKind(limit: 200), .title)
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed)
    public let scene = Field<Question.Scene>("scene", "场景", .inList, .quick, .indexed, .initial("custom"), .english("Scene"))
    public let status = Field<Status>("status", "状态", .inList, .initial("pending"))
    public let due = Field<Instant?>("due_at", "计划时间", .inList, .quick, .indexed, .due, .help("留空为今天", "Today when empty"), .english("Due"))
    public let method = Field<Ref<TrackingMethod>?>("method_id", "跟踪方式", .inList, .quick, .english("Method"))
    public let questionnaire = Field<Ref<Questionnaire>?>("questionnaire_id", "问卷", .quick)
    public let priority = Field<Todo.Priority>("priority", "优先级", .initial("normal"))
    public let remark = Field<String?>("remark", "说明", kind: LongTextKind(), .searchable)
    public let aboutEntity = Field<String?>("about_entity", "相关对象", kind: TextKind(limit: 50), .readOnly, .english("About entity"))
    public let aboutID = Field<Int?>("about_id", "相关记录", .readOnly, .english("About record"))
    public let rule = Field<Ref<FollowRule>?>("rule_id", "来自规则", .readOnly, .english("Rule"))

    public let attempts = Field<Int?>(
        "attempts", "已拨打", .readOnly, .inList, .unit("天", "days"), .section(.outcome),
        .help("没有接通的天数，一天拨打几次都算一次", "Days without reaching anybody, however many calls a day"))
    public let triedOn = Field<Day?>("tried_on", "最近拨打", .readOnly, .section(.outcome), .english("Tried on"))
    public let most = Field<Int?>(
        "max_attempts", "最多拨打", kind: WholeNumberKind(range: 1...20), .initial(5), .unit("天", "days"), .section(.outcome),
        .english("At most"))
    public let retry = Field<Int?>(
        "retry_days", "隔几天再拨", kind: WholeNumberKind(range: 0...30), .initial(1), .unit("天", "days"), .section(.outcome),
        .english("Try again after"))
    public let result = Field<FollowVisit.Result?>("last_result", "最近结果", .readOnly, .inList, .section(.outcome), .english("Last result"))
    public let response = Field<Ref<SurveyResponse>?>("response_id", "答卷", .readOnly, .section(.outcome), .english("Response"))
    public let startedAt = Field<Instant?>("started_at", "开始", .readOnly, .section(.outcome), .english("Begun"))
    public let doneAt = Field<Instant?>("done_at", "完成时间", .readOnly, .section(.outcome), .english("Done"))
    public let reason = Field<String?>("reason", "跳过或取消原因", kind: TextKind(limit: 200), .readOnly, .section(.outcome))
    public let escalatedAt = Field<Instant?>("escalated_at", "上报时间", .readOnly, .section(.outcome), .english("Escalated"))
    public let key = Field<String?>(
        "dedupe_key", "去重键", kind: JSONTextKind(limit: 200), .unique, .readOnly, .section(.outcome), .english("Key"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.outcome))

    public init() {}

    public enum Status: String, Choice {
        case pending, assigned, inProgress = "in_progress", done, failed, skipped, cancelled
        public static let options: [Option<Status>] = [
            .init(.pending, "待分派", .accent, english: "To assign"), .init(.assigned, "已分派", .sky), .init(.inProgress, "执行中", .teal),
            .init(.done, "已完成", .ok), .init(.failed, "失败终止", .bad), .init(.skipped, "已跳过", .warn), .init(.cancelled, "已取消"),
        ]
        static let open: [Status] = [.pending, .assigned, .inProgress]
    }

    public static var rules: Rules {
        .of(FollowPlan.self) {
            $0.beforeSave { plan, change, tx in
                try Ownership.follow(&plan.row, change, tx)
                if plan.due == nil { plan.due = Instant(tx.today, hour: 18) }
                // What somebody plans for themselves needs nobody to assign it.
                if change.isNew, plan.status == .pending, plan.ownerID != nil { plan.status = .assigned }
                if !change.isNew, change.changed(\FollowPlan.due, in: plan) { plan.escalatedAt = nil }
                if change.isNew, plan.isDemo != true, Status.open.contains(plan.status),
                    let customer = try tx.get(Customer.self, plan.customer), customer.doNotContact == true
                {
                    (plan.status, plan.reason) = (.skipped, "客户要求免打扰")
                }
            }
            $0.afterSave { plan, change, tx in
                guard let owner = plan.ownerID, owner != tx.actor.userID, tx.actor.userID != 0, owner != change.old?.ownerID,
                    plan.isDemo != true
                else { return }
                try tx.notify([owner], of: .assigned, "\(tx.actor.name) 给你分派了跟踪：\(plan.title)", about: plan.row)
            }
            $0.notice { plan, look in
                guard let due = plan.due, Status.open.contains(plan.status), due < look.now else { return nil }
                return Notice(.warn, "计划于 \(due.shown)，已逾期", "Was due \(due.shown)")
            }
            $0.notice { plan, look in
                guard let entity = plan.aboutEntity, let id = plan.aboutID, let schema = look.catalog[entity], schema.name != Customer.name,
                    let row = try look.get(schema, id: Int64(id))
                else { return nil }
                return Notice(
                    .neutral, "起因：\(schema.label)「\(look.name(of: row))」",
                    "Because of \(schema.label(in: .english)) “\(look.name(of: row))”", entity: entity,
                    id: row.id)
            }
            $0.aid { plan, look in Status.open.contains(plan.status) ? try Script.aids(for: plan.scene.script, about: plan.row, look) : [] }
        }
    }

}

extension Question.Scene {
    /// The words that suit it.
    var script: Script.Scene {
        switch self {
        case .complaintVerify: .complaint
        case .insurance: .renewal
        case .lost, .nearLost: .winBack
        default: .followUp
        }
    }
}
