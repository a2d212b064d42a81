import Records

/// A car that is let by the day.
public struct RentalCar: Entity {
    public static let name = "rental_cars", label = "租赁车辆"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "car", menu: Words("租车", "Car rental"), english: "Rental cars").with {
            $0.sort = ["plate"]
            $0.highlights = ["model", "daily_cents", "is_out"]
            $0.presets = [Preset("空闲", "Free", ["filter[is_out]": "false"])]
        }
    }

    public let plate = Field<String>("plate", "车牌号", kind: PlateKind(), .title, .unique)
    public let model = Field<String>("model", "车型", kind: TextKind(limit: 100), .inList, .quick, .searchable)
    public let daily = Field<Money>("daily_cents", "日租金", .inList, .quick, .english("Per day"))
    public let isOut = Field<Bool?>("is_out", "在外", .readOnly, .inList, .initial(false), .english("Out"))

    public init() {}
}
