import Foundation
import Testing

@testable import Records

@Suite("Regions")
struct RegionsTests {
    static let json = """
        [{"level": 1, "code": "330000", "parent": null, "name": "浙江省"}, {"level": 2, "code": "330100", "parent": "330000", "name": "杭州市"},
         {"level": 3, "code": "330108", "parent": "330100", "name": "滨江区"},
         {"level": 3, "code": "330122", "parent": "330100", "name": "桐庐县"},
         {"level": 1, "code": 110000, "parent": "", "name": "北京市"}, {"level": 3, "code": 110105, "parent": 110000, "name": "朝阳区"},
         {"level": 1, "code": "220000", "name": "吉林省"}, {"level": 2, "code": "220100", "parent": "220000", "name": "长春市"},
         {"level": 2, "code": "222400", "parent": "220000", "name": "延边朝鲜族自治州"},
         {"level": 3, "code": "220104", "parent": "220100", "name": "朝阳区"},
         {"level": 2, "code": "220200", "parent": "220000", "name": "吉林市"},
         {"level": 1, "code": "150000", "name": "内蒙古自治区"}, {"level": 1, "code": "640000", "name": "宁夏回族自治区"},
         {"level": 3, "code": "1", "parent": "330100", "name": "海州区"}, {"level": 3, "code": "2", "parent": "330100", "name": "海州县"}]
        """
    let regions: Regions

    init() throws { regions = try Regions(json: Data(Self.json.utf8)) }

    @Test(
        "a short name stands for the full one",
        arguments: [
            ("杭州", 2, "杭州市"), ("杭州市", 2, "杭州市"), ("浙江", 1, "浙江省"), ("内蒙古", 1, "内蒙古自治区"), ("宁夏", 1, "宁夏回族自治区"), ("浙江省杭州市", 2, "杭州市"),
            ("延边", 2, "延边朝鲜族自治州"),
            ("桐庐", 3, "桐庐县"), ("杭州市滨江区", 3, "滨江区"), ("浙江省杭州市滨江", 3, "滨江区"), ("北京", 2, "北京市"), ("吉林", 2, "吉林市"), ("吉林", 1, "吉林省"),
        ])
    func fullName(_ text: String, _ level: Int, _ name: String) { #expect(regions.fullName(of: text, level: level) == name) }

    @Test("the installed table tells the level by the code")
    func table() throws {
        let table = try Regions(
            json: Data(
                (#"{"as_of": "2025-12-31", "rows": [["330000", "", "浙江省"], ["330100", "330000", "杭州市"], ["330108", "330100", "滨江区"], "#
                    + #"["110000", "", "北京市"], ["110105", "110000", "朝阳区"]]}"#).utf8))
        #expect(table.fullName(of: "杭州", level: 2) == "杭州市")
        #expect(table.fullName(of: "北京", level: 2) == "北京市")
        #expect(table.named("滨江区", level: 3, in: "浙江省").map(\.code) == ["330108"])
    }

    @Test("what is unknown or means two things stays open", arguments: [("海州", 3), ("纽约", 2), ("", 2), ("州", 3), ("杭", 2)])
    func unknown(_ text: String, _ level: Int) { #expect(regions.fullName(of: text, level: level) == nil) }

    @Test(
        "near names are proposed for one that is not in the table",
        arguments: [
            ("杭洲市", 2, ["杭州市"]), ("杭洲", 2, ["杭州市"]), ("长村", 2, ["长春市"]), ("桐芦县", 3, ["桐庐县"]), ("纽约", 2, []), ("杭", 2, []), ("", 2, []),
            ("延边朝鲜族", 2, ["延边朝鲜族自治州"]),
        ] as [(String, Int, [String])])
    func proposals(_ text: String, _ level: Int, _ names: [String]) { #expect(regions.proposals(for: text, level: level) == names) }

    @Test("districts hang on a city or directly on a province")
    func tree() {
        #expect(regions.named("朝阳区", level: 3).count == 2)
        #expect(regions.named("朝阳区", level: 3, in: "北京市").map(\.code) == ["110105"])
        #expect(regions.named("朝阳区", level: 3, in: "吉林省").map(\.code) == ["220104"])
        #expect(regions.children(of: "330100").contains { $0.name == "滨江区" })
        #expect(regions.children(of: nil).count == 5)
        #expect(regions.around(regions["330108"] ?? .init(level: 0, code: "", name: "")).map(\.name) == ["杭州市", "浙江省"])
    }

    @Test("a table that goes in circles ends")
    func circle() {
        let circle = Regions([.init(level: 2, code: "a", parent: "b", name: "甲"), .init(level: 2, code: "b", parent: "a", name: "乙")])
        #expect(circle.around(circle.all[0]).count == 3)
    }

    @Test("without a table every name is as good, with one an unknown name is pointed out")
    func kind() {
        let before = Regions.current
        defer { Regions.current = before }
        Regions.current = nil
        #expect(RegionKind(level: 2).parsed("杭州") == .value("杭州"))
        #expect(RegionKind(level: 2).check("杭州") == nil)
        Regions.current = regions
        #expect(RegionKind(level: 2).parsed("杭州") == .value("杭州市"))
        #expect(RegionKind(level: 2).check("杭州市") == nil)
        #expect(RegionKind(level: 2).parsed("纽约") == .value("纽约"))
        #expect(RegionKind(level: 2).check("纽约")?.isWarning == true)
    }
}
