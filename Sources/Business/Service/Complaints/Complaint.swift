import Core
import Records

/// §2.11, A35, I12–I13: a customer's complaint, from the first word to the proof that it does not come again.
public struct Complaint: Entity {
    public static let name = "complaints", label = "投诉"
    public static var traits: EntityTraits {
        EntityTraits(icon: "shield-alert", menu: .service, english: "Complaints").with {
            $0.sort = ["-received_at"]
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.timeline = .init(at: "received_at", text: "content", compose: Words("登记投诉", "Log a complaint"))
            $0.openStates = Status.open.map(\.rawValue)
            $0.loans = [
                Loan("customer_id", to: "owner_id"), Loan("customer_id", to: "handler_id"), Loan(nil, to: "handler_id", canWrite: true),
            ]
            $0.papers = [.complaint, .complaintTable]
            $0.queues = [
                .init("待告知受理的投诉", "Complaints to acknowledge", icon: "phone", by: "care", [("status[in]", "received,registered")]),
                .init("待定级的投诉", "Complaints to assess", icon: "shield-alert", by: "assess", [("status", "acknowledged")]),
                .init("待回访确认的投诉", "Complaints to verify", icon: "phone-call", by: "care", [("status", "executing")]),
                .init("待结案的投诉", "Complaints to close", icon: "circle-check", by: "assess", [("status", "verified")]),
                .init("升级的投诉", "Escalated complaints", icon: "shield-alert", urgent: true, by: "assess", [("status", "escalated")]),
            ]
            $0.presets = [
                Preset("待告知受理", "To acknowledge", ["filter[status]": "registered"]),
                Preset("待回访确认", "To verify", ["filter[status]": "executing"]),
                Preset("待结案", "To close", ["filter[status]": "verified"]),
                Preset("升级与超时", "Escalated or late", ["filter[status]": "escalated"]),
            ]
            $0.indexes = [
                ["owner_id", "status", "due_at"], ["customer_id", "-received_at"], ["cause_id", "-received_at"],
                ["owner_id", "-received_at"], ["department_id", "-received_at"],
                ["status", "clock_at"], ["status", "-received_at"], ["status", "recurrence_check_on"],
            ]
            $0.highlights = ["status", "level", "customer_id", "due_at", "handler_department_id", "compensation_cents"]
        }
    }

    public let subject = Field<String>("subject", "主题", kind: TextKind(limit: 200, searching: .prose), .title)
    public let no = Field<String?>(
        "no", "编号", kind: AutoNumberKind("CP-{yyyyMMdd}-{####}"), .unique, .searchable, .inList,
        .help("留空自动编号", "Numbered automatically when empty"), .english("Complaint no."))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人")
    public let contactWay = Field<String?>("contact_way", "联系方式", kind: TextKind(limit: 100), .english("How to reach"))
    public let channel = Field<Channel>("channel", "投诉渠道", .inList, .quick, .initial("phone"), .english("Channel"))
    public let type = Field<Kind>("type", "投诉类型", .inList, .quick, .initial("other"), .english("Kind"))
    public let content = Field<String>("content", "投诉内容", kind: LongTextKind(), .searchable, .quick, .english("Content"))
    public let demand = Field<String?>("demand", "客户诉求", kind: LongTextKind(), .english("What the customer wants"))
    public let receivedAt = Field<Instant?>(
        "received_at", "收到时间", .inList, .indexed, .help("留空为现在", "Now when empty"), .english("Received"))
    public let occurredOn = Field<Day?>("occurred_on", "发生日期", .english("Happened on"))
    public let ticket = Field<Ref<Ticket>?>("ticket_id", "相关服务请求", .english("Service request"))
    public let outlet = Field<Ref<Department>?>("outlet_id", "涉及门店", .english("Outlet"))
    public let status = Field<Status>("status", "状态", .inList, .initial("received"))
    public let isRepeat = Field<Bool?>(
        "is_repeat", "重复投诉", .readOnly, .help("同一客户 90 天内再次投诉", "The same customer within 90 days"), .english("Repeated"))

    public let level = Field<Level>("level", "级别", .inList, .initial("general"), .section(.assessment))
    public let severity = Field<Severity?>("severity", "严重程度", .section(.assessment))
    public let handlerDepartment = Field<Ref<Department>?>(
        "handler_department_id", "责任部门", .inList, .section(.assessment), .english("Responsible department"))
    public let liability = Field<Liability?>("liability", "责任认定", .section(.assessment))
    public let cause = Field<Ref<ComplaintCause>?>("cause_id", "原因", .inList, .section(.assessment), .english("Cause"))
    public let rootCause = Field<String?>(
        "root_cause", "根本原因", kind: LongTextKind(), .section(.assessment), .help("连问五个为什么", "Ask why five times"))
    public let evidence = Field<String?>("evidence", "调查情况与证据", kind: LongTextKind(), .section(.assessment))

    public let proposal = Field<String?>("proposal", "处理方案", kind: LongTextKind(), .section(.handling))
    public let compensationType = Field<Compensation?>("compensation_type", "补偿方式", .section(.handling), .english("Compensation kind"))
    public let compensation = Field<Money?>("compensation_cents", "补偿金额", .inList, .section(.handling))
    public let cost = Field<Money?>("cost_cents", "处理成本", .section(.handling))
    public let opinion = Field<String?>("opinion", "处理意见", kind: LongTextKind(), .section(.handling))
    public let handler = Field<Ref<User>?>("handler_id", "处理人", .section(.handling), .english("Handled by"))
    public let handledOn = Field<Day?>("handled_on", "处理日期", .section(.handling), .english("Handled on"))
    public let proposedBy = Field<Ref<User>?>("proposed_by", "方案提出人", .readOnly, .section(.handling))
    public let decidedBy = Field<Ref<User>?>("decided_by", "方案批准人", .readOnly, .section(.handling))
    public let answer = Field<String?>("customer_answer", "客户答复", kind: LongTextKind(), .readOnly, .section(.handling))
    public let result = Field<CustomerResult?>(
        "customer_result", "客户确认结果", .readOnly, .inList, .section(.handling), .english("Customer's verdict"))
    public let remark = Field<String?>("remark", "处理记录", kind: LongTextKind(), .readOnly, .searchable, .section(.handling), .english("Log"))

    public let acknowledgeDue = Field<Instant?>("ack_due_at", "受理告知期限", .readOnly, .section(.clocks), .english("Acknowledge by"))
    public let acknowledgedAt = Field<Instant?>("acknowledged_at", "受理告知", .readOnly, .section(.clocks), .english("Acknowledged"))
    public let solutionDue = Field<Instant?>("solution_due_at", "方案期限", .readOnly, .section(.clocks), .english("Propose by"))
    public let proposedAt = Field<Instant?>("proposed_at", "提出方案", .readOnly, .section(.clocks), .english("Proposed"))
    public let due = Field<Instant?>("due_at", "结案期限", .readOnly, .inList, .indexed, .section(.clocks), .english("Close by"))
    public let closedAt = Field<Instant?>("closed_at", "结案时间", .readOnly, .section(.clocks), .english("Closed"))
    public let waitingSince = Field<Instant?>("waiting_since", "暂停开始", .readOnly, .section(.clocks), .english("Paused since"))
    /// The clock that last ran out, so that each is told once.
    public let missed = Field<Missed?>("missed", "超时", .readOnly, .section(.clocks), .english("Late"))
    public let clockAt = Field<Instant?>("clock_at", "下次检查", .readOnly, .section(.clocks), .english("Next check"))
    public let resumeTo = Field<String?>("resume_to", "恢复到", .readOnly, .section(.clocks), .english("Resumes to"))
    public let externalBody = Field<ExternalBody?>("external_body", "外部受理机构", .readOnly, .section(.clocks), .english("External body"))
    public let externalDue = Field<Day?>("external_due_on", "外部程序期限", .readOnly, .section(.clocks), .english("External deadline"))
    public let recurrenceCheckOn = Field<Day?>(
        "recurrence_check_on", "复发检查日", .readOnly, .section(.clocks), .english("Check for recurrence on"))
    public let recurred = Field<Bool?>("recurred", "是否复发", .readOnly, .section(.clocks), .english("Came again"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.clocks))

    public init() {}
}

extension Words {
    static let assessment = Words("评估与调查", "Assessment")
    static let handling = Words("处理", "Handling")
}
