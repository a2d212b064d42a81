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

            let role = try await founding.role("gm")
            let nameless = try await browser.post(
                "/setup/people", ["name_1": "王芳", "username_1": "wangfang", "role_1": role, "name_2": "无名", "role_2": role])
            #expect(nameless.status == 422 && nameless.has("value=\"王芳\"") && nameless.has("id=\"f-username_2-e\""), "\(nameless)")
            let people = try await browser.post(
                "/setup/people",
                ["name_1": "王芳", "username_1": "wangfang", "role_1": role, "name_2": "李雷", "username_2": "lilei", "role_2": role])
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
            #expect(end.location == "/" && end.flash == "设置完成，可以开始工作了。接下来：新建或导入雨伞")
            #expect(!(try await browser.get("/").has("/setup/guide")))
            #expect(try await browser.get("/settings").has("href=\"/setup/guide\""), "to be read again, with its ticks")
            #expect(try await browser.get("/setup/guide").location == "/setup/trade")
            #expect(try await browser.get("/setup/trade").ticks == 5)
        }
    }

    @Test("later means this step only: the guide stays within reach with what was done")
    func later() async throws {
        try await Founding.open { _, browser in
            #expect(try await browser.post("/setup/trade", ["trade": "sun"]).location == "/setup/places")
            #expect(try await browser.get("/setup/records").has("action=\"/setup/records/skip\""))
            let later = try await browser.post("/setup/records/skip")
            #expect(later.location == "/" && later.flash == "初始设置还有 4 步，随时可以从 设置 ▸ 初始设置 继续")
            #expect(try await browser.get("/").has("初始设置还有 4 步没有完成"))
            #expect(try await browser.get("/settings").has("href=\"/setup/guide\""))
            #expect(try await browser.get("/setup/guide").location == "/setup/places")
            #expect(try await browser.get("/setup/places").ticks == 1)
        }
    }

    @Test("who wants no guide is not asked again, and finds it in the settings")
    func dismissed() async throws {
        try await Founding.open { _, browser in
            #expect(try await browser.get("/").has("初始设置还有 5 步没有完成"))
            _ = try await browser.post("/setup/trade", ["trade": "sun"])
            let ended = try await browser.post("/setup/guide/end")
            #expect(ended.location == "/")
            #expect(!(try await browser.get("/").has("/setup/guide")))
            #expect(try await browser.get("/settings").has("href=\"/setup/guide\""))
            _ = try await browser.post("/setup/places")
            #expect(try await browser.get("/setup/guide").location == "/setup/people")
            #expect(try await browser.get("/setup/people").ticks == 2)
            #expect(!(try await browser.get("/").has("/setup/guide")))
        }
    }

    @Test("nobody is added without a role, or by a name that somebody has")
    func people() async throws {
        try await Founding.open { founding, browser in
            let role = try await founding.role("gm")
            let idle = try await browser.post("/setup/people", ["name_1": "王芳", "username_1": "wangfang"])
            #expect(idle.status == 422 && idle.has("id=\"f-role_1-e\"") && idle.has("请选择角色") && idle.has("value=\"王芳\""))
            let twice = try await browser.post(
                "/setup/people",
                ["name_1": "王芳", "username_1": "wangfang", "role_1": role, "name_3": "王放", "username_3": "WangFang", "role_3": role])
            #expect(twice.status == 422 && twice.marks("username_3") && !twice.marks("username_1"), "\(twice)")
            #expect(twice.has("登录名「wangfang」在这张表里出现了两次") && twice.has("value=\"王芳\"") && twice.has("value=\"WangFang\""))
            let known = try await browser.post(
                "/setup/people",
                ["name_1": "王芳", "username_1": "wangfang", "role_1": role, "name_2": "林兰", "username_2": "linlan", "role_2": role])
            #expect(known.status == 422 && known.marks("username_2") && known.has("登录名「linlan」已有人使用"), "\(known)")
            #expect(try await founding.accounts.chart().members.count == 1, "all or none")
        }
    }

    @Test("who has no role finds a page that says so, and the way out")
    func noRole() async throws {
        try await Founding.open { founding, browser in
            let nobody = try await founding.accounts.addUser(username: "xin", name: "小新", roles: [], password: Office.password)
            let his = browser.other
            try await his.logIn("xin")
            let home = try await his.get("/")
            #expect(nobody.id > 0 && home.status == 200 && home.has("您还没有角色，请联系管理员") && home.has("action=\"/logout\""))
            #expect(try await his.post("/logout").status == 303)
        }
    }
}

extension Browser.Answer {
    /// The steps that the guide shows as done.
    var ticks: Int { text.components(separatedBy: "<li class=\"done\">").count - 1 }
    /// Whether the form's line is the one that is wrong.
    func marks(_ name: String) -> Bool {
        has("id=\"f-\(name)-e\"") && text.contains(try! Regex("id=\"f-\(name)\"[^>]* aria-invalid=\"true\""))
    }
}

/// A system on its first day: the link was opened, 林岚 has named the company and is logged in.
struct Founding {
    let gate: Gate
    let accounts: Accounts

    static func open(_ body: @escaping @Sendable (Founding, Browser) async throws -> Void) async throws {
        let lending = Pack("lending", Words("借伞", "Lending"), Words("借给客户的雨伞", "Umbrellas"), icon: "umbrella", [Lending.self])
        let deposits = Pack(
            "deposits", Words("押金", "Deposits"), Words("雨伞的押金", "Deposits on umbrellas"), icon: "wallet", needs: [lending], [Deposits.self])
        let trades = [
            Trade("rain", Words("雨天生意", "Rain"), Words("借伞", "Umbrellas"), icon: "umbrella", packs: ["lending", "spaceships"]),
            Trade("sun", Words("晴天生意", "Sun"), Words("不借伞", "No umbrellas"), icon: "sun", packs: []),
        ]
        try await Engine.sqlite.open { store, folder in
            let gate = Gate(
                store: store, packs: [.base("calendar", [Hours.self]), lending, deposits],
                secrets: Secrets(root: Array(repeating: 7, count: 32)),
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

    func role(_ code: String) async throws -> String {
        String(try #require(try await accounts.chart().roles.values.first { $0.code == code }?.id))
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

private enum Deposits: Capability {
    static let name = "deposits", label = "押金"
    static let entities: [any Entity.Type] = []
}
