import Core
import Records
import Sales
import Service

/// A2, A63, §3.12: what the company's care for its customers is worth, each figure with its formula and its records.
enum ManagementReports {
    static let all: [ReportDefault] = [
        ReportDefault(
            "scorecard", .management, "CRM 评估记分卡", "CRM scorecard", "客户关系经营得怎样：满意、保持、复购、投诉、转化、资料与回款，一页看全",
            "How well customer relations are kept: satisfaction, retention, complaints, conversion, data and money on one page",
            figures: [
                satisfied, BuyerFigures.retention, BuyerFigures.churn, BuyerFigures.repurchase, BuyerFigures.orderValue, customerValue,
                referred,
                LeadFigures.conversion, SalesFigures.winRate, complaintRate, closedInTime, repeated, followed, complete,
                SalesFigures.collected,
            ],
            [
                .init("客户生命周期（按级别）", "Life cycle by level", of: Customer.name, "by=level_id&and=lifecycle&chart=stacked"),
                .init(
                    "净推荐值（按月）", "NPS by month", of: SurveyResponse.name,
                    "filter[status]=submitted&by=answered_at:month&measure=nps:nps,count&chart=line", time: "answered_at"),
                .init("投诉（按月）", "Complaints by month", of: Complaint.name, "by=received_at:month&chart=bar", time: "received_at"),
                .init("改进项（来源 × 状态）", "Improvements by source and state", of: Improvement.name, "by=source&and=status&chart=stacked"),
            ]),
        ReportDefault(
            "customer_value", .management, "老客户的价值", "What existing customers are worth", "复购、老客户的订单、保持率和转介绍：老客户带来了多少",
            "Repeat purchase, orders of existing customers, retention and referrals",
            figures: [BuyerFigures.repurchase, repeatOrders, BuyerFigures.retention, referred],
            [
                .init(
                    "订单金额（按客户生命周期）", "Orders by the customer’s life cycle", of: Order.name,
                    dealt + "&by=customer_id.lifecycle&measure=sum:amount_cents,count&chart=bar", time: "ordered_on"),
                .init(
                    "每月转介绍的客户", "Referred customers by month", of: Customer.name, "filter[source]=referral&by=created_at:month&chart=bar",
                    time: "created_at"),
                .init(
                    "累计成交（按级别）", "Bought by level", of: Customer.name,
                    "filter[order_count][gte]=1&by=level_id&measure=sum:order_amount_cents,count,avg:order_amount_cents&chart=bar"),
            ]),
    ]

    private static let dealt = Order.dealtFilter
    private static let satisfied = Figure(
        "satisfied", "客户满意度", "Satisfied", .percent,
        .init(
            "近一年打 4–5 分的答卷", "Answers of 4 or 5", of: SurveyResponse.name,
            "filter[status]=submitted&filter[csat][gte]=4&filter[answered_at][gte]=today-364"),
        per: .init(
            "近一年打分的答卷", "Answers that score", of: SurveyResponse.name,
            "filter[status]=submitted&filter[csat][not_empty]=true&filter[answered_at][gte]=today-364"))
    private static let customerValue = Figure(
        "customer_value", "客户平均累计成交", "Bought per customer", .money,
        .init("累计成交金额", "Bought", of: Customer.name, "filter[order_count][gte]=1&measure=sum:order_amount_cents"),
        per: .init("买过的客户", "Customers who bought", of: Customer.name, "filter[order_count][gte]=1"))
    private static let referred = Figure(
        "referred", "转介绍率", "Referred", .percent,
        .init("近一年转介绍的新客户", "Referred in a year", of: Customer.name, "filter[source]=referral&filter[created_at][gte]=today-364"),
        per: .init("近一年的新客户", "New in a year", of: Customer.name, "filter[created_at][gte]=today-364"))
    private static let repeatOrders = Figure(
        "repeat_orders", "老客户订单占比", "Orders of repeat customers", .percent,
        .init(
            "复购客户近一年的订单金额", "Of repeat customers", of: Order.name,
            dealt + "&filter[ordered_on][gte]=today-364&filter[customer_id.order_count][gte]=2&measure=sum:amount_cents"),
        per: .init("近一年订单金额", "All orders", of: Order.name, dealt + "&filter[ordered_on][gte]=today-364&measure=sum:amount_cents"))
    private static let complaintRate = Figure(
        "complaint_rate", "投诉率", "Complaints per order", .permille,
        .init("近一年的投诉", "Complaints", of: Complaint.name, "filter[received_at][gte]=today-364"),
        per: .init("近一年的订单", "Orders", of: Order.name, dealt + "&filter[ordered_on][gte]=today-364"), less: true)
    private static let closedInTime = Figure(
        "closed_in_time", "投诉及时结案率", "Complaints closed in time", .percent,
        .init(
            "未超时结案的投诉", "Closed in time", of: Complaint.name,
            "filter[closed_at][not_empty]=true&filter[missed][empty]=true&filter[received_at][gte]=today-364"),
        per: .init("结案的投诉", "Closed", of: Complaint.name, "filter[closed_at][not_empty]=true&filter[received_at][gte]=today-364"))
    private static let repeated = Figure(
        "repeated", "重复投诉率", "Repeated complaints", .percent,
        .init("重复投诉", "Repeated", of: Complaint.name, "filter[is_repeat]=true&filter[received_at][gte]=today-364"),
        per: .init("近一年的投诉", "Complaints", of: Complaint.name, "filter[received_at][gte]=today-364"), less: true)
    private static let followed = Figure(
        "followed", "回访完成率", "Follow-ups done", .percent,
        .init("已完成的到期回访", "Done", of: FollowPlan.name, "filter[status]=done&filter[due_at][gte]=today-89&filter[due_at][lt]=today+1"),
        per: .init("近 90 天到期的回访", "Due in 90 days", of: FollowPlan.name, "filter[due_at][gte]=today-89&filter[due_at][lt]=today+1"))
    private static let complete = Figure(
        "complete", "资料完整率", "Complete files", .percent,
        .init("完整度 80 以上的客户", "80 and more", of: Customer.name, "filter[completeness][gte]=80"),
        per: .init("客户", "Customers", of: Customer.name, "measure=count"))
}
