import Records

/// What groups the menu and the fields of a form; the same words wherever they come up.
extension Words {
    static let customers = Words("客户", "Customers")
    public static let work = Words("工作", "Work")
    public static let sales = Words("销售", "Sales")

    public static let service = Words("服务", "Service")

    public static let clocks = Words("时限", "Deadlines")
    public static let outcome = Words("处理结果", "Outcome")
    static let nextStep = Words("下一步", "Next step")
    static let quality = Words("互动质量", "Quality")
    static let category = Words("分类与级别", "Category and level")
    static let preferences = Words("服务偏好", "Service preferences")
    public static let state = Words("状态", "State")
    public static let contactDetails = Words("联系方式", "Contact details")
    public static let intent = Words("意向", "Intention")
    public static let needs = Words("需求", "Needs")
    public static let finance = Words("财务", "Finance")
    public static let settlement = Words("结算", "Settlement")
    public static let scoring = Words("信用评定", "Credit rating")
    public static let costs = Words("成本与底价", "Cost and floor")
    static let identity = Words("证件与企业", "Identity and company")
}
