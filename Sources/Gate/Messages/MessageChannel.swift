import Records

/// A way out of the house: the company's mail server, its SMS gateway, the robot of a group.
public struct MessageChannel: Entity {
    public static let name = "message_channels", label = "消息渠道"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "send", english: "Message channels").with { $0.sort = ["kind", "name"] }
    }

    public let title = Field<String>("name", "渠道名称", kind: TextKind(limit: 100), .title)
    public let kind = Field<Kind>("kind", "方式", .inList, .quick, .initial("email"), .english("Way"))
    public let isActive = Field<Bool>("is_active", "启用", .inList, .initial(true), .english("Active"))
    public let fromName = Field<String?>(
        "from_name", "发件人名称", kind: TextKind(limit: 60), .only(when: "kind", "email"), .section(.mailServer), .english("Sender's name"))
    public let fromAddress = Field<String?>(
        "from_address", "发件地址", kind: EmailKind(), .only(when: "kind", "email"), .section(.mailServer), .english("Sender's address"))
    public let host = Field<String?>(
        "host", "邮件服务器", kind: TextKind(limit: 200), .only(when: "kind", "email"), .section(.mailServer), .english("Mail server"),
        .help("例如 smtp.example.com", "Such as smtp.example.com"))
    public let port = Field<Int?>(
        "port", "端口", kind: WholeNumberKind(range: 1...65_535), .only(when: "kind", "email"), .section(.mailServer), .initial(587))
    public let security = Field<Security?>(
        "security", "加密", .only(when: "kind", "email"), .section(.mailServer), .initial("start_tls"), .english("Encryption"))
    public let user = Field<String?>(
        "username", "账号", kind: TextKind(limit: 200), .only(when: "kind", "email"), .section(.mailServer), .english("User name"))
    public let url = Field<String?>(
        "url", "地址", kind: TextKind(limit: 2000), .sealed, .only(when: "kind", "sms", "wecom", "dingtalk", "feishu"), .section(.gateway),
        .help("短信网关或群机器人的地址，以 https:// 开头", "The gateway's or robot's address"), .english("Address"))
    public let secret = Field<String?>(
        "secret", "密码或签名密钥", kind: TextKind(limit: 500), .sealed, .section(.gateway),
        .help("邮箱的授权码；机器人的加签密钥", "The mailbox's password; the robot's signing key"), .english("Password or key"))
    public let body = Field<String?>(
        "body", "请求内容", kind: LongTextKind(limit: 4000), .only(when: "kind", "sms"), .section(.gateway),
        .help(
            "网关要求的 JSON，{mobile}、{text}、{id} 会被代入，例如 {\"phone\":\"{mobile}\",\"content\":\"{text}\"}",
            "The gateway's JSON with {mobile}, {text} and {id}"), .english("Body"))
    public let success = Field<String?>(
        "success", "成功标志", kind: TextKind(limit: 100), .only(when: "kind", "sms"), .section(.gateway),
        .help("回应中应含有的文字；留空只看状态码", "What the answer must contain"), .english("Sign of success"))
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200))

    public init() {}

    public enum Kind: String, Choice {
        case email, sms, wecom, dingtalk, feishu
        public static let options: [Option<Kind>] = [
            .init(.email, "邮件", .accent, english: "E-mail"), .init(.sms, "短信", .sky, english: "SMS"),
            .init(.wecom, "企业微信机器人", .ok, english: "WeCom robot"), .init(.dingtalk, "钉钉机器人", .violet, english: "DingTalk robot"),
            .init(.feishu, "飞书机器人", .teal, english: "Feishu robot"),
        ]
        /// Goes to a person, not into a group.
        public var isPersonal: Bool { self == .email || self == .sms }
    }

    public enum Security: String, Choice {
        case startTLS = "start_tls", tls, plain
        public static let options: [Option<Security>] = [
            .init(.startTLS, "STARTTLS（587）", english: "STARTTLS (587)"), .init(.tls, "TLS（465）", english: "TLS (465)"),
            .init(.plain, "不加密（仅内部）", .warn, english: "None (inside only)"),
        ]
    }

    private static let to = Field<String?>(
        "to", "发给", kind: TextKind(limit: 200), .help("邮箱或手机号；机器人不用填", "An address or number; nothing for robots"), .english("To"))

    public static var actions: [Action] {
        [
            Action.on(MessageChannel.self, "test", "发送测试", icon: "send", english: "Send a test", parameters: [to]) {
                channel, arguments, tx in
                let tx = try tx.gate
                try tx.test(channel, to: arguments[to])
            }.with { $0.isUndoable = false }
        ]
    }

    public static var rules: Rules {
        .of(MessageChannel.self) {
            $0.beforeSave { channel, _, _ in
                var problems: [Problem] = []
                func need(_ name: String, _ label: String) {
                    if channel.row[name].isNull { problems.append(Problem(name, code: "required", "请填写「\(label)」")) }
                }
                switch channel.kind {
                case .email:
                    need("from_address", "发件地址")
                    need("host", "邮件服务器")
                case .sms:
                    need("url", "地址")
                    need("body", "请求内容")
                case .wecom, .dingtalk, .feishu: need("url", "地址")
                }
                guard problems.isEmpty else { throw Problems(problems) }
            }
        }
    }
}

extension Words {
    static let mailServer = Words("邮件服务器", "Mail server")
    static let gateway = Words("网关与密钥", "Gateway and keys")
}
