import Foundation
import Product
import Records
import Synchronization
import TestSupport
import Testing

@testable import Formats
@testable import Gate

@Suite("Exports")
struct ExporterTests {
    private final class Bytes: Sendable {
        private let kept = Mutex<[UInt8]>([])
        func add(_ more: [UInt8]) { kept.withLock { $0 += more } }
        var text: String { String(decoding: kept.withLock { $0 }, as: UTF8.self) }
        var count: Int { kept.withLock { $0.count } }
    }

    private func export(
        _ harbour: Harbour, _ entity: String = "customers", as actor: Actor? = nil, where filter: Condition = .everything, fields: [String],
        format: ExportRequest.Format = .csv
    ) async throws -> (rows: Int, text: String) {
        let schema = try #require(harbour.gate.catalog[entity])
        let bytes = Bytes()
        let request = ExportRequest(ListRequest(schema, where: filter, sort: [Query.Sort("id")]), fields: fields, format: format)
        var exporter = Exporter(harbour.gate)
        exporter.pageSize = 3
        let rows = try await exporter.run(request, as: actor ?? harbour.admin) { bytes.add($0) }
        return (rows, bytes.text)
    }

    private func fill(_ harbour: Harbour) async throws {
        try await harbour.take([
            ["客户编号", "客户名称", "手机号码", "客户类型", "生日", "负责人", "备注"], ["K1", "林知远", "13900000001", "个人", "1990-02-03", "李伟", "=1+1"],
            ["K2", "海川,公司", "", "单位", "", "陈静", "两行\n备注"], ["K3", "周末", "13900000003", "家庭", "", "孙强", "\"引号\""],
            ["K4", "末尾", "", "", "", "李伟", ""],
        ])
    }

    @Test("a list comes as people read it, and no cell is a formula", arguments: Harbour.Engine.available)
    func csv(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            try await fill(harbour)
            let (rows, text) = try await export(harbour, fields: ["code", "name", "mobile", "type", "birthday", "owner_id", "remark"])
            #expect(rows == 4)
            #expect(
                text
                    == "\u{FEFF}客户编号,客户名称,手机号码,客户类型,生日,负责人,备注\r\nK1,林知远,13900000001,个人,1990-02-03,李伟,\"'=1+1\"\r\nK2,\"海川,公司\",,单位,,陈静,"
                    + "\"两行\n备注\"\r\nK3,周末,13900000003,家庭,,孙强,\"\"\"引号\"\"\"\r\nK4,末尾,,个人,,李伟,\r\n"
            )
            let filtered = try await export(harbour, where: .field("type", .eq, "company"), fields: ["name"])
            #expect(filtered.rows == 1)
        }
    }

    @Test("JSON Lines carry what the API answers")
    func jsonLines() async throws {
        try await Harbour.open { harbour async throws in
            try await fill(harbour)
            let (rows, text) = try await export(harbour, fields: ["name", "birthday", "owner_id"], format: .jsonl)
            let lines = text.split(separator: "\n").map { Plain(jsonText: String($0))?.object ?? [:] }
            #expect(rows == 4 && lines.count == 4)
            #expect(
                lines[0]["name"] == "林知远" && lines[0]["birthday"] == "1990-02-03" && lines[0]["owner"] == "李伟"
                    && lines[0]["owner_id"] == .int(harbour.id("liwei")))
        }
    }

    @Test("the right to export decides, masked stays masked and hidden stays hidden", arguments: Harbour.Engine.available)
    func rights(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            try await fill(harbour)
            await #expect(throws: Refusal.self) { try await export(harbour, as: harbour.actor("liwei", ["read": .all]), fields: ["name"]) }
            // Reads the department, exports the own.
            let own = try await export(harbour, as: harbour.actor("liwei", ["read": .department, "export": .own]), fields: ["name"])
            #expect(own.rows == 2)
            // Exports everything, but only of what it reads.
            let wide = try await export(harbour, as: harbour.actor("liwei", ["read": .own, "export": .all]), fields: ["name"])
            #expect(wide.rows == 2)
            let masked = try await export(
                harbour, as: harbour.actor("liwei", ["read": .all, "export": .all], fields: ["mobile": .masked, "birthday": .masked]),
                fields: ["mobile", "birthday"])
            #expect(masked.text.contains("139****0001") && !masked.text.contains("13900000001") && !masked.text.contains("1990"))
            await #expect(throws: Problems.self) {
                try await export(
                    harbour, as: harbour.actor("liwei", ["read": .all, "export": .all], fields: ["mobile": .hidden]), fields: ["mobile"])
            }
            await #expect(throws: Refusal.self) {
                try await export(
                    harbour, as: harbour.actor("liwei", ["read": .all, "export": .all], fields: ["mobile": .masked]),
                    where: .field("mobile", .eq, "13900000001"), fields: ["name"])
            }
        }
    }

    @Test("who exported what, by which filter and how much is written down, also when the reader goes away")
    func audited() async throws {
        try await Harbour.open { harbour async throws in
            try await fill(harbour)
            _ = try await export(harbour, where: .field("type", .eq, "person"), fields: ["name"])
            let schema = try #require(harbour.gate.catalog["customers"]), gate = harbour.gate, admin = harbour.admin
            struct Gone: Error {}
            await #expect(throws: Gone.self) {
                var exporter = Exporter(gate)
                exporter.pageSize = 1
                try await exporter.run(ExportRequest(ListRequest(schema), fields: ["name"], format: .csv), as: admin) { _ in throw Gone() }
            }
            let entries = try await harbour.audit("export")
            #expect(entries.count == 2)
            let first = Plain(jsonText: entries[0].changes ?? "")?.object ?? [:]
            #expect(
                first["rows"] == 2 && first["complete"] == true && first["filter"]?.text?.contains("person") == true
                    && first["format"] == "csv")
            #expect(entries[0].user?.id == admin.userID && entries[0].entity == "customers")
            #expect(Plain(jsonText: entries[1].changes ?? "")?.object?["complete"] == false)
        }
    }

    @Test("a streamed export begins in the log before its first byte, and is refused when that cannot be written")
    func begins() async throws {
        try await Harbour.open { harbour async throws in
            try await fill(harbour)
            let schema = try #require(harbour.gate.catalog["customers"]), disk = FullDisk(harbour.gate.store), sent = Bytes()
            let gate = Gate(store: disk, capabilities: Packs.capabilities, secrets: harbour.gate.secrets, clock: harbour.gate.clock)
            var exporter = Exporter(gate)
            exporter.pageSize = 1
            let request = ExportRequest(ListRequest(schema), fields: ["name"], format: .csv)
            disk.fill()
            await #expect(throws: StoreError.self) { try await exporter.run(request, as: harbour.admin) { sent.add($0) } }
            #expect(sent.count == 0)
            disk.empty()
            // The disk fills up under way: it goes through, and how it ended is written later.
            let rows = try await exporter.run(request, as: harbour.admin) {
                sent.add($0)
                disk.fill()
            }
            #expect(rows == 4)
            #expect(try await harbour.audit("export").isEmpty)
            disk.empty()
            try await eventually("its end is written") { gate.backlog.count == 0 }
            let begun = try await harbour.audit("export_begin"), ended = try await harbour.audit("export")
            #expect(begun.count == 1 && ended.count == 1 && begun[0].operation == ended[0].operation)
            #expect(Plain(jsonText: begun[0].changes ?? "")?.object?["fields"] == ["name"])
        }
    }

    @Test(
        "what is exported can be imported into an empty system and is the same", arguments: [ExportRequest.Format.csv, .xlsx],
        Harbour.Engine.available)
    func roundTrip(format: ExportRequest.Format, engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            _ = try await harbour.add("tags", ["name": "老客户"])
            _ = try await harbour.add("tags", ["name": "团购"])
            _ = try await harbour.add("customer_levels", ["name": "金卡", "code": "gold"])
            try await fill(harbour)
            try await harbour.take([
                ["客户编号", "客户名称", "客户级别", "标签", "重点客户", "供货价", "详细地址", "建档日期"],
                ["K5", "=cmd", "金卡", "老客户、团购", "是", "1,234.5", " 　东街 ", "2020-02-29"],
                ["K6", "'单引号", "gold", "", "否", "", "-5", "1900-01-01"],
            ])
            let path = harbour.folder + "/out." + format.rawValue
            let schema = try #require(harbour.gate.catalog["customers"])
            let rows = try await Exporter(harbour.gate).file(
                ExportRequest(ListRequest(schema, sort: [Query.Sort("id")]), format: format), as: harbour.admin, path: path)
            #expect(rows == 6)
            let before = try await harbour.all("customers")
            try await Harbour.open(engine) { empty in
                _ = try await empty.add("tags", ["name": "老客户"])
                _ = try await empty.add("tags", ["name": "团购"])
                _ = try await empty.add("customer_levels", ["name": "金卡", "code": "gold"])
                let result = try await Importer(DirectHost(empty.gate, as: empty.admin)).run(ImportPlan(into: "customers"), file: path)
                #expect(result.created["customers"] == 6 && result.rejections.isEmpty)
                let after = try await empty.all("customers")
                for (one, other) in zip(before, after) {
                    for field in schema.fields where !["updated_at", "updated_by"].contains(field.name) {
                        #expect(one[field] == other[field], "\(field.name)")
                    }
                }
            }
        }
    }
}
