import Records

/// C17: who our customers are, who is new, and whom nobody has called.
enum CustomerReports {
    static let all: [ReportDefault] = [
        ReportDefault(
            "new_customers", .customers, "新增客户", "New customers", "每月新增多少客户，从哪里来，属于哪一级、哪个城市",
            "How many new customers each month, from where, of which level and city",
            [
                part("按月与来源", "By month and source", "by=created_at:month&and=source&chart=stacked", time: "created_at"),
                part("按来源", "By source", "by=source&chart=bar", time: "created_at"),
                part("按级别", "By level", "by=level_id&chart=donut", time: "created_at"),
                part("按城市", "By city", "by=city&chart=bar", time: "created_at"),
                part("按负责人", "By owner", "by=owner_id&chart=bar", time: "created_at"),
            ]),
        ReportDefault(
            "customer_contact", .customers, "久未联系的客户", "Customers not contacted", "客户最近一次联系距今多久，谁名下的客户最久没有联系",
            "How long ago customers were last contacted, and whose have waited longest",
            [
                part("距最近联系的时间", "Time since the last contact", "by=last_interaction_at:ago7,30,60,90,180&chart=bar"),
                part(
                    "90 天未联系（按负责人）", "Not contacted for 90 days, by owner", "filter[last_interaction_at][lt]=today-90&by=owner_id&chart=bar"
                ),
                part("最近联系 × 生命周期", "Last contact by life cycle", "by=last_interaction_at:ago30,90,180&and=lifecycle&chart=heat"),
            ]),
        ReportDefault(
            "customer_quality", .customers, "资料完整度", "Completeness of files", "客户资料填得全不全，谁名下的资料需要补",
            "How complete the files are, and whose need filling in",
            [
                part("完整度分布", "Spread of completeness", "by=completeness:40,60,80&chart=bar"),
                part("平均完整度（按负责人）", "Average by owner", "by=owner_id&measure=avg:completeness,count&chart=bar"),
                part("平均完整度（按来源）", "Average by source", "by=source&measure=avg:completeness,count&chart=bar"),
                part("有手机号的比例（按来源）", "With a mobile number, by source", "by=source&measure=rate:mobile:not_empty:true,count&chart=bar"),
            ]),
        ReportDefault(
            "customer_lifecycle", .customers, "生命周期矩阵", "Life cycle matrix", "各级别客户处在生命周期的哪一段：新客开发与老客维系各有多少",
            "Where customers of each level stand: how many are being won and how many kept",
            [
                part("生命周期 × 级别", "Life cycle by level", "by=lifecycle&and=level_id&chart=heat"),
                part("生命周期", "Life cycle", "by=lifecycle&measure=count,sum:order_amount_cents&chart=donut"),
                part("生命周期 × 负责人", "Life cycle by owner", "by=owner_id&and=lifecycle&chart=stacked"),
            ]),
    ]

    private static func part(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Customer.name, question, time: time)
    }
}

extension ReportDefault.Area {
    public static let customers = Self("customers", "客户", "Customers", icon: "contact")
}
