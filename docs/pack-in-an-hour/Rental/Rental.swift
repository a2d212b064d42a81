import Core
import Records

/// One car let to one customer, from the booking to its return.
public struct Rental: Entity {
    public static let name = "rentals", label = "租赁单"
    public static var traits: EntityTraits {
        EntityTraits(icon: "key-round", menu: Words("租车", "Car rental"), english: "Rentals").with {
            $0.sort = ["-from_on"]
            $0.hasTimeline = true
            $0.openStates = ["booked", "out"]
            $0.indexes = [["customer_id", "-from_on"], ["car_id", "-from_on"], ["status", "to_on"]]
            $0.highlights = ["status", "customer_id", "car_id", "to_on", "amount_cents"]
            $0.presets = [Preset("今天应还", "Due back today", ["filter[status]": "out", "filter[to_on]": "today"])]
            $0.papers = [.rentalSheet]
        }
    }

    public let no = Field<String?>("no", "租赁单号", kind: AutoNumberKind("RC-{yyyyMMdd}-{####}"), .title, .unique, .english("Rental no."))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed)
    public let car = Field<Ref<RentalCar>>("car_id", "车辆", .inList, .quick, .indexed, .english("Car"))
    public let from = Field<Day>("from_on", "取车日期", .inList, .quick, .english("From"))
    public let to = Field<Day>("to_on", "还车日期", .inList, .quick, .english("To"))
    public let status = Field<Status>("status", "状态", .inList, .initial("booked"))
    public let amount = Field<Money?>("amount_cents", "租金", .readOnly, .inList)
    public let kilometres = Field<Int?>("kilometres", "行驶里程", .readOnly, .unit("公里", "km"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case booked, out, returned, cancelled
        public static let options: [Option<Status>] = [
            .init(.booked, "已预订", .sky), .init(.out, "已取车", .warn), .init(.returned, "已还车", .ok), .init(.cancelled, "已取消"),
        ]
    }
}

extension PaperForm {
    static let rentalSheet = sheet(
        "rental", Words("车辆租赁单", "Rental"), head: ["no", .today],
        [
            .grid(["customer_id", "customer_id.mobile"], ["car_id", "car_id.model"], ["from_on", "to_on"], ["amount_cents"], ["remark"]),
            .signatures(Words("承租人", "Customer"), Words("经办人", "Clerk")),
        ])
}
