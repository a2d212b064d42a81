import Foundation
import Records
import Testing

@testable import Gate
@testable import Storage

@Suite("Rows of an import")
struct ImportRowTests {
    @Test("every wrong column of a row is told, and nothing of the row is taken", arguments: Harbour.Engine.available)
    func everyFault(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            let result = try await harbour.take([
                ["客户名称", "手机号码", "客户类型", "生日"], ["林知远", "13900000001", "个人", "1990-02-03"], ["", "12", "火星人", "1990-02-31"],
                ["", "", "", ""], ["周末", "", "", ""],
            ])
            #expect(result.rows == 3)
            #expect(result.created == ["customers": 2])
            #expect(result.rejections.map(\.line) == [3, 3, 3, 3])
            #expect(Set(result.rejections.map(\.column)) == ["客户名称", "手机号码", "客户类型", "生日"])
            #expect(result.rejections.allSatisfy { !$0.reason.isEmpty && !$0.code.isEmpty })
            #expect(try await harbour.all("customers").map { $0["name"] } == ["林知远", "周末"])
        }
    }

    @Test("a row whose order is refused leaves no customer behind", arguments: Harbour.Engine.available)
    func wholeOrNothing(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            let taken = try await harbour.add("customers", ["name": "老客户", "code": "C0"])
            _ = try await harbour.add("orders", ["customer_id": .int(taken.id), "no": "D1"])
            let result = try await harbour.take(
                [["单号", "客户", "备注"], ["D1", "C1", "已有"], ["D2", "C2", "好的"], ["D3", "C0", "好的"]], into: "orders"
            ) { plan in
                plan.columns = [.init("单号", "no"), .init("客户", "customer.code"), .init("备注", "remark")]
                plan.fixed = [.init("customer.name", "顾客 {客户}")]
                plan.match = ["customer.code"]
                plan.createsLinked = true
            }
            #expect(result.created == ["customers": 1, "orders": 2] && result.rejected == 1)
            #expect(
                result.rejections.first?.line == 2 && result.rejections.first?.code == "duplicate"
                    && result.rejections.first?.column == "单号")
            #expect(try await harbour.all("customers").map { $0["code"] } == ["C0", "C2"])
            #expect(try await harbour.audit("create").filter { $0.entity == "customers" }.count == 2)
        }
    }

    @Test("adding refuses what is there, updating what is not, and both take each row as it is")
    func modes() async throws {
        try await Harbour.open { harbour async throws in
            _ = try await harbour.add("customers", ["name": "林知远", "mobile": "13900000001", "remark": "旧"])
            let rows = [["客户名称", "手机号码", "备注"], ["林知远", "139 0000 0001", "新"], ["周末", "13900000002", "新"]]
            let added = try await harbour.take(rows) {
                $0.match = ["mobile", "name"]; $0.mode = .add; $0.isDryRun = true
            }
            #expect(added.created["customers"] == 1 && added.rejections.map(\.code) == ["duplicate"])
            let updated = try await harbour.take(rows) {
                $0.match = ["mobile", "name"]; $0.mode = .update; $0.isDryRun = true
            }
            #expect(
                updated.updated["customers"] == 1 && updated.rejections.map(\.code) == ["not_found"] && updated.created["customers"] == 0)
            #expect(try await harbour.all("customers").count == 1)
            let both = try await harbour.take(rows) { $0.match = ["mobile", "name"] }
            #expect(both.created["customers"] == 1 && both.updated["customers"] == 1)
            #expect(try await harbour.all("customers").map { $0["remark"] } == ["新", "新"])
        }
    }

    @Test("an empty cell leaves the field as it is")
    func blankKeeps() async throws {
        try await Harbour.open { harbour async throws in
            let row = try await harbour.add("customers", ["name": "林知远", "mobile": "13900000001", "remark": "旧"])
            let result = try await harbour.take([["客户名称", "手机号码", "备注"], ["林知远", "13900000001", ""]]) { $0.match = ["mobile", "name"] }
            #expect(result.unchanged["customers"] == 1)
            #expect(try await harbour.all("customers").first?.version == row.version)
        }
    }

    @Test("of several rows about one record the last counts, so that importing again changes nothing", arguments: Harbour.Engine.available)
    func lastCounts(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            let rows = [["客户编号", "客户名称", "备注", "详细地址"], ["K1", "林知远", "一", "东街"], ["K1", "林知远", "二", ""], ["K1", "林知远", "三", ""]]
            let first = try await harbour.take(rows) { $0.match = ["code"] }
            #expect(first.created["customers"] == 1 && first.updated["customers"] == 1 && first.unchanged["customers"] == 1)
            let kept = try #require(try await harbour.all("customers").first)
            #expect(kept["remark"] == "三" && kept["address"] == "东街")
            let again = try await harbour.take(rows) { $0.match = ["code"] }
            #expect(again.unchanged["customers"] == 3)
        }
    }

    @Test("a record is found by a field that lies encrypted in the database")
    func sealedKey() async throws {
        try await Harbour.open { harbour async throws in
            let rows = [["客户名称", "证件类型", "证件号码"], ["林知远", "护照", "E12345678"]]
            try await harbour.take(rows) { $0.match = ["id_no"] }
            let again = try await harbour.take(rows) { $0.match = ["id_no"] }
            #expect(again.unchanged["customers"] == 1)
            let other = try await harbour.take([rows[0], ["别人", "护照", "E12345678"]])
            #expect(other.rejections.map(\.code) == ["duplicate"])
        }
    }

    @Test("a thousand changed records keep what they were in the audit log", arguments: Harbour.Engine.available)
    func updates(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            func rows(_ remark: String) -> [[String]] { [["客户编号", "客户名称", "备注"]] + (0..<1000).map { ["K\($0)", "顾客\($0)", remark] } }
            try await harbour.take(rows("旧")) { $0.match = ["code"] }
            let result = try await harbour.take(rows("新")) { $0.match = ["code"] }
            #expect(result.updated["customers"] == 1000)
            let changes = try await harbour.audit("update").filter { $0.entity == "customers" }
            #expect(changes.count == 1000 && changes.allSatisfy { $0.changes == #"{"remark":["旧","新"]}"# })
            #expect(try await harbour.all("customers").allSatisfy { $0.version == 2 && $0["remark"] == "新" })
        }
    }

    @Test("numbers the program gives are taken in one stretch and none twice")
    func numbers() async throws {
        try await Harbour.open { harbour async throws in
            try await harbour.take([["客户名称"]] + (1...2500).map { ["顾客\($0)"] })
            let codes = try await harbour.all("customers").compactMap { $0["code"].text }
            #expect(codes.count == 2500 && Set(codes).count == 2500)
            #expect(codes.first == "CUS-20261123-0001" && codes.last == "CUS-20261123-2500")
            let next = try await harbour.add("customers", ["name": "再来一位"])
            #expect(next["code"] == "CUS-20261123-2501")
        }
    }

    @Test("what the entity's rules call the same is refused, in the database and within the sheet")
    func duplicates() async throws {
        try await Harbour.open { harbour async throws in
            _ = try await harbour.add("customers", ["name": "林知远", "mobile": "13900000001"])
            let result = try await harbour.take([
                ["客户名称", "手机号码"], ["林知远", "13900000001"], ["周末", "13900000002"], ["周末", "13900000002"], ["别人", "13900000001"],
            ])
            #expect(result.created["customers"] == 2 && result.rejected == 2)
            #expect(result.rejections.map(\.line) == [2, 4] && result.rejections.allSatisfy { $0.code == "duplicate" })
        }
    }

    @Test("rules around a save see every row, and records that follow from it are made")
    func rules() async throws {
        try await Harbour.open { harbour async throws in
            let customer = try await harbour.add("customers", ["name": "海川公司", "type": "company"])
            let result = try await harbour.take([["姓名", "客户"], ["甲", "海川公司"], ["乙", "海川公司"]], into: "contacts") {
                $0.columns = [.init("姓名", "name"), .init("客户", "customer")]
            }
            #expect(result.created["contacts"] == 2)
            let contacts = try await harbour.all("contacts")
            #expect(contacts.allSatisfy { $0["customer_id"] == .int(customer.id) })
            #expect(contacts.filter { $0["is_primary"] == .int(1) }.count == 1)
        }
    }

    @Test("a dry run says what would happen and keeps nothing, over many batches too")
    func dryRun() async throws {
        try await Harbour.open { harbour async throws in
            var plan = ImportFixtures.purchases
            plan.isDryRun = true
            let rows = [["订单号", "客户编号", "下单日期", "金额"]] + (0..<60).map { ["D\($0)", "K\($0 % 7)", "2026-01-02", "1.5"] }
            var importer = Importer(DirectHost(harbour.gate, as: harbour.admin))
            importer.batchSize = 10
            let result = try await importer.run(plan, file: try harbour.sheet(rows))
            #expect(result.created == ["customers": 7, "orders": 60])
            #expect(try await harbour.count("customers") == 0)
            #expect(try await harbour.count("orders") == 0)
            #expect(try await harbour.audit("create").filter { $0.entity == "orders" }.isEmpty)
        }
    }

    @Test("every rejected row comes back with its own cells, its line and the reason")
    func rejectedSheet() async throws {
        try await Harbour.open { harbour async throws in
            let path = harbour.folder + "/rejected.csv"
            var importer = Importer(DirectHost(harbour.gate, as: harbour.admin))
            importer.batchSize = 2
            _ = try await importer.run(
                ImportPlan(into: "customers"),
                file: try harbour.sheet([["客户名称", "手机号码"], ["甲", "12"], ["乙", ""], ["", "13900000001"], ["=1+1", "9"]]), rejectedTo: path)
            let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
            let lines = text.split(separator: "\r\n").map(String.init)
            #expect(lines.count == 4)
            #expect(lines[0] == "\u{FEFF}客户名称,手机号码,行号,列,原因")
            #expect(lines[1].hasPrefix("甲,12,2,手机号码,"))
            #expect(lines[2].hasPrefix(",13900000001,4,客户名称,"))
            #expect(lines[3].hasPrefix("\"'=1+1\",9,5,手机号码,"))
        }
    }

    @Test("after much has come in the database looks at its indexes anew; after little, or a dry run, it does not")
    func analysis() async throws {
        try await Harbour.open { harbour async throws in
            func isAnalyzed() async throws -> Bool {
                let store = try #require(harbour.gate.store as? SQLiteStore)
                return try await store.define { try $0.connection.first("select 1 from sqlite_master where name = 'sqlite_stat1'") != nil }
            }
            let sheet = try harbour.sheet([["客户名称"]] + (1...20).map { ["海客\($0)"] })
            var importer = Importer(DirectHost(harbour.gate, as: harbour.admin)), plan = ImportPlan(into: "customers")
            importer.much = 20
            plan.isDryRun = true
            _ = try await importer.run(plan, file: sheet)
            #expect(try await isAnalyzed() == false)
            importer.much = 21
            plan.isDryRun = false
            _ = try await importer.run(plan, file: sheet)
            #expect(try await isAnalyzed() == false)
            importer.much = 20
            _ = try await importer.run(plan, file: sheet)
            #expect(try await isAnalyzed())
        }
    }

    @Test(
        "holidays come from a file with Chinese or English headings, told apart by day",
        arguments: [
            [["日期", "名称", "安排"], ["2027-01-01", "元旦", "放假"], ["2027-01-03", "元旦调休", "上班"]],
            [["date", "name", "type"], ["2027/1/1", "元旦", "holiday"], ["2027/1/3", "元旦调休", "working"]],
        ])
    func holidays(rows: [[String]]) async throws {
        try await Harbour.open { harbour async throws in
            let result = try await harbour.take(rows, into: "calendar_days")
            #expect(result.created == ["calendar_days": 2] && result.rejections.isEmpty)
            let days = try await harbour.all("calendar_days").suffix(2).map(Record<CalendarDay>.init)
            #expect(days.map(\.day.iso) == ["2027-01-01", "2027-01-03"] && days.map(\.kind) == [.holiday, .workday])
        }
    }
}
