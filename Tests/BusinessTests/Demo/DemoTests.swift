import Records
import Testing

@testable import Core
@testable import Sales

@Suite struct DemoTests {
    static let demo = Demo(size: .small, asOf: Day(iso: "2026-11-23")!)
    static let files = DemoCompany.files(demo, 6..<601)
    static let everybody = DemoStories.all(demo) + files

    private func share(_ isCounted: (DemoFile) -> Bool) -> Double {
        Double(Self.files.count(where: isCounted)) / Double(Self.files.count) * 100
    }

    @Test("the same seed makes the same rows, another seed others") func determinism() {
        let again = DemoCompany.files(Self.demo, 6..<601)
        for (a, b) in zip(Self.files, again) {
            #expect(a.customer.row.values == b.customer.row.values)
            #expect(a.interactions.map(\.row.values) == b.interactions.map(\.row.values))
            #expect(a.orders.map(\.order.row.values) == b.orders.map(\.order.row.values))
            #expect(a.contacts.map(\.row.values) == b.contacts.map(\.row.values))
        }
        var other = Self.demo
        other.seed = 7
        #expect(zip(Self.files, DemoCompany.files(other, 6..<601)).count { $0.customer.name != $1.customer.name } > 500)
        #expect(DemoStaff.people(seed: 1) == DemoStaff.people(seed: 1) && DemoStaff.people(seed: 1) != DemoStaff.people(seed: 2))
    }

    @Test("a slice is the same made alone") func slices() {
        let alone = DemoCompany.files(Self.demo, 300..<310)
        #expect(alone.map(\.customer.row.values) == Self.files[294..<304].map(\.customer.row.values))
    }

    @Test("no demo phone, ID number or address belongs to anybody") func fiction() {
        for file in Self.everybody {
            #expect(file.customer.mobile?.hasPrefix("1990000") == true && file.customer.mobile?.count == 11)
            #expect(file.customer.idNo?.hasPrefix("990000") ?? true)
            #expect(file.customer.email?.hasSuffix("@example.com") ?? true)
            #expect(file.customer.uscc?.contains("DEM") ?? true)
            #expect(file.contacts.allSatisfy { $0.mobile?.hasPrefix("1990000") ?? true })
        }
        #expect(DemoStaff.people(seed: Self.demo.seed).allSatisfy { $0.mobile.hasPrefix("1990000") })
    }

    @Test("every value is one that its field takes") func values() throws {
        for file in Self.everybody {
            let rows =
                [file.customer.row] + file.contacts.map(\.row) + file.interactions.map(\.row)
                + file.orders.flatMap { [$0.order.row] + $0.lines.map(\.row) } + file.dates.map(\.row) + file.tasks.map(\.row)
            for row in rows {
                for field in row.schema.fields {
                    #expect(field.kind.check(row[field]) == nil, "\(file.customer.code ?? "") \(row.schema.name).\(field.name)")
                }
            }
            if file.customer.idType == .idCard, let number = file.customer.idNo {
                let card = try Customer.residentID(number, today: Self.demo.asOf)
                #expect(card.birthday == file.customer.birthday && card.isMale == (file.customer.gender == .male))
            }
        }
    }

    @Test("everything is marked as demo") func marked() {
        for file in Self.everybody {
            #expect(file.customer.isDemo == true)
            #expect(
                file.contacts.allSatisfy { $0.isDemo == true } && file.interactions.allSatisfy { $0.isDemo == true }
                    && file.orders.allSatisfy { $0.order.isDemo == true })
        }
    }

    @Test(
        "lifecycles, levels, sources and trades have their shares",
        arguments: [
            ("potential", 18.0), ("new", 12), ("active", 40), ("silent", 17), ("lost", 13),
        ])
    func lifecycles(code: String, percent: Double) { #expect(abs(share { $0.customer.lifecycle.rawValue == code } - percent) < 2) }

    @Test("levels", arguments: [("diamond", 3.0), ("gold", 12), ("silver", 30), ("normal", 55)])
    func levels(code: String, percent: Double) { #expect(abs(share { $0.levelCode == code } - percent) < 2) }

    @Test("sources and trades") func sources() {
        #expect(abs(share { $0.customer.source == .walkIn } - 34) < 2)
        #expect(abs(share { [.website, .shortVideo, .moments, .merchantPlatform, .portal, .map].contains($0.customer.source) } - 26) < 2)
        #expect(abs(share { $0.customer.source == .referral } - 14) < 2)
        #expect(
            abs(share { $0.trade == .car } - 60) < 2 && abs(share { $0.trade == .travel } - 15) < 2
                && abs(share { $0.trade == .retail } - 15) < 2)
    }

    @Test("each customer's place in life follows from its orders") func consistent() {
        for file in Self.everybody {
            let days = file.orders.map(\.order).filter { ![.draft, .cancelled].contains($0.status) }.compactMap(\.orderedOn).sorted()
            let place = LifecycleRule.place(first: days.first, last: days.last, today: Self.demo.asOf, newDays: 90, window: 180)
            #expect(place == file.customer.lifecycle, "\(file.customer.code ?? "")")
        }
    }

    @Test("nothing happens before the file was opened or after today") func order() {
        let end = Instant(Self.demo.asOf, hour: 23)
        for file in Self.everybody {
            guard let since = file.customer.filedOn else { Issue.record("no day"); continue }
            #expect(since < Self.demo.asOf && file.customer.row.createdAt.day == since)
            for talk in file.interactions {
                #expect(talk.happenedAt.map { $0.day >= since && $0 < end } == true, "\(file.customer.code ?? "")")
                if let next = talk.nextAt, let at = talk.happenedAt { #expect(next > at) }
            }
            #expect(
                file.orders.allSatisfy { $0.order.orderedOn.map { $0 >= since && $0 <= Self.demo.asOf } == true },
                "\(file.customer.code ?? "")")
        }
    }

    @Test("the five stories have their codes, names and phones") func stories() {
        let stories = DemoStories.all(Self.demo)
        #expect(stories.compactMap(\.customer.code) == ["CUS-0001", "CUS-0002", "CUS-0003", "CUS-0004", "CUS-0005"])
        #expect(stories.map(\.customer.name) == ["林知远", "沈佳禾", "永晟食品商行", "陶家一家四口", "宏屿建设有限公司"])
        #expect(stories.compactMap(\.customer.mobile) == (1...5).map { "1990000000\($0)" })
        #expect(stories[3].contacts.count == 4 && stories.allSatisfy { !$0.interactions.isEmpty && !$0.orders.isEmpty })
        #expect(stories.allSatisfy { $0.contacts.isEmpty || $0.contacts.count { $0.isPrimary == true } == 1 })
    }

    @Test("no two demo customers are the same by the customer's own rules, even at full size") func unique() {
        let full = Demo(size: .full, asOf: Self.demo.asOf)
        var seen: [Set<String>] = [[], [], [], []]
        let others = (6...20_000).map { index in
            var random = DemoFile.random(index, full)
            return DemoFile(index, full, &random)
        }
        for file in DemoStories.all(full) + others {
            let keys = [file.customer.code, file.customer.idNo, file.customer.uscc, "\(file.customer.mobile ?? "")\(file.customer.name)"]
            for (place, key) in keys.enumerated() { if let key { #expect(seen[place].insert(key).inserted, "\(key)") } }
        }
    }

    @Test("each scene can be told in more than 150 ways") func texts() {
        let scenes: [DemoTexts] = [.carSales, .carService, .renewal, .travelSales, .travelCare, .retail, .dealer, .fleet]
        for scene in scenes {
            var random = SplitMix64(seed: 1)
            #expect(Set((0..<1200).map { _ in scene.talk(&random, [:]).content }).count > 150)
        }
        #expect(scenes.reduce(0) { $0 + $1.count } >= 250)
        let contents = Self.files.flatMap { $0.interactions.compactMap(\.content) }
        #expect(contents.allSatisfy { !$0.contains("{") && !$0.contains("}") })
        #expect(Set(contents).count > contents.count * 6 / 10)
    }

    @Test("some files are thin enough for the work-list, most are not") func completeness() {
        let thin = share { Completeness.score(of: $0.customer.row) < 60 }
        #expect((8...40).contains(thin))
    }

    @Test("a step stays below five hundred records") func steps() {
        for first in stride(from: 0, to: Self.files.count, by: DemoCompany.slice) {
            #expect(Self.files[first..<min(first + DemoCompany.slice, Self.files.count)].reduce(0) { $0 + $1.size } <= 500)
        }
        #expect(DemoStories.all(Self.demo).reduce(0) { $0 + $1.size } <= 500)
    }
}

@Suite struct DemoStaffTests {
    private let people = DemoStaff.people(seed: 20_260_101)

    @Test("the staff are the 68 of the specification") func count() {
        #expect(
            people.count == 68 && Set(people.map(\.username)).count == 68 && Set(people.map(\.name)).count == 68
                && Set(people.map(\.mobile)).count == 68)
        let wanted = [
            "admin": 1, "gm": 1, "director": 2, "supervisor": 4, "sales_consultant": 12, "svc_advisor": 10, "followup": 6, "insurance": 4,
            "loan": 2, "clerk": 6, "field_rep": 8, "marketing": 2, "finance": 2, "warehouse": 2,
        ]
        for (role, number) in wanted { #expect(people.count { $0.roles.contains(role) } == number, "\(role)") }
        #expect(people.count { $0.roles.contains { $0.hasSuffix("_mgr") } } == 6)
    }

    @Test("roles, departments and superiors exist; superiors come first") func tree() {
        let units = DemoStaff.units
        #expect(Set(units.map(\.code)).count == units.count)
        for (place, unit) in units.enumerated() {
            #expect(unit.parent == nil ? place == 0 : units[..<place].contains { $0.code == unit.parent })
        }
        for (place, person) in people.enumerated() {
            #expect(
                person.roles.allSatisfy { BuiltInRole(rawValue: $0) != nil } && units.contains { $0.code == person.unit },
                "\(person.username)")
            #expect(person.manager == nil ? place == 0 : people[..<place].contains { $0.username == person.manager }, "\(person.username)")
        }
    }

    @Test("a customer's owner works in the customer's department, or in the next shop") func owners() {
        let unit = [String: String](uniqueKeysWithValues: people.map { ($0.username, $0.unit) })
        let parent = [String: String](uniqueKeysWithValues: DemoStaff.units.map { ($0.code, $0.parent ?? "") })
        for file in DemoTests.everybody {
            guard let own = unit[file.ownerName] else { Issue.record("\(file.ownerName) does not work here"); continue }
            #expect(own == file.unitCode || (file.trade == .retail && parent[own] == parent[file.unitCode]), "\(file.ownerName)")
        }
    }

    @Test("credit codes of demo companies check out") func uscc() {
        for index in [1, 3, 5, 600, 19_999] {
            for isShop in [true, false] { #expect(USCCKind().check(.text(DemoIdentity.uscc(index, isShop: isShop))) == nil) }
        }
    }
}
