import Records

/// The trades of the demo group: who their customers are, what they buy, what is talked about.
public enum DemoTrade: String, CaseIterable, Sendable {
    case car, travel, retail, dealer, fleet

    /// 60 % car owners, 15 % travellers, 15 % shop members, 10 % companies and dealers (§5).
    static func at(_ place: Double) -> DemoTrade {
        [(DemoTrade.car, 60), (.travel, 15), (.retail, 15), (.dealer, 6), (.fleet, 4)].at(place)
    }

    func owners(_ lifecycle: Customer.Lifecycle) -> [(unit: String, username: String)] {
        func pair(_ unit: String, _ names: [String]) -> [(unit: String, username: String)] { names.map { (unit, $0) } }
        switch self {
        case .car where lifecycle == .potential || lifecycle == .new:
            return pair("CX-SALES", ["sales01", "sales02", "sales03"]) + pair("BJ-SALES", ["sales04", "sales05", "sales06"])
                + pair("SX-SALES", ["sales07", "sales08"])
        case .car:
            return pair("CX-SVC", ["advisor01", "advisor02", "advisor03", "advisor04"])
                + pair("BJ-SVC", ["advisor05", "advisor06", "advisor07"])
                + pair("SX-SVC", ["advisor08", "advisor09", "advisor10"]) + pair("CX-SALES", ["sales01", "sales02"])
                + pair("BJ-SALES", ["sales04"]) + pair("SX-SALES", ["sales07"])
        case .fleet: return pair("CX-SALES", ["sales01", "sales03"]) + pair("BJ-SALES", ["sales05"])
        case .travel: return pair("TR-HQ", ["tour01"]) + pair("TR-1", ["tour02"]) + pair("TR-2", ["tour03"]) + pair("TR-3", ["tour04"])
        case .retail: return (1...12).map { ("YL-\(DemoIdentity.padded($0, 2))", "clerk\(($0 + 1) / 2)") }
        case .dealer:
            return pair("WA-HZ", ["rep01", "rep02", "rep03"]) + pair("WA-NB", ["rep04", "rep05", "rep06"])
                + pair("WA-WZ", ["rep07", "rep08"])
        }
    }

    public static func city(of unit: String) -> DemoNames.City {
        switch unit.prefix(5) {
        case "SX-SA", "SX-SV": DemoNames.shaoxing
        case "WA-NB": DemoNames.ningbo
        case "WA-WZ": DemoNames.wenzhou
        default: DemoNames.hangzhou
        }
    }

    func kind(_ random: inout SplitMix64) -> Customer.Kind {
        switch self {
        case .car: .person
        case .travel: random.chance(35) ? .family : .person
        case .retail: random.chance(8) ? .family : .person
        case .dealer: .dealer
        case .fleet: random.chance(25) ? .government : .company
        }
    }

    func category(_ kind: Customer.Kind) -> String {
        switch (self, kind) {
        case (.car, _): "person_owner"
        case (.travel, _): "person_traveller"
        case (.retail, _): "person_member"
        case (.dealer, _): "dealer"
        case (.fleet, .government): "unit_government"
        case (.fleet, _): "unit_fleet"
        }
    }

    /// What one order costs, in 分, and what it is for.
    func purchase(isFirst: Bool, _ random: inout SplitMix64) -> (lines: [DemoLine], remark: String) {
        switch self {
        case .car where isFirst:
            let car = random.pick(DemoProducts.cars)
            return ([DemoLine(car.0, 1, car.1 * 100)], "新车订单，\(random.pick(["全款", "三年期贷款", "置换购车", "两年期贷款"]))")
        case .car:
            let item = random.pick(DemoProducts.carService)
            return ([DemoLine(item.0, 1, random.number(item.1...item.2) * 100)], "售后项目")
        case .travel:
            let tour = random.pick(DemoProducts.tours), people = random.pick([1, 2, 2, 3, 3, 4])
            return ([DemoLine(tour.0, people, tour.1 * 100)], "\(people) 人出行")
        case .retail:
            return (
                (0..<random.number(1...3)).map { _ in
                    let goods = random.pick(DemoProducts.goods)
                    return DemoLine(goods.0, random.number(1...4), goods.1 * 100)
                }, "会员购物"
            )
        case .dealer:
            return (
                (0..<random.number(1...3)).map { _ in
                    let drink = random.pick(DemoProducts.drinks)
                    return DemoLine(drink.0, random.number(4...60) * 5, drink.1 * 100)
                }, "清泉饮品要货"
            )
        case .fleet:
            let car = random.pick(DemoProducts.cars), count = random.number(1...5)
            return isFirst
                ? ([DemoLine(car.0, count, car.1 * 97)], "大客户批量采购") : ([DemoLine("车队保养服务", random.number(2...8), 98_000)], "车队维保")
        }
    }

    /// What is talked about before and after the first purchase.
    func texts(hasBought: Bool) -> [(DemoTexts, Int)] {
        switch self {
        case .car: hasBought ? [(.carService, 75), (.renewal, 25)] : [(.carSales, 1)]
        case .travel: hasBought ? [(.travelCare, 55), (.travelSales, 45)] : [(.travelSales, 1)]
        case .retail: [(.retail, 1)]
        case .dealer: [(.dealer, 1)]
        case .fleet: [(.fleet, 1)]
        }
    }
}

/// What a demo customer bought once.
public struct DemoPurchase: Sendable {
    /// How far it has come since.
    public enum Status: String, Sendable { case draft, approved, allocated, shipped, settled, closed, cancelled }
    public var day: Day, lines: [DemoLine], remark: String, status: Status
}

public struct DemoLine: Equatable, Sendable {
    public var product: String, quantity: Int, cents: Int
    init(_ product: String, _ quantity: Int, _ cents: Int) { (self.product, self.quantity, self.cents) = (product, quantity, cents) }
}

/// What the group sells; prices in 元.
public enum DemoProducts {
    public static let cars = [
        ("星驰S5", 119_800), ("星驰S7 PHEV", 169_800), ("星驰E3 BEV", 139_800), ("星驰X6 SUV", 219_800), ("星驰M9 MPV", 289_800),
    ]
    public static let carService = [
        ("常规保养", 480, 1_280), ("大保养", 1_380, 3_200), ("更换轮胎", 900, 3_600), ("钣喷维修", 800, 6_800), ("精品加装", 600, 5_800),
        ("三次保养套餐", 1_280, 2_680), ("更换制动片", 560, 1_680),
        ("空调清洗", 180, 420), ("年检代办", 300, 460),
    ]
    public static let tours = [
        ("千岛湖双日", 1_280), ("黄山三日", 1_880), ("厦门亲子五日", 3_280), ("云南六日", 4_680), ("新疆北疆八日", 7_980), ("三亚五日自由行", 3_980), ("西安四日", 2_680),
        ("日本关西六日", 8_680), ("新马七日", 7_280),
        ("欧洲三国十日", 16_800), ("南极探索二十日", 26_800),
    ]
    public static let goods = [
        ("五常大米礼袋", 89), ("厨房纸套装", 39), ("四季薄被", 268), ("坚果礼盒", 158), ("儿童牙刷套装", 49), ("不粘炒锅", 239), ("有机燕麦", 45), ("香薰蜡烛", 79),
        ("收纳箱三件套", 99), ("保温杯", 129),
    ]
    public static let drinks = [("矿泉水 550ml×24", 28), ("矿泉水 1.5L×12", 30), ("柠檬茶 500ml×15", 45), ("苏打水 ×15", 52), ("礼盒装", 168)]
}
