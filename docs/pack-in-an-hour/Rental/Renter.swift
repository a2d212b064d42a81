import Core
import Records

/// What the rental desk knows of every customer.
public struct Renter: Extension {
    public static let of = Customer.self
    public let licence = Field<String?>(
        "driving_licence", "驾驶证号", kind: TextKind(limit: 30), .section(Words("租车", "Car rental")), .searchable, .aliases("驾照号"),
        .english("Driving licence"))
    public let licenceUntil = Field<Day?>(
        "licence_until", "驾驶证有效期", .section(Words("租车", "Car rental")), .english("Licence valid until"))
    public let rentals = Field<Int?>("rental_count", "租车次数", .readOnly, .inList, .section(Words("租车", "Car rental")), .english("Rentals"))

    public static func add(to traits: inout EntityTraits) {
        traits.related.append(Rental.name)
        traits.highlights.append("rental_count")
    }

    public static var rules: Rules {
        .of(Customer.self) {
            $0.rollUp(RollUp("rental_count", of: Rental.name, by: "customer_id", .count, where: .field("status", .in, "out", "returned")))
            $0.notice { customer, look in
                guard let until = customer[Renter.self].licenceUntil, until < look.today else { return nil }
                return Notice(.bad, "驾驶证已于 \(until.iso) 过期，不能交车", "The driving licence expired on \(until.iso)")
            }
        }
    }

    public init() {}
}
