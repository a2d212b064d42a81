import Records
import TestSupport
import Testing

@testable import Gate

/// The demo company tells the truth (requirements §5): nothing from the future, and what happens in a company has happened in it.
@Suite("The demo company tells the truth")
struct DemoTruthTests {
    @Test("nothing that has happened lies in the future, complaints are in different states, few accounts are frozen")
    func truth() async throws {
        try await Office.demo(on: .sqlite) { office, _, _ in
            let catalog = office.gate.catalog
            try await office.gate.read(as: .system()) { view in
                let soon = view.now.adding(seconds: 60).stored
                // What is due, planned or next lies ahead.
                let ahead = ["due_at", "next_at", "clock_at", "remind_at", "alert_at", "follow_at", "until"]
                var early: [String] = []
                for schema in catalog.schemas where schema["is_demo"] != nil {
                    for field in schema.fields
                    where field.isColumn && field.kind is InstantKind && !ahead.contains(where: { field.name.hasSuffix($0) }) {
                        let found = try view.reading.count(Query(schema, where: .field(field.name, .gt, soon)), cap: 9)
                        if found > 0 { early.append("\(schema.name).\(field.name): \(found)") }
                    }
                }
                #expect(early.isEmpty, "\(early)")
                func states(_ entity: String) throws -> [String: Int] {
                    let query = Query(try view.schema(named: entity))
                    let lines = try view.reading.summarize(Summary(query, by: [.init("status")], measures: [.count]))
                    return Dictionary(uniqueKeysWithValues: lines.map { ($0.keys[0].text ?? "", Int($0.values[0].int ?? 0)) })
                }
                // Each state once, before any comes twice; the sample has but a few.
                let complaints = try states("complaints")
                #expect(complaints.count >= 6 && complaints["received"] != nil && complaints["acknowledged"] != nil, "\(complaints)")
                let accounts = try states("credit_accounts"), count = accounts.values.reduce(0, +)
                #expect(count > 3 && (accounts["suspended"] ?? 0) * 4 <= count, "\(accounts)")
                let deals = try states("opportunities")
                #expect((deals["won"] ?? 0) > (deals["lost"] ?? 0) && (deals["won"] ?? 0) * 10 > (deals["open"] ?? 0), "\(deals)")
            }
        }
    }
}
