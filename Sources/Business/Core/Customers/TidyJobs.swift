import Records

/// A3: the periodic tidying of customer files.
enum TidyJobs {
    /// What nobody has confirmed for long is due for it again.
    static let verification = Job(
        "customers.verification", "客户资料待核实", english: "Customer files to verify", schedule: .daily(hour: 3, minute: 0)
    ) { _, tx in
        let months = try tx.int(CustomerParameters.staleMonths)
        let limit = Instant(tx.today.adding(months: -months))
        let stale =
            \Customer.verification != .due && \Customer.fileStatus == .active && .field("updated_at", .lt, limit.stored)
            && (\Customer.verifiedAt == nil || \Customer.verifiedAt < limit)
        // Oldest first: what a batch has marked is no longer among them, so the next need not walk past it.
        try tx.each(Customer.self, where: stale, sort: "updated_at", batch: 300) { customer in
            var customer = customer
            customer.verification = .due
            try tx.save(customer)
        }
    }

    /// Birthdays that have passed move to next year.
    static let birthdays = Job("customers.birthdays", "下个生日更新", english: "Next birthdays", schedule: .daily(hour: 0, minute: 20)) { _, tx in
        try tx.each(Customer.self, where: \Customer.nextBirthday < tx.today, sort: "next_birthday_on", batch: 300) { customer in
            var customer = customer
            Customer.planBirthday(&customer, today: tx.today)
            try tx.save(customer)
        }
    }

    static let all = [verification, birthdays]
}
