import Core
import Records

/// What the company sells: a car, a tour, a case of water, an hour of work. Price books say for whom it costs less.
public struct Product: Entity {
    public static let name = "products", label = "产品"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "package", menu: .sales, english: "Products").with {
            $0.sort = ["code"]
            $0.hasTags = true
            $0.hasAttachments = true
            $0.highlights = ["category_id", "price_cents", "unit", "status"]
            $0.related = ["price_book_lines"]
        }
    }

    public let name = Field<String>("name", "产品名称", kind: TextKind(limit: 200), .title, .aliases("品名", "名称", "商品名称"))
    public let code = Field<String?>(
        "code", "产品编码", kind: AutoNumberKind("P-{####}"), .unique, .searchable, .inList,
        .help("留空自动编号", "Numbered automatically when empty"), .english("Product code"), .aliases("编码", "货号", "商品编码"))
    public let category = Field<Ref<ProductCategory>?>("category_id", "产品分类", .inList, .quick, .indexed, .aliases("分类"))
    public let spec = Field<String?>("spec", "规格", kind: TextKind(limit: 200), .inList, .searchable, .aliases("规格型号", "型号"))
    public let unit = Field<String?>(
        "unit", "单位", kind: TextKind(limit: 20), .quick, .initial("件"), .english("Unit of sale"), .aliases("计量单位"))
    public let price = Field<Money>(
        "price_cents", "标准价", .inList, .quick, .indexed, .english("List price"), .aliases("价格", "售价", "单价", "指导价"))
    public let status = Field<Status>("status", "状态", .inList, .initial("active"))
    public let isService = Field<Bool?>("is_service", "服务类", .english("A service"))
    public let remark = Field<String?>("remark", "说明", kind: LongTextKind(), .searchable)

    public let cost = Field<Money?>("cost_cents", "成本价", .sensitive, .section(.costs), .english("Unit cost"), .aliases("成本", "进价"))
    public let floorPrice = Field<Money?>(
        "floor_cents", "最低售价", .sensitive, .section(.costs), .help("低于此价的报价须经理批准", "A quote below it takes a manager's approval"),
        .english("Floor price"), .aliases("底价"))
    public let floorMargin = Field<Percent?>(
        "floor_margin_bp", "最低毛利率", .sensitive, .section(.costs), .help("留空按公司参数", "The company's parameter when empty"),
        .english("Floor margin"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.costs))

    public init() {}

    public enum Status: String, Choice {
        case active, stopped
        public static let options: [Option<Status>] = [.init(.active, "在售", .ok, aliases: ["上架"]), .init(.stopped, "停售", aliases: ["下架"])]
    }

    public static var rules: Rules {
        .of(Product.self) {
            $0.beforeSave { product, _, _ in
                if product.price < .zero { throw Problem("price_cents", "标准价不能为负") }
                if let floor = product.floorPrice, floor > product.price { throw Problem("floor_cents", "最低售价不能高于标准价") }
            }
            $0.duplicate(Duplicate(["name", "spec"], exact: false, "名称和规格相同"))
        }
    }

    public static var flow: Flow? {
        .of(Product.self, \.status) {
            $0.step("stop", "停售", from: [.active], to: .stopped, icon: "circle-pause")
            $0.step("resume", "恢复在售", from: [.stopped], to: .active, icon: "circle-play", english: "Sell again")
        }
    }
}
