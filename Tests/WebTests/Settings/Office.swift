import Foundation
import Gate
import Hummingbird
import HummingbirdTesting
import Logging
import Product
import Records
import Storage
import TestSupport
import Testing

@testable import Web

/// A company of its own for one test: its database, its people, its pages.
final class Office: Sendable {
    static let password = "hai-kuo-ping-yu-yue"

    let gate: Gate
    let accounts: Accounts
    private let folder: URL

    private init(_ store: any Store, _ folder: URL, clock: Clock, _ packs: [Pack] = Packs.all) {
        self.folder = folder
        gate = Gate(
            store: store, packs: packs, secrets: Secrets(root: Array(repeating: 7, count: 32)), clock: clock)
        accounts = Accounts(gate, cost: ScryptCost(logN: 4, r: 1, p: 1))
    }

    /// An office that nobody has set up yet.
    static func empty<T>(
        clock: Clock = .standing, with more: [any Capability.Type] = [], _ body: @escaping @Sendable (Office, Browser) async throws -> T
    ) async throws -> T {
        guard more.isEmpty else {
            return try await Engine.sqlite.open { store, folder in
                try await Office(store, folder, clock: clock, Packs.all + [.base("more", more)]).serve(body)
            }
        }
        return try await founded.open(.sqlite) { store, folder, _ in try await Office(store, folder, clock: clock).serve(body) }
    }

    /// 恒远汽车 with its administrator 林岚 (`linlan`) and the consultant 李伟 (`liwei`).
    static func open<T>(
        clock: Clock = .standing, with more: [any Capability.Type] = [], _ body: @escaping @Sendable (Office, Browser) async throws -> T
    ) async throws -> T {
        guard more.isEmpty else {
            return try await empty(clock: clock, with: more) { office, browser in
                try await office.hire()
                return try await body(office, browser)
            }
        }
        return try await staffed.open(.sqlite) { store, folder, _ in try await Office(store, folder, clock: clock).serve(body) }
    }

    private static let founded = Prepared<Void> { store in try await Office(store, URL(filePath: "/"), clock: .standing).prepare() }

    private static let staffed = Prepared<Void> { store in
        let office = Office(store, URL(filePath: "/"), clock: .standing)
        try await office.prepare()
        try await office.hire()
    }

    /// An office with another set of packs.
    static func open<T>(
        on engine: Engine = .sqlite, packs: [Pack], _ body: @escaping @Sendable (Office, Browser) async throws -> T
    ) async throws -> T {
        try await engine.open { store, folder in
            let office = Office(store, folder, clock: .standing, packs)
            try await office.prepare()
            try await office.hire()
            return try await office.serve(body)
        }
    }

    /// A tenth of the demo company, with its people's password.
    static func demo<T>(on engine: Engine, _ body: @escaping @Sendable (Office, Browser, String) async throws -> T) async throws -> T {
        try await peopled.open(engine) { store, folder, password in
            try await Office(store, folder, clock: .standing).serve { try await body($0, $1, password) }
        }
    }

    private static let peopled = Prepared<String> { store in
        let office = Office(store, URL(filePath: "/"), clock: .standing)
        try await office.prepare()
        return try await office.loadDemo()
    }

    /// The same on an office of its own, without some packs from the first day on.
    static func demo<T>(
        on engine: Engine, without packs: [String], _ body: @escaping @Sendable (Office, Browser, String) async throws -> T
    ) async throws -> T {
        try await founded.open(engine) { store, folder, _ in
            let office = Office(store, folder, clock: .standing)
            try await office.prepare()
            for pack in packs { try await office.gate.switchPack(pack, on: false, as: .system()) }
            let password = try await office.loadDemo()
            return try await office.serve { try await body($0, $1, password) }
        }
    }

    private func loadDemo() async throws -> String {
        let demo = Demo(size: .sample, asOf: gate.clock.now().day)
        for step in gate.catalog.capabilities.flatMap({ $0.demo(demo) }) {
            try await gate.write(as: .system(via: "demo")) { tx in
                tx.ignoresWarnings = true
                try step(tx)
            }
        }
        return try await accounts.openDemo()
    }

    private func prepare() async throws {
        _ = try await gate.openStore()
        try await accounts.prepare()
    }

    private func hire() async throws {
        try await accounts.addUser(username: "linlan", name: "林岚", roles: ["admin"], password: Office.password, company: "恒远汽车")
        try await accounts.addUser(
            username: "liwei", name: "李伟", roles: ["sales_consultant"], password: Office.password, department: "恒远汽车")
    }

    func user(_ name: String) async throws -> Int64 {
        try #require(try await accounts.chart().members.values.first { $0.username == name }?.id)
    }
    func role(_ code: String) async throws -> Int64 { try #require(try await accounts.chart().roles.values.first { $0.code == code }?.id) }

    /// The administrator as the gate sees her.
    var boss: Actor {
        get async throws {
            let id = try await user("linlan")
            return try #require(try await accounts.actor(for: id, via: "web"))
        }
    }

    /// All routes, as the program has them.
    func router() -> Router<WebContext> {
        let settings = WebSettings(assets: AssetStore(folders: []), dataFolder: folder.path, version: "test", health: { nil })
        return WebApp(gate: gate, accounts: accounts, settings: settings).router()
    }

    /// Does what waits in the background until `body` ends.
    func working<T>(_ body: () async throws -> T) async throws -> T {
        let accounts = accounts
        let runner = JobRunner(
            gate: gate, actors: { try await accounts.actor(for: $0, via: "job") },
            handlers: [ImportJob.name: ImportJob(dataFolder: folder.path).handler, "bulk": Bulk.run])
        let work = Task { await runner.run() }
        defer { work.cancel() }
        return try await body()
    }

    private func serve<T>(_ body: @escaping @Sendable (Office, Browser) async throws -> T) async throws -> T {
        try await prepare()
        let router = router()
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return try await Application(router: router, logger: logger).test(.router) { [self] client in try await body(self, Browser(client))
        }
    }
}

extension Clock {
    /// The tests' own time, which stands still.
    static let standing = Clock.fixed(Watch.start)
}

/// Somebody who looks at pages and fills in forms; keeps cookies and sends the anti-forgery token like a browser without scripts.
final class Browser: @unchecked Sendable {
    private let client: any TestClientProtocol
    var cookies: [String: String] = [:]

    init(_ client: any TestClientProtocol) { self.client = client }

    /// Another browser on the same server.
    var other: Browser { Browser(client) }

    struct Answer: CustomTestStringConvertible {
        var status: Int
        var location: String?
        var text: String
        var headers: HTTPFields
        /// Short enough for a failed test's message.
        var testDescription: String {
            let faults = text.matches(of: /class="(?:alert[^"]*|err)"[^>]*>(.*?)<\/(?:div|span)>/).map {
                $0.1.replacing(/<[^>]*>/, with: " ")
            }
            return "\(status) \(location ?? "") \(faults.joined(separator: " | ").prefix(400))"
        }

        /// The body as JSON.
        var json: [String: Plain] { Plain(jsonText: text)?.object ?? [:] }
        func has(_ words: String) -> Bool { text.contains(words) }
        /// The value of a form's line on the page.
        func value(_ name: String) -> String? {
            guard let start = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
            return text[start.upperBound...].firstIndex(of: "\"").map { String(text[start.upperBound..<$0]) }
        }
        /// The addresses of our own that the page leads to.
        var links: [String] { text.matches(of: /href="(\/[^"]*)"/).map { String($0.1).replacing("&amp;", with: "&") } }
        /// What was just done, as the next page will tell it.
        var flash: String? {
            headers[values: .setCookie].first { $0.hasPrefix("zhike_flash=") }.flatMap { cookie in
                try? QueryItems(parsing: String(cookie.dropFirst("zhike_flash=".count).prefix { $0 != ";" }))["text"]
            }
        }
    }

    func get(_ path: String, _ extra: HTTPFields = [:]) async throws -> Answer { try await send(path, .get, extra, nil) }

    /// Posts a form with the token of the page before.
    func post(
        _ path: String, _ values: KeyValuePairs<String, String> = [:], token: String? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var pairs = values.map { (name: $0.key, value: $0.value) }
        let fresh = token == nil ? try await csrf() : token
        if let fresh { pairs.append(("_csrf", fresh)) }
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(path, .post, headers, QueryItems(pairs).text)
    }

    /// Posts exactly this body.
    func raw(_ path: String, _ body: String) async throws -> Answer {
        try await send(path, .post, [.contentType: "application/x-www-form-urlencoded"], body)
    }

    /// Posts with exactly these headers.
    func status(_ path: String, _ headers: HTTPFields, _ body: String) async throws -> Int {
        try await client.executeRequest(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body)).status.code
    }

    /// Calls the REST interface with the session's cookie, and its anti-forgery token where something is changed.
    func call(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, type: String = "application/json") async throws -> Answer
    {
        var headers: HTTPFields = body == nil ? [:] : [.contentType: type]
        if ![.get, .head, .options].contains(method), let session = cookies[SessionCookie.plainName] {
            if known?.session != session { known = try await csrf().map { (session, $0) } }
            headers[.csrfToken] = known?.token
        }
        return try await send("/api/v1" + path, method, headers, body)
    }

    private var known: (session: String, token: String)?

    func csrf() async throws -> String? {
        guard cookies[SessionCookie.plainName] != nil else { return nil }
        // Before the first password is changed only its page opens.
        for path in ["/me/preferences", "/me/password", "/me/totp"] {
            if let token = try await get(path).value("_csrf") { return token }
        }
        return nil
    }

    func send(
        _ path: String, _ method: HTTPRequest.Method, _ extra: HTTPFields = [:], _ body: String? = nil
    ) async throws -> Answer {
        var headers = extra
        if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        let response = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        for cookie in response.headers[values: .setCookie] {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if pair.count == 2 { cookies[pair[0]] = pair[1].isEmpty ? nil : pair[1] }
        }
        return Answer(
            status: response.status.code, location: response.headers[.location], text: String(buffer: response.body),
            headers: response.headers)
    }

    @discardableResult
    func logIn(_ name: String, _ password: String = Office.password) async throws -> Answer {
        try await post("/login", ["username": name, "password": password])
    }
}
