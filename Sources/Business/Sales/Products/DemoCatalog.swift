import Core
import Records

/// The demo group's range with its costs, and what dealers, fleets and the best customers pay.
enum DemoCatalog {
    struct Item: Equatable { var name: String, category: String, cents: Int, costPercent: Int, unit: String }

    static let categories: [(code: String, name: String, parent: String?)] = [
        ("auto", "汽车", nil), ("auto_new", "新车", "auto"), ("auto_service", "售后项目", "auto"), ("travel", "旅游线路", nil), ("goods", "生活用品", nil),
        ("drinks", "饮品", nil),
    ]

    static let items: [Item] =
        DemoProducts.cars.map { Item(name: $0.0, category: "auto_new", cents: $0.1 * 100, costPercent: 91, unit: "台") }
        + DemoProducts.carService.map { Item(name: $0.0, category: "auto_service", cents: ($0.1 + $0.2) * 50, costPercent: 55, unit: "次") }
        + [
            Item(name: "原厂脚垫", category: "auto_service", cents: 68_000, costPercent: 50, unit: "套"),
            Item(name: "车队保养服务", category: "auto_service", cents: 98_000, costPercent: 60, unit: "次"),
        ]
        + DemoProducts.tours.map { Item(name: $0.0, category: "travel", cents: $0.1 * 100, costPercent: 86, unit: "人") }
        + DemoProducts.goods.map { Item(name: $0.0, category: "goods", cents: $0.1 * 100, costPercent: 62, unit: "件") }
        + DemoProducts.drinks.map { Item(name: $0.0, category: "drinks", cents: $0.1 * 100, costPercent: 68, unit: "箱") }

    static func insert(_ demo: Demo, _ tx: any Transaction) throws {
        let at = Instant(demo.asOf - 720, hour: 9)
        var known: [String: Ref<ProductCategory>] = [:]
        for (position, category) in categories.enumerated() {
            var record = Record<ProductCategory>()
            (record.code, record.name, record.position) = (category.code, category.name, (position + 1) * 10)
            record.parent = category.parent.flatMap { known[$0] }
            known[category.code] = try tx.insert(record).id
        }
        var products: [(Item, Ref<Product>)] = []
        for (position, item) in items.enumerated() {
            var record = Record<Product>()
            (record.name, record.code, record.unit) = (item.name, "P-\(DemoIdentity.padded(position + 1, 4))", item.unit)
            record.category = known[item.category]
            record.price = Money(cents: Int64(item.cents))
            record.cost = Money(cents: Int64(item.cents * item.costPercent / 100))
            record.floorPrice = Money(cents: Int64(item.cents * (item.costPercent + 3) / 100))
            record.isService = ["auto_service", "travel"].contains(item.category)
            record.isDemo = true
            DemoClock.stamp(&record.row, at)
            products.append((item, try tx.insert(record).id))
        }
        let diamond = try DemoDirectory(tx).levels["diamond"].map { Ref<CustomerLevel>($0) }
        try book("经销批发价", .distributor, nil, [("drinks", 88, 1), ("drinks", 84, 200)], products, tx)
        try book("大客户车价", .fleet, nil, [("auto_new", 97, 1), ("auto_new", 95, 5)], products, tx)
        try book("钻石会员价", nil, diamond, [("goods", 92, 1), ("auto_service", 90, 1)], products, tx)
    }

    /// The range, by name.
    static func products(_ tx: any Transaction) throws -> [String: Int64] { try DemoDirectory.ids(of: Product.name, by: "name", tx) }

    private static func book(
        _ name: String, _ channel: SalesChannel?, _ level: Ref<CustomerLevel>?, _ parts: [(category: String, percent: Int, from: Int)],
        _ products: [(Item, Ref<Product>)], _ tx: any Transaction
    ) throws {
        var record = Record<PriceBook>()
        (record.name, record.channel, record.level) = (name, channel, level)
        let saved = try tx.insert(record).id
        var position = 0
        for part in parts {
            for (item, product) in products where item.category == part.category {
                var line = Record<PriceBookLine>()
                (line.book, line.product, line.minQuantity, line.position) = (saved, product, part.from, position)
                line.price = Money(cents: Int64(item.cents * part.percent / 100))
                try tx.insert(line)
                position += 1
            }
        }
    }
}
