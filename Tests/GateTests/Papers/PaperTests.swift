import Formats
import Foundation
import Records
import Testing

@testable import Core
@testable import Gate
@testable import Sales

/// §2.28: records on the company's forms.
@Suite("Paper forms")
struct PaperTests {
    private static func form(_ schema: Schema, _ name: String) throws -> PaperForm {
        try #require(schema.traits.papers.first { $0.name == name })
    }

    private func boxes(_ paper: Paper) -> [String: String] {
        var found: [String: String] = [:]
        for case .grid(let rows) in paper.blocks { for box in rows.joined() { found[box.label] = box.text } }
        return found
    }

    private func table(_ paper: Paper) throws -> Paper.Table {
        for case .table(let table) in paper.blocks { return table }
        throw Refusal.notFound
    }

    @Test("a quotation has its customer's address, its lines with their sum, and the sum in capital figures", arguments: Engine.available)
    func quote(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, schema = catalog.schema(Quote.self)
            let actor = try await house.actor("admin")
            let id = try await house.gate.write(as: actor) { tx in
                let customer = try tx.create(
                    catalog.schema(Customer.self),
                    ["name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044", "address": "学院路 1 号"]
                ).id
                let lines: [Plain] = [
                    ["product": "星驰M9", "quantity": 2, "list_cents": 10_000_000, "price_cents": 9_500_000],
                    ["product": "脚垫", "list_cents": 50_050, "price_cents": 50_050],
                ].map(Plain.object)
                return try tx.create(schema, ["customer_id": .int(customer), "lines": .list(lines), "terms": "款到发车"]).id
            }
            let papers = try await house.gate.read(as: actor) { view in
                try view.papers(try Self.form(schema, "quote"), of: [try view.record(schema, id: id)])
            }
            let paper = try #require(papers.first), found = boxes(paper), table = try table(paper)
            #expect(paper.title == "报价单" && paper.version != nil)
            #expect(found["客户"] == "陶景川" && found["详细地址"] == "学院路 1 号" && found["销售代表"] == actor.name)
            #expect(found["大写金额"] == "人民币壹拾玖万零伍佰元零伍角")
            #expect(table.rows.count == 2 && table.rows[0].starts(with: ["星驰M9", "2"]))
            #expect(table.totals?[1] == "3" && table.totals?[5] == "190,500.50")
            #expect(paper.blocks.contains { if case .text(let box) = $0 { box.label == "条款" && box.text == "款到发车" } else { false } })

            let workbook = try PaperWorkbook(papers, .chinese).bytes()
            let folder = NSTemporaryDirectory() + "zhike-paper-\(UUID().uuidString).xlsx"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try Data(workbook).write(to: URL(fileURLWithPath: folder))
            var reader = try XLSXReader(path: folder), text = ""
            while let row = try reader.next() { text += row.cells.joined(separator: "|") + "\n" }
            #expect(text.contains("报价单") && text.contains("星驰M9") && text.contains("190,500.50") && text.contains("人民币壹拾玖万零伍佰元零伍角"))
        }
    }

    @Test("the customer table has each customer's main contact; collections have the credit limit", arguments: Engine.available)
    func others(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, customers = catalog.schema(Customer.self), actor = try await house.actor("admin")
            let (ids, collection) = try await house.gate.write(as: actor) { tx in
                let ids = try ["甲店", "乙店"].map { try tx.create(customers, ["name": .text($0), "type": "dealer", "source": "other"]).id }
                _ = try tx.create(
                    catalog.schema(Contact.self), ["customer_id": .int(ids[0]), "name": "老吴", "job_title": "店长", "is_primary": true])
                _ = try tx.create(catalog.schema(Contact.self), ["customer_id": .int(ids[0]), "name": "小吴"])
                _ = try tx.create(catalog.schema(CreditAccount.self), ["customer_id": .int(ids[1]), "limit_cents": 8_000_000])
                return (ids, try tx.create(catalog.schema(Collection.self), ["customer_id": .int(ids[1]), "amount_cents": 123_456]).id)
            }
            let rows = try await house.gate.read(as: actor) { view in
                try table(
                    try #require(
                        try view.papers(try Self.form(customers, "customer_table"), of: try view.records(customers, ids: ids)).first)
                ).rows
            }
            #expect(rows.map { $0[1] } == ["甲店", "乙店"] && rows.map { $0[0] } == ["1", "2"])
            #expect(rows.map { $0[3] } == ["老吴", ""] && rows.map { $0[4] } == ["店长", ""])
            let schema = catalog.schema(Collection.self)
            let line = try await house.gate.read(as: actor) { view in
                try table(
                    try #require(
                        try view.papers(try Self.form(schema, "collections"), of: try view.records(schema, ids: [collection])).first))
            }
            #expect(line.rows[0][1] == "乙店" && line.rows[0][3] == "80,000.00" && line.totals?[9] == "1,234.56")
        }
    }

    @Test("what one may not read does not stand on the paper, and what is masked is masked there, too", arguments: Engine.available)
    func rights(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, customers = catalog.schema(Customer.self), orders = catalog.schema(Order.self),
                boss = try await house.actor("admin")
            let order = try await house.gate.write(as: boss) { tx in
                let customer = try tx.create(
                    customers, ["name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044", "address": "学院路 1 号"]
                ).id
                return try tx.create(
                    orders, ["customer_id": .int(customer), "lines": .list([.object(["product": "车", "price_cents": 100])])]
                ).id
            }
            func printed(_ fields: [String: [String: FieldRight]]) async throws -> (fields: [String: String], table: Paper.Table) {
                let actor = try await Villa.liWei(house, ["read": .all], fields: fields)
                let paper = try await house.gate.read(as: actor) { view in
                    try #require(try view.papers(try Self.form(orders, "order"), of: [try view.record(orders, id: order)]).first)
                }
                return (boxes(paper), try table(paper))
            }
            #expect(try await printed([:]).fields["手机号码"]?.filter(\.isNumber) == "19900000044")
            #expect(try await printed(["customers": ["mobile": .masked]]).fields["手机号码"] == "199****0044")
            #expect(try await printed(["customers": ["address": .hidden]]).fields["详细地址"] == "")
            #expect(try await printed(["orders": ["customer_id": .hidden]]).fields["手机号码"] == "")
            #expect(try await printed(["order_lines": ["price_cents": .hidden]]).table.columns.map(\.label).contains("单价") == false)
        }
    }
}
