import Gate
import Product
import Records
import TestSupport
import Testing

@testable import Web

/// The product with each of its packs switched off, as everybody who works with it sees it.
@Suite("The product's packs, each off alone")
struct ProductPackTests {
    static let names = Packs.all.filter(\.isOptional).map(\.name)
    /// Each alone, and all of them.
    static let absences = names.map { [$0] } + [names.reversed().map(\.self)]

    /// Off in the order in which nothing is needed any more.
    private static func switchOff(_ packs: [String], _ office: Office) async throws -> [String] {
        var gone: [String] = []
        for pack in packs {
            for dependent in Packs.all where dependent.isOptional && dependent.everythingNeeded.contains(where: { $0.name == pack }) {
                if office.gate.catalog.isOn(dependent) {
                    try await office.gate.switchPack(dependent.name, on: false, as: .system())
                    gone.append(dependent.name)
                }
            }
            guard let known = Packs.all.first(where: { $0.name == pack }), office.gate.catalog.isOn(known) else { continue }
            try await office.gate.switchPack(pack, on: false, as: .system())
            gone.append(pack)
        }
        return gone
    }

    @Test("everybody opens every page they are led to; none leads to what is off", arguments: absences, Engine.available)
    func pages(packs: [String], engine: Engine) async throws {
        try await Office.demo(on: engine) { office, browser, password in
            let before = try await Self.contents(office), all = Set(office.gate.catalog.schemas.map(\.name))
            let gone = try await Self.switchOff(packs, office)
            let absent = all.subtracting(office.gate.catalog.schemas.map(\.name))
            #expect(!absent.isEmpty)
            for person in try await Self.people(office, engine) {
                let his = browser.other
                try await his.logIn(person, password)
                try await Self.walk(his, person, absent)
                for entity in absent.sorted().prefix(3) {
                    let page = try await his.get("/\(entity)").status, call = try await his.call(.get, "/\(entity)").status
                    #expect(page == 404 && call == 404, "\(entity)")
                }
            }
            let chief = browser.other
            try await chief.logIn("gm", password)
            let documented = try await OpenAPITests.documented(chief), routed = OpenAPITests.routed(office)
            #expect(documented.subtracting(routed) == [])
            #expect(!documented.contains { call in absent.contains { call.contains("/api/v1/\($0)") } })

            for pack in gone.reversed() { try await office.gate.switchPack(pack, on: true, as: .system()) }
            #expect(try await Self.contents(office) == before)
            try await Self.walk(chief, "gm", [])
        }
    }

    @Test("the demo company is founded without it, and works", arguments: absences, Engine.available)
    func founded(packs: [String], engine: Engine) async throws {
        let needed = packs.flatMap { pack in
            Packs.all.filter { $0.isOptional && $0.everythingNeeded.contains { $0.name == pack } }.map(\.name) + [pack]
        }
        var off: [String] = []
        for pack in needed where !off.contains(pack) { off.append(pack) }
        try await Office.demo(on: engine, without: off) { office, browser, password in
            try await browser.logIn("gm", password)
            for path in ["/", "/customers", "/tasks", "/interactions", "/reports", "/dashboard", "/calendar"] {
                let answer = try await browser.get(path)
                #expect([200, 303].contains(answer.status), "\(path): \(answer.testDescription)")
            }
            let made = try await browser.call(
                .post, "/customers", #"{"name": "新客户", "type": "person", "source": "walk_in", "mobile": "19900009901"}"#)
            #expect(made.status == 201, "\(made.testDescription)")
            // Its jobs run, whatever is there.
            for job in office.gate.catalog.jobs where job.schedule != nil {
                try await office.gate.write(as: .system(via: "job")) { tx in try job.run([:], tx) }
            }
        }
    }

    @Test("its card names what it adds to entities of others, not to its own")
    func card() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let page = try await browser.get("/settings/packs").text
            // What follows is the next card's.
            let sales = page[..<(try #require(page.firstRange(of: "活动策划")).lowerBound)]
            #expect(sales.contains("累计成交金额") && sales.contains("相关订单"))
            #expect(!sales.contains("来自线索"), "an opportunity is of the pack itself")
        }
    }

    /// One of each role in the demo company; a few of them where not everything is tried.
    private static func people(_ office: Office, _ engine: Engine) async throws -> [String] {
        let chart = try await office.accounts.chart()
        var seen: Set<Int64> = [], names: [String] = []
        for member in chart.members.values.sorted(by: { $0.id < $1.id }) where member.roles.contains(where: { seen.insert($0).inserted }) {
            names.append(member.username)
        }
        return Size.isFull ? names : engine == .sqlite ? Array(names.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)) : ["gm"]
    }

    /// Follows every link from the home page, one page of each kind, two steps deep.
    private static func walk(_ browser: Browser, _ person: String, _ absent: Set<String>) async throws {
        var seen: Set<String> = [], next = ["/"]
        for _ in 0..<(Size.isFull ? 3 : 2) {
            var found: [String] = []
            for path in next {
                let answer = try await browser.get(path)
                #expect(answer.status < 400, "\(person) \(path): \(answer.testDescription)")
                for link in answer.links where seen.insert(kind(of: link)).inserted {
                    #expect(!absent.contains(first(link)), "\(person) \(path) leads to \(link)")
                    if !["/logout", "/events", "/assets"].contains(where: link.hasPrefix) { found.append(link) }
                }
            }
            next = found
        }
        #expect(seen.count > 10, "\(person)")
    }

    private static func first(_ link: String) -> String { String(link.split { "/?#".contains($0) }.first ?? "") }

    /// The address without ids, and without what a list is asked: each kind of page once.
    private static func kind(of link: String) -> String {
        link.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").map { Int64($0) == nil ? String($0) : "·" }.joined(separator: "/")
    }

    /// How many records each entity has, and the sum of their versions: what switching must leave alone.
    private static func contents(_ office: Office) async throws -> [String: String] {
        try await office.gate.store.read { reading in
            var contents: [String: String] = [:]
            for schema in office.gate.catalog.schemas where schema.isOwned {
                let rows = try reading.fetch(Query(schema, sort: [Query.Sort("id")], limit: 100_000))
                contents[schema.name] = "\(rows.count): \(rows.reduce(into: Hasher()) { $0.combine($1.values.map { "\($0)" }) }.finalize())"
            }
            return contents
        }
    }
}
