import Core
import Records
import Service
import Testing

@testable import Gate

@Suite("A dashboard")
struct DashboardTests {
    @Test("that comes with the product asks only what can be answered, and shows something to each of its roles")
    func defaults() async throws {
        try await Villa.open(.sqlite) { house in
            let catalog = house.gate.catalog,
                templates = Dictionary(BuiltInRole.templates(catalog).map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
            #expect(Set(catalog.dashboards.map(\.code)).count == catalog.dashboards.count && catalog.dashboards.count > 3)
            for dashboard in catalog.dashboards {
                #expect(dashboard.code.allSatisfy { $0.isLetter || $0 == "_" }, "a code is no number: \(dashboard.code)")
                for code in dashboard.roles {
                    let template = try #require(templates[code], "\(dashboard.code) is for \(code), which is no role")
                    var actor = try await house.actor("liwei")
                    actor.rights = template.rights
                    let asking = actor
                    try await house.gate.read(as: asking) { view throws in
                        let tiles = dashboard.tiles.filter { tile in catalog[tile.entity].map { view.may("read", $0) } ?? false }
                        #expect(!tiles.isEmpty, "\(dashboard.code) shows nothing to \(code)")
                        for tile in tiles {
                            #expect(throws: Never.self, "\(dashboard.code), \(tile.title.chinese), \(code)") {
                                _ = try view.answer(try Question(QueryItems(parsing: tile.question), of: tile.entity))
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("is its owner's, is seen by whom it was lent to, and asks with the eyes of who looks", arguments: Engine.available)
    func lending(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let owner = try await Villa.liWei(house, ["read": .all, "create": .own, "update": .own, "delete": .own])
            let id = try await house.gate.write(as: owner) { tx in
                let id = try tx.addDashboard("我的")
                try tx.addTile(DashboardSheet.Tile(title: "客户来源", entity: "customers", question: "by=source&chart=donut", width: 5), to: id)
                try tx.addTile(DashboardSheet.Tile(title: "新客户", entity: "customers", question: "span=created_at:month", width: 3), to: id)
                return id
            }
            var other = try await house.actor("zhaomin")
            other.rights = Rights()
            for right in ["read", "create", "update", "delete"] { other.rights.scopes["dashboards", default: [:]][right] = .own }
            let stranger = other
            await #expect(throws: Refusal.self) { try await house.gate.read(as: stranger) { _ = try $0.dashboard(String(id)) } }
            other.sharedReading = ["dashboards": [id]]
            let guest = other
            try await house.gate.read(as: guest) { view throws in
                #expect(try view.dashboards().first { $0.key == String(id) }.map { $0.isOwn || $0.canChange } == false)
            }
            await #expect(throws: Refusal.self) { try await house.gate.write(as: guest) { tx in try tx.arrange([], on: id) } }
            // Moved, resized, renamed; one taken away.
            try await house.gate.write(as: owner) { tx in
                var tiles = try tx.dashboard(String(id)).tiles
                tiles.reverse()
                tiles[0].width = 12
                try tx.arrange(tiles, on: id, name: "每日")
            }
            try await house.gate.read(as: owner) { view throws in
                let sheet = try view.dashboard(String(id))
                #expect(sheet.title == "每日" && sheet.tiles.map(\.title) == ["新客户", "客户来源"] && sheet.tiles.map(\.width) == [12, 5])
            }
        }
    }

    @Test(
        "takes no question that cannot be asked, and not too many",
        arguments: ["by=mobile", "by=no_such", "measure=sum:name", "span=name:month", "chart=cake", "filter[x]=1"])
    func refused(question: String) async throws {
        try await Villa.open(.sqlite) { house in
            let owner = try await Villa.liWei(house, ["read": .all, "create": .own, "update": .own])
            let id = try await house.gate.write(as: owner) { try $0.addDashboard("我的") }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: owner) {
                    try $0.addTile(DashboardSheet.Tile(title: "坏", entity: "customers", question: question), to: id)
                }
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: owner) {
                    try $0.addTile(DashboardSheet.Tile(title: "坏", entity: "sessions", question: ""), to: id)
                }
            }
        }
    }
}
