import Foundation
import Gate
import Records
import TestSupport
import Testing

@testable import Web

/// One to five stars: the whole of a field kind, as it would stand in a file of `Records/Kinds`.
struct StarsKind: FieldKind {
    var name: String { "stars" }
    var column: ColumnType { .integer }
    var editor: Editor { .line(inputMode: .numeric) }
    var operators: [Operator] { [.eq, .ne, .gte, .lte, .in, .empty, .notEmpty] }
    var openAPI: [String: Plain] { ["type": "integer", "minimum": 1, "maximum": 5, "description": "星"] }
    var figure: FigureForm? { .score }
    var sharing: Sharing { .usual }
    var sheetForm: SheetForm { .shown }
    func sheetHint(unit: Words?) -> String? { "一到五颗星" }

    /// Reads `4`, `4 星` and `★★★★`.
    func parse(_ text: String) throws(Fault) -> Value {
        let count = text.filter { $0 == "★" }.count
        guard let stars = count > 0 ? count : Int(text.filter { $0 != "星" && $0 != " " }), (1...5).contains(stars) else {
            throw Fault("应为一到五颗星", code: "no_stars")
        }
        return .int(Int64(stars))
    }

    func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: .null
        case .int(let number): try parse(String(number))
        case .text(let text): text.isEmpty ? .null : try parse(text)
        default: throw Fault("应为一到五", code: "wrong_type")
        }
    }

    func check(_ value: Value) -> Fault? { value.int.map { (1...5).contains($0) } ?? true ? nil : Fault("应为一到五颗星") }
    func show(_ value: Value, in language: Language) -> String {
        value.int.map { String(repeating: "★", count: Int($0)) + String(repeating: "☆", count: 5 - Int($0)) } ?? ""
    }
    func edit(_ value: Value) -> String { value.int.map(String.init) ?? "" }
    func mask(_ value: Value) -> String { value.isNull ? "" : "☆☆☆☆☆" }
}

/// The seasons, which are not a ``ChoiceKind`` and yet have names, tones and an order.
struct SeasonKind: FieldKind {
    static let seasons = [ChoiceOption("spring", "春", .ok), ChoiceOption("autumn", "秋", .warn)]

    var name: String { "season" }
    var column: ColumnType { .text }
    var editor: Editor { .choice(Self.seasons) }
    var operators: [Operator] { [.in, .notIn, .eq, .ne, .empty, .notEmpty] }
    var openAPI: [String: Plain] { ["type": "string", "enum": ["spring", "autumn"]] }
    var choices: [ChoiceOption]? { Self.seasons }
    var sharing: Sharing { .usual }

    func parse(_ text: String) throws(Fault) -> Value {
        guard let season = Self.seasons.first(where: { [$0.code, $0.label].contains(text) }) else { throw Fault("应为春或秋") }
        return .text(season.code)
    }
    func show(_ value: Value, in language: Language) -> String { value.text.flatMap { option($0)?.label } ?? "" }
    func edit(_ value: Value) -> String { value.text ?? "" }
}

struct Teahouse: Entity {
    static let name = "teahouses", label = "茶馆"
    static var traits: EntityTraits { EntityTraits(icon: "cup-soda", english: "Teahouses").with { $0.menu = Words("办公", "Office") } }
    let title = Field<String>("name", "名称", .title)
    let stars = Field<Int?>("stars", "星级", kind: StarsKind(), .inList, .sensitive)
    let season = Field<String?>("season", "旺季", kind: SeasonKind(), .inList)
    init() {}
}

private enum TeaDrinking: Capability {
    static let name = "tea", label = "喝茶"
    static let entities: [any Entity.Type] = [Teahouse.self]
}

@Suite("A kind of value that is one file is")
struct OneFileKindTests {
    private func open(_ body: @escaping @Sendable (Office, Browser) async throws -> Void) async throws {
        try await Office.open(with: [TeaDrinking.self]) { office, browser in
            try await browser.logIn("linlan")
            for (name, stars, season) in [("湖畔居", "5", "春"), ("青藤", "★★★", "秋"), ("太极", "3 星", "秋")] {
                #expect(try await browser.post("/teahouses", ["name": name, "stars": stars, "season": season]).status == 303)
            }
            try await body(office, browser)
        }
    }

    @Test("typed into a form, refused there in its own words, shown, changed in its cell")
    func form() async throws {
        try await open { _, browser in
            let refused = try await browser.post("/teahouses", ["name": "无名", "stars": "六"])
            #expect(refused.status == 422 && refused.has("应为一到五颗星") && refused.has("value=\"六\""))
            let list = try await browser.get("/teahouses")
            #expect(list.has("★★★★★") && list.has("★★★☆☆") && list.has("st-warn"))
            let page = try #require(list.links.first { $0.contains(/^\/teahouses\/\d+$/) })
            #expect(try await browser.get(page).has("☆☆"))
            let form = try await browser.get(page + "/edit")
            #expect(form.text.contains(/name="stars"[^>]*inputmode="numeric"[^>]*value="[35]"/) && form.has("<option value=\"spring\""))
            let cell = try await browser.get(page + "/fields/stars")
            #expect(cell.has("name=\"stars\""), "\(cell.status)")
        }
    }

    @Test("filtered and sorted by, a head of groups, columns of a board")
    func lists() async throws {
        try await open { _, browser in
            let best = try await browser.get("/teahouses?filter[stars][gte]=4")
            #expect(best.has("湖畔居") && !best.has("青藤"))
            let three = try await browser.get(
                "/teahouses?filter[stars]=★★★".addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? "")
            #expect(!three.has("湖畔居") && three.has("青藤") && three.has("太极"))
            #expect(try await browser.call(.get, "/teahouses?sort=-stars").json["items"]?.list?.first?.object?["name"] == "湖畔居")
            let grouped = try await browser.get("/teahouses?group=stars"),
                heads = grouped.text.matches(of: /<tr class="grp">.*?<\/tr>/).map { String($0.0) }
            #expect(heads.count == 2 && heads.contains { $0.contains("★★★☆☆") && $0.contains(">2<") }, "\(heads)")
            let board = try await browser.get("/teahouses?layout=board&by=season")
            #expect(board.has("data-stage=\"spring\"") && board.has("data-stage=\"autumn\""))
        }
    }

    @Test("counted by and averaged in reports")
    func reports() async throws {
        try await open { office, _ in
            let (counted, averaged, shares) = try await office.gate.read(as: try await office.boss) { view in
                let schema = try view.schema(named: "teahouses")
                func keys(_ by: String, _ measure: Summary.Measure) throws -> [String] {
                    let answer = try view.answer(Question(of: schema.name, by: [Summary.Group(by)], measures: [measure]))
                    return answer.keys.map { "\($0.label) \(answer.measures[0].show($0.totals[0], in: .chinese))" }
                }
                return (
                    try keys("stars", .count), try keys("season", .average("stars")),
                    view.measureGroups(of: schema).flatMap(\.measures).map(\.text)
                )
            }
            #expect(Set(counted) == ["★★★☆☆ 2", "★★★★★ 1"])
            #expect(averaged.map { $0.prefix(1) } == ["春", "秋"], "in the order of the choices: \(averaged)")
            #expect(shares.contains { $0.contains("season") && $0.contains("spring") }, "\(shares)")
        }
    }

    @Test("read from a sheet and written to one, which says how it is filled in")
    func exchange() async throws {
        try await open { office, browser in
            let sheet = "名称,星级,旺季\r\n梅家坞,四星,春\r\n龙井,4 星,秋\r\n九溪,★★,夏\r\n"
            let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\(sheet)\r\n--b--\r\n"
            try await office.working {
                let started = try await browser.call(.post, "/teahouses/import", body, type: "multipart/form-data; boundary=b")
                let id = try #require(started.json["id"]?.int)
                func job() async throws -> [String: Plain] { try await browser.call(.get, "/jobs/\(id)").json }
                try await eventually("the job has ended") { try await ["done", "failed"].contains(job()["status"]) }
                let result = try await job()["result"]?.object
                #expect(result?["created"]?.object?["teahouses"] == 1)
                #expect(result?["rejected_rows"]?.list?.compactMap { $0.object?["line"]?.int } == [2, 4])
            }
            let exported = try await browser.call(.get, "/teahouses/export?fields=name,stars,season&filter[stars][gte]=4&sort=stars")
            #expect(exported.text == "\u{FEFF}名称,星级,旺季\r\n龙井,★★★★☆,秋\r\n湖畔居,★★★★★,春\r\n")
            let form = try await office.gate.read(as: try await office.boss) {
                try ImportForm(try $0.schema(named: "teahouses"), $0).columns
            }
            #expect(form.first { $0.heading == "星级" }?.remark == "选填；一到五颗星")
        }
    }

    @Test("sent and taken by REST, described in OpenAPI, masked for those who may not see it whole")
    func rest() async throws {
        try await open { office, browser in
            let made = try await browser.call(.post, "/teahouses", #"{"name": "茶人村", "stars": 2, "season": "spring"}"#)
            let id = try #require(made.json["id"]?.int)
            #expect(made.json["stars"] == 2 && made.json["season"] == "spring")
            let refused = try await browser.call(.patch, "/teahouses/\(id)", #"{"stars": 9}"#)
            #expect(refused.status == 422 && refused.has("no_stars"))
            let document = try await browser.get("/api/openapi.json").json
            let field = document["components"]?.object?["schemas"]?.object?["teahouses"]?.object?["properties"]?.object?["stars"]?.object
            #expect(field?["maximum"] == 5 && field?["description"] == "星")
            let role = try await office.role("sales_consultant"), his = browser.other
            #expect(try await browser.post("/settings/roles/\(role)", ["part": "rights", "r.teahouses.read": "all"]).status == 303)
            try await his.logIn("liwei")
            let seen = try await his.get("/teahouses")
            #expect(seen.has("茶人村") && seen.has("☆☆☆☆☆") && !seen.has("★"))
        }
    }
}
