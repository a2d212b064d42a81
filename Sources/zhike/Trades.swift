import Records
import Web

/// What set-up offers as the answer to "what do you do?". Each says what kind of company it is; what it brings, the packs say.
enum Trades {
    static let all = [
        Trade(
            "dealership", Words("4S 店", "Car dealership"), Words("卖车、修车的门店", "Sells and repairs cars"), icon: "car",
            packs: ["sales", "service", "marketing", "automotive", "insurance", "loyalty"]),
        Trade(
            "travel", Words("旅行社", "Travel agency"), Words("组团、代办旅行的公司", "Arranges journeys"), icon: "plane",
            packs: ["sales", "service", "marketing", "travel", "loyalty"]),
        Trade(
            "stores", Words("门店连锁", "Chain of stores"), Words("有多家门店的零售或服务企业", "Retail or services in many places"), icon: "store",
            packs: ["sales", "service", "marketing", "stores", "loyalty", "people"]),
        Trade(
            "distribution", Words("经销商", "Distributor"), Words("向渠道和终端供货的企业", "Supplies outlets"), icon: "truck",
            packs: ["sales", "service", "marketing", "distribution", "stores"]),
        Trade(
            "general", Words("通用", "Something else"), Words("其他企业，按需要勾选", "Any other company: tick what you need"),
            icon: "briefcase-business",
            packs: ["sales", "service", "marketing"]),
    ]
}
