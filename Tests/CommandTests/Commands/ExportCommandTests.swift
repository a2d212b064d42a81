import ArgumentParser
import Testing

@testable import zhike

@Suite struct ExportCommandTests {
    @Test(
        "filters become the list's own words",
        arguments: [
            ("level=A", "filter[level]", "A"), ("amount_cents>=100", "filter[amount_cents][gte]", "100"),
            ("name~伟", "filter[name][contains]", "伟"),
            ("remark=a>=b", "filter[remark]", "a>=b"), ("customer.city!=杭州", "filter[customer.city][ne]", "杭州"),
            ("score<5", "filter[score][lt]", "5"),
        ])
    func filters(_ text: String, _ name: String, _ value: String) throws {
        let item = try ExportCommand.item(text)
        #expect(item.0 == name && item.1 == value)
    }

    @Test("what is no condition is wrong usage", arguments: ["level", "=A", "a[b]=1"])
    func wrongFilters(_ text: String) {
        #expect(throws: ValidationError.self) { try ExportCommand.item(text) }
    }

    @Test("the format follows the file's name")
    func format() throws {
        #expect(try ExportCommand.parse(["customers", "--out", "a.XLSX"]).path() == "/api/v1/customers/export?format=xlsx")
        #expect(try ExportCommand.parse(["customers", "--fields", "a,b"]).path() == "/api/v1/customers/export?format=csv&fields=a%2Cb")
        #expect(throws: ValidationError.self) { try ExportCommand.parse(["../x"]).path() }
    }
}
