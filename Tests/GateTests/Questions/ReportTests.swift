import Product
import Records
import Sales
import TestSupport
import Testing

@testable import Gate

@Suite("A report that comes with the product")
struct ReportTests {
    /// The demo company's records, in the hands of 李伟 and others.
    private func open(_ engine: Engine, _ body: @escaping @Sendable (House) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            let day = house.gate.clock.now().day
            for step in Packs.capabilities.flatMap({ $0.demo(Demo(size: .small, asOf: day, seed: 20_260_101)) }) {
                try await house.gate.write(as: .system(via: "demo")) { tx in
                    tx.ignoresWarnings = true
                    try step(tx)
                }
            }
            try await body(house)
        }
    }

    @Test("there are six and more for each part of the company, in both languages, and each asks what can be answered")
    func catalogue() throws {
        let reports = Catalog([Platform.self] + Packs.capabilities).reports
        #expect(Set(reports.map(\.code)).count == reports.count)
        for area in ["customers", "sales", "marketing", "service"] { #expect(reports.count { $0.area.code == area } >= 6, "\(area)") }
        for words in reports.flatMap({ report in
            [report.label, report.about, report.area.label] + report.parts.map(\.title)
                + report.figures.flatMap { [$0.label, $0.over.label, $0.under.label] }
        }) {
            #expect(
                !words.english.isEmpty && words.english.unicodeScalars.allSatisfy { !(0x4E00...0x9FFF).contains($0.value) }
                    && !words.chinese.isEmpty, "\(words)")
        }
    }

    @Test(
        "each of its numbers opens exactly the records it was made of, for who sees all and for who sees their own",
        arguments: Engine.available)
    func drill(engine: Engine) async throws {
        try await open(engine) { house in
            let catalog = house.gate.catalog, users = catalog.schema(User.self)
            let boss = try await Villa.liWei(house, ["read": .all])
            // Somebody of the demo company who has sold, looking only at their own.
            let sellers = try await house.gate.read(as: boss) {
                try $0.summary(ListRequest($0.catalog.schema(Opportunity.self)), by: [Summary.Group("owner_id")], [.count], order: .largest)
            }
            let seller = try #require(sellers.first { $0.keys[0].int != nil }?.keys[0].int)
            #expect(try await house.gate.read(as: boss) { try $0.record(users, id: seller).title } != "")
            let own = try #require(try await house.accounts.actor(for: seller, via: "web"))
            var narrow = own
            narrow.rights = boss.rights
            for schema in catalog.schemas where schema.isOwned { narrow.rights.scopes[schema.name] = ["read": .own] }
            for (actor, isAll) in [(boss, true), (narrow, false)] {
                try await house.gate.read(as: actor) { view throws in
                    let reports = view.readyReports()
                    #expect(reports.count == catalog.reports.count)
                    var drill = Drill(view)
                    for report in reports {
                        var told = 0
                        for part in report.parts {
                            let schema = try view.schema(named: part.entity), answer = try view.answer(try part.question(schema))
                            told += answer.keys.count
                            try drill.check(answer, "\(report.code) \(part.title.chinese)", isAll: isAll)
                        }
                        for figure in report.figures {
                            let answer = try view.answer(figure)
                            if isAll { #expect(answer.value != nil, "\(report.code): \(figure.code) is unknown in the demo company") }
                            try drill.check(answer.over, figure.code, isAll: isAll)
                            try drill.check(answer.under, figure.code, isAll: isAll)
                        }
                        if isAll { #expect(told > 0, "\(report.code) is empty in the demo company") }
                    }
                    #expect(drill.numbers > (isAll ? 1000 : 100), "\(drill.numbers)")
                }
            }
        }
    }
}

/// Follows the address of every number of an answer, and measures what it finds there anew, record by record.
struct Drill {
    let view: View
    var numbers = 0
    private var found: [String: [Row]] = [:]

    init(_ view: View) { self.view = view }

    mutating func check(_ answer: Answer, _ name: String, isAll: Bool) throws {
        for (place, measured) in answer.measures.enumerated() {
            try check(answer.totals[place], answer, nil, nil, measured, "\(name) total", isAll)
            for key in answer.keys {
                try check(key.totals[place], answer, key, nil, measured, "\(name) \(key.label)", isAll)
                for series in answer.series {
                    try check(
                        answer.values(key, series)[place], answer, key, series, measured, "\(name) \(key.label) \(series.label)", isAll)
                }
            }
        }
    }

    private mutating func check(
        _ value: Value, _ answer: Answer, _ key: Answer.Key?, _ series: Answer.Key?, _ measured: Answer.Measured, _ name: String,
        _ isAll: Bool
    ) throws {
        guard let address = answer.address(key, series, of: measured) else {
            // Only what somebody may not see has no address.
            #expect(!isAll, "\(name) leads nowhere")
            return
        }
        numbers += 1
        // The small size follows the totals, and a third of the rest.
        guard Size.isFull || key == nil || numbers % 3 == 0 else { return }
        let rows = try records(address, answer.schema), whole = try records(try #require(answer.address(key, series)), answer.schema)
        let expected = again(measured.measure, rows, whole)
        #expect(isSame(value, expected), "\(name), \(measured.label): \(value), found \(String(describing: expected)) at \(address)")
    }

    private func isSame(_ value: Value, _ expected: Double?) -> Bool {
        guard let expected else { return value.isNull }
        return abs((value.real ?? 0) - expected) <= 1e-6 * max(1, abs(expected))
    }

    private func again(_ measure: Summary.Measure, _ rows: [Row], _ whole: [Row]) -> Double? {
        func numbers(_ name: String) -> [Double] { rows.compactMap { $0[name].real } }
        func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
        func moment(_ row: Row, _ name: String) -> Double? {
            guard let field = row.schema[name], let value = row[name].real else { return nil }
            return field.kind is DayKind ? value * 86_400_000 - 28_800_000 : value
        }
        func apart(_ from: String, _ to: String) -> Double? {
            mean(rows.compactMap { row in moment(row, from).flatMap { a in moment(row, to).map { $0 - a } } })
        }
        switch measure {
        case .count: return Double(rows.count)
        case .sum(let name): return numbers(name).reduce(0, +)
        case .average(let name): return mean(numbers(name))
        case .min(let name): return numbers(name).min()
        case .max(let name): return numbers(name).max()
        case .distinct(let name): return Double(Set(rows.map { $0[name] }.filter { !$0.isNull }).count)
        case .share: return whole.isEmpty ? nil : Double(rows.count) / Double(whole.count) * 100
        case .balance(let name, let low, let high):
            return mean(numbers(name).map { $0 >= Double(high) ? 100 : $0 <= Double(low) ? -100 : 0 })
        case .days(let from, let to): return apart(from, to).map { $0 / 86_400_000 }
        case .hours(let from, let to): return apart(from, to).map { $0 / 3_600_000 }
        }
    }

    private mutating func records(_ address: String, _ schema: Schema) throws -> [Row] {
        if let known = found[address] { return known }
        let items = try QueryItems(parsing: address.split(separator: "?").dropFirst().first.map(String.init)).removing { $0 == "all" }
        var rows: [Row] = []
        var request = try ListQuery(items, schema, view).request(view)
        request.sort = []
        request.order = nil
        try view.forEach(request) {
            rows.append($0); return true
        }
        found[address] = rows
        return rows
    }
}
