import Foundation
import Gate
import Hummingbird
import Records
import TestSupport
import Testing

@testable import Web

/// Values at the edge and beyond it, wherever the router or the catalog takes one: none ends the process (here it would end the tests) and none
/// is answered with a fault of the server.
///
/// What is asked comes from the router, the catalog and the sources of the pages, so that what is new is in it. Each sweep is a list of all
/// calls; of it a fixed part is tried, spread evenly by the golden ratio, and all of it with `ZHIKE_TEST_FULL`.
@Suite("Values at the edge") struct EdgeSweepTests {
    /// What is written into an address, a form or a cell.
    private static let texts: [String] = [
        "-9223372036854775808", "9223372036854775807", "9223372036854775808", "-9007199254740993", "9007199254740993", "-1", "0", "1", "",
        "null",
        "NaN", "inf", "1e999", "-1e999", "1e18", "99999999999999999999999999999999999999.99", "0.0000000000000000000000000001",
        "9999-12-31",
        "9999-12", "0000-00-00", "0001-01-01", "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "2200-12-31",
        "1900-01-01",
        "today-9223372036854775808", "today+36500", "year-36500", "week+9223372036854775807", "1,9223372036854775807",
        "-9223372036854775808,-1", ",",
        ",,,", "[]", "{}", "true", "me", "\u{0}", "%", "١٢٣", "𝟙", "a:b:c:d:e", String(repeating: "9", count: 400),
        String(repeating: "长", count: 5000),
        "customers/-9223372036854775808", "or.9223372036854775807", "-", ".", "../..", "'\"<>\\",
    ]

    /// What is sent as a member of a JSON body.
    private static let plains: [String] = [
        "null", "true", "false", "0", "1", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "9007199254740993",
        "-0.0", "1e308",
        "1e18", "0.1234567890123456789012345678901234567890", #""""#, #""NaN""#, #""-9223372036854775808""#, #""9223372036854775807""#,
        #""1e40""#,
        #""2200-12-31""#, #""1900-01-01""#, #""9999-12-31""#, #""0000-00-00""#, #""2200-12-31T15:59:59Z""#, #""1900-01-01T00:00:00Z""#,
        #""9999-12-31T23:59:59Z""#, #""\u0000""#, "\"" + String(repeating: "长", count: 5000) + "\"", "[]", "[null]", "[1]",
        "[9223372036854775807]",
        "[[]]", "{}", #"{"id": -9223372036854775808}"#, #"[{"id": 9223372036854775807, "quantity": 9223372036854775807}]"#, #"[{}]"#,
        #""today-9223372036854775808""#, "\"" + String(repeating: "9", count: 400) + "\"",
    ]

    /// Cursors of nobody's making: other types, other counts, ends of the numbers.
    private static let cursors: [String] = [
        #"{"v":[],"i":-9223372036854775808,"b":false}"#, #"{"v":[9223372036854775807],"i":9223372036854775807,"b":true}"#,
        #"{"v":["x"],"i":1,"b":false}"#, #"{"v":[1e308],"i":1,"b":true}"#, #"{"v":[null],"i":0,"b":false}"#,
        #"{"v":["\u0000"],"i":0,"b":false}"#,
    ].map { Data($0.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "") }

    /// The largest and the smallest that a field takes: what its kind lets through meets the rules.
    private static func extremes(_ field: FieldSpec) -> [String] {
        let schema = field.kind.openAPI
        let bounds = [schema["minimum"], schema["maximum"]].compactMap { $0 }.map(\.jsonText)
        switch field.kind.time {
        case .day: return [#""1900-01-01""#, #""2200-12-31""#]
        case .instant: return [#""1900-01-01T00:00:00Z""#, #""2200-12-31T15:59:59Z""#]
        case nil: return bounds
        }
    }

    /// A part of all, the same each time.
    private static func some<T>(_ all: [T], _ most: Int) -> [T] {
        guard !Size.isFull, all.count > most else { return all }
        var taken: Set<Int> = []
        for turn in 0..<most {
            taken.insert(Int(Double(all.count) * (Double(turn) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)))
        }
        return taken.sorted().map { all[$0] }
    }

    /// An administrator in the demo company, who is not one of its records that the sweep changes.
    private static func administrator(_ office: Office, _ browser: Browser) async throws {
        let top = try await office.accounts.chart().departments.values.min { $0.id < $1.id }
        try await office.accounts.addUser(
            username: "sweeper", name: "扫边", roles: ["admin"], password: Office.password, department: top?.name ?? "")
        try await browser.logIn("sweeper")
    }

    /// Makes calls and keeps those that were answered as they must not be.
    private final class Sweep {
        let browser: Browser
        var faults: [String] = []
        var count = 0
        init(_ browser: Browser) { self.browser = browser }

        func call(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, allows401: Bool = false) async throws {
            try await look("\(method) \(path) \(body?.prefix(200) ?? "")", try await browser.call(method, path, body), allows401)
        }

        func look(_ what: String, _ answer: Browser.Answer, _ allows401: Bool = false) async throws {
            count += 1
            if answer.status >= 500 || answer.status == 401 && !allows401 {
                faults.append("\(what.prefix(400)) → \(answer.testDescription)")
            }
            if answer.status == 401, !allows401 { try await browser.logIn("sweeper") }
        }
    }

    private static func query(_ pairs: (String, String)...) -> String { QueryItems(pairs.map { (name: $0.0, value: $0.1) }).suffix }

    @Test("that once ended the process are answered")
    func specimens() async throws {
        try await Office.demo(on: .sqlite) { office, browser, _ in
            try await Self.administrator(office, browser)
            let least = "-9223372036854775808"
            let token = try #require(try await Self.open(office).first { $0.name == "token" }?.value), stranger = browser.other
            for page in [least, "9223372036854775807", "x"] { #expect(try await stranger.get("/answer/\(token)?p=\(page)").status == 400) }
            for page in [least, "9223372036854775807"] { #expect(try await stranger.raw("/answer/\(token)", "page=\(page)").status == 400) }
            for filter in ["filter[id][gte]", "filter[created_at][lt]", "filter[owner_id]"] {
                let query = Self.query((filter, least)), answer = try await browser.call(.get, "/customers\(query)")
                #expect(answer.status == 400, "\(answer.testDescription)")
                #expect(try await browser.get("/customers\(query)").status == 400)
                let view = try await browser.post("/customers/views", ["name": "边 \(filter)", "state": String(query.dropFirst())])
                let kept = try #require(view.location, "\(view.testDescription)")
                #expect(try await browser.get(kept).status == 400, "a view that asks for what cannot be")
            }
            for query in ["deleted=maybe", "count=some", "view=x", "view=\(least)", "limit=0", "limit=", "limit=9223372036854775808"] {
                #expect(try await browser.call(.get, "/customers?\(query)").status == 400, "\(query)")
            }
            for at in ["9999-12", "0001-01", "2201-01"] { #expect(try await browser.get("/calendar?at=\(at)").status == 400) }
            let deals = try await browser.call(.get, "/opportunities?limit=50").json["items"]?.list ?? []
            for id in deals.compactMap({ $0.object?["id"]?.int }) {
                #expect([200, 422].contains(try await browser.call(.patch, "/opportunities/\(id)", #"{"stage_id": null}"#).status))
            }
            #expect(try await browser.post("/orders", ["lines.9223372036854775807.product": "x", "lines.0.product": "x"]).status == 422)
            #expect(try await browser.post("/setup/people", ["name_9223372036854775807": "x", "more": "1"]).status < 500)
        }
    }

    @Test("in filters, groups, measures, sorts and cursors of every field", arguments: Engine.available)
    func questions(_ engine: Engine) async throws {
        try await Office.demo(on: engine) { office, browser, _ in
            try await Self.administrator(office, browser)
            let sweep = Sweep(browser)
            // Written out only when they are asked.
            var calls: [(path: String, pairs: [(name: String, value: String)])] = []
            for schema in office.gate.catalog.schemas where office.gate.catalog.standsAlone(schema) {
                for field in schema.fields {
                    let list = "/\(schema.name)", stats = list + "/stats"
                    for op in field.comparisons {
                        let name = "filter[\(field.name)][\(op.rawValue)]"
                        for text in Self.texts { calls.append((list, [(name, text), ("limit", "2")])) }
                    }
                    for grain in ["", ":week", ":-9223372036854775808,9223372036854775807", ":ago0,36500", ":9223372036854775808", ":1,1"] {
                        calls.append((stats, [("by", field.name + grain)]))
                    }
                    for measure in ["sum", "avg", "min", "max", "distinct", "nps"] {
                        calls.append((stats, [("measure", "\(measure):\(field.name)"), ("by", "id:0")]))
                    }
                    for op in ["eq", "gte", "lt"] { calls.append((stats, [("measure", "rate:\(field.name):\(op):-9223372036854775808")])) }
                    calls.append((stats, [("measure", "days:created_at:\(field.name)"), ("span", "\(field.name):month")]))
                    for cursor in Self.cursors { calls.append((list, [("sort", field.name), ("cursor", cursor)])) }
                }
            }
            for call in Self.some(calls, 400) { try await sweep.call(.get, call.path + QueryItems(call.pairs).suffix) }
            #expect(sweep.faults == [])
        }
    }

    @Test("in every field of every entity, new and changed", arguments: Size.isFull ? Engine.available : [.sqlite])
    func fields(_ engine: Engine) async throws {
        try await Office.demo(on: engine) { office, browser, _ in
            try await Self.administrator(office, browser)
            let sweep = Sweep(browser)
            typealias Call = (method: HTTPRequest.Method, path: String, members: [(name: String, plain: String)])
            var calls: [Call] = [], edges: [Call] = []
            for schema in office.gate.catalog.schemas where office.gate.catalog.standsAlone(schema) {
                let last = try await Self.last(1, of: schema, browser).first, list = "/\(schema.name)"
                let path = list + (last.map { "/\($0)" } ?? ""), method = last == nil ? HTTPRequest.Method.post : .patch
                let fields = schema.fields.filter { !$0.traits.isReadOnly }
                for field in fields {
                    for plain in Self.plains {
                        calls.append((method, path, [(field.name, plain)]))
                        calls.append((.post, list, [(field.name, plain)]))
                    }
                    // What a kind lets through meets the rules: each alone, for none is to hide another.
                    for plain in ["null"] + Self.extremes(field) { edges.append((method, path, [(field.name, plain)])) }
                }
                for which in [0, 1] {
                    let all = fields.compactMap { field in Self.extremes(field).dropFirst(which).first.map { (field.name, $0) } }
                    edges.append((method, path, all))
                    edges.append((.post, list, [("name", "\"边\""), ("title", "\"边\"")] + all))
                }
            }
            for call in Self.some(calls, 200) + Self.some(edges, 300) {
                try await sweep.call(call.method, call.path, Self.body(call.members))
            }
            #expect(sweep.faults == [])
        }
    }

    private static func body(_ members: [(name: String, plain: String)]) -> String {
        "{" + members.map { "\"\($0.name)\": \($0.plain)" }.joined(separator: ", ") + "}"
    }

    /// The ids of an entity's newest records.
    private static func last(_ count: Int, of schema: Schema, _ browser: Browser) async throws -> [Int64] {
        let found = try await browser.call(.get, "/\(schema.name)?sort=-id&count=none&fields=id&limit=\(count)").json["items"]?.list
        return (found ?? []).compactMap { $0.object?["id"]?.int }
    }

    @Test("in the parameters of every action")
    func actions() async throws {
        try await Office.demo(on: .sqlite) { office, browser, _ in
            try await Self.administrator(office, browser)
            let sweep = Sweep(browser)
            var calls: [(path: String, names: [String], plain: String)] = []
            for schema in office.gate.catalog.schemas where office.gate.catalog.standsAlone(schema) && !schema.actions.isEmpty {
                for id in try await Self.last(2, of: schema, browser) + [.max] {
                    for action in schema.actions {
                        let path = "/\(schema.name)/\(id)/actions/\(action.name)", names = action.parameters.map(\.name)
                        for plain in Self.plains + action.parameters.flatMap(Self.extremes) {
                            for name in names { calls.append((path, [name], plain)) }
                            if names.count > 1 { calls.append((path, names, plain)) }
                        }
                        for body in ["null", "[]", "1", "\"\"", "{}", #"{"x": 1}"#] { calls.append((path, [], body)) }
                    }
                }
            }
            for call in Self.some(calls, 200) {
                let body = call.names.isEmpty ? call.plain : Self.body(call.names.map { ($0, call.plain) })
                try await sweep.call(.post, call.path, body)
            }
            #expect(sweep.faults == [])
        }
    }

    @Test("in every parameter of every route, logged in or not", arguments: [true, false])
    func routes(isKnown: Bool) async throws {
        try await Office.demo(on: .sqlite) { office, browser, _ in
            if isKnown { try await Self.administrator(office, browser) }
            let sweep = Sweep(browser), token = isKnown ? try await browser.csrf() ?? "" : "x", names = try Self.names()
            let schemas = office.gate.catalog.schemas.filter(office.gate.catalog.standsAlone).map(\.name),
                open = try await Self.open(office)
            var calls: [(method: HTTPRequest.Method, path: String, text: String, pairs: [(name: String, value: String)])] = []
            for route in office.router().routes.sorted(by: { $0.path.description < $1.path.description }) {
                // The session and the switches that would end the sweep itself, and what a page listens to as long as it is open.
                let path = route.path.description
                guard [.get, .post, .patch, .put, .delete].contains(route.method), path != "/events",
                    !["logout", "packs", "password", "totp"].contains(where: path.contains)
                else { continue }
                let known = names.filter { path.hasSuffix($0.key) }.max { $0.key.count < $1.key.count }?.value ?? []
                for (turn, text) in (Self.texts + Self.cursors).enumerated() {
                    let entity = schemas[(turn &* 7 &+ path.count) % schemas.count]
                    let filled = path.replacing("{entity}", with: entity)
                    for real in open.filter({ path.contains("{\($0.name)}") }) {
                        for name in known {
                            calls.append(
                                (route.method, path.replacing("{\(real.name)}", with: real.value), "1", [(name: name, value: text)]))
                        }
                    }
                    calls.append((route.method, filled, text, []))
                    for name in known { calls.append((route.method, filled, "1", [(name: name, value: text)])) }
                    calls.append((route.method, filled, "1", known.map { (name: $0, value: text) }))
                }
            }
            for (method, template, text, pairs) in Self.some(calls, isKnown ? 350 : 200) {
                let items = QueryItems(pairs), path = Self.filled(template, text)
                if method == .get || method == .delete {
                    try await sweep.look("\(method) \(path)\(items.suffix)", try await browser.send(path + items.suffix, method), !isKnown)
                } else if path.hasPrefix("/api/") {
                    let body = Plain.object(Dictionary(pairs.map { ($0.name, .text($0.value)) }) { first, _ in first }).jsonText
                    try await sweep.look(
                        "\(method) \(path) \(body)", try await browser.send(path, method, [.contentType: "application/json"], body),
                        !isKnown)
                } else {
                    let body = QueryItems(pairs + [(name: "_csrf", value: token)]).text
                    try await sweep.look(
                        "\(method) \(path) \(body)",
                        try await browser.send(path, method, [.contentType: "application/x-www-form-urlencoded"], body), !isKnown)
                }
            }
            #expect(sweep.faults == [])
        }
    }

    /// What opens a page to somebody without an account: a questionnaire's link, a poster's code.
    private static func open(_ office: Office) async throws -> [(name: String, value: String)] {
        let catalog = office.gate.catalog, capabilities = catalog.capabilities
        let (codes, tokens) = try await office.gate.store.read { reading in
            func texts(_ entity: String, _ field: String) throws -> [String] {
                guard let schema = catalog[entity] else { return [] }
                return try reading.fetch(Query(schema, where: .field(field, .notEmpty), sort: [.init("id", descending: true)], limit: 3))
                    .compactMap { $0[field].text }
            }
            return (
                try capabilities.flatMap { $0.openInquiries }.flatMap { try texts($0.entity, "code") },
                try capabilities.flatMap { $0.inquiries }.flatMap { inquiry in try inquiry.token.map { try texts(inquiry.entity, $0) } ?? []
                }
            )
        }
        #expect(!codes.isEmpty && !tokens.isEmpty)
        return codes.map { ("code", $0) } + tokens.map { ("token", $0) }
    }

    /// A route's path with its own parameters filled in.
    private static func filled(_ path: String, _ text: String) -> String {
        let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "x"
        return path.replacing(/\{\w+\}/, with: escaped.isEmpty ? "%20" : String(escaped.prefix(900)))
    }

    /// The names that the pages read from addresses and forms, by the routes of the folder they are read in.
    private static func names() throws -> [String: [String]] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Web").standardizedFileURL
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        var read: [String: Set<String>] = [:], routes: [String: [String]] = [:]
        for file in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8), folder = file.deletingLastPathComponent().path
            for match in text.matches(of: /(?:items|form|body|sent)\["([\w.]+)"\]|\.(?:number|id|word|text|all|optionalText)\("(\w+)"/) {
                read[folder, default: []].insert(String(match.1 ?? match.2 ?? ""))
            }
            routes[folder, default: []] += text.matches(of: /router\.(?:get|post|patch|put|delete)\("([^"]+)"/).map { String($0.1) }
        }
        // Two folders may have the same route: what each reads, whichever of them is looked at first.
        var all: [String: Set<String>] = [:]
        for (folder, paths) in routes { for path in paths { all["/" + path, default: []].formUnion(read[folder] ?? []) } }
        let names = all.mapValues { $0.sorted() }
        #expect(names.count > 150 && names["/answer/{token}"]?.contains("p") == true)
        return names
    }
}
