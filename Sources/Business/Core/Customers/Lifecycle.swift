import Records

/// §3.5: a customer's place in its life follows from its purchases.
public enum LifecycleRule {
    public static let activeDays = Parameter(
        "customers.active_days", "活跃客户的成交间隔", 180, range: 15...1095, unit: Words("天", "days"),
        help: Words(
            "超过此天数未成交转为沉默，超过两倍转为流失。汽车售后 180、零售 60、旅游 365、经销 45",
            "Silent after so many days without a purchase, lost after twice as many. Car service 180, retail 60, travel 365, "
                + "distribution 45"
        ), section: CustomerParameters.section, english: "Active within")
    public static let newDays = Parameter(
        "customers.new_days", "首次成交后多久仍算新客户", 90, range: 7...365, unit: Words("天", "days"), section: CustomerParameters.section,
        english: "New for")
    public static let parameters = [activeDays, newDays]

    /// `window` is the gap within which a customer counts as active; twice that without business and it is lost.
    static func place(first: Day?, last: Day?, today: Day, newDays: Int, window: Int) -> Customer.Lifecycle {
        guard let first, let last else { return .potential }
        let gap = today - last
        if gap <= window { return today - first <= newDays ? .new : .active }
        return gap <= 2 * window ? .silent : .lost
    }

    /// Those whose place no longer fits.
    public static let job = Job("customers.lifecycle", "客户生命周期更新", english: "Customer lifecycle", schedule: .daily(hour: 2, minute: 10)) {
        _, tx in
        let newDays = try tx.int(Self.newDays), window = try tx.int(activeDays)
        try tx.each(Customer.self, where: misplaced(today: tx.today, newDays: newDays, window: window), batch: 300) { customer in
            var customer = customer
            customer.lifecycle = place(
                first: customer[Buyer.self].firstPurchase, last: customer[Buyer.self].lastPurchase, today: tx.today, newDays: newDays,
                window: window)
            try tx.save(customer)
        }
    }

    /// The same rule as a condition, so that only those who move are read.
    static func misplaced(today: Day, newDays: Int, window: Int) -> Condition {
        let newSince = today - newDays, activeSince = today - window, silentSince = today - 2 * window
        let isNew = \Buyer.lastPurchase >= activeSince && \Buyer.firstPurchase >= newSince
        let isActive = \Buyer.lastPurchase >= activeSince && \Buyer.firstPurchase < newSince
        let isSilent = \Buyer.lastPurchase < activeSince && \Buyer.lastPurchase >= silentSince
        return (isNew && \Customer.lifecycle != .new) || (isActive && \Customer.lifecycle != .active)
            || (isSilent && \Customer.lifecycle != .silent)
            || (\Buyer.lastPurchase < silentSince && \Customer.lifecycle != .lost)
    }
}
