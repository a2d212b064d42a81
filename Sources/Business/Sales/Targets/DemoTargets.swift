import Core
import Records

/// Three months of targets: the group, its branches, every salesperson.
enum DemoTargets {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        let months = (-2...0).map { demo.asOf.adding(months: $0) }
        return months.map { month -> Demo.Step in
            { tx in
                let directory = try DemoDirectory(tx)
                try insert(month, .company, .orders, 2_000_000_00, demo, tx) { _ in }
                for (code, yuan) in [
                    ("AUTO", 1_500_000), ("TRAVEL", 200_000), ("WATER", 400_000), ("CX-SALES", 700_000), ("BJ-SALES", 500_000),
                    ("SX-SALES", 300_000),
                ] {
                    guard let id = directory.departments[code] else { continue }
                    for metric in [SalesTarget.Metric.orders, .collected] {
                        try insert(month, .department, metric, Int64(yuan) * 100, demo, tx) { $0.department = Ref(id) }
                    }
                }
                for (place, seller) in (DemoLeads.sellers + [("WA-HZ", "rep02"), ("WA-HZ", "rep03")]).enumerated() {
                    guard let id = directory.users[seller.username] else { continue }
                    try insert(month, .person, .orders, Int64(80_000 + place * 10_000) * 100, demo, tx) { $0.user = Ref(id) }
                    try insert(month, .person, .collected, Int64(60_000 + place * 6_000) * 100, demo, tx) { $0.user = Ref(id) }
                    try insert(month, .person, .won, 0, demo, tx) { ($0.user, $0.targetCount) = (Ref(id), 2 + place % 3) }
                }
                try TargetJob.rank(month.startOfMonth, tx)
            }
        }
    }

    private static func insert(
        _ month: Day, _ scope: SalesTarget.Scope, _ metric: SalesTarget.Metric, _ cents: Int64, _ demo: Demo, _ tx: any Transaction,
        _ fill: (inout Record<SalesTarget>) -> Void
    ) throws {
        var target = Record<SalesTarget>()
        (target.month, target.scope, target.metric, target.isDemo) = (month, scope, metric, true)
        if metric.isMoney { target.target = Money(cents: cents) }
        fill(&target)
        try tx.insert(target)
    }
}
