import Records

/// What a company may set about logging in.
public enum AccountParameters {
    static let section = Words("登录与安全", "Log-in and security")

    public static let passwordLength = Parameter(
        "accounts.password_length", "密码最短长度", 10, range: 8...64, unit: Words("个字符", "characters"),
        help: Words("启用两步验证的公司可设为 8；否则建议 10 以上", "8 is enough where two-step log-in is used; otherwise 10 or more"), section: section,
        english: "Minimum password length")
    public static let failures = Parameter(
        "accounts.failures", "同一账号允许的连续登录失败", 5, range: 3...50, unit: Words("次", "times"),
        help: Words("在下面的时间内超过后，须等待", "After that within the time below, the next log-in has to wait"), section: section,
        english: "Failed log-ins per account")
    public static let addressFailures = Parameter(
        "accounts.address_failures", "同一地址允许的登录失败", 20, range: 5...1000, unit: Words("次", "times"), section: section,
        english: "Failed log-ins per address")
    public static let window = Parameter(
        "accounts.window_minutes", "登录失败计数时间", 15, range: 5...120, unit: Words("分钟", "min"), section: section,
        english: "Window for failed log-ins")
    public static let idle = Parameter(
        "accounts.idle_minutes", "无操作自动退出", 480, range: 5...10_080, unit: Words("分钟", "min"), section: section, english: "Idle time-out")
    public static let absolute = Parameter(
        "accounts.absolute_hours", "登录最长有效时间", 168, range: 1...720, unit: Words("小时", "hours"), section: section, english: "Longest session"
    )
    public static let adminIdle = Parameter(
        "accounts.admin_idle_minutes", "管理员无操作自动退出", 60, range: 5...1440, unit: Words("分钟", "min"), section: section,
        english: "Idle time-out of administrators")
    public static let adminAbsolute = Parameter(
        "accounts.admin_absolute_hours", "管理员登录最长有效时间", 24, range: 1...168, unit: Words("小时", "hours"), section: section,
        english: "Longest session of administrators")

    public static let initialDays = Parameter(
        "accounts.initial_days", "初始密码有效期", 14, range: 1...90, unit: Words("天", "days"),
        help: Words("管理员设置或重置的密码，在此之前未首次登录即失效", "A password set by an administrator lapses unless it is used by then"), section: section,
        english: "Days an initial password lives")

    public static let all = [passwordLength, initialDays, failures, addressFailures, window, idle, absolute, adminIdle, adminAbsolute]
}

/// The account parameters' values of today.
struct AccountSettings: Sendable, Hashable {
    private var values: [String: Int64] = [:]

    init() {}

    static func read(_ reading: any Reading, _ catalog: Catalog, now: Instant) throws -> AccountSettings {
        var settings = AccountSettings()
        let rows = try reading.fetch(
            Query(
                catalog.schema(ParameterValue.self), where: .field("name", .starts, "accounts.") && \ParameterValue.validFrom <= now.day,
                sort: [Query.Sort("valid_from"), Query.Sort("id")], limit: 5000
            ))
        for value in rows.map(Record<ParameterValue>.init) {
            guard let parameter = AccountParameters.all.first(where: { $0.name == value.title }),
                let number = try? parameter.kind.parse(value.value).int
            else { continue }
            settings.values[parameter.name] = number
        }
        return settings
    }

    subscript(parameter: Parameter) -> Int64 {
        let value = values[parameter.name] ?? parameter.initial.int ?? 0
        return parameter.range.map { min(max(value, $0.lowerBound), $0.upperBound) } ?? value
    }

    /// Seconds until a session without a request ends, and until it ends in any case.
    func lifetime(powerful: Bool) -> (idle: Int64, absolute: Int64) {
        powerful
            ? (self[AccountParameters.adminIdle] * 60, self[AccountParameters.adminAbsolute] * 3600)
            : (self[AccountParameters.idle] * 60, self[AccountParameters.absolute] * 3600)
    }
}
