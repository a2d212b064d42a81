import Records

/// C12, A26, G4, G5: where deals stand, why they are won or lost, what comes in and what is still owed.
enum SalesReports {
    static let all: [ReportDefault] = [
        ReportDefault(
            "funnel", .sales, "销售漏斗与阶段转化", "Sales funnel", "在谈商机在各阶段的数量与金额，一步到下一步剩下多少",
            "Open deals by stage, and how many of each step reach the next",
            [
                deals("在谈商机", "Open deals", "filter[status]=open&by=stage_id&measure=count,sum:amount_cents&chart=funnel"),
                deals("阶段 × 负责人", "Stage by owner", "filter[status]=open&by=owner_id&and=stage_id&measure=sum:amount_cents&chart=stacked"),
                deals("阶段 × 来源", "Stage by source", "filter[status]=open&by=source&and=stage_id&chart=heat"),
            ]),
        ReportDefault(
            "stage_time", .sales, "阶段停留与瓶颈", "Time in stage", "在谈商机在当前阶段停了多久，哪一步最拥堵",
            "How long open deals have been in their stage, and which step holds them up",
            [
                deals("阶段 × 停留时间", "Stage by time", "filter[status]=open&by=stage_id&and=stage_since:ago7,14,30,60&chart=stacked"),
                deals(
                    "停滞的商机（按阶段）", "Stalled deals by stage",
                    "filter[status]=open&filter[stalled_at][not_empty]=true&by=stage_id&measure=count,sum:amount_cents&chart=bar"),
                deals(
                    "停滞的商机（按负责人）", "Stalled deals by owner",
                    "filter[status]=open&filter[stalled_at][not_empty]=true&by=owner_id&measure=count,sum:amount_cents&chart=bar"),
            ]),
        ReportDefault(
            "win_rate", .sales, "赢单率", "Win rate", "已结束的商机中赢下了多少，谁赢得多，哪种来源好赢",
            "How many of the deals that ended were won, by whom and from where", figures: [SalesFigures.winRate],
            [
                deals("按月", "By month", ended + "&by=closed_on:month&measure=rate:status:won,count&chart=line", time: "closed_on"),
                deals(
                    "按负责人", "By owner", ended + "&by=owner_id&measure=rate:status:won,count,sum:won_amount_cents&chart=bar",
                    time: "closed_on"),
                deals("按来源", "By source", ended + "&by=source&measure=rate:status:won,count&chart=bar", time: "closed_on"),
            ]),
        ReportDefault(
            "loss_reasons", .sales, "输单原因", "Why deals are lost", "输单集中在哪几个原因上，各人各有什么不同",
            "Which few reasons lose most deals, and how people differ",
            [
                deals(
                    "输单原因帕累托", "Pareto of reasons", "filter[status]=lost&by=loss_reason&measure=count,sum:amount_cents&chart=pareto",
                    time: "closed_on"),
                deals("原因 × 负责人", "Reason by owner", "filter[status]=lost&by=owner_id&and=loss_reason&chart=heat", time: "closed_on"),
                deals(
                    "输单趋势", "Lost by month", "filter[status]=lost&by=closed_on:month&measure=count,sum:amount_cents&chart=bar",
                    time: "closed_on"),
            ]),
        ReportDefault(
            "cycle", .sales, "成交周期", "Sales cycle", "从立项到成交平均要几天", "How many days a deal takes from start to win",
            [
                deals(
                    "按月", "By month", "filter[status]=won&by=closed_on:month&measure=days:created_at:closed_on,count&chart=line",
                    time: "closed_on"),
                deals(
                    "按负责人", "By owner", "filter[status]=won&by=owner_id&measure=days:created_at:closed_on,count&chart=bar",
                    time: "closed_on"),
                deals(
                    "按来源", "By source",
                    "filter[status]=won&by=source&measure=days:created_at:closed_on,count&"
                        + "chart=bar", time: "closed_on"),
            ]),
        ReportDefault(
            "forecast", .sales, "销售预测", "Forecast", "在谈商机预计在哪个月成交，按赢率折算是多少",
            "In which month open deals should close, weighted by their probability",
            [
                deals(
                    "按月（加权金额）", "By month, weighted",
                    "filter[status]=open&by=expected_close_on:month&measure=sum:weighted_cents,sum:amount_cents&chart=bar"),
                deals(
                    "月份 × 预测类别", "Month by category",
                    "filter[status]=open&by=expected_close_on:month&and=forecast_category&measure=sum:amount_cents&chart=stacked"),
                deals("按负责人", "By owner", "filter[status]=open&by=owner_id&measure=sum:weighted_cents,sum:amount_cents,count&chart=bar"),
            ]),
        ReportDefault(
            "targets", .sales, "目标达成", "Targets", "每个人、每个月的目标完成了多少", "How much of each target has been reached, by person and month",
            [
                targets(
                    "按人", "By person",
                    "filter[scope]=person&filter[metric]=orders&by=user_id&measure=sum:target_cents,sum:actual_cents&chart=bar",
                    time: "month"),
                targets(
                    "按月", "By month",
                    "filter[scope]=company&filter[metric]=orders&by=month:month&measure=sum:target_cents,sum:actual_cents&chart=bar",
                    time: "month"),
                targets(
                    "平均完成率（指标）", "Average attainment by kind", "filter[scope]=person&by=metric&measure=avg:attained_bp,count&chart=bar",
                    time: "month"),
            ]),
        ReportDefault(
            "discounts", .sales, "折扣与赢单", "Discount and winning", "让利越多是不是越容易成交：各折扣段的接受率",
            "Whether a larger discount wins more: acceptance in each band",
            [
                quotes(
                    "折扣段与接受率", "Acceptance by discount",
                    answered + "&by=discount_bp:1,500,1000,1500,2000&measure=rate:status:accepted,count,sum:total_cents&chart=bar",
                    time: "created_at"),
                quotes("折扣段（按负责人）", "Discounts by owner", "by=owner_id&and=discount_bp:1,500,1000,1500&chart=heat", time: "created_at"),
                quotes(
                    "低于底价的报价", "Below the floor", "filter[below_floor]=true&by=owner_id&measure=count,sum:total_cents&chart=bar",
                    time: "created_at"),
                quotes(
                    "主要靠让利成交（折扣 15% 以上）", "Won mostly by discount",
                    "filter[status]=accepted&filter[discount_bp][gte]=1500&by=owner_id&measure=count,sum:total_cents&chart=bar",
                    time: "created_at"),
            ]),
        ReportDefault(
            "completeness_win", .sales, "资料完整度与赢单率", "Completeness and winning", "客户资料越全，商机是不是越容易赢",
            "Whether deals with well-known customers are won more often",
            [
                deals(
                    "赢单率（按客户资料完整度）", "Win rate by completeness",
                    ended + "&by=customer_id.completeness:40,60,80&measure=rate:status:won,count&chart=bar", time: "closed_on"),
                deals(
                    "赢单率（按客户级别）", "Win rate by level", ended + "&by=customer_id.level_id&measure=rate:status:won,count&chart=bar",
                    time: "closed_on"),
            ]),
        ReportDefault(
            "orders", .sales, "订单", "Orders", "每月订单金额，来自哪些渠道，新客与老客各占多少",
            "Orders by month and channel, and how much is from old and new customers", figures: [BuyerFigures.orderValue],
            [
                orders("按月", "By month", dealt + "&by=ordered_on:month&measure=sum:amount_cents,count&chart=bar", time: "ordered_on"),
                orders("按渠道", "By channel", dealt + "&by=channel&measure=sum:amount_cents,count&chart=donut", time: "ordered_on"),
                orders(
                    "按负责人", "By owner", dealt + "&by=owner_id&measure=sum:amount_cents,count,avg:amount_cents&chart=bar", time: "ordered_on"
                ),
                orders(
                    "按客户生命周期", "By the customer’s life cycle", dealt + "&by=customer_id.lifecycle&measure=sum:amount_cents,count&chart=bar",
                    time: "ordered_on"),
            ]),
        ReportDefault(
            "aging", .sales, "应收账龄与周转天数", "Receivables by age", "还有多少没收回，逾期多久，回笼一轮要几天",
            "What is still owed, how late it is, and how many days it takes to come in",
            figures: [SalesFigures.dso, SalesFigures.overdue, SalesFigures.collected],
            [
                owed("账龄", "Age", "by=bucket&measure=sum:balance_cents,count&chart=bar"),
                owed("账龄与坏账准备", "Age and allowance", "by=bucket&measure=sum:balance_cents,sum:allowance_cents&chart=bar"),
                owed("账龄 × 负责人", "Age by owner", "by=owner_id&and=bucket&measure=sum:balance_cents&chart=stacked"),
                owed("欠款最多的客户", "Customers who owe most", "by=customer_id&measure=sum:balance_cents,count&chart=pareto"),
            ]),
        ReportDefault(
            "collections", .sales, "回款与回款预测", "Collections", "收到了多少，接下来每月该收多少", "What has come in, and what falls due month by month",
            figures: [SalesFigures.collected],
            [
                ReportDefault.Part(
                    "每月回款", "Collected by month", of: Collection.name,
                    "filter[status]=collected&by=paid_on:month&measure=sum:amount_cents,count&chart=bar", time: "paid_on"),
                owed("应收到期月份", "Due by month", "by=due_on:month&measure=sum:balance_cents,count&chart=bar"),
                ReportDefault.Part(
                    "计划回款", "Planned", of: Collection.name,
                    "filter[status][in]=planned,promised,overdue&by=planned_on:month&and=status&measure=sum:amount_cents&chart=stacked"),
                ReportDefault.Part(
                    "每月回款（按负责人）", "Collected by owner", of: Collection.name,
                    "filter[status]=collected&by=owner_id&measure=sum:amount_cents,count&chart=bar", time: "paid_on"),
            ]),
    ]

    private static let ended = "filter[status][in]=won,lost", dealt = Order.dealtFilter,
        answered = "filter[status][in]=accepted,rejected,expired"

    private static func deals(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Opportunity.name, question, time: time)
    }
    private static func quotes(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Quote.name, question, time: time)
    }
    private static func orders(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: Order.name, question, time: time)
    }
    private static func targets(_ chinese: String, _ english: String, _ question: String, time: String? = nil) -> ReportDefault.Part {
        .init(chinese, english, of: SalesTarget.name, question, time: time)
    }
    private static func owed(_ chinese: String, _ english: String, _ question: String) -> ReportDefault.Part {
        .init(chinese, english, of: Receivable.name, "filter[status][in]=open,partial,overdue,disputed&" + question)
    }
}

extension ReportDefault.Area {
    public static let sales = Self("sales", "销售", "Sales", icon: "target")
}
