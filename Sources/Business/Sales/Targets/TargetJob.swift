import Core
import Records

/// Every hour: what this month and the last have brought, and who is ahead.
enum TargetJob {
    static let job = Job("targets.refresh", "销售目标完成情况", english: "Sales targets reached", schedule: .every(seconds: 3600)) { _, tx in
        let since = tx.today.startOfMonth.adding(months: -1).startOfMonth
        let stale =
            \SalesTarget.month >= since && (\SalesTarget.refreshedAt == nil || \SalesTarget.refreshedAt < tx.now.adding(seconds: -3000))
        try tx.each(SalesTarget.self, where: stale, sort: "refreshed_at") { target in
            var target = target
            try count(&target, tx)
            try tx.save(target)
        }
        for month in [since, tx.today.startOfMonth] { try rank(month, tx) }
    }

    /// The places of one month, by attainment within the same scope and metric; equals share a place.
    static func rank(_ month: Day, _ tx: any Transaction) throws {
        for scope in SalesTarget.Scope.allCases {
            for metric in SalesTarget.Metric.allCases {
                let group = try tx.all(
                    SalesTarget.self, where: \SalesTarget.month == month && \SalesTarget.scope == scope && \SalesTarget.metric == metric,
                    sort: [.init("id")], limit: 2000)
                for var target in group {
                    let place = 1 + group.count { ($0.attained ?? .min) > (target.attained ?? .min) }
                    guard target.place != place else { continue }
                    target.place = place
                    try tx.apart(target) { try tx.save(target) }
                }
            }
        }
    }

    static func count(_ target: inout Record<SalesTarget>, _ tx: any Transaction) throws {
        let first = target.month, next = first.adding(months: 1), whose = try reach(of: target, tx)
        func sum(_ schema: Schema, _ condition: Condition, _ measure: Summary.Measure) throws -> Int64 {
            try tx.summarize(Summary(Query(schema, where: condition && whose), measures: [measure])).first?.values[0].int ?? 0
        }
        let dealt = Order.dealt && \Order.orderedOn >= first && \Order.orderedOn < next
        let catalog = tx.catalog
        switch target.metric {
        case .orders: target.actual = Money(cents: try sum(catalog.schema(Order.self), dealt, .sum("amount_cents")))
        case .margin: target.actual = Money(cents: try sum(catalog.schema(Order.self), dealt, .sum("margin_cents")))
        case .collected:
            target.actual = Money(
                cents: try sum(
                    catalog.schema(Collection.self),
                    \Collection.status == .collected && \Collection.paidOn >= first && \Collection.paidOn < next, .sum("amount_cents")))
        case .won:
            target.actualCount = Int(
                clamping: try sum(
                    catalog.schema(Opportunity.self),
                    \Opportunity.status == .won && \Opportunity.closedOn >= first && \Opportunity.closedOn < next, .count))
        case .customers:
            target.actualCount = Int(
                clamping: try sum(catalog.schema(Customer.self), \Buyer.firstPurchase >= first && \Buyer.firstPurchase < next, .count)
            )
        }
        target.refreshedAt = tx.now
    }

    /// The records of the person, or of the department and all below it.
    private static func reach(of target: Record<SalesTarget>, _ tx: any Transaction) throws -> Condition {
        if let user = target.user { return .field("owner_id", .eq, .int(user.id)) }
        guard let top = target.department else { return .everything }
        let all = try tx.all(Department.self, limit: 10_000)
        var within: Set<Int64> = [top.id], grew = true
        while grew {
            let more = all.filter { department in
                department.parent.map { within.contains($0.id) } ?? false && !within.contains(department.row.id)
            }.map(\.row.id)
            within.formUnion(more)
            grew = !more.isEmpty
        }
        return .field("department_id", .in, .list(within.sorted().map(Value.int)))
    }
}
