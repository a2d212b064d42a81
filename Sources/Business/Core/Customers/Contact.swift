import Records

/// A person to talk to at a customer's (§2.2, C9). Exactly one of them is the primary contact.
public struct Contact: Entity {
    public static let name = "contacts", label = "联系人"
    public static var traits: EntityTraits {
        EntityTraits(icon: "users-round", menu: .customers, english: "Contacts").with {
            $0.mailing = Mailing(email: "email", mobile: "mobile", consent: "consent", through: "customer_id")
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["customer_id", "role", "mobile", "job_title"]
            $0.related = ["interactions", "tasks", "special_dates"]
            $0.indexes = [["customer_id", "-is_primary"], ["mobile", "name"]]
        }
    }

    public let customer = Field<Ref<Customer>>("customer_id", "所属客户", .inList, .quick, .indexed, .aliases("客户", "客户名称", "单位"))
    public let name = Field<String>("name", "姓名", kind: TextKind(limit: 50), .title, .aliases("联系人", "联系人姓名"))
    public let role = Field<Role?>("role", "角色", .inList, .quick)
    public let isPrimary = Field<Bool?>("is_primary", "主要联系人", .inList, .english("Primary contact"), .aliases("首要联系人"))
    public let jobTitle = Field<String?>("job_title", "职务", kind: TextKind(limit: 50), .inList, .searchable, .aliases("职位", "岗位"))
    public let relation = Field<Relation?>("relation_to", "与客户的关系", .english("Relation to the customer"))
    public let related = Field<Ref<Contact>?>("related_contact_id", "关联联系人", .english("Related contact"))
    public let gender = Field<Customer.Gender?>("gender", "性别")
    public let birthday = Field<Day?>("birthday", "生日", .aliases("出生日期"))
    public let birthdayCalendar = Field<DateCalendar?>("birthday_calendar", "生日历法", .initial("solar"))
    public let lunarBirthday = Field<String?>(
        "lunar_birthday", "农历生日", kind: TextKind(limit: 30),
        .help("闰月和三十写在这里，如 1984年闰十月初八、1985年二月三十", "For leap months and the 30th: 1984-leap10-8, 1985-2-30"),
        .english("Lunar birthday"), .aliases("阴历生日"))
    public let hobby = Field<String?>("hobby", "爱好", kind: TextKind(limit: 200))

    public let mobile = Field<String?>(
        "mobile", "手机号码", kind: MobileKind(), .searchable, .inList, .quick, .indexed, .section(.contactDetails),
        .aliases("手机", "电话号码", "手机号"))
    public let phone = Field<String?>(
        "phone", "固定电话", kind: PhoneKind(), .searchable, .section(.contactDetails), .english("Landline"), .aliases("电话", "座机"))
    public let wechat = Field<String?>(
        "wechat", "微信号", kind: TextKind(limit: 60), .searchable, .section(.contactDetails), .english("WeChat"), .aliases("微信"))
    public let email = Field<String?>("email", "邮箱", kind: EmailKind(), .searchable, .section(.contactDetails), .aliases("电子邮箱"))
    public let preferredChannel = Field<Channel?>("preferred_channel", "偏好联系方式", .section(.contactDetails))
    public let consent = Field<[Consent]>(
        "consent", "同意的联系方式", .section(.contactDetails), .help("客户明确同意过的方式", "Ways the customer has agreed to"),
        .english("Agreed to be contacted by"))

    public let status = Field<Status>("status", "状态", .initial("active"))
    public let remark = Field<String?>("note", "备注", kind: LongTextKind(), .searchable)
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Role: String, Choice {
        case decision, influencer, user, finance, purchase, driver, emergency, legal
        public static let options: [Option<Role>] = [
            .init(.decision, "决策人", .accent, english: "Decision maker"), .init(.influencer, "影响者"), .init(.user, "使用者"),
            .init(.finance, "财务"),
            .init(.purchase, "采购"), .init(.driver, "送修人"), .init(.emergency, "紧急联系人"), .init(.legal, "负责人", english: "Person in charge"),
        ]
    }

    public enum Relation: String, Choice {
        case `self`, spouse, parent, child, friend, employee
        public static let options: [Option<Relation>] = [
            .init(.`self`, "本人"), .init(.spouse, "配偶"), .init(.parent, "父母"), .init(.child, "子女"), .init(.friend, "朋友"),
            .init(.employee, "员工"),
        ]
    }

    public static var actions: [Action] { [.sendMessage] }

    public enum Consent: String, Choice {
        case sms, call, wechat, email
        public static let options: [Option<Consent>] = [
            .init(.sms, "短信", english: "SMS"), .init(.call, "电话"), .init(.wechat, "微信", english: "WeChat"), .init(.email, "邮件"),
        ]
    }

    public enum Status: String, Choice {
        case active, left
        public static let options: [Option<Status>] = [.init(.active, "在职", .ok), .init(.left, "离职")]
    }
}
