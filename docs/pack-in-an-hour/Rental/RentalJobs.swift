import Records

enum RentalParameters {
    static let grace = Parameter(
        "rental.grace_days", "逾期几天提醒", 1, range: 0...30, unit: Words("天", "days"), section: Words("租车", "Car rental"),
        english: "Remind when late by")
}

enum RentalJobs {
    /// A car that should be back: its clerk hears of it every morning until it is.
    static let late = Job("rental.late", "逾期未还车提醒", english: "Cars that are late", schedule: .daily(hour: 8, minute: 0)) { _, tx in
        let limit = tx.today - (try tx.int(RentalParameters.grace))
        for rental in try tx.all(Rental.self, where: \Rental.status == .out && \Rental.to < limit, sort: [.init("to_on")], limit: 200) {
            guard let owner = rental.ownerID else { continue }
            try tx.notify([owner], of: .due, "租赁单 \(rental.no ?? "") 应于 \(rental.to.iso) 还车", about: rental.row)
        }
    }
}
