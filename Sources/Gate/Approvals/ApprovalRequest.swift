import Records

/// Something somebody wants to do and waits for others' word. What it would do is kept with it and is done, in the applicant's name, in the
/// transaction of the last approval; until then the record is locked.
public struct ApprovalRequest: Entity {
    public static let name = "approvals", label = "审批单"
    public static var traits: EntityTraits {
        EntityTraits(icon: "stamp", menu: Words("工作", "Work"), english: "Approvals").with {
            $0.sort = ["-submitted_at"]
            $0.isCreatable = false
            $0.isKept = true
            $0.about = "entity"
            $0.hasAttachments = true
            $0.indexes = [
                ["entity", "record_id", "-submitted_at"], ["owner_id", "-submitted_at"], ["department_id", "-submitted_at"],
                ["status", "remind_at"], ["status", "-submitted_at"],
            ]
            $0.highlights = ["status", "step_name", "approver_ids", "amount_cents", "submitted_at"]
            $0.timeline = .init(at: "submitted_at", text: "summary")
        }
    }

    public let title = Field<String?>("title", "标题", kind: TextKind(limit: 200), .title, .readOnly, .english("Title"))
    public let status = Field<Status>("status", "状态", .inList, .initial("pending"), .readOnly, .english("Status"))
    public let stepName = Field<String?>("step_name", "当前步骤", .inList, .readOnly, .english("Step"))
    public let approvers = Field<Refs<User>>("approver_ids", "待审批人", .inList, .readOnly, .english("Waiting for"))
    public let amount = Field<Money?>("amount_cents", "金额", .inList, .readOnly, .english("Amount"))
    public let reason = Field<String?>("reason", "申请说明", kind: LongTextKind(), .readOnly, .english("Reason"))
    public let summary = Field<String?>(
        "summary", "内容", kind: LongTextKind(), .readOnly, .searchable, .section(.approvalDetails), .english("Content"))
    public let submittedAt = Field<Instant?>("submitted_at", "提交时间", .inList, .indexed, .readOnly, .english("Submitted"))
    public let finishedAt = Field<Instant?>("finished_at", "完成时间", .readOnly, .english("Finished"))
    public let remindAt = Field<Instant?>("remind_at", "下次提醒", .readOnly, .english("Next reminder"))
    public let flow = Field<Ref<ApprovalFlow>?>("flow_id", "审批流程", .readOnly, .english("Flow"))
    public let approved = Field<Refs<User>>("approved_ids", "本步骤已批准", .readOnly, .english("Approved this step"))
    public let logs = Field<Lines<ApprovalLog>>("logs", "审批记录", .readOnly, .english("Trace"))

    public let entity = Field<String?>(
        "entity", "对象", kind: TextKind(limit: 60), .internal, .readOnly, .section(.approvalDetails), .english("Entity"))
    public let recordID = Field<Int?>("record_id", "记录", .internal, .readOnly, .section(.approvalDetails), .english("Record"))
    public let trigger = Field<ApprovalFlow.Trigger?>("trigger", "申请", .readOnly, .section(.approvalDetails), .english("Kind"))
    public let action = Field<String?>("action", "操作", .internal, .readOnly, .section(.approvalDetails), .english("Action"))
    public let step = Field<Int?>("step", "第几步", .internal, .readOnly, .section(.approvalDetails), .english("Step no."))
    /// What would be done: the action's arguments, or the changed fields, in stored form.
    public let content = Field<String?>(
        "content", "申请内容", kind: JSONTextKind(), .programOnly, .english("What would be done"))
    /// What the summary is made of, for each reader by the fields they may see: see ``ApprovalParts``.
    public let parts = Field<String?>("parts", "内容的组成", kind: JSONTextKind(), .programOnly)
    /// The steps as they were at the start: see ``ApprovalPlan``.
    public let plan = Field<String?>("plan", "步骤", kind: JSONTextKind(), .programOnly, .english("Steps"))
    /// One open request a record.
    public let openKey = Field<String?>(
        "open_key", "占用", kind: JSONTextKind(limit: 200), .unique, .programOnly, .english("Holds"))

    public init() {}

    public enum Status: String, Choice {
        case pending, approved, rejected, returned, withdrawn
        public static let options: [Option<Status>] = [
            .init(.pending, "审批中", .accent, english: "Pending"), .init(.approved, "已批准", .ok, english: "Approved"),
            .init(.rejected, "已驳回", .bad, english: "Rejected"),
            .init(.returned, "已退回", .warn, english: "Returned"), .init(.withdrawn, "已撤回", english: "Withdrawn"),
        ]
    }

    public static var rules: Rules {
        .of(ApprovalRequest.self) {
            $0.notice { request, _ in
                guard let entity = request.entity, let id = request.recordID else { return nil }
                return Notice(.neutral, "申请所说的记录", "The record it is about", entity: entity, id: Int64(id))
            }
            $0.beforeDelete { _, _, _ in throw Refusal.conflict("审批单是审批的凭据，不能删除；可以撤回") }
        }
    }
}

extension Words {
    static let approvalDetails = Words("申请明细", "Request")
}

/// One line of a request's trace: who did what, when, at which step.
public struct ApprovalLog: Entity {
    public static let name = "approval_logs", label = "审批记录"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "history", english: "Approval trace").with {
            $0.parent = "approval_id"
            $0.sort = ["id"]
            $0.isCreatable = false
            $0.about = "entity"
        }
    }

    public let approval = Field<Ref<ApprovalRequest>>("approval_id", "审批单", .indexed)
    public let step = Field<String>("step", "步骤", .title)
    public let user = Field<Ref<User>?>("user_id", "人员", .inList)
    public let what = Field<What>("what", "动作", .inList, .english("What"))
    public let comment = Field<String?>("comment", "意见", kind: LongTextKind(), .inList)
    public let at = Field<Instant>("at", "时间", .inList)

    public init() {}

    public enum What: String, Choice {
        case submitted, approved, rejected, returned, transferred, commented, reminded, withdrawn, done
        public static let options: [Option<What>] = [
            .init(.submitted, "提交", .accent, english: "Submitted"), .init(.approved, "批准", .ok, english: "Approved"),
            .init(.rejected, "驳回", .bad, english: "Rejected"),
            .init(.returned, "退回", .warn, english: "Returned"), .init(.transferred, "转交", .sky, english: "Passed on"),
            .init(.commented, "评论", english: "Commented"),
            .init(.reminded, "催办", .warn, english: "Reminded"), .init(.withdrawn, "撤回", english: "Withdrawn"),
            .init(.done, "生效", .ok, english: "Done"),
        ]
    }
}
