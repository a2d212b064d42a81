import Records

/// How company and customer reach each other (§2.26); complaints and surveys use the same words.
public enum Channel: String, Choice {
    case phone, counter, sms, wechat, wecom, email, letter, app, web, visit, hotline12315 = "12315", hotline400 = "400", media, social,
        regulator
    public static let options: [Option<Channel>] = [
        .init(.phone, "电话", .sky), .init(.counter, "柜台/到店", .teal), .init(.sms, "短信", english: "SMS"),
        .init(.wechat, "微信", .ok, english: "WeChat"), .init(.wecom, "企业微信", .ok, english: "WeCom"),
        .init(.email, "邮件"), .init(.letter, "信函"), .init(.app, "APP/小程序"), .init(.web, "网页"), .init(.visit, "上门", .violet),
        .init(.hotline12315, "12315平台", .warn, english: "12315 platform"), .init(.hotline400, "厂家400热线", .warn, english: "400 hotline"),
        .init(.media, "媒体", .warn), .init(.social, "社交媒体"),
        .init(.regulator, "主管部门", .warn),
    ]
}

public enum Direction: String, Choice {
    case incoming = "in", outgoing = "out"
    public static let options: [Option<Direction>] = [
        .init(.incoming, "呼入/来访", .teal, english: "Incoming"), .init(.outgoing, "呼出/外访", .sky, english: "Outgoing"),
    ]
}

public enum DateCalendar: String, Choice {
    case solar, lunar
    public static let options: [Option<DateCalendar>] = [.init(.solar, "公历"), .init(.lunar, "农历")]
}
