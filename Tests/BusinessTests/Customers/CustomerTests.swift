import Foundation
import Records
import Testing

@testable import Core

@Suite struct CustomerTests {
    @Test("a name alone is a small part of a file, everything is all of it") func completeness() {
        var liWei = Record<Customer>()
        liWei.name = "李薇"
        let bare = Completeness.score(of: liWei.row)
        #expect((10...25).contains(bare))
        for field in Customer.schema.fields where field.traits.completeness > 0 { liWei.row[field] = .text("x") }
        liWei.type = .person
        #expect(Completeness.score(of: liWei.row) == 100)
    }

    @Test("each known fact raises the score by its weight") func weights() {
        var customer = Record<Customer>()
        customer.name = "李薇"
        let before = Completeness.score(of: customer.row)
        customer.mobile = "19900000001"
        let withMobile = Completeness.score(of: customer.row)
        customer.district = "西湖区"
        #expect(before < withMobile && withMobile < Completeness.score(of: customer.row))
        #expect(!Completeness.missing(in: customer.row).contains("手机号码"))
        #expect(Completeness.missing(in: customer.row).first == "生日")
    }

    @Test("a company is not asked for a gender, a person not for a credit code") func asked() {
        var customer = Record<Customer>()
        customer.type = .company
        #expect(!Completeness.missing(in: customer.row).contains("性别") && Completeness.missing(in: customer.row).contains("统一社会信用代码"))
        customer.type = .person
        #expect(Completeness.missing(in: customer.row).contains("性别") && !Completeness.missing(in: customer.row).contains("统一社会信用代码"))
    }

    @Test("a new customer is a private, active, unverified person of potential") func initial() {
        let customer = Record<Customer>()
        #expect(customer.type == .person && customer.lifecycle == .potential && customer.fileStatus == .active && customer.pool == .private)
        #expect(customer.row["source"].isNull)
    }

    @Test("the source may be left out by an import only") func source() throws {
        let source = try #require(Customer.schema["source"])
        #expect(source.isRequired(from: "web") && source.isRequired(from: nil) && !source.isRequired(from: "import"))
        #expect(Customer.schema["name"]?.isRequired(from: "import") == true)
    }

    @Test("a person with the same phone and name is the same; a credit code or ID number decides alone") func duplicates() {
        let exact = Customer.rules.duplicates.filter(\.isExact).map(\.fields)
        #expect(exact == [["mobile", "name"], ["id_no"], ["uscc"]])
        #expect(Customer.rules.duplicates.contains { $0.fields == ["mobile"] && !$0.isExact })
        for fields in Customer.rules.duplicates.map(\.fields) {
            let isIndexed =
                fields.count == 1
                ? Customer.schema[fields[0]]?.traits.isIndexed == true || Customer.schema[fields[0]]?.traits.isSealed == true
                : Customer.traits.indexes.contains(fields)
            #expect(isIndexed, "\(fields) is looked up at every save")
        }
    }

    @Test("an ID card that does not add up is refused with a reason", arguments: ["990000198801010011", "99000019880230001X", "123"])
    func wrongID(number: String) {
        #expect(throws: Problem.self) { try Customer.residentID(number, today: Day(iso: "2026-11-23")!) }
    }

    @Test("an ID card tells birthday and gender") func idCard() throws {
        let card = try Customer.residentID("990000198801010010", today: Day(iso: "2026-11-23")!)
        #expect(card.birthday == Day(iso: "1988-01-01") && card.isMale == true)
    }

    @Test("the file can be frozen and thawed, not merged by hand") func flow() throws {
        let flow = try #require(Customer.flow)
        #expect(flow.transitions.map(\.name) == ["activate", "freeze", "unfreeze", "archive"])
        #expect(!flow.transitions.contains { ["merged", "erased"].contains($0.to) })
        #expect(Customer.actions.map(\.name) == ["assign", "verify", "release", "claim", "send_message"])
    }

    @Test("whoever is in the pool can be claimed, whoever has an owner cannot") func claim() throws {
        let claim = try #require(Customer.actions.first { $0.name == "claim" })
        var customer = Record<Customer>()
        #expect(claim.unavailable(customer.row, .system()) != nil)
        customer.pool = .public
        #expect(claim.unavailable(customer.row, .system()) == nil)
    }
}

@Suite struct CustomerSheetTests {
    static let header = "客户名称,手机号码,客户类型,来源,省份,城市,区县,详细地址,生日,建档日期,备注".split(separator: ",").map(String.init)

    /// A column's field: by label first, by alias second, as the import proposes it.
    private func field(_ column: String) -> FieldSpec? {
        Customer.schema.writable.first { $0.label == column } ?? Customer.schema.writable.first { $0.traits.aliases.contains(column) }
    }

    @Test("the office's customer sheet maps by itself") func mapping() {
        #expect(
            Self.header.map { field($0)?.name } == [
                "name", "mobile", "type", "source", "province", "city", "district", "address", "birthday", "filed_on", "remark",
            ])
    }

    @Test(
        "other offices' column names map too",
        arguments: [
            ("姓名", "name"), ("名称", "name"), ("手机", "mobile"), ("电话号码", "mobile"), ("类型", "type"), ("客户来源", "source"), ("省", "province"),
            ("市", "city"), ("区", "district"),
            ("地址", "address"), ("出生日期", "birthday"), ("客户编号", "code"), ("身份证号", "id_no"), ("客户级别", "level_id"), ("标签", "tags"),
            ("负责人", "owner_id"),
        ])
    func aliases(column: String, name: String) { #expect(field(column)?.name == name) }

    @Test("no column name could mean two fields") func ambiguous() {
        var seen: [String: String] = [:]
        for field in Customer.schema.writable {
            for name in [field.label] + field.traits.aliases {
                #expect(seen[name] == nil, "\(name): \(seen[name] ?? "") and \(field.name)")
                seen[name] = field.name
            }
        }
    }

    @Test("the sheet's types and sources are read", arguments: ["个人", "单位", "政府机关", "经销商", "家庭"])
    func types(label: String) throws { _ = try Customer.Kind.kind.parse(label) }

    @Test("sources are read", arguments: ["官网", "主动寻访", "地图搜寻", "朋友圈", "转介绍", "展会", "自然到店", "商户平台", "市场活动", "来电", "短视频"])
    func sources(label: String) throws { _ = try Customer.Source.kind.parse(label) }

    @Test("what is no type is refused", arguments: ["企业客户?", "VIP", "人"])
    func unknown(label: String) { #expect(throws: Fault.self) { try Customer.Kind.kind.parse(label) } }
}
