import Foundation
import Gate
import Hummingbird
import Records
import TestSupport
import Testing

@testable import Web

// The whole declaration of an entity, and the one line that makes it part of the system.
struct Umbrella: Entity {
    static let name = "umbrellas", label = "雨伞"
    static var traits: EntityTraits { EntityTraits(icon: "umbrella", english: "Umbrellas").with { $0.menu = Words("办公", "Office") } }
    let title = Field<String>("name", "名称", .title)
    let size = Field<Int?>("size", "尺寸", .inList)
    let lentOn = Field<Day?>("lent_on", "借出日期", .inList)
    init() {}
}

// Due, but with states of its own, none of which says that it is open.
struct GivingBack: Entity {
    static let name = "givings_back", label = "归还"
    enum Status: String, Choice {
        case lent, back
        static let options: [Option<Status>] = [.init(.lent, "借出"), .init(.back, "已归还")]
    }
    let title = Field<String>("name", "名称", .title)
    let dueAt = Field<Instant?>("due_at", "应还时间")
    let status = Field<Status>("status", "状态", .initial("lent"))
    init() {}
}

enum Lending: Capability {
    static let name = "lending", label = "借用"
    static let entities: [any Entity.Type] = [Umbrella.self, GivingBack.self]
}

@Suite("Three declared fields are")
struct ThreeFieldsTests {
    @Test("a table, a list, a form, a record page, a menu entry, a line in search and palette")
    func pages() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/").has("href=\"/umbrellas\""))
            #expect(try await browser.get("/umbrellas/new").has("name=\"name\""))
            let made = try await browser.post("/umbrellas", ["name": "蓝色长柄伞", "size": "120", "lent_on": "2026-11-20"])
            let page = try #require(made.location)
            let form = try await browser.get(page + "/edit")
            #expect(form.has("name=\"name\"") && form.has("name=\"size\"") && form.has("name=\"lent_on\""))
            let record = try await browser.get(page)
            #expect(record.has("蓝色长柄伞") && record.has("尺寸") && record.has("120") && record.has("借出日期"))
            let list = try await browser.get("/umbrellas?filter[size][gte]=100&sort=-lent_on")
            #expect(list.has("蓝色长柄伞") && list.has("尺寸"))
            #expect(!(try await browser.get("/umbrellas?filter[size][lt]=100").has("蓝色长柄伞")))
            #expect(try await browser.get("/search?q=lscbs").has("href=\"\(page)\""), "by the initials of its pinyin")
            let palette = try await browser.get("/palette?q=\("雨伞".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")
            #expect(palette.has("href=\"/umbrellas\"") && palette.has("href=\"/umbrellas/new\""))
            #expect(try await browser.get("/palette?q=lscbs").has("href=\"\(page)\""))
        }
    }

    @Test("a board by owner and by month, a calendar")
    func layouts() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            let today = try await office.gate.read(as: try await office.boss) { $0.now.day }
            let made = try await browser.call(.post, "/umbrellas", #"{"name": "红伞", "lent_on": "\#(today.iso)"}"#)
            let id = try #require(made.json["id"]?.int)
            #expect(try await browser.get("/umbrellas?layout=board").has("aria-label=\"林岚\" data-stage"))
            let board = try await browser.get("/umbrellas?layout=board&by=lent_on")
            #expect(board.has("data-stage=\"\(today.iso.prefix(7))\"") && board.has("data-id=\"\(id)\""))
            let calendar = try await browser.get("/umbrellas?layout=calendar&on=lent_on")
            #expect(calendar.has("href=\"/umbrellas/\(id)\"") && calendar.has("/umbrellas/quick?lent_on=\(today.iso)"))
        }
    }

    @Test("no work of the home page when none of their states counts as open")
    func home() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/").has("您好，林岚"))
        }
    }

    @Test("an address of REST for everything that one can do, and its part of the OpenAPI document")
    func rest() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            let made = try await browser.call(.post, "/umbrellas", #"{"name": "伞", "size": 90}"#)
            let id = try #require(made.json["id"]?.int)
            #expect(made.status == 201 && made.location == "/api/v1/umbrellas/\(id)")
            #expect(try await browser.call(.patch, "/umbrellas/\(id)", #"{"lent_on": "2026-11-23"}"#).json["lent_on"] == "2026-11-23")
            #expect(try await browser.call(.get, "/umbrellas?filter[lent_on]=2026-11-23").json["count"] == 1)
            #expect(try await browser.call(.post, "/umbrellas", #"{"size": "x", "colour": 1}"#).json["errors"]?.list?.count == 3)
            #expect(try await browser.call(.delete, "/umbrellas/\(id)").status == 204)
            #expect(try await browser.call(.get, "/umbrellas/\(id)").status == 404)
            #expect(try await browser.call(.post, "/umbrellas/\(id)/restore").status == 200)
            #expect(try await browser.call(.get, "/umbrellas/\(id)/timeline").has("\"restore\""))
            #expect(try await browser.call(.get, "/schema/umbrellas").has("借出日期"))
            let document = try await browser.get("/api/openapi.json").json
            let paths = try #require(document["paths"]?.object)
            #expect(
                paths["/api/v1/umbrellas"]?.object?["post"] != nil && paths["/api/v1/umbrellas/{id}"]?.object?["patch"] != nil
                    && paths["/api/v1/umbrellas/export"] != nil)
            let fields = document["components"]?.object?["schemas"]?.object?["umbrellas_new"]?.object
            #expect(fields?["required"] == ["name"] && fields?["properties"]?.object?["lent_on"]?.object?["format"] == "date")
        }
    }

    @Test("imported, exported, changed in bulk, and written down")
    func exchange() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            let sheet = "名称,尺寸,借出日期\r\n红伞,80,2026-01-02\r\n,1,\r\n绿伞,九十,\r\n黄伞,70,\r\n"
            let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\(sheet)\r\n--b--\r\n"
            try await office.working {
                let started = try await browser.call(.post, "/umbrellas/import", body, type: "multipart/form-data; boundary=b")
                #expect(started.status == 202)
                let job = try await over(started, browser)
                #expect(job["result"]?.object?["created"]?.object?["umbrellas"] == 2)
                let rejected = job["result"]?.object?["rejected_rows"]?.list?.compactMap { $0.object?["line"]?.int } ?? []
                #expect(rejected == [3, 4])
                let bulk = try await over(
                    try await browser.call(
                        .post, "/umbrellas/bulk", #"{"filter": {"size": {"gte": 75}}, "action": "update", "values": {"size": 81}}"#),
                    browser)
                #expect(bulk["done"] == 1)
            }
            let exported = try await browser.call(.get, "/umbrellas/export?fields=name,size,lent_on&sort=name")
            #expect(exported.text == "\u{FEFF}名称,尺寸,借出日期\r\n红伞,81,2026-01-02\r\n黄伞,70,\r\n")
            let audit = try await browser.get("/settings/audit?entity=umbrellas")
            #expect(audit.has("红伞") && audit.has("尺寸"))
        }
    }

    private func over(_ started: Browser.Answer, _ browser: Browser) async throws -> [String: Plain] {
        let id = try #require(started.json["id"]?.int)
        func job() async throws -> [String: Plain] { try await browser.call(.get, "/jobs/\(id)").json }
        try await eventually("the job has ended") { try await ["done", "failed"].contains(job()["status"]) }
        return try await job()
    }

    @Test("a row in the matrix of rights, which opens and closes them")
    func rights() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            _ = try await browser.post("/umbrellas", ["name": "公司的伞", "size": "120"])
            let role = try await office.role("sales_consultant"), his = browser.other
            #expect(try await browser.get("/settings/roles/\(role)").has("name=\"r.umbrellas.read\""))
            #expect(try await browser.get("/settings/roles/\(role)?tab=fields&entity=umbrellas").has("name=\"f.umbrellas.size\""))
            try await his.logIn("liwei")
            #expect(try await his.get("/umbrellas").status == 404)
            #expect(try await his.call(.get, "/umbrellas").status == 404)
            #expect(!(try await his.get("/").has("href=\"/umbrellas\"")))
            #expect(try await browser.post("/settings/roles/\(role)", ["part": "rights", "r.umbrellas.read": "all"]).status == 303)
            #expect(try await his.get("/umbrellas").has("公司的伞"))
            #expect(try await his.call(.post, "/umbrellas", #"{"name": "伞"}"#).status == 403)
        }
    }
}
