import Records

/// A report that somebody made: lent to others like any record, and to everybody with a role. Who opens it sees only what they may see.
public struct SavedReport: Entity {
    public static let name = "saved_reports", label = "自定义报表"
    public static var traits: EntityTraits {
        EntityTraits(icon: "chart-column-big", english: "Reports of one’s own").with {
            $0.sort = ["name"]
            $0.indexes = [["owner_id", "name"]]
        }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 60), .title)
    public let about = Field<String?>("about", "说明", kind: TextKind(limit: 200), .inList, .english("What it tells"))
    public let roles = Field<Refs<Role>>(
        "role_ids", "共享给角色", .help("拥有这些角色的人可以查看", "Whoever has one of these roles may open it"), .english("Shared with roles"))
    /// The ready report it was copied from, whose figures it keeps.
    public let origin = Field<String?>("origin", "来自", kind: TextKind(limit: 60), .internal, .readOnly)
    public let parts = Field<Lines<SavedReportPart>>("parts", "内容", .english("Parts"))
    public init() {}

    public static let mostParts = 24
}

/// One question of a report: a chart over its table.
public struct SavedReportPart: Entity {
    public static let name = "saved_report_parts", label = "报表内容"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "chart-column-big", english: "Parts of reports").with {
            $0.parent = "report_id"
            $0.sort = ["position", "id"]
        }
    }

    public let report = Field<Ref<SavedReport>>("report_id", "报表", .indexed)
    public let title = Field<String>("name", "标题", kind: TextKind(limit: 60), .title)
    public let entity = Field<String>(
        "entity", "对象", kind: TextKind(limit: 60), .inList, .help("对象的标识，例如 customers", "The entity's name, such as customers"))
    public let question = Field<String>(
        "question", "问题", kind: TextKind(limit: 4000, searching: .none), .inList,
        .help("与列表“统计”的地址写法相同", "As in the address of a list's statistics"))
    public let time = Field<String?>(
        "time", "时期字段", kind: TextKind(limit: 60), .inList,
        .help("报表的时期按哪个日期字段筛选，例如 closed_on；留空不随时期变", "By which date the report's period is reckoned, such as closed_on; none when empty"))
    public let position = Field<Int?>("position", "顺序", .english("Order"))
    public init() {}

    public static var rules: Rules {
        .of(SavedReportPart.self) {
            $0.beforeSave { part, _, tx in
                let tx = try tx.gate
                try tx.check(part.question, of: part.entity)
                if let time = part.time, tx.catalog[part.entity]?[time]?.isTime != true {
                    throw Problem("time", code: "not_found", "「\(time)」不是日期字段")
                }
            }
        }
    }
}

/// A report as a page shows it: somebody's, or one that came with the product.
public struct ReportSheet: Sendable {
    /// The record's number, or the code of a ready one.
    public var key: String
    public var report: ReportDefault
    public var isOwn = false
    public var canChange = false
    /// The parts' numbers in their order; none on a ready one.
    public var partIDs: [Int64] = []

    public init(key: String, report: ReportDefault) {
        self.key = key
        self.report = report
    }
}

extension ReportDefault.Area {
    public static let own = Self("own", "我的报表", "My reports", icon: "bookmark")
}

extension View {
    /// The reports that people made and the actor may open: own ones, those lent to them, those for one of their roles. Without their
    /// parts.
    public func savedReports() throws -> [ReportSheet] {
        let schema = catalog.schema(SavedReport.self)
        guard may("read", schema) else { return [] }
        let lent = actor.sharedReading[schema.name] ?? []
        let near = try page(ListRequest(schema, where: .field("owner_id", .eq, .int(actor.userID)) || .ids(lent), limit: 200)).rows
        let known = Set(near.map(\.id)), shared = try sharedWithRoles().filter { !known.contains($0.id) }
        // bounded: lists.
        return (near.filter { $0.ownerID == actor.userID } + near.filter { $0.ownerID != actor.userID } + shared).map {
            sheet($0, parts: [])
        }
    }

    private func sharedWithRoles() throws -> [Row] {
        let roles = try ownRoleIDs()
        guard !roles.isEmpty else { return [] }
        return try reading.fetch(
            Query(
                catalog.schema(SavedReport.self), where: .field("role_ids", .in, .list(roles.map(Value.int))), sort: [Query.Sort("name")],
                limit: 200))
    }

    private func ownRoleIDs() throws -> [Int64] {
        let users = catalog.schema(User.self)
        return try users["roles"].map { try reading.linked(users, $0, of: [actor.userID])[actor.userID] ?? [] } ?? []
    }

    /// One of the product's or of somebody's, with its parts.
    public func report(_ key: String) throws -> ReportSheet {
        guard let id = Int64(key) else { return ReportSheet(key: key, report: try readyReport(key)) }
        let schema = catalog.schema(SavedReport.self), shared = try sharedWithRoles().first { $0.id == id }
        let row = try shared ?? record(schema, id: id)
        return sheet(
            row,
            parts: try reading.fetch(
                Query(
                    catalog.schema(SavedReportPart.self), where: .field("report_id", .eq, .int(id)),
                    sort: [Query.Sort("position"), Query.Sort("id")], limit: SavedReport.mostParts)
            ).map(Record<SavedReportPart>.init))
    }

    private func sheet(_ row: Row, parts: [Record<SavedReportPart>]) -> ReportSheet {
        let record = Record<SavedReport>(row), about = record.about ?? ""
        let figures = record.row["origin"].text.flatMap { code in readyReports().first { $0.code == code } }?.figures ?? []
        var report = ReportDefault(
            "saved", .own, row.title, row.title, about, about, figures: figures,
            parts.map { .init($0.title, $0.title, of: $0.entity, $0.question, time: $0.time) })
        report.code = String(row.id)
        var sheet = ReportSheet(key: String(row.id), report: report)
        (sheet.isOwn, sheet.canChange, sheet.partIDs) = (
            row.ownerID == actor.userID, row.ownerID == actor.userID || may("update", row), parts.map(\.id.id)
        )
        return sheet
    }
}

extension GateTransaction {
    /// A report of the actor's own, empty or with the parts of another.
    @discardableResult
    public func addReport(_ name: String, like key: String? = nil) throws -> Int64 {
        let source = try key.map { try report($0) }
        let parts = source?.report.parts.enumerated().map { place, part in
            Plain.object([
                "name": .text(String(part.title(actor.language).prefix(60))), "entity": .text(part.entity),
                "question": .text(part.question), "time": part.time.map(Plain.text) ?? .null, "position": .int(Int64(place)),
            ])
        }
        var input: [String: Plain] = ["name": .text(String(name.prefix(60))), "about": .text(source?.report.about(actor.language) ?? "")]
        if let parts { input["parts"] = .list(parts) }
        let made = try create(catalog.schema(SavedReport.self), input)
        if let source, !source.report.figures.isEmpty, Int64(source.key) == nil {
            var record = Record<SavedReport>(made)
            record.origin = source.key
            try save(record)
        }
        return made.id
    }

    /// Puts a question behind the others, or in the place of one that is there.
    public func addPart(
        _ title: String, of entity: String, _ question: String, time: String?, to id: Int64, inPlaceOf part: Int64? = nil
    ) throws {
        let sheet = try report(String(id))
        guard sheet.partIDs.count < SavedReport.mostParts || part != nil else {
            throw Problem("parts", code: "too_many", "一张报表最多 \(SavedReport.mostParts) 个图表")
        }
        var parts = zip(sheet.partIDs, sheet.report.parts).enumerated().map { place, pair in
            Plain.object([
                "id": .int(pair.0), "name": .text(pair.1.title.chinese), "entity": .text(pair.1.entity), "question": .text(pair.1.question),
                "time": pair.1.time.map(Plain.text) ?? .null, "position": .int(Int64(place)),
            ])
        }
        var new: [String: Plain] = [
            "name": .text(title), "entity": .text(entity), "question": .text(question), "time": time.map(Plain.text) ?? .null,
        ]
        if let part, let place = sheet.partIDs.firstIndex(of: part) {
            (new["id"], new["position"]) = (.int(part), .int(Int64(place)))
            parts[place] = .object(new)
        } else {
            new["position"] = .int(Int64(parts.count))
            parts.append(.object(new))
        }
        try update(catalog.schema(SavedReport.self), id: id, ["parts": .list(parts)])
    }
}
