import Records

/// What a company starts with: deadlines by priority, words for the usual scenes. All of it is the company's to change.
enum ServiceSetUp {
    static func seed(_ tx: any Transaction) throws {
        for level in levels
        where try tx.count(Query(tx.catalog.schema(ServiceLevel.self), where: \ServiceLevel.priority == level.priority), cap: 1) == 0 {
            var record = Record<ServiceLevel>()
            (record.title, record.priority, record.response, record.resolve) = (level.name, level.priority, level.response, level.resolve)
            record.clock = level.priority == .p1 ? .always : .working
            try tx.insert(record)
        }
        for (position, script) in scripts.enumerated() {
            var record = Record<Script>()
            (record.title, record.scene, record.content, record.position) = (script.title, script.scene, script.content, position)
            try tx.insert(record)
        }
    }

    /// Minutes; a working day has 480.
    private static let levels: [(name: String, priority: Ticket.Priority, response: Int, resolve: Int)] = [
        ("紧急：30 分钟响应，4 小时解决", .p1, 30, 240), ("高：1 小时响应，1 个工作日解决", .p2, 60, 480), ("中：4 小时响应，3 个工作日解决", .p3, 240, 1440),
        ("低：1 个工作日响应，5 个工作日解决", .p4, 480, 2400),
    ]

    private static let scripts: [(title: String, scene: Script.Scene, content: String)] = [
        ("受理服务请求", .service, "您好，我是客服专员。您反映的情况我已记录：……（复述一遍），对吗？\n我们会在 {时限} 内给您答复，编号是 {编号}，期间有进展我主动联系您。"),
        ("安抚与致歉", .complaint, "非常抱歉给您带来不便，您先别着急，我完整记下来，由我负责跟到有结果为止。\n（先听完，不打断，不解释责任；复述事实与诉求；说明下一次联系的时间。）"),
        ("告知处理方案", .complaint, "关于您反映的 {事项}，我们查明的情况是……，我们的处理方案是……，您看这样可以吗？\n（记录客户的原话；不同意时问清希望的结果。）"),
        ("到店迎接", .reception, "您好，欢迎光临！请问您今天是看车、保养还是办理其他业务？\n这边请坐，为您倒杯水，顾问 {姓名} 马上到，大约需要等候 {分钟} 分钟。"),
        ("回访开场", .followUp, "您好，请问是 {客户} 吗？我是 {门店} 客服，耽误您两分钟，想了解一下您上次到店的感受，现在方便吗？"),
        ("流失挽回", .winBack, "您好，看到您有一段时间没来了，想听听是不是我们哪里没做好。您方便说说吗？\n（听原因；不急着推优惠；约定经理回电时间。）"),
        ("满意度邀请", .survey, "您愿意向朋友推荐我们吗？0 到 10 分您打几分？最主要的原因是什么？"),
    ]
}
