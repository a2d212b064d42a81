import Core
import Records

/// C17: who buys again, who stays away, and on whom we depend.
enum BuyerReports {
    static let all: [ReportDefault] = [
        ReportDefault(
            "repurchase", .customers, "复购", "Repeat purchase", "买过的客户里有多少买了第二次", "How many of those who bought have bought again",
            figures: [BuyerFigures.repurchase, BuyerFigures.orderValue],
            [
                part(
                    "复购率（按来源）", "Repurchase by source",
                    "filter[order_count][gte]=1&by=source&measure=rate:order_count:gte:2,count&chart=bar"),
                part(
                    "复购率（按级别）", "Repurchase by level",
                    "filter[order_count][gte]=1&by=level_id&measure=rate:order_count:gte:2,count&chart=bar"),
                part(
                    "成交次数分布", "Number of purchases",
                    "filter[order_count][gte]=1&by=order_count:2,3,5,10&measure=count,sum:order_amount_cents&chart=bar"),
                part(
                    "距最近购买的时间", "Time since the last purchase",
                    "filter[order_count][gte]=1&by=last_purchase_at:ago30,90,180,365&"
                        + "chart=bar"),
            ]),
        ReportDefault(
            "top_customers", .customers, "重要客户与集中度", "Top customers and concentration", "销售额集中在哪些客户身上；重点客户有哪些",
            "On which customers sales depend; who the key accounts are",
            [
                ReportDefault.Part(
                    "订单金额帕累托", "Pareto of order amounts", of: Order.name,
                    Order.dealtFilter + "&by=customer_id&measure=sum:amount_cents,count&chart=pareto",
                    time: "ordered_on"),
                part("重点客户（时段 × 级别）", "Key accounts by horizon and level", "filter[is_key]=true&by=key_horizon&and=level_id&chart=stacked"),
                part(
                    "重点客户（按负责人）", "Key accounts by owner",
                    "filter[is_key]=true&by=owner_id&measure=count,sum:order_amount_cents&"
                        + "chart=bar"),
                part("累计成交最多的客户", "Customers who bought most", "filter[order_count][gte]=1&sort=-order_amount_cents&chart=rows"),
            ]),
        ReportDefault(
            "lost_customers", .customers, "沉默与流失客户", "Silent and lost customers", "哪些客户不再来了，最后一次购买在什么时候",
            "Which customers no longer come, and when they last bought", figures: [BuyerFigures.churn, BuyerFigures.retention],
            [
                part(
                    "最后购买的月份", "Month of the last purchase",
                    "filter[lifecycle][in]=silent,lost&by=last_purchase_at:month&and=lifecycle&chart=stacked"),
                part("按级别", "By level", "filter[lifecycle][in]=silent,lost&by=level_id&and=lifecycle&chart=stacked"),
                part("按负责人", "By owner", "filter[lifecycle][in]=silent,lost&by=owner_id&and=lifecycle&chart=stacked"),
                part("按来源", "By source", "filter[lifecycle]=lost&by=source&chart=bar"),
            ]),
    ]

    private static func part(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Customer.name, question, time: time)
    }
}
