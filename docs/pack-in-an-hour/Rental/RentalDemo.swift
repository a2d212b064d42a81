import Core
import Records

/// Six cars, and two dozen rentals around the demo's day.
enum RentalDemo {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        [
            { tx in
                var random = SplitMix64(seed: demo.seed)
                let cars = try (1...6).map { number in
                    var car = Record<RentalCar>()
                    (car.plate, car.model, car.daily) = ("浙A9900\(number)", "星驰S5", Money(cents: Int64(20_000 + number * 2_000)))
                    return try tx.insert(car)
                }
                for (place, customer) in try tx.all(Customer.self, sort: [.init("id")], limit: 24).enumerated() {
                    var rental = Record<Rental>()
                    (rental.customer, rental.car, rental.isDemo) = (customer.id, cars[place % cars.count].id, true)
                    rental.from = demo.asOf - 40 + place / cars.count * 15
                    rental.to = rental.from + random.number(1...9)
                    rental.status = rental.to < demo.asOf ? .returned : rental.from <= demo.asOf ? .out : .booked
                    (rental.ownerID, rental.departmentID) = (customer.ownerID, customer.departmentID)
                    try tx.insert(rental)
                }
            }
        ]
    }
}
