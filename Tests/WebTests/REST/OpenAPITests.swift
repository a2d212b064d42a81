import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("The OpenAPI document")
struct OpenAPITests {
    private static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]

    @Test("has every route that the router has, and no other, for every entity")
    func bothWays() async throws {
        try await Office.open(with: [Lending.self]) { office, browser in
            try await browser.logIn("linlan")
            let documented = try await Self.documented(browser), routed = Self.routed(office)
            #expect(documented.count > 250)
            let document = try await browser.get("/api/openapi.json").json
            let ids = (document["paths"]?.object ?? [:]).values.flatMap {
                ($0.object ?? [:]).values.compactMap { $0.object?["operationId"]?.text }
            }
            #expect(Set(ids).count == ids.count, "each call has a name of its own")
            #expect(documented.subtracting(routed) == [])
            // What the router has besides answers that it is not there.
            for call in routed.subtracting(documented) {
                let parts = call.split(separator: " ").map(String.init)
                let path = parts[1].dropFirst("/api/v1".count).replacing(/\{\w+\}/, with: "1")
                let answer = try await browser.call(
                    try #require(HTTPRequest.Method(parts[0])), String(path), parts[0] == "GET" ? nil : "{}")
                #expect([403, 404, 405].contains(answer.status), "\(call): \(answer.testDescription)")
                if answer.status == 405 { #expect(answer.headers[.allow]?.isEmpty == false) }
            }
        }
    }

    /// What the document says can be called.
    static func documented(_ browser: Browser) async throws -> Set<String> {
        let document = try await browser.get("/api/openapi.json").json
        return Set(
            (document["paths"]?.object ?? [:]).flatMap { path, item in (item.object ?? [:]).keys.map { "\($0.uppercased()) \(path)" } })
    }

    /// What can be called.
    static func routed(_ office: Office) -> Set<String> {
        var routed: Set<String> = []
        for route in office.router().routes where route.path.description.hasPrefix("/api/v1/") && methods.contains(route.method) {
            for path in expanded(route.path.description, office.gate.catalog) { routed.insert("\(route.method.rawValue) \(path)") }
        }
        return routed
    }

    /// `{entity}` and `{action}` as the catalog has them.
    private static func expanded(_ path: String, _ catalog: Catalog) -> [String] {
        guard path.hasPrefix("/api/v1/{entity}") else { return [path] }
        return catalog.schemas.filter(catalog.standsAlone).flatMap { schema in
            let own = path.replacing("{entity}", with: schema.name)
            return own.contains("{action}") ? schema.actions.map { own.replacing("{action}", with: $0.name) } : [own]
        }
    }

    @Test("keeps what a company has added from those who are not logged in")
    func own() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            _ = try await browser.post("/settings/fields/customers", ["kind": "text", "label": "暗号", "name": "pass_word"])
            _ = try await browser.post("/settings/entities", ["label": "展车", "name": "show_cars", "menu": "销售", "is_owned": "true"])
            let known = try await browser.get("/api/openapi.json"), open = try await browser.other.get("/api/openapi.json")
            #expect(known.has("pass_word") && known.has("/api/v1/show_cars"))
            #expect(open.has("/api/v1/customers") && !open.has("pass_word") && !open.has("show_cars"))
        }
    }

    @Test("says of what comes masked that it is a text of any form, and of what is sent what it must be")
    func masked() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let role = try await office.role("sales_consultant"), his = browser.other
            let fields: KeyValuePairs = ["part": "fields", "entity": "customers", "f.customers.birthday": "masked"]
            #expect(try await browser.post("/settings/roles/\(role)", fields).status == 303)
            try await his.logIn("liwei")
            let whole = try await browser.get("/api/openapi.json").json, part = try await his.get("/api/openapi.json").json
            func field(_ document: [String: Plain], _ schema: String, _ name: String) -> [String: Plain] {
                document["components"]?.object?["schemas"]?.object?[schema]?.object?["properties"]?.object?[name]?.object ?? [:]
            }
            for document in [whole, part] {
                // Masked in the pool, and where a role is not given what is sensitive.
                #expect(field(document, "customers", "mobile")["pattern"] == nil)
                #expect(field(document, "customers_new", "mobile")["pattern"]?.text?.isEmpty == false)
                #expect(field(document, "orders", "margin_cents")["type"] == .list(["integer", "null", "string"]))
                #expect(field(document, "customers_new", "birthday")["format"] == "date")
            }
            #expect(field(whole, "customers", "birthday")["format"] == "date")
            #expect(field(part, "customers", "birthday")["format"] == nil && field(part, "customers", "birthday")["title"] == "生日")
        }
    }

    @Test("another method than an address has is refused, with those it has")
    func methods() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let answer = try await browser.call(.put, "/customers/1", "{}")
            #expect(answer.status == 405 && answer.headers[.allow] == "DELETE, GET, HEAD, PATCH" && answer.json["status"] == 405)
            let options = try await browser.call(.options, "/customers")
            #expect(options.status == 204 && options.headers[.allow]?.contains("POST") == true)
            #expect(try await browser.call(.post, "/nowhere/1/at/all", "{}").status == 404)
        }
    }
}
