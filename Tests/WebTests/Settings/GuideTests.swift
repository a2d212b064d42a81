import Foundation
import Gate
import Hummingbird
import HummingbirdTesting
import Logging
import Records
import TestSupport
import Testing

@testable import Web

@Suite("The first days, step by step")
struct GuideTests {
    @Test("from the set-up link to the first day's work; an error loses nothing, a step may be passed over and come back to")
    func allTheWay() async throws {
        try await Founding.open { founding, browser in
            #expect(try await browser.get("/setup/guide").location == "/setup/trade")
            let trade = try await browser.get("/setup/trade")
            #expect(trade.has("第 1 步，共 5 步") && trade.has("雨天生意") && trade.has("借伞") && !trade.has("spaceships"))
            #expect(try await browser.post("/setup/trade").status == 422)
            let chosen = try await browser.post("/setup/trade", ["trade": "rain"])
            #expect(chosen.location == "/setup/places" && chosen.flash == "已启用「借伞」")
            #expect(founding.gate.catalog["umbrellas"] != nil)

            let twice = try await browser.post(
                "/setup/places", ["name_1": "东门店", "kind_1": "store", "name_3": "东门店", "kind_3": "department"])
            #expect(twice.status == 422 && twice.has("已有名为「东门店」") && twice.has("id=\"f-name_3-e\""))
            #expect(twice.text.components(separatedBy: "value=\"东门店\"").count == 3, "what was typed is there still")
            #expect(try await founding.places() == [], "all or none")
            let places = try await browser.post(
                "/setup/places", ["name_1": "东门店", "kind_1": "store", "name_3": "客服部", "kind_3": "department"])
            #expect(places.location == "/setup/people")
            #expect(try await founding.places() == ["东门店", "客服部"])

            #expect(try await browser.get("/").has("初始设置还有 3 步没有完成"))
            #expect(try await browser.get("/settings").has("href=\"/setup/guide\""))
            #expect(try await browser.get("/setup/guide").location == "/setup/people", "where it stopped")
            #expect(try await browser.post("/setup/people/skip").location == "/setup/parameters")

            let nameless = try await browser.post("/setup/people", ["name_1": "王芳", "username_1": "wangfang", "name_2": "无名"])
            #expect(nameless.status == 422 && nameless.has("value=\"王芳\"") && nameless.has("id=\"f-username_2-e\""), "\(nameless)")
            let role = try #require(try await founding.accounts.chart().roles.values.first { $0.code == "gm" }?.id)
            let people = try await browser.post(
                "/setup/people", ["name_1": "王芳", "username_1": "wangfang", "role_1": String(role), "name_2": "李雷", "username_2": "lilei"])
            #expect(people.status == 200 && people.has("wangfang") && people.has("已添加 2 人"))
            let password = try #require(people.text.firstMatch(of: /<code class="num">([a-z0-9-]+)<\/code>/)?.1)
            #expect(!(try await browser.get("/setup/people").has(String(password))), "shown once")
            let her = browser.other
            #expect(try await her.logIn("wangfang", String(password)).status == 303)
            #expect(try await her.get("/setup/trade").status != 200)

            let wrong = try await browser.post(
                "/setup/parameters", ["p_calendar_week": "six", "p_calendar_hours": "从早到晚"])
            #expect(wrong.status == 422 && wrong.has("value=\"从早到晚\"") && wrong.has("id=\"f-p_calendar_hours-e\""))
            let set = try await browser.post(
                "/setup/parameters", ["p_calendar_week": "six", "p_calendar_hours": "08:30-17:30"])
            #expect(set.location == "/setup/records")
            #expect(try await browser.get("/settings/parameters/calendar.week").has("首次设置"))

            #expect(try await browser.get("/setup/records").has("href=\"/umbrellas/import\""))
            let end = try await browser.post("/setup/records")
            #expect(end.location == "/" && end.flash == "设置完成，可以开始工作了")
            #expect(!(try await browser.get("/").has("/setup/guide")))
            #expect(!(try await browser.get("/settings").has("/setup/guide")))
        }
    }

    @Test("who wants no guide is not asked again")
    func dismissed() async throws {
        try await Founding.open { _, browser in
            #expect(try await browser.get("/").has("初始设置还有 5 步没有完成"))
            let ended = try await browser.post("/setup/guide/end")
            #expect(ended.location == "/")
            #expect(!(try await browser.get("/").has("/setup/guide")))
        }
    }
}

/// A system on its first day: the link was opened, 林岚 has named the company and is logged in.
private struct Founding {
    let gate: Gate
    let accounts: Accounts

    static func open(_ body: @escaping @Sendable (Founding, Browser) async throws -> Void) async throws {
        let lending = Pack("lending", Words("借伞", "Lending"), Words("借给客户的雨伞", "Umbrellas"), icon: "umbrella", [Lending.self])
        let trades = [
            Trade("rain", Words("雨天生意", "Rain"), Words("借伞", "Umbrellas"), icon: "umbrella", packs: ["lending", "spaceships"]),
            Trade("sun", Words("晴天生意", "Sun"), Words("不借伞", "No umbrellas"), icon: "sun", packs: []),
        ]
        try await Engine.sqlite.open { store, folder in
            let gate = Gate(
                store: store, packs: [.base("calendar", [Hours.self]), lending], secrets: Secrets(root: Array(repeating: 7, count: 32)),
                clock: .standing)
            let accounts = Accounts(gate, cost: ScryptCost(logN: 4, r: 1, p: 1))
            _ = try await gate.openStore()
            try await accounts.prepare()
            var settings = WebSettings(assets: AssetStore(folders: []), dataFolder: folder.path, version: "test", health: { nil })
            settings.trades = trades
            var logger = Logger(label: "test")
            logger.logLevel = .error
            let app = Application(router: WebApp(gate: gate, accounts: accounts, settings: settings).router(), logger: logger)
            try await app.test(.router) { client in
                let browser = Browser(client), token = try await accounts.makeSetUpToken()
                let begun = try await browser.post(
                    "/setup",
                    [
                        "token": token, "company": "恒远汽车", "name": "林岚", "username": "linlan", "password": Office.password,
                        "password_again": Office.password,
                    ])
                #expect(begun.location == "/setup/guide")
                try await body(Founding(gate: gate, accounts: accounts), browser)
            }
        }
    }

    /// What lies below the company.
    func places() async throws -> [String] {
        try await gate.read(as: .system()) { view in
            let below = ListRequest(view.catalog.schema(Department.self), where: .field("parent_id", .notEmpty), sort: [Query.Sort("id")])
            return try view.page(below).rows.map(\.title)
        }
    }
}

private enum Hours: Capability {
    static let name = "hours", label = "工作时间"
    static let entities: [any Entity.Type] = []
    static let parameters = CalendarParameters.all
}
