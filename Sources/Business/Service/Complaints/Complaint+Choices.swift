import Records

extension Complaint {
    public enum Kind: String, Choice {
        case product, quality, parts, price, attitude, timeliness, delivery, contract, advertising, insuranceFinance = "insurance_finance",
            tour, privacy, other
        public static let options: [Option<Kind>] = [
            .init(.product, "产品质量"), .init(.quality, "维修/服务质量", english: "Workmanship"), .init(.parts, "配件"), .init(.price, "价格收费"),
            .init(.attitude, "服务态度"), .init(.timeliness, "时效"), .init(.delivery, "交付"),
            .init(.contract, "合同"), .init(.advertising, "虚假宣传"), .init(.insuranceFinance, "保险金融"), .init(.tour, "旅游行程"),
            .init(.privacy, "个人信息"), .init(.other, "其他"),
        ]
    }

    public enum Level: String, Choice {
        case general, serious, critical, crowd
        public static let options: [Option<Level>] = [
            .init(.general, "一般"), .init(.serious, "重大", .warn), .init(.critical, "危机", .bad), .init(.crowd, "群体", .bad),
        ]
        /// The general manager hears of it at once (§3.9).
        var isGrave: Bool { self == .critical || self == .crowd }
    }

    public enum Severity: String, Choice {
        case low, mid, high
        public static let options: [Option<Severity>] = [.init(.low, "轻微"), .init(.mid, "中等", .warn), .init(.high, "严重", .bad)]
    }

    public enum Liability: String, Choice {
        case own = "self", supplier, customer, joint, none
        public static let options: [Option<Liability>] = [
            .init(.own, "我方", .bad, english: "Ours"), .init(.supplier, "供应商", .warn), .init(.customer, "客户"), .init(.joint, "双方", .warn),
            .init(.none, "无责", .ok),
        ]
    }

    public enum Compensation: String, Choice {
        case none, money, discount, service, gift
        public static let options: [Option<Compensation>] = [
            .init(.none, "无"), .init(.money, "退款或赔偿", .bad), .init(.discount, "折扣或代金券", .warn), .init(.service, "免费服务", .teal),
            .init(.gift, "礼品", .violet),
        ]
    }

    public enum CustomerResult: String, Choice {
        case satisfied, accept, dissatisfied
        public static let options: [Option<CustomerResult>] = [
            .init(.satisfied, "满意", .ok), .init(.accept, "接受", .sky), .init(.dissatisfied, "不满意", .bad),
        ]
    }

    public enum Missed: String, Choice {
        case acknowledge, solution, close
        public static let options: [Option<Missed>] = [
            .init(.acknowledge, "告知超时", .warn), .init(.solution, "方案超时", .warn), .init(.close, "结案超时", .bad),
        ]
    }

    /// Where a dispute goes on outside, each with its legal clock (§3.9 S30, S31).
    public enum ExternalBody: String, Choice {
        case market, tourism, court, other
        public static let options: [Option<ExternalBody>] = [
            .init(.market, "市场监管（12315）", .warn, english: "Market regulator"),
            .init(.tourism, "文旅主管部门", .warn, english: "Tourism authority"), .init(.court, "法院/仲裁", .bad, english: "Court"),
            .init(.other, "其他"),
        ]
    }

    public enum Status: String, Choice {
        case received, registered, acknowledged, assessed, investigating, proposed, approved, communicated, executing, verified, closed
        case pendingInfo = "pending_info", escalated, reopened, rejected, transferredExternal = "transferred_external"
        public static let options: [Option<Status>] = [
            .init(.received, "收到", .accent), .init(.registered, "登记", .accent), .init(.acknowledged, "已告知", .sky),
            .init(.assessed, "已定级", .sky), .init(.investigating, "调查中", .teal), .init(.proposed, "方案拟定", .violet),
            .init(.approved, "方案批准", .ok), .init(.communicated, "已告知客户", .ok), .init(.executing, "执行中", .teal),
            .init(.verified, "客户确认", .ok), .init(.closed, "结案"),
            .init(.pendingInfo, "待补充", .warn), .init(.escalated, "升级", .bad), .init(.reopened, "重开", .bad), .init(.rejected, "不予受理"),
            .init(.transferredExternal, "已转外部争议", .warn),
        ]
        static let course: [Status] = [
            .received, .registered, .acknowledged, .assessed, .investigating, .proposed, .approved, .communicated, .executing, .verified,
            .reopened,
        ]
        static let open: [Status] = course + [.pendingInfo, .escalated]
    }
}
