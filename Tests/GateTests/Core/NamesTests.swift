import Product
import Records
import Testing

@testable import Gate

/// What the declarations name as text: the compiler does not read it, so this does.
@Suite("Names in the catalog")
struct NamesTests {
    /// What a list's address says, as `View` reads it: an unknown field, operator or option throws.
    private func ask(_ pairs: [(String, String)], _ schema: Schema, _ view: View) throws {
        _ = try view.page(ListQuery(QueryItems(pairs), schema, view).request(view))
    }

    private func filters(_ filters: [(field: String, value: String)]) -> [(String, String)] {
        filters.map { filter in
            let parts = filter.field.split(separator: "[", maxSplits: 1).map(String.init)
            return ("filter[\(parts[0])]" + (parts.count == 2 ? "[" + parts[1] : ""), filter.value)
        }
    }

    @Test("what queues, desks, presets and neglect ask can be answered")
    func questions() async throws {
        try await Villa.open(.sqlite) { house in
            let boss = try await Villa.liWei(house, ["read": .all])
            let (asked, faults) = try await house.gate.read(as: boss) { view in
                var asked = 0, faults: [String] = []
                for schema in view.catalog.schemas where view.catalog.standsAlone(schema) {
                    let traits = schema.traits
                    var questions = traits.queues.map { ("queue \($0.label.chinese)", filters($0.filters)) }
                    questions += traits.presets.map { preset in ("preset \(preset.label.chinese)", preset.query.map { ($0.name, $0.value) })
                    }
                    if let neglect = traits.neglect { questions.append(("neglect", neglect.preset.query.map { ($0.name, $0.value) })) }
                    if let desk = traits.desk { questions.append(("desk", filters(desk.filters))) }
                    for (name, pairs) in questions {
                        asked += 1
                        do { try ask(pairs, schema, view) } catch { faults.append("\(schema.name), \(name): \(error)") }
                    }
                }
                return (asked, faults)
            }
            #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
            #expect(asked > 20)
        }
    }

    @Test("what desks, boards, pools and messages name is there")
    func names() throws {
        let catalog = Catalog([Platform.self] + Packs.capabilities)
        for schema in catalog.schemas {
            let traits = schema.traits
            var fields = [traits.board, traits.neglect?.field, traits.desk?.subject].compactMap(\.self) + (traits.pool?.masked ?? [])
            if let mailing = traits.mailing {
                fields += [mailing.email, mailing.mobile, mailing.consent, mailing.through].compactMap(\.self) + mailing.refusals
            }
            for name in fields { #expect(schema[name] != nil, "\(schema.name): \(name)") }
            if let desk = traits.desk { #expect(schema.actions.contains { $0.name == desk.action }, "\(schema.name): \(desk.action)") }
            for related in traits.related { #expect(catalog[related] != nil, "\(schema.name): \(related)") }
        }
        for approval in catalog.capabilities.flatMap({ $0.approvals }) {
            let schema = try #require(catalog[approval.entity], "\(approval.code): \(approval.entity)")
            switch approval.trigger {
            case .action(let action): #expect(schema.actions.contains { $0.name == action }, "\(approval.code): \(action)")
            case .create(let action): #expect(action == nil || schema.actions.contains { $0.name == action }, "\(approval.code)")
            case .change(let field): #expect(schema[field] != nil, "\(approval.code): \(field)")
            }
        }
    }
}
