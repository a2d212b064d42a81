import Core
import Records

extension Rental {
    public static var rules: Rules {
        .of(Rental.self) {
            $0.beforeSave { rental, _, tx in
                guard rental.to >= rental.from else { throw Problem("to_on", "还车日期不能早于取车日期") }
                guard let car = try tx.get(RentalCar.self, rental.car) else { return }
                let days = rental.to - rental.from + 1
                rental.amount = Money(cents: car.daily.cents * Int64(days))
                try refuseTwice(rental, car, tx)
            }
            $0.afterSave { rental, change, tx in
                guard change.changed(\Rental.status, in: rental), var car = try tx.get(RentalCar.self, rental.car) else { return }
                car.isOut = rental.status == .out
                try tx.save(car)
            }
            $0.beforeDelete { rental, _, _ in
                guard rental.status != .out else { throw Refusal.conflict("车辆还在客户手中，不能删除租赁单 \(rental.no ?? "")") }
            }
        }
    }

    /// A car is with one customer at a time.
    private static func refuseTwice(_ rental: Record<Rental>, _ car: Record<RentalCar>, _ tx: any Transaction) throws {
        guard rental.status == .booked || rental.status == .out else { return }
        let others =
            \Rental.car == rental.car && .field("status", .in, "booked", "out") && \Rental.from <= rental.to && \Rental.to >= rental.from
            && .not(.ids([rental.row.id]))
        guard let other = try tx.first(Rental.self, where: others) else { return }
        throw Problem("car_id", "\(car.plate) 在 \(other.from.iso) 至 \(other.to.iso) 已被预订，请换一辆车或改日期")
    }

    private static let driven = Field<Int>("kilometres", "行驶里程", kind: WholeNumberKind(range: 0...100_000), .unit("公里", "km"))

    public static var flow: Flow? {
        .of(Rental.self, \.status) {
            $0.step("hand_over", "交车", from: [.booked], to: .out, icon: "key-round", english: "Hand over", primary: true)
            $0.step(
                "take_back", "还车", from: [.out], to: .returned, parameters: [driven], icon: "undo-2", english: "Take back", primary: true
            ) { rental, arguments, tx in
                rental.kilometres = arguments[driven]
                // Brought back early or late: what counts is today.
                rental.to = max(rental.from, tx.today)
            }
            $0.step("cancel", "取消", from: [.booked], to: .cancelled, icon: "x")
        }
    }
}
