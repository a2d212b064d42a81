import Records

/// What a company may set about its customer work (A10, D2).
public enum CustomerParameters {
    static let section = Words("客户管理", "Customer work"), reminders = Words("任务提醒", "Task reminders")

    public static let needsContactWay = Parameter(
        "customers.needs_contact_way", "个人客户必须有联系方式", true, kind: YesNoKind(),
        help: Words("在页面上新建个人客户时，手机、电话、微信至少填一项", "A person entered on a page needs a mobile, telephone or WeChat"),
        section: section, english: "A person needs a phone or WeChat")
    public static let staleMonths = Parameter(
        "customers.stale_months", "资料多久未核实转为待核实", 12, range: 1...60, unit: Words("个月", "months"), section: section,
        english: "Files go stale after")
    public static let tidyScore = Parameter(
        "customers.tidy_score", "资料完整度低于此分为待补全", 60, range: 0...100, unit: Words("分", "points"), section: section,
        english: "Complete files from")
    public static let cooldownDays = Parameter(
        "customers.contact_cooldown_days", "重复联系冷却期", 3, range: 0...30, unit: Words("天", "days"),
        help: Words("同一客户刚被同事联系过时提醒，避免重复打扰", "Warns when a colleague has just been in contact with the same customer"), section: section,
        english: "Contact cool-down")
    public static let overdueEscalation = Parameter(
        "tasks.escalate_days", "任务逾期多久通知上级", 3, range: 1...30, unit: Words("天", "days"), section: reminders,
        english: "Escalate overdue tasks after")
    public static let reminderLead = Parameter(
        "tasks.remind_minutes", "任务默认提前多久提醒", 30, range: 0...1440, unit: Words("分钟", "min"), section: reminders, english: "Remind before")

    static let all = [needsContactWay, staleMonths, tidyScore, cooldownDays, overdueEscalation, reminderLead]
}
