import Foundation
import Product
import Records
import Testing

@testable import Formats
@testable import Gate

@Suite("Sheets that do not fit")
struct ImportSheetTests {
    private func problems(
        _ harbour: Harbour, _ file: String, into entity: String = "customers", _ change: (inout ImportPlan) -> Void = { _ in }
    ) async -> [Problem] {
        var plan = ImportPlan(into: entity)
        change(&plan)
        do {
            _ = try await Importer(DirectHost(harbour.gate, as: harbour.admin)).run(plan, file: file)
            return []
        } catch {
            return (error as? Problems)?.all ?? [Problem(code: "other", "\(error)")]
        }
    }

    @Test("an empty file, one without a header, and one that is no sheet are told apart in Chinese")
    func unreadable() async throws {
        try await Harbour.open { harbour async throws in
            #expect(try await problems(harbour, harbour.text("")).map(\.code) == ["unreadable_file"])
            #expect(await problems(harbour, harbour.folder + "/missing.csv").map(\.code) == ["unreadable_file"])
            let bare = try await problems(harbour, harbour.sheet([["林知远", "13900000001"], ["周末", "13900000002"]]))
            #expect(bare.map(\.code) == ["no_header"])
            #expect(bare.first?.message.contains("表头") == true && bare.first?.message.contains("林知远") == true)
            #expect(try await problems(harbour, harbour.text("<html><table></table></html>")).first?.message.contains("网页") == true)
            #expect(try await problems(harbour, harbour.sheet([["客户名称"], ["甲"]]), into: "nothing").map(\.code) == ["unknown_entity"])
        }
    }

    @Test("a mapping that does not fit the sheet says everything that is wrong at once")
    func badMapping() async throws {
        try await Harbour.open { harbour async throws in
            let file = try harbour.sheet([["名", "电话", "电话", "号"], ["甲", "1", "2", "3"]])
            let found = await problems(harbour, file) { plan in
                plan.columns = [
                    .init("名", "name"), .init("没有", "remark"), .init("电话", "mobile"), .init("号", "nothing"), .init("名", "name"),
                ]
                plan.fixed = [.init("type", "火星人"), .init("remark", "见 {别处}"), .init("level.code.x", "1")]
                plan.match = ["vin"]
            }
            #expect(
                found.map(\.code) == [
                    "unknown_column", "duplicate_column", "unknown_field", "duplicate_field", "unknown_option", "unknown_column",
                    "unknown_field", "unknown_field",
                ])
            #expect(found.allSatisfy { !$0.message.isEmpty })
            #expect(
                await problems(harbour, file) {
                    $0.columns = [.init("名", "name")]; $0.mode = .update
                }.map(\.code) == ["required"])
            #expect(
                await problems(harbour, file) {
                    $0.columns = [.init("名", "name")]; $0.match = ["mobile"]
                }.map(\.code) == ["required"])
            #expect(
                await problems(harbour, file) { $0.columns = [.init("名", "name"), .init("号", "created_at"), .init("电话", "completeness")] }
                    .contains { $0.code == "duplicate_column" })
            #expect(
                await problems(harbour, file) { $0.columns = [.init("名", "name"), .init("号", "completeness")] }.map(\.code) == [
                    "not_allowed"
                ])
        }
    }

    @Test("a file that breaks off in the middle is refused before anything is written")
    func broken() async throws {
        try await Harbour.open { harbour async throws in
            let text = "客户名称,备注\n" + (1...2000).map { "客户\($0),好\n" }.joined() + "坏,\"没有结束"
            #expect(try await problems(harbour, harbour.text(text)).map(\.code) == ["unreadable_file"])
            #expect(try await harbour.count("customers") == 0)
        }
    }

    @Test("a huge cell, a row far too wide and a packed bomb are refused, never a crash")
    func bombs() async throws {
        try await Harbour.open { harbour async throws in
            #expect(
                try await problems(harbour, harbour.text("客户名称,备注\n甲,\(String(repeating: "长", count: 500_000))\n")).map(\.code) == [
                    "unreadable_file"
                ])
            let long = try await harbour.take([
                ["客户名称", "备注"], ["甲", String(repeating: "长", count: 30_000)], [String(repeating: "名", count: 300), ""],
            ])
            #expect(long.rejections.map(\.code).contains("too_long"))
            #expect(
                try await problems(harbour, harbour.text("客户名称\n" + String(repeating: ",", count: 5000) + "\n")).map(\.code) == [
                    "unreadable_file"
                ])
        }
    }

    @Test("headings are understood as people write them")
    func proposals() throws {
        let schema = try #require(Catalog.everything["customers"]), orders = try #require(Catalog.everything["orders"])
        func path(_ heading: String, _ schema: Schema) -> String? {
            MappingProposal(header: [heading], schema: schema, catalog: .everything).columns.first?.path
        }
        #expect(path("客户名称", schema) == "name")
        #expect(path(" 手机 号码（11位，必填） ", schema) == "mobile")
        #expect(path("ＭＯＢＩＬＥ", schema) == "mobile")
        #expect(path("Customer no.", schema) == "code")
        #expect(path("来源*", schema) == "source")
        #expect(path("created_at", schema) == nil)
        #expect(path("客户.客户编号", orders) == "customer_id.code")
        #expect(path("天气", schema) == nil)
        let twice = MappingProposal(header: ["客户名称", "", "姓名", "天气"], schema: schema, catalog: .everything)
        #expect(twice.columns.map(\.path) == ["name", nil, nil] && twice.ignored == ["姓名", "天气"])
        let saved = MappingProposal(header: ["甲方", "电话"], schema: schema, catalog: .everything, saved: [["甲方": "name", "电话": "mobile"]])
        #expect(saved.columns.map(\.path) == ["name", "mobile"])
    }

    @Test("a saved mapping is proposed for the next sheet of its kind")
    func savedMapping() async throws {
        try await Harbour.open { harbour async throws in
            var plan = ImportPlan(into: "customers")
            plan.columns = [.init("甲方", "name"), .init("联络", "mobile")]
            let keep = plan
            try await harbour.gate.write(as: harbour.admin) { tx in try tx.saveMapping(keep, as: "老系统") }
            try await harbour.gate.write(as: harbour.admin) { tx in try tx.saveMapping(keep, as: "老系统") }
            let result = try await harbour.take([["联络", "甲方"], ["13900000001", "林知远"]])
            #expect(result.created["customers"] == 1)
            let names = try await harbour.gate.read(as: harbour.admin) { view in
                try view.savedMappings(of: try view.schema(named: "customers")).map(\.name)
            }
            #expect(names == ["老系统"])
            #expect(ImportPlan(plan.plain) == plan)
        }
    }

    @Test("the form to fill in names every column, says what it takes, and comes back with its remarks passed over")
    func form() async throws {
        try await Harbour.open { harbour async throws in
            let form = try await harbour.gate.read(as: harbour.admin) { view in try ImportForm(try view.schema(named: "customers"), view) }
            #expect(form.columns.first?.heading == "客户名称" && form.columns.first?.remark.hasPrefix("必填") == true)
            #expect(!form.columns.contains { $0.heading == "资料完整度" || $0.heading == "编号" })
            let path = harbour.folder + "/form.csv"
            let filled = String(decoding: form.csv(), as: UTF8.self) + "林知远\r\n"
            try Data(filled.utf8).write(to: URL(fileURLWithPath: path))
            let result = try await Importer(DirectHost(harbour.gate, as: harbour.admin)).run(ImportPlan(into: "customers"), file: path)
            #expect(result.rows == 1 && result.created["customers"] == 1 && result.rejections.isEmpty)
            try form.writeWorkbook(to: harbour.folder + "/form.xlsx")
            let again = try await Importer(DirectHost(harbour.gate, as: harbour.admin)).run(
                ImportPlan(into: "customers"), file: harbour.folder + "/form.xlsx")
            #expect(again.rows == 0)
        }
    }
}

extension Catalog {
    static let everything = Catalog([Platform.self] + Packs.capabilities)
}
