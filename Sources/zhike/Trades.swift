import Records
import Web

/// What set-up offers as the answer to "what do you do?".
enum Trades {
    static let all = [
        Trade(
            "dealership", Words("4S 店", "Car dealership"), Words("卖车、维修、保险、会员", "Cars, workshop, insurance, members"), icon: "car",
            packs: ["sales", "service", "marketing", "automotive", "insurance", "loyalty"]),
        Trade(
            "travel", Words("旅行社", "Travel agency"), Words("线路、团期、报名、游客", "Tours, departures, bookings"), icon: "plane",
            packs: ["sales", "service", "marketing", "travel", "loyalty"]),
        Trade(
            "stores", Words("门店连锁", "Chain of stores"), Words("门店、会员、积分、拜访", "Stores, members, points"), icon: "store",
            packs: ["sales", "service", "marketing", "stores", "loyalty", "people"]),
        Trade(
            "distribution", Words("经销商", "Distributor"), Words("渠道、信用、库存、退换货", "Outlets, credit, stock, returns"), icon: "truck",
            packs: ["sales", "service", "marketing", "distribution", "stores"]),
        Trade(
            "general", Words("通用", "Something else"), Words("客户、销售和服务", "Customers, sales and service"), icon: "briefcase-business",
            packs: ["sales", "service", "marketing"]),
    ]
}
