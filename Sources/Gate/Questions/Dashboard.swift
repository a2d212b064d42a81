import Records

/// Somebody's page of saved questions; lent to others like any record.
public struct Dashboard: Entity {
    public static let name = "dashboards", label = "仪表盘"
    public static var traits: EntityTraits { EntityTraits(icon: "layout-dashboard", english: "Dashboards").with { $0.sort = ["name"] } }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 60), .title)
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200), .quick)
    public let tiles = Field<Lines<DashboardTile>>("tiles", "磁贴")
    public init() {}

    public static let mostTiles = 24
}

/// One question on a dashboard, in its place: lines follow one another, each so many twelfths wide.
public struct DashboardTile: Entity {
    public static let name = "dashboard_tiles", label = "磁贴"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "chart-column-big", english: "Tiles").with {
            $0.parent = "dashboard_id"
            $0.sort = ["position", "id"]
        }
    }

    public let dashboard = Field<Ref<Dashboard>>("dashboard_id", "仪表盘", .indexed)
    public let title = Field<String>("name", "标题", kind: TextKind(limit: 60), .title)
    public let entity = Field<String>(
        "entity", "对象", kind: TextKind(limit: 60), .inList, .help("对象的标识，例如 customers", "The entity's name, such as customers"))
    public let question = Field<String>(
        "question", "问题", kind: TextKind(limit: 4000, searching: .none),
        .help(
            "与列表“统计”的地址写法相同：by=、and=、measure=、chart=、span= 和筛选",
            "As in the address of a list's statistics: by=, and=, measure=, chart=, span= and filters"))
    public let width = Field<Int>(
        "width", "宽度", kind: WholeNumberKind(range: 2...12), .initial(6), .help("占 12 格中的几格", "So many twelfths of the page"))
    public let isTall = Field<Bool?>("is_tall", "加高", .english("Tall"))
    public let position = Field<Int?>("position", "顺序", .english("Order"))
    public init() {}

    public static var rules: Rules {
        .of(DashboardTile.self) {
            $0.beforeSave { tile, change, tx in
                let tx = try tx.gate
                // What its pack's return will answer again stays as it is.
                let isOld = !change.changed(\DashboardTile.entity, in: tile) && !change.changed(\DashboardTile.question, in: tile)
                if !change.isNew, isOld, tx.catalog.resting(tile.entity) != nil { return }
                try tx.check(tile)
            }
        }
    }
}

extension GateTransaction {
    /// The question can be asked, by whoever saves it.
    func check(_ tile: Record<DashboardTile>) throws { try check(tile.question, of: tile.entity) }

    func check(_ question: String, of entity: String) throws {
        guard (try? schema(named: entity)) != nil else { throw Problem("entity", code: "not_found", "没有可以统计的对象「\(entity)」") }
        do {
            try check(try Question(QueryItems(parsing: question), of: entity))
        } catch let refusal as Refusal { throw Problem("question", "问题无法统计：\(Reason.text(refusal))") }
    }
}

/// A dashboard as a page shows it: a record, or one that came with the product.
public struct DashboardSheet: Sendable {
    /// The record's number, or the code of a default.
    public var key: String
    public var title: String
    public var isOwn: Bool
    public var canChange: Bool
    public var tiles: [Tile]

    public struct Tile: Sendable {
        /// Zero on a default.
        public var id: Int64
        public var title: String
        public var entity: String
        public var question: String
        public var width: Int
        public var isTall: Bool

        public init(id: Int64 = 0, title: String, entity: String, question: String, width: Int = 6, isTall: Bool = false) {
            (self.id, self.title, self.entity) = (id, title, entity)
            (self.question, self.width, self.isTall) = (question, width, isTall)
        }
    }
}

extension View {
    /// What the actor may open: own ones and those lent to them, then those that came with the product for their roles. Without their
    /// tiles.
    public func dashboards() throws -> [DashboardSheet] {
        var sheets: [DashboardSheet] = []
        let schema = catalog.schema(Dashboard.self)
        if may("read", schema) {
            let lent = actor.sharedReading[schema.name] ?? []
            let rows = try page(ListRequest(schema, where: .field("owner_id", .eq, .int(actor.userID)) || .ids(lent), limit: 100)).rows
            sheets = rows.map { sheet($0) }
            sheets = sheets.filter(\.isOwn) + sheets.filter { !$0.isOwn }
        }
        let roles = try ownRoles()
        return sheets
            + catalog.dashboards.filter { !roles.isDisjoint(with: $0.roles) }.map {
                DashboardSheet(key: $0.code, title: $0.label(actor.language), isOwn: false, canChange: false, tiles: [])
            }
    }

    /// One with its tiles.
    public func dashboard(_ key: String) throws -> DashboardSheet {
        guard let id = Int64(key) else {
            let roles = try ownRoles()
            guard let known = catalog.dashboards.first(where: { $0.code == key }),
                key == DashboardDefault.home || !roles.isDisjoint(with: known.roles)
            else { throw Refusal.notFound }
            let tiles = known.tiles.filter { tile in catalog[tile.entity].map { may("read", $0) } ?? false }
            return DashboardSheet(
                key: key, title: known.label(actor.language), isOwn: false, canChange: false,
                tiles: tiles.map {
                    DashboardSheet.Tile(
                        id: 0, title: $0.title(actor.language), entity: $0.entity, question: $0.question, width: $0.width, isTall: false)
                })
        }
        let row = try record(catalog.schema(Dashboard.self), id: id)
        var sheet = sheet(row)
        sheet.tiles = try lines(of: row, Schema.field(\Dashboard.tiles)).map { line in
            let tile = Record<DashboardTile>(line)
            return DashboardSheet.Tile(
                id: line.id, title: tile.title, entity: tile.entity, question: tile.question, width: tile.width,
                isTall: tile.isTall ?? false)
        }
        return sheet
    }

    private func sheet(_ row: Row) -> DashboardSheet {
        DashboardSheet(key: String(row.id), title: row.title, isOwn: row.ownerID == actor.userID, canChange: may("update", row), tiles: [])
    }

    /// The codes of the roles that the actor carries.
    private func ownRoles() throws -> Set<String> {
        let users = catalog.schema(User.self)
        guard let field = users["roles"] else { return [] }
        let ids = try reading.linked(users, field, of: [actor.userID])[actor.userID] ?? []
        return Set(try reading.rows(catalog.schema(Role.self), ids: ids).filter { $0.deletedAt == nil }.map { Record<Role>($0).code })
    }
}

extension GateTransaction {
    /// A new dashboard of the actor's, empty or with the tiles of another.
    @discardableResult
    public func addDashboard(_ name: String, like key: String? = nil) throws -> Int64 {
        var input: [String: Plain] = ["name": .text(name)]
        if let key { input["tiles"] = .list(try dashboard(key).tiles.map(\.plain)) }
        return try create(catalog.schema(Dashboard.self), input).id
    }

    /// Puts a tile behind the others, or a question in the place of one that is there.
    public func addTile(_ tile: DashboardSheet.Tile, to id: Int64) throws {
        var tiles = try dashboard(String(id)).tiles
        if tile.id != 0, let place = tiles.firstIndex(where: { $0.id == tile.id }) { tiles[place] = tile } else { tiles.append(tile) }
        try arrange(tiles, on: id)
    }

    /// Its tiles as they are from now on, in this order.
    public func arrange(_ tiles: [DashboardSheet.Tile], on id: Int64, name: String? = nil) throws {
        guard tiles.count <= Dashboard.mostTiles else {
            throw Problems([Problem("tiles", code: "too_many", "一个仪表盘最多 \(Dashboard.mostTiles) 个磁贴")])
        }
        var input: [String: Plain] = ["tiles": .list(tiles.map(\.plain))]
        if let name { input["name"] = .text(name) }
        try update(catalog.schema(Dashboard.self), id: id, input)
    }
}

extension DashboardSheet.Tile {
    var plain: Plain {
        var members: [String: Plain] = [
            "name": .text(title), "entity": .text(entity), "question": .text(question), "width": .int(Int64(width)),
            "is_tall": .bool(isTall),
        ]
        if id != 0 { members["id"] = .int(id) }
        return .object(members)
    }
}
