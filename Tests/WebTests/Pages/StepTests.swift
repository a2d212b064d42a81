import Gate
import Records
import Testing

@testable import Web

/// A repair that is only given back with a price.
struct Repair: Entity {
    static let name = "repairs", label = "维修"
    static var traits: EntityTraits { EntityTraits(menu: Words("维修", "Repairs"), english: "Repairs") }
    static var flow: Flow? {
        .of(Repair.self, \.stage) {
            $0.step("begin", "开工", from: [.new], to: .working, primary: true)
            $0.step("finish", "完工", from: [.working], to: .done, requires: [\.price], parameters: [note], primary: true)
        }
    }
    static let note = Field<String?>("note", "交代", kind: TextKind(limit: 50))
    let title = Field<String>("name", "名称", .title)
    let price = Field<Money?>("price_cents", "价格")
    let stage = Field<Stage>("stage", "阶段", .initial("new"))

    enum Stage: String, Choice {
        case new, working, done
        static let options: [Option<Stage>] = [.init(.new, "待修"), .init(.working, "修理中"), .init(.done, "完工")]
    }
}

enum Workshop: Capability {
    static let name = "workshop", label = "维修"
    static let entities: [any Entity.Type] = [Repair.self]
}

@Suite("Steps that wait for a field")
struct StepTests {
    @Test("the step's dialog asks for what is missing, and both are saved or neither")
    func asks() async throws {
        try await Office.open(with: [Workshop.self]) { _, browser in
            try await browser.logIn("linlan")
            let id = try #require(try await browser.call(.post, "/repairs", #"{"name":"换屏"}"#).json["id"]?.int),
                place = "/repairs/\(id)/actions/finish"
            #expect(!(try await browser.get("/repairs/\(id)")).has("act-finish"), "it is not begun")
            #expect(try await browser.post("/repairs/\(id)/actions/begin").status == 303)
            let page = try await browser.get("/repairs/\(id)")
            #expect(page.has("id=\"act-finish\"") && page.has("finish-price_cents") && page.has("class=\"path\""))
            #expect(try await browser.get(place).has("name=\"price_cents\""))
            let empty = try await browser.post(place, ["price_cents": "", "note": "好了"])
            #expect(empty.status == 422 && empty.has("请填写「价格」"))
            let wrong = try await browser.post(place, ["price_cents": "很贵", "note": "好了"])
            #expect(wrong.status == 422)
            #expect(try await browser.call(.get, "/repairs/\(id)").json["stage"] == .text("working"))
            #expect(try await browser.post(place, ["price_cents": "1,280", "note": "好了"]).status == 303)
            let done = try await browser.call(.get, "/repairs/\(id)").json
            #expect(done["stage"] == .text("done") && done["price_cents"] == .int(128_000))
            // What is filled in and stays so needs no asking; a program is told as before.
            let other = try #require(try await browser.call(.post, "/repairs", #"{"name":"换电池"}"#).json["id"]?.int)
            #expect(try await browser.post("/repairs/\(other)/actions/begin").status == 303)
            #expect(try await browser.call(.post, "/repairs/\(other)/actions/finish", "{}").status == 409)
        }
    }
}
