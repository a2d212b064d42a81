import Records

/// What a company may set about its service ([CFG]).
public enum ServiceParameters {
    static let section = Words("服务与接待", "Service and reception")

    public static let salesWait = Parameter(
        "service.sales_wait_minutes", "看车选购客户等候提醒", 5, range: 1...120, unit: Words("分钟", "min"), section: section,
        english: "Alert when a buyer waits")
    public static let serviceWait = Parameter(
        "service.service_wait_minutes", "其他到店客户等候提醒", 10, range: 1...240, unit: Words("分钟", "min"), section: section,
        english: "Alert when another visitor waits")
    public static let reopenDays = Parameter(
        "service.reopen_days", "解决后多久内可重开原请求", 7, range: 0...60, unit: Words("天", "days"),
        help: Words("超过后重开会新建一张关联的请求", "Later a new, linked request is made"), section: section, english: "Reopen within")
    public static let closeDays = Parameter(
        "service.close_days", "解决后多久自动关闭", 7, range: 1...60, unit: Words("天", "days"), section: section,
        english: "Close resolved requests after")

    static let all = [salesWait, serviceWait, reopenDays, closeDays]
}
