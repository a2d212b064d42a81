import Core
import Records
import Sales
import Service
import Testing

@testable import Gate

@Suite("A question")
struct AnswerTests {
    /// Five customers of two people: three walked in, one was found online, one says nothing of a city.
    private func open(
        _ engine: Engine, fields: [String: FieldRight] = [:], _ body: @escaping @Sendable (House, Actor) async throws -> Void
    ) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), own = try await house.actor("liwei").userID
            try await house.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                for (place, (source, city, isOwn)) in [
                    ("walk_in", "杭州市", true), ("walk_in", "杭州市", true), ("walk_in", "宁波市", true), ("referral", nil, true),
                    ("referral", "杭州市", false),
                ].enumerated() {
                    var row = customers.blank()
                    row["name"] = .text("客户\(place)")
                    row["mobile"] = .text("1990000000\(place)")
                    row["source"] = .text(source)
                    row["city"] = city.map(Value.text) ?? .null
                    row["owner_id"] = isOwn ? .int(own) : .null
                    _ = try tx.insert(row)
                }
            }
            try await body(house, try await Villa.liWei(house, ["read": .own], fields: ["customers": fields]))
        }
    }

    @Test("is answered within the asker's reach, and every number's address finds exactly its records", arguments: Engine.available)
    func addresses(engine: Engine) async throws {
        try await open(engine) { house, actor in
            try await house.gate.read(as: actor) { view throws in
                let schema = try view.schema(named: "customers")
                let answer = try view.answer(try Question(QueryItems(parsing: "by=city&and=source"), of: "customers"))
                #expect(
                    answer.totals == [4] && answer.keys.map(\.label) == ["杭州市", "宁波市", "未填写"]
                        && answer.keys.map(\.totals) == [[2], [1], [1]])
                func found(_ url: String?) throws -> Int64 {
                    let items = try QueryItems(parsing: url?.split(separator: "?").last.map(String.init))
                    return Int64(try view.count(ListQuery(items, schema, view).request(view), cap: 100))
                }
                for key in answer.keys {
                    #expect(try found(answer.address(key)) == key.totals.first?.int)
                    for series in answer.series {
                        #expect(
                            try found(answer.address(key, series)) == answer.values(key, series).first?.int, "\(key.label) \(series.label)")
                    }
                }
                #expect(try found(answer.address()) == 4)
                // Months: none is missing between the first and the last, and each leads to its own.
                for key in try view.answer(try Question(QueryItems(parsing: "by=created_at:week"), of: "customers")).keys {
                    #expect(try found(answer.address(key)) == key.totals.first?.int)
                }
            }
        }
    }

    @Test("tells the largest apart and puts the others together, whose address finds them too", arguments: Engine.available)
    func rest(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            try await house.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                for place in 0..<40 {
                    var row = customers.blank()
                    row["name"] = .text("客户\(place)")
                    row["mobile"] = .text("199000000\(place + 10)")
                    row["source"] = "walk_in"
                    row["city"] = place < 3 ? .null : .text("第\(place < 6 ? 1 : place)市")
                    _ = try tx.insert(row)
                }
            }
            let actor = try await Villa.liWei(house, ["read": .all])
            try await house.gate.read(as: actor) { view throws in
                let answer = try view.answer(Question(of: "customers", by: [Summary.Group("city")]))
                let rest = try #require(answer.keys.last)
                #expect(answer.keys.count == 24 && rest.isRest && answer.keys.reduce(0) { $0 + ($1.totals[0].int ?? 0) } == 40)
                let items = try QueryItems(parsing: String(try #require(answer.address(rest)?.split(separator: "?").last)))
                #expect(try view.count(try ListQuery(items, customers, view).request(view), cap: 100) == rest.totals[0].int.map(Int.init))
            }
        }
    }

    @Test("names the people with most first", arguments: Engine.available)
    func people(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            for (name, count) in [("zhaomin", 1), ("chenjing", 3), ("wang", 2)] {
                for _ in 0..<count {
                    _ = try await house.gate.write(as: .system()) { tx in try tx.specimen(customers, owner: house[name]).id }
                }
            }
            let actor = try await Villa.liWei(house, ["read": .all])
            try await house.gate.read(as: actor) { view throws in
                let answer = try view.answer(try Question(QueryItems(parsing: "by=owner"), of: "customers"))
                #expect(answer.keys.map(\.totals) == [[3], [2], [1]])
            }
        }
    }

    @Test(
        "about a field that the asker sees masked or not at all is refused: as a dimension, as a measure, as a span",
        arguments: Engine.available, [FieldRight.hidden, .masked])
    func rights(engine: Engine, right: FieldRight) async throws {
        try await open(engine, fields: ["city": right, "created_at": right, "mobile": right]) { house, actor in
            try await house.gate.read(as: actor) { view throws in
                for words in [
                    "by=city", "by=source&and=city", "span=created_at:month", "by=created_at:month", "measure=max:created_at", "by=mobile",
                ] {
                    #expect(throws: Refusal.self, "\(words)") {
                        _ = try view.answer(try Question(QueryItems(parsing: words), of: "customers"))
                    }
                }
                #expect(!view.dimensions(of: try view.schema(named: "customers")).contains { $0.name == "city" || $0.name == "created_at" })
                #expect(try view.answer(try Question(QueryItems(parsing: "by=source"), of: "customers")).totals == [4])
            }
        }
    }

    @Test(
        "reaches through a link only as far as the asker sees there: neither a hidden field nor somebody else's customer shows",
        arguments: Engine.available)
    func links(engine: Engine) async throws {
        try await open(engine, fields: ["city": .hidden]) { house, actor in
            let ids = try await house.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                let customers = try tx.fetch(Query(tx.catalog.schema(Customer.self), sort: [Query.Sort("id")], limit: 10)),
                    deals = tx.catalog.schema(Opportunity.self)
                for customer in customers {
                    var row = deals.blank()
                    row["name"] = "商机"
                    row["customer_id"] = .int(customer.id)
                    row["owner_id"] = .int(actor.userID)
                    _ = try tx.insert(row)
                }
                return customers.map(\.id)
            }
            #expect(ids.count == 5)
            try await house.gate.read(as: actor) { view throws in
                for words in ["by=customer_id.city", "by=customer.city", "and=customer_id.city&by=status", "by=customer_id.id_no"] {
                    _ = #expect(throws: Refusal.self, "\(words)") {
                        _ = try view.answer(try Question(QueryItems(parsing: words), of: "opportunities"))
                    }
                }
                let answer = try view.answer(try Question(QueryItems(parsing: "by=customer_id.source"), of: "opportunities"))
                #expect(answer.totals == [5])
                // Four of the customers are his own; of the fifth he learns nothing, and no address tells its record from those without a
                // value.
                let known = answer.keys.filter { $0.totals.first?.int ?? 0 > 0 }
                #expect(
                    known.map(\.label) == ["自然到店", "转介绍", "未填写"] && known.map { $0.totals[0] } == [3, 1, 1] && known.last?.filters == nil)
                #expect(
                    !view.linkedDimensions(of: try view.schema(named: "opportunities")).contains {
                        $0.link.name == "customer_id" && $0.fields.contains { $0.name == "city" }
                    })
                #expect(
                    !view.measureGroups(of: try view.schema(named: "customers")).flatMap(\.measures).contains { $0.fields.contains("city") }
                )
            }
        }
    }

    @Test("stands beside the stretch before and the year before, part by part, each number with its records", arguments: Engine.available)
    func comparison(engine: Engine) async throws {
        try await open(engine) { house, actor in
            let today = house.gate.clock.now().day
            try await house.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                for (place, day) in [today, today, today.adding(months: -12), Day.Stretch.year.start(of: today, moved: -1)].enumerated() {
                    var row = tx.catalog.schema(Order.self).blank()
                    row["customer_id"] = .int(try #require(try tx.fetch(Query(tx.catalog.schema(Customer.self), limit: 1)).first).id)
                    row["ordered_on"] = day.stored
                    row["amount_cents"] = .int(Int64(100 * (place + 1)))
                    row["owner_id"] = .int(actor.userID)
                    _ = try tx.insert(row)
                }
            }
            try await house.gate.read(as: actor) { view throws in
                let answer = try view.answer(
                    try Question(
                        QueryItems(parsing: "by=owner_id&measure=sum:amount_cents&span=ordered_on:year&compare=year"), of: "orders"))
                let key = try #require(answer.keys.first), schema = try view.schema(named: "orders")
                #expect(answer.totals == [300] && answer.before == [700] && key.before == [700])
                let items = try QueryItems(parsing: answer.addressBefore(key)?.split(separator: "?").last.map(String.init))
                #expect(try view.count(ListQuery(items, schema, view).request(view), cap: 100) == 2)
            }
        }
    }

    @Test(
        "is refused when it cannot be read, in words that say what may stand there",
        arguments: [
            "measure=median:x", "chart=pie3d", "by=city:month", "by=name", "measure=sum:name", "span=created_at", "by=created_at:decade",
            "measure=count,avg:completeness,max:completeness,min:completeness,distinct:level_id", "by=completeness:60,40", "by=city:ago7",
            "by=source.city", "measure=rate:source:contains:x", "measure=days:created_at:city",
        ])
    func unreadable(words: String) async throws {
        try await open(.sqlite) { house, actor in
            try await house.gate.read(as: actor) { view throws in
                _ = #expect(throws: Refusal.self) { _ = try view.answer(try Question(QueryItems(parsing: words), of: "customers")) }
            }
        }
    }

    @Test("stands in an address and comes back the same")
    func words() throws {
        let text =
            "filter[status]=won&q=%E6%81%92&by=owner_id&and=closed_on:week&measure=count,sum:amount_cents&chart=stacked&"
            + "span=closed_on:quarter"
        let question = try Question(QueryItems(parsing: text), of: "deals"), again = try Question(question.items, of: "deals")
        #expect(
            question.dimensions == [Summary.Group("owner_id"), Summary.Group("closed_on", .week)]
                && question.measures == [.count, .sum("amount_cents")] && question.chart == .stacked)
        #expect(again.items.says(question.items) && again.records.pairs.count == 2)
    }

    @Test("of the present month stands beside as much of the month before")
    func span() throws {
        let today = try #require(Day(iso: "2026-03-31"))
        let bounds = Question.Span("signed_on", .month).bounds(today)
        #expect(bounds.present.from.iso == "2026-03-01" && bounds.present.to.iso == "2026-04-01")
        #expect(bounds.before.from.iso == "2026-02-01" && bounds.before.to.iso == "2026-03-01", "February ends before its 31st")
        #expect(Question.Span("signed_on", .week).bounds(today).before.to.iso == "2026-03-25", "Monday and Tuesday of last week")
    }

    @Test("names only what its reader may look up: of an entity that is none of theirs, numbers", arguments: Engine.available)
    func names(engine: Engine) async throws {
        try await open(engine) { house, actor in
            let admin = try await house.actor("admin")
            #expect(
                try await house.gate.read(as: admin) {
                    try $0.answer(Question(QueryItems(parsing: "by=roles"), of: "users")).keys.map(\.label)
                }
                .contains("销售经理"))
            var narrow = actor
            narrow.rights.scopes["roles"] = [:]
            let blind = narrow
            let labels = try await house.gate.read(as: blind) {
                try $0.answer(Question(QueryItems(parsing: "by=roles"), of: "users")).keys.map(\.label)
            }
            #expect(!labels.isEmpty && labels.allSatisfy { $0.hasPrefix("#") || $0 == "未填写" || $0 == "其他" }, "\(labels)")
        }
    }
}
