import Core
import Records

enum RentalReports {
    static let all = [
        ReportDefault(
            "rentals", .rental, "租赁概况", "Rentals", "每月租出多少，收入多少，哪些车最忙",
            "How many are let each month, what they bring, which cars are busiest",
            [
                .init(
                    "按月", "By month", of: Rental.name, "by=from_on:month&measure=count,sum:amount_cents&chart=bar", time: "from_on"),
                .init("按车辆", "By car", of: Rental.name, "by=car_id&measure=count,sum:amount_cents&chart=bar", time: "from_on"),
            ])
    ]

    static let dashboards = [
        DashboardDefault(
            "rental", "租车仪表盘", "Car rental", for: ["clerk", "store_mgr", "gm", "admin"],
            tiles: [
                .init("在外车辆", "Cars out", of: Rental.name, "filter[status]=out", width: 3),
                .init("今天应还", "Due back today", of: Rental.name, "filter[status]=out&filter[to_on]=today", width: 3),
                .init("本月租金", "This month", of: Rental.name, "measure=sum:amount_cents&span=from_on:month", width: 3),
            ])
    ]
}

extension ReportDefault.Area {
    static let rental = Self("rental", "租车", "Car rental", icon: "key-round")
}
