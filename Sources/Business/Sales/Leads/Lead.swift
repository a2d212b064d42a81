import Core
import Records

/// A17, §2.6: somebody who may become a customer, from the first sign of interest to customer, invalid or lost. Without an owner it lies in
/// the pool.
public struct Lead: Entity, Losable {
    public static let name = "leads", label = "线索"
    public static var traits: EntityTraits {
        EntityTraits(icon: "magnet", menu: .sales, english: "Leads").with {
            $0.hasTags = true
            $0.hasAttachments = true
            $0.mailing = Mailing(email: "email", mobile: "mobile", consent: "consent")
            $0.hasTimeline = true
            $0.pool = .init(masked: "mobile", "phone", "wechat", "email", recall: "recall_on")
            $0.nextContact = "next_follow_at"
            $0.alternatives = (
                ["mobile", "phone", "wechat", "email"], Words("手机、电话、微信、邮箱至少填一项", "A mobile, telephone, WeChat or e-mail")
            )
            $0.queues = [.init("待分配的线索", "Leads to assign", icon: "magnet", by: "assign", [("status", "new")])]
            $0.highlights = ["status", "level", "mobile", "interest", "next_follow_at", "last_contact_at", "source"]
            $0.related = ["interactions", "tasks"]
            $0.indexes = [
                ["mobile", "name"], ["owner_id", "-created_at"], ["owner_id", "next_follow_at"], ["owner_id", "status", "-created_at"],
                ["department_id", "-created_at"], ["status", "next_follow_at"],
                ["status", "contact_due_at"], ["owner_id", "recall_on"], ["status", "assigned_at"],
            ]
        }
    }

    public let name = Field<String>("name", "姓名", kind: TextKind(limit: 100), .title, .aliases("线索名称", "客户姓名", "联系人", "名称"))
    public let code = Field<String?>(
        "code", "线索编号", kind: AutoNumberKind("L-{yyyyMMdd}-{####}"), .unique, .searchable,
        .help("留空自动编号", "Numbered automatically when empty"), .english("Lead no."))
    public let company = Field<String?>("company", "单位名称", kind: TextKind(limit: 100), .searchable, .aliases("公司", "公司名称", "企业名称"))
    public let mobile = Field<String?>(
        "mobile", "手机号码", kind: MobileKind(), .searchable, .inList, .quick, .indexed, .aliases("手机", "手机号", "联系电话"))
    public let phone = Field<String?>("phone", "固定电话", kind: PhoneKind(), .searchable, .english("Landline"), .aliases("电话", "座机"))
    public let wechat = Field<String?>("wechat", "微信号", kind: TextKind(limit: 60), .searchable, .english("WeChat"), .aliases("微信"))
    public let email = Field<String?>("email", "邮箱", kind: EmailKind(), .searchable)
    public let source = Field<Customer.Source>("source", "线索来源", .inList, .quick, .indexed, .optional(from: "import"), .aliases("来源", "渠道"))
    public let sourceCode = Field<String?>(
        "source_code", "渠道码", kind: TextKind(limit: 60), .indexed,
        .help("广告、活动、表单的来源代码", "The code of the advertisement, campaign or form"), .english("Source code"))
    public let city = Field<String?>("city", "城市", kind: RegionKind(level: 2), .inList, .aliases("市"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)

    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("new"), .section(.intent))
    public let level = Field<IntentionLevel?>(
        "level", "意向级别", .inList, .quick, .indexed, .section(.intent), .help("留空按购买时间建议", "Suggested from the time of purchase when empty"),
        .english("Intention level"), .aliases("级别"))
    public let interest = Field<String?>(
        "interest", "意向产品", kind: TextKind(limit: 200), .inList, .searchable, .quick, .section(.intent), .aliases("意向车型", "意向"))
    public let product = Field<Ref<Product>?>("product_id", "目录产品", .section(.intent), .english("From the catalogue"))
    public let budget = Field<Money?>("budget_cents", "预算", .section(.intent), .english("Budget"))
    public let buyWithin = Field<BuyWithin?>("buy_within", "购买时间", .quick, .section(.intent), .english("Buys within"))
    public let invalidReason = Field<InvalidReason?>("invalid_reason", "无效原因", .section(.intent), .readOnly)
    public let lossReason = Field<LossReason?>("loss_reason", "战败原因", .indexed, .section(.intent), .readOnly)
    public let lossNote = Field<String?>("loss_note", "战败说明", kind: TextKind(limit: 500), .section(.intent), .readOnly)
    public let lossCompetitor = Field<String?>(
        "loss_competitor", "战败给", kind: TextKind(limit: 100), .section(.intent), .readOnly, .english("Lost to"))
    public let lossAskedAt = Field<Instant?>("loss_asked_at", "战败申请时间", .section(.intent), .readOnly, .english("Loss requested at"))
    public let lossAskedBy = Field<Ref<User>?>("loss_asked_by", "战败申请人", .section(.intent), .readOnly, .english("Loss requested by"))

    public let consent = Field<Bool?>("consent", "同意被联系", .section(.contactDetails), .english("Agreed to be contacted"))
    public let consentAt = Field<Instant?>("consent_at", "同意时间", .readOnly, .section(.contactDetails), .english("Agreed at"))

    public let assignedAt = Field<Instant?>("assigned_at", "分配时间", .readOnly, .section(.state), .english("Assigned at"))
    public let contactDue = Field<Instant?>("contact_due_at", "首次联系期限", .readOnly, .section(.state), .english("First contact due"))
    public let firstContact = Field<Instant?>("first_contact_at", "首次联系", .readOnly, .section(.state))
    public let lastContact = Field<Instant?>(
        "last_contact_at", "最近联系", .readOnly, .inList, .indexed, .section(.state), .english("Last contact"))
    public let nextFollow = Field<Instant?>(
        "next_follow_at", "下次跟进", .inList, .indexed, .due, .section(.state), .help("留空按级别的跟进间隔", "By the level's interval when empty"))
    public let lateToldAt = Field<Instant?>("late_told_at", "首次联系超时通知", .readOnly, .section(.state), .english("Told late at"))
    public let escalatedAt = Field<Instant?>("escalated_at", "上报时间", .readOnly, .section(.state), .english("Escalated at"))
    public let recallOn = Field<Day?>("recall_on", "将回收到公海", .readOnly, .inList, .indexed, .section(.state), .english("Recalled on"))
    public let pooledAt = Field<Instant?>("pooled_at", "放入公海时间", .readOnly, .section(.state))
    public let poolReason = Field<String?>("pool_reason", "放入公海原因", kind: TextKind(limit: 200), .readOnly, .section(.state))
    public let lastOwner = Field<Ref<User>?>("last_owner_id", "前负责人", .readOnly, .section(.state), .english("Last owner"))
    public let customer = Field<Ref<Customer>?>(
        "customer_id", "转化为客户", .readOnly, .indexed, .section(.state), .reverse("来自线索", "From leads"), .english("Became customer"))
    public let convertedAt = Field<Instant?>("converted_at", "转化时间", .readOnly, .section(.state))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}
}
