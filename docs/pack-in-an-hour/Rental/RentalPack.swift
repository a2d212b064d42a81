import Core
import Records

extension Pack {
    public static let rental = Pack(
        "rental", Words("租车", "Car rental"), Words("租赁车辆、租赁单、交车与还车", "Cars for hire, rentals, handing over and taking back"),
        icon: "key-round",
        [RentalCapability.self])
}

/// 租车: cars for hire, who has which until when.
public enum RentalCapability: Capability {
    public static let name = "rental", label = "租车"
    public static let entities: [any Entity.Type] = [Rental.self, RentalCar.self]
    public static let extensions: [any Extension.Type] = [Renter.self]
    public static let parameters = [RentalParameters.grace]
    public static let jobs = [RentalJobs.late]
    public static let roles = RentalRoles.all
    public static let reports = RentalReports.all
    public static let dashboards = RentalReports.dashboards
    public static func demo(_ demo: Demo) -> [Demo.Step] { RentalDemo.steps(demo) }
}
