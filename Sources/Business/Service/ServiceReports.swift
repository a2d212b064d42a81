import Records

/// C18, A30, A33, A36: how soon customers are helped, what they complain of and why, and what they say of us.
enum ServiceReports {
    static let all: [ReportDefault] = [
        ReportDefault(
            "ticket_volume", .service, "服务请求量", "Service requests", "来了多少请求，什么类型，从哪个渠道",
            "How many requests came, of which kind and through which channel",
            [
                tickets("按月与类型", "By month and kind", "by=reported_at:month&and=type&chart=stacked", time: "reported_at"),
                tickets("按渠道", "By channel", "by=channel&chart=donut", time: "reported_at"),
                tickets("状态 × 优先级", "State by priority", "by=status&and=priority&chart=heat", time: "reported_at"),
                tickets(
                    "重开的请求（按负责人）", "Reopened, by owner",
                    "by=owner_id&measure=rate:reopen_count:gte:1,count&"
                        + "chart=bar", time: "reported_at"),
            ]),
        ReportDefault(
            "sla", .service, "服务时限达成", "Service levels", "响应和解决超时的请求占多少", "What part of the requests were answered or solved late",
            [
                tickets(
                    "解决超时（按月）", "Late by month",
                    "by=reported_at:month&measure=rate:is_late:true,rate:response_missed:true,count&chart=line&better=less",
                    time: "reported_at"),
                tickets(
                    "解决超时（按优先级）", "Late by priority", "by=priority&measure=rate:is_late:true,rate:response_missed:true,count&chart=bar",
                    time: "reported_at"),
                tickets(
                    "解决超时（按负责人）", "Late by owner", "by=owner_id&measure=rate:is_late:true,rate:response_missed:true,count&chart=bar",
                    time: "reported_at"),
            ]),
        ReportDefault(
            "service_speed", .service, "响应与解决时间", "Speed of service", "从提出到响应、到解决平均用了几小时",
            "Average hours from report to response and to solution",
            [
                tickets(
                    "按月", "By month",
                    "by=reported_at:month&measure=hours:reported_at:resolved_at,hours:reported_at:responded_at,count&chart=line",
                    time: "reported_at"),
                tickets(
                    "按类型", "By kind", "by=type&measure=hours:reported_at:resolved_at,hours:reported_at:responded_at,count&chart=bar",
                    time: "reported_at"),
                tickets(
                    "按负责人", "By owner", "by=owner_id&measure=hours:reported_at:resolved_at,hours:reported_at:responded_at,count&chart=bar",
                    time: "reported_at"),
            ]),
        ReportDefault(
            "complaints", .service, "投诉概况", "Complaints", "每月投诉多少，什么类型，多严重，赔了多少",
            "How many complaints each month, of which kind and level, and what they cost",
            [
                complaints("按月与级别", "By month and level", "by=received_at:month&and=level&chart=stacked"),
                complaints("类型 × 级别", "Kind by level", "by=type&and=level&chart=heat"),
                complaints("补偿金额（按类型）", "Compensation by kind", "by=type&measure=sum:compensation_cents,count&chart=bar"),
                complaints("客户确认结果", "Customers’ verdicts", "by=customer_result&chart=donut"),
            ]),
        ReportDefault(
            "complaint_causes", .service, "投诉原因", "Causes of complaints", "少数原因造成了多数投诉：先改哪几个",
            "A few causes make most complaints: which to mend first",
            [
                complaints("原因帕累托", "Pareto of causes", "by=cause_id&chart=pareto"),
                complaints("原因大类", "Groups of causes", "by=cause_id.parent_id&chart=bar"),
                complaints("原因 × 责任部门", "Cause by department", "by=cause_id&and=handler_department_id&chart=heat"),
                complaints("责任认定", "Liability", "by=liability&chart=donut"),
            ]),
        ReportDefault(
            "complaint_repeat", .service, "重复投诉与复发", "Repeated complaints", "同一客户再次投诉、同一原因再次出现的有多少",
            "How often the same customer complains again or the same cause returns",
            [
                complaints("重复投诉占比（按月）", "Repeated by month", "by=received_at:month&measure=rate:is_repeat:true,count&chart=line"),
                complaints("重复投诉占比（按类型）", "Repeated by kind", "by=type&measure=rate:is_repeat:true,count&chart=bar"),
                complaints("投诉最多的客户", "Customers who complain most", "by=customer_id&measure=count,sum:compensation_cents&chart=pareto"),
                complaints("结案后又发生（同一客户、同一原因）", "Came again after closing", "filter[recurred][not_empty]=true&by=recurred&chart=donut"),
                complaints("复发的原因", "Causes that came again", "filter[recurred]=true&by=cause_id&chart=pareto"),
                complaints("复发的客户", "Customers with whom it came again", "filter[recurred]=true&by=customer_id&chart=bar"),
            ]),
        ReportDefault(
            "complaint_speed", .service, "投诉处理时效", "Handling of complaints", "结案用了几天，有多少超时",
            "How many days a complaint takes to close, and how many were late",
            [
                complaints(
                    "结案天数（按月）", "Days to close, by month",
                    "filter[closed_at][not_empty]=true&by=received_at:month&measure=days:received_at:closed_at,count&chart=line"),
                complaints(
                    "结案天数（按级别）", "Days to close, by level",
                    "filter[closed_at][not_empty]=true&by=level&measure=days:received_at:closed_at,count&chart=bar"),
                complaints("超时占比（按负责人）", "Late by owner", "by=owner_id&measure=rate:missed:not_empty:true,count&chart=bar"),
                complaints("处理中的投诉（按状态）", "Open complaints by state", "filter[closed_at][empty]=true&by=status&chart=bar"),
            ]),
        ReportDefault(
            "satisfaction", .service, "满意度与净推荐值", "Satisfaction and NPS", "客户满意吗，愿不愿意推荐我们，和以前比怎样",
            "Whether customers are satisfied and would recommend us, over time",
            [
                answers("净推荐值（按月）", "NPS by month", "by=answered_at:month&measure=nps:nps,count&chart=line"),
                answers(
                    "满意（4–5 分）占比（按月）", "Satisfied by month",
                    "filter[csat][not_empty]=true&by=answered_at:month&measure=rate:csat:gte:4,rate:csat:lte:2,avg:csat,count&chart=line"),
                answers("按问卷", "By questionnaire", "by=questionnaire_id&measure=nps:nps,rate:csat:gte:4,count&chart=bar"),
                answers("按负责人", "By owner", "by=owner_id&measure=nps:nps,rate:csat:gte:4,count&chart=bar"),
            ]),
        ReportDefault(
            "follow_up", .service, "回访完成", "Follow-up", "该回访的完成了多少，各场景结果如何",
            "How many follow-ups were done of those due, and with what result",
            [
                plans("完成占比（按月）", "Done by month", "by=due_at:month&measure=rate:status:done,count&chart=line"),
                plans("场景 × 状态", "Occasion by state", "by=scene&and=status&chart=stacked"),
                plans("按负责人", "By owner", "by=owner_id&measure=rate:status:done,count&chart=bar"),
                plans("最近结果", "Latest result", "by=last_result&chart=donut"),
            ]),
        ReportDefault(
            "reception", .service, "到店接待", "Reception", "来了多少人，为了什么，等了多久", "How many came, what for, and how long they waited",
            [
                .init(
                    "按周与来意", "By week and purpose", of: Reception.name, "by=arrived_at:week&and=purpose&chart=stacked", time: "arrived_at"),
                .init(
                    "平均等候（按来意）", "Average wait by purpose", of: Reception.name, "by=purpose&measure=avg:wait_minutes,count&chart=bar",
                    time: "arrived_at"),
                .init(
                    "平均等候（按接待人）", "Average wait by who received", of: Reception.name,
                    "by=consultant_id&measure=avg:wait_minutes,count&chart=bar", time: "arrived_at"),
            ]),
    ]

    private static func tickets(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Ticket.name, question, time: time)
    }
    private static func complaints(_ chinese: String, _ english: String, _ question: String) -> ReportDefault.Part {
        .init(chinese, english, of: Complaint.name, question, time: "received_at")
    }
    private static func answers(_ chinese: String, _ english: String, _ question: String) -> ReportDefault.Part {
        .init(chinese, english, of: SurveyResponse.name, "filter[status]=submitted&" + question, time: "answered_at")
    }
    private static func plans(_ chinese: String, _ english: String, _ question: String) -> ReportDefault.Part {
        .init(chinese, english, of: FollowPlan.name, question, time: "due_at")
    }
}

extension ReportDefault.Area {
    public static let service = Self("service", "服务", "Service", icon: "life-buoy")
}
