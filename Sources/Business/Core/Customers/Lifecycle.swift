import Records

/// §3.5: a customer's place in its life follows from its purchases.
enum LifecycleRule {
    /// `window` is the gap within which a customer counts as active; twice that without business and it is lost.
    static func place(first: Day?, last: Day?, today: Day, newDays: Int, window: Int) -> Customer.Lifecycle {
        guard let first, let last else { return .potential }
        let gap = today - last
        if gap <= window { return today - first <= newDays ? .new : .active }
        return gap <= 2 * window ? .silent : .lost
    }

    /// Those whose place no longer fits, a batch a run, until none is left.
    static let job = Job("customers.lifecycle", "客户生命周期更新", english: "Customer lifecycle", schedule: .daily(hour: 2, minute: 10)) { _, tx in
        let newDays = try tx.int(CustomerParameters.newDays), window = try tx.int(CustomerParameters.activeDays)
        let misplaced = try tx.all(Customer.self, where: misplaced(today: tx.today, newDays: newDays, window: window), limit: batch)
        for var customer in misplaced {
            customer.lifecycle = place(
                first: customer.firstPurchase, last: customer.lastPurchase, today: tx.today, newDays: newDays, window: window)
            try tx.save(customer)
        }
        if misplaced.count == batch { try tx.enqueue("customers.lifecycle", [:], key: "customers.lifecycle", after: 1) }
    }

    private static let batch = 300

    /// The same rule as a condition, so that only those who move are read.
    static func misplaced(today: Day, newDays: Int, window: Int) -> Condition {
        let newSince = today - newDays, activeSince = today - window, silentSince = today - 2 * window
        let isNew = \Customer.lastPurchase >= activeSince && \Customer.firstPurchase >= newSince
        let isActive = \Customer.lastPurchase >= activeSince && \Customer.firstPurchase < newSince
        let isSilent = \Customer.lastPurchase < activeSince && \Customer.lastPurchase >= silentSince
        return (isNew && \Customer.lifecycle != .new) || (isActive && \Customer.lifecycle != .active)
            || (isSilent && \Customer.lifecycle != .silent)
            || (\Customer.lastPurchase < silentSince && \Customer.lifecycle != .lost)
    }
}
