import Core
import Records

/// C18: which sources bring leads, what becomes of them, and what they are worth.
enum LeadReports {
    static let all: [ReportDefault] = [
        ReportDefault(
            "lead_trend", .marketing, "线索数量与来源", "Leads by month and source", "每月来了多少线索，各来源占多少",
            "How many leads come each month, and from which sources",
            [
                leads("按月与来源", "By month and source", "by=created_at:month&and=source&chart=stacked", time: "created_at"),
                leads("按来源", "By source", "by=source&chart=donut", time: "created_at"),
                leads("按城市", "By city", "by=city&chart=bar", time: "created_at"),
            ]),
        ReportDefault(
            "lead_conversion", .marketing, "线索转化率", "Lead conversion", "各来源、各级别的线索有多少变成了客户",
            "How many leads of each source and level became customers", figures: [LeadFigures.conversion],
            [
                leads("按来源", "By source", "by=source&measure=rate:status:converted,count&chart=bar", time: "created_at"),
                leads("按意向级别", "By level", "by=level&measure=rate:status:converted,count&chart=bar", time: "created_at"),
                leads(
                    "按负责人", "By owner", "by=owner_id&measure=rate:status:converted,count,days:created_at:converted_at&chart=bar",
                    time: "created_at"),
                leads("按月", "By month", "by=created_at:month&measure=rate:status:converted,count&chart=line", time: "created_at"),
            ]),
        ReportDefault(
            "lead_state", .marketing, "线索状态与级别", "Leads by state and level", "手上的线索处在哪一步，各级别有多少",
            "Where the leads stand, and how many there are of each level",
            [
                leads("状态 × 级别", "State by level", "by=status&and=level&chart=heat", time: "created_at"),
                leads("状态 × 来源", "State by source", "by=source&and=status&chart=stacked", time: "created_at"),
                leads(
                    "距最近联系的时间", "Time since the last contact",
                    "filter[status][in]=new,assigned,contacted,qualified&by=last_contact_at:ago3,7,14,30&chart=bar"),
            ]),
        ReportDefault(
            "lead_loss", .marketing, "线索战败与无效", "Leads lost and invalid", "线索为什么没有成，哪些来源的无效线索多",
            "Why leads came to nothing, and which sources bring useless ones",
            [
                leads("战败原因帕累托", "Pareto of loss reasons", "filter[status]=lost&by=loss_reason&chart=pareto", time: "created_at"),
                leads("无效原因", "Invalid because", "filter[status]=invalid&by=invalid_reason&chart=bar", time: "created_at"),
                leads("无效占比（按来源）", "Invalid by source", "by=source&measure=rate:status:invalid,count&chart=bar", time: "created_at"),
            ]),
        ReportDefault(
            "lead_response", .marketing, "线索首次响应", "First response to leads", "线索分配后多久第一次联系，谁最快",
            "How soon a lead is first contacted once it is assigned, and by whom soonest",
            [
                leads(
                    "按负责人（小时）", "By owner, hours",
                    "filter[first_contact_at][not_empty]=true&by=owner_id&measure=hours:assigned_at:first_contact_at,count&chart=bar",
                    time: "created_at"),
                leads(
                    "按来源（小时）", "By source, hours",
                    "filter[first_contact_at][not_empty]=true&by=source&measure=hours:assigned_at:first_contact_at,count&chart=bar",
                    time: "created_at"),
                leads(
                    "已联系占比（按月）", "Contacted, by month", "by=created_at:month&measure=rate:first_contact_at:not_empty:true,count&chart=line",
                    time: "created_at"),
            ]),
        ReportDefault(
            "source_value", .marketing, "来源的价值", "What sources are worth", "各来源带来的商机、成交和客户值多少",
            "Deals, wins and customers that each source brought",
            [
                .init(
                    "成交金额（按商机来源）", "Won by source", of: Opportunity.name,
                    "filter[status]=won&by=source&measure=sum:won_amount_cents,count,avg:won_amount_cents&chart=pareto", time: "closed_on"),
                .init(
                    "赢单率（按商机来源）", "Win rate by source", of: Opportunity.name,
                    "filter[status][in]=won,lost&by=source&measure=rate:status:won,count&chart=bar", time: "closed_on"),
                .init(
                    "累计成交（按客户来源）", "Bought by customers of each source", of: Customer.name,
                    "by=source&measure=sum:order_amount_cents,count,avg:order_amount_cents&chart=bar"),
                .init(
                    "转介绍的客户（按推荐人）", "Referred, by who referred", of: Customer.name,
                    "filter[source]=referral&filter[referrer_id][not_empty]=true&by=referrer_id&chart=bar", time: "created_at"),
            ]),
    ]

    private static func leads(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Lead.name, question, time: time)
    }
}

extension ReportDefault.Area {
    public static let marketing = Self("marketing", "市场", "Marketing", icon: "megaphone")
}
