import Foundation
import Gate
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Product
import Records
import TestSupport
import Testing

@testable import Web

@Suite("Packs, on their page and over REST")
struct PackPageTests {
    @Test("the page says what a pack brings and how much goes out of sight, and switches it")
    func page() async throws {
        try await Depot.open { depot, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/settings").has("href=\"/settings/packs\""))
            for size in 1...3 { _ = try await browser.call(.post, "/umbrellas", #"{"name": "伞 \#(size)"}"#) }
            let before = try await browser.get("/settings/packs")
            #expect(before.has("雨伞借用") && before.has("借给客户的雨伞") && before.has(">归还</span>") && before.has("押金"))
            #expect(before.has("停用「雨伞借用」：不会删除任何内容。3 条记录留在数据库里"))
            #expect(before.has("action=\"/settings/packs/deposits/on\"") && before.has("需要"))

            let off = try await browser.post("/settings/packs/lending/off")
            #expect(off.location == "/settings/packs" && off.flash == "已停用「雨伞借用」，记录保留")
            #expect(try await browser.get("/umbrellas").status == 404)
            let after = try await browser.get("/settings/packs")
            #expect(after.has("3 条记录保留着") && after.has("会一并启用「雨伞借用」。"))

            #expect(try await browser.post("/settings/packs/deposits/on").flash == "已启用「雨伞借用」「押金」")
            #expect(try await browser.get("/umbrellas").has("伞 2"))
            #expect(try await browser.get("/settings/packs").has("被需要"))
            let needed = try await browser.post("/settings/packs/lending/off")
            #expect(needed.status == 409 && needed.has("「押金」需要「雨伞借用」，请先停用「押金」。"))
            let log = try await browser.get("/settings/audit?action=pack")
            #expect(log.has("启用或停用功能包") && log.has("雨伞借用"))
        }
    }

    @Test("a product without packs says so")
    func nothing() async throws {
        try await Office.open(packs: [.base("all", Packs.capabilities)]) { _, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/settings/packs").has("没有可以启用或停用的功能包"))
            #expect(try await browser.call(.get, "/packs").json["items"]?.list?.isEmpty == true)
        }
    }

    @Test("only the right over packs is needed, and it is needed")
    func rights() async throws {
        try await Depot.open { depot, browser in
            try await browser.logIn("linlan")
            let role = try await browser.call(.post, "/roles", #"{"code": "switcher", "name": "开关员", "system": ["packs"]}"#)
            #expect(role.status == 201, "\(role)")
            #expect(try await browser.get("/settings/roles/\(role.json["id"]?.int ?? 0)?tab=system").has("启用和停用功能包"))
            try await depot.accounts.addUser(username: "kaiguan", name: "开关", roles: ["switcher"], password: Office.password)
            let his = browser.other
            try await his.logIn("kaiguan")
            #expect(try await his.get("/settings").has("href=\"/settings/packs\""))
            #expect(try await his.get("/settings/packs").status == 200)
            #expect(try await his.post("/settings/packs/lending/off").status == 303)
            #expect(try await his.call(.post, "/packs/lending/on").status == 200)
            #expect(try await his.get("/settings/users").status == 403)

            try await browser.logIn("liwei")
            for (method, path) in [(HTTPRequest.Method.get, "/packs"), (.post, "/packs/lending/off"), (.post, "/packs/lending/on")] {
                #expect(try await browser.call(method, path).status == 403, "\(path)")
            }
            #expect(depot.gate.catalog["umbrellas"] != nil)
            #expect(try await browser.other.call(.get, "/packs").status == 401)
        }
    }

    @Test("over REST packs are read and switched by a key that may do all that its user may")
    func rest() async throws {
        try await Depot.open { depot, browser in
            func key(_ scope: String) async throws -> String {
                try await depot.accounts.makeKey(username: "linlan", name: scope, scopes: [scope]).key
            }
            let all = try await key("admin")
            for scope in ["read", "write"] {
                let narrow = try await key(scope)
                #expect(try await depot.call(.get, "/packs", key: narrow).json["items"]?.list?.count == 2, "\(scope)")
                let off = try await depot.call(.post, "/packs/lending/off", key: narrow)
                #expect(off.status == 403 && off.json["detail"] == "这个 API 令牌的范围不能启用和停用功能包，需要 admin 范围。", "\(off)")
            }
            let single = try await depot.call(.get, "/packs", key: key("umbrellas:read"))
            #expect(single.status == 403 && single.json["detail"] == "这个 API 令牌的范围不能查看功能包，需要 read 范围。", "\(single)")
            let his = try await depot.accounts.makeKey(username: "liwei", name: "read", scopes: ["read"]).key
            let without = try await depot.call(.get, "/packs", key: his)
            #expect(without.status == 403 && without.json["detail"]?.text?.hasPrefix("您没有") == true, "\(without)")
            let list = try await depot.call(.get, "/packs", key: all)
            let first = try #require(list.json["items"]?.list?.first?.object)
            #expect(first["name"] == "lending" && first["label"] == "雨伞借用" && first["on"] == true && first["needs"] == [])
            #expect(first["entities"] == ["umbrellas", "givings_back"])
            #expect(list.json["items"]?.list?.last?.object?["needs"] == ["lending"])

            let off = try await depot.call(.post, "/packs/lending/off", key: all)
            #expect(off.status == 200 && off.json["on"] == false && off.json["name"] == "lending")
            #expect(try await depot.call(.get, "/umbrellas", key: all).status == 404)
            #expect(!(try await browser.get("/api/openapi.json").has("/api/v1/umbrellas")))
            #expect(try await depot.call(.post, "/packs/lending/off", "{}", key: all).status == 200, "once more changes nothing")
            #expect(try await depot.call(.post, "/packs/deposits/on", key: all).json["on"] == true)
            #expect(try await depot.call(.post, "/packs/lending/off", key: all).status == 409)
            let unknown = try await depot.call(.post, "/packs/nothing/on", key: all)
            #expect(unknown.status == 404 && unknown.json["detail"] == "没有名为「nothing」的功能包")
            #expect(try await depot.call(.post, "/packs/engine/off", key: all).status == 404, "what everybody has is no pack to switch")
            #expect(try await depot.call(.post, "/packs/lending/on", #"{"x": 1}"#, key: all).status == 422)
            #expect(try await depot.call(.delete, "/packs/lending/on", key: all).status == 405)
        }
    }
}

/// A company that has nothing but the engine and what may be switched on and off, with its administrator 林岚 and the manager 李伟.
private struct Depot {
    let gate: Gate
    let accounts: Accounts
    let client: any TestClientProtocol

    static func open(_ body: @escaping @Sendable (Depot, Browser) async throws -> Void) async throws {
        try await Engine.sqlite.open { store, folder in
            let gate = Gate(store: store, packs: Shed.packs, secrets: Secrets(root: Array(repeating: 7, count: 32)), clock: .standing)
            let accounts = Accounts(gate, cost: ScryptCost(logN: 4, r: 1, p: 1))
            _ = try await gate.openStore()
            try await accounts.prepare()
            for (username, name, role) in [("linlan", "林岚", "admin"), ("liwei", "李伟", "gm")] {
                try await accounts.addUser(username: username, name: name, roles: [role], password: Office.password, company: "恒远汽车")
            }
            let settings = WebSettings(assets: AssetStore(folders: []), dataFolder: folder.path, version: "test", health: { nil })
            var logger = Logger(label: "test")
            logger.logLevel = .error
            let app = Application(router: WebApp(gate: gate, accounts: accounts, settings: settings).router(), logger: logger)
            try await app.test(.router) { client in
                try await body(Depot(gate: gate, accounts: accounts, client: client), Browser(client))
            }
        }
    }

    /// Calls the REST interface with a key.
    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, key: String
    ) async throws -> (
        status: Int, json: [String: Plain]
    ) {
        var headers: HTTPFields = [.authorization: "Bearer \(key)"]
        if body != nil { headers[.contentType] = "application/json" }
        let answer = try await client.executeRequest(
            uri: "/api/v1" + path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return (answer.status.code, Plain(jsonText: String(buffer: answer.body))?.object ?? [:])
    }
}

/// What may be switched on and off in these tests.
private enum Shed {
    static let lending = Pack(
        "lending", Words("雨伞借用", "Lending"), Words("借给客户的雨伞", "Umbrellas for customers"), icon: "umbrella", isOnAtFirst: true,
        [Lending.self])
    static let deposits = Pack(
        "deposits", Words("押金", "Deposits"), Words("雨伞的押金", "Deposits on umbrellas"), icon: "wallet", needs: [lending],
        [Deposits.self])
    static let packs = [lending, deposits]
}

private enum Deposits: Capability {
    static let name = "deposits", label = "押金"
    static let entities: [any Entity.Type] = [UmbrellaDeposit.self]
}

private struct UmbrellaDeposit: Entity {
    static let name = "umbrella_deposits", label = "雨伞押金"
    let title = Field<String>("name", "名称", .title)
    let umbrella = Field<Ref<Umbrella>?>("umbrella_id", "雨伞")
    init() {}
}
