import Testing

@testable import Records

@Suite("Numbers")
struct NumberKindsTests {
    @Test(
        "amounts are read exactly",
        arguments: [
            ("1,234.50", 123_450), ("¥1,234.5", 123_450), ("￥1234.5", 123_450), ("１２３", 12_300), ("1.2万", 1_200_000),
            ("3亿", 30_000_000_000), ("0.1", 10), ("12元", 1200),
            ("RMB 12", 1200), (".5", 50), ("5.", 500), ("1E+05", 10_000_000), ("0.30000000000000004", 30), ("1234.5500000000002", 123_455),
            ("2.9999999999999996", 300), ("0", 0),
            ("1.2万元", 1_200_000), ("１，２３４．５０", 123_450), ("1 234.50", 123_450),
        ] as [(String, Int64)])
    func money(_ text: String, _ cents: Int64) { #expect(MoneyKind().parsed(text) == .value(.int(cents))) }

    @Test(
        "what is no amount is refused",
        arguments: [
            "", "abc", "1.234", "1,23", "12,34.5", "1.2.3", "--5", "¥", "万", "1万2", "0x10", "1e", "٣", "5%", "1.005", "100000000000000000",
        ])
    func noMoney(_ text: String) { #expect(MoneyKind().parsed(text).isFault) }

    @Test("only red documents are negative", arguments: ["-5", "－5", "(5)", "¥-5", "-¥5", "−5"])
    func negative(_ text: String) {
        #expect(MoneyKind().parsed(text) == .fault("out_of_range"))
        #expect(MoneyKind(allowsNegative: true).parsed(text) == .value(-500))
    }

    @Test("programs send whole 分")
    func cents() {
        #expect(MoneyKind().accepted(.int(123_450)) == .value(123_450))
        #expect(MoneyKind().accepted(.real(5)) == .value(5))
        #expect(MoneyKind().accepted(.real(5.5)) == .fault("wrong_type"))
        #expect(MoneyKind().accepted("5") == .fault("wrong_type"))
        #expect(MoneyKind().plain(123_450) == .int(123_450))
        #expect(MoneyKind().show(123_450, in: .chinese) == "1,234.50")
        #expect(MoneyKind().show(5, in: .chinese) == "0.05")
        #expect(MoneyKind().show(-123_456_789, in: .chinese) == "-1,234,567.89")
        #expect(MoneyKind().show(.int(.min), in: .chinese) == "-92,233,720,368,547,758.08")
        #expect(MoneyKind().edit(123_450) == "1234.50")
    }

    @Test("decimals keep their places")
    func decimal() {
        #expect(DecimalKind(scale: 3).parsed("1.5") == .value(1500))
        #expect(DecimalKind(scale: 3).parsed("1.2345").isFault)
        #expect(DecimalKind(scale: 3).show(1500, in: .chinese) == "1.500")
        #expect(DecimalKind(scale: 3).edit(1500) == "1.5")
        #expect(DecimalKind(scale: 3).plain(1500) == .real(1.5))
        #expect(DecimalKind(scale: 1).accepted(.real(0.1)) == .value(1))
        #expect(DecimalKind(scale: 2).accepted(.real(0.1 + 0.2)) == .value(30))
        #expect(DecimalKind(scale: 2).accepted(.int(.max)).isFault)
        #expect(DecimalKind(scale: 2, range: 0...100).parsed("1.01") == .fault("out_of_range"))
    }

    @Test("percentages are basis points")
    func percent() {
        #expect(PercentKind().parsed("12.5%") == .value(1250))
        #expect(PercentKind().parsed("１２．５％") == .value(1250))
        #expect(PercentKind().parsed("100") == .value(10_000))
        for text in ["100.01", "-1", "12.345", "%", "12%%", "abc"] { #expect(PercentKind().parsed(text).isFault, "\(text)") }
        #expect(PercentKind().show(1250, in: .chinese) == "12.5%")
        #expect(PercentKind().show(5, in: .chinese) == "0.05%")
        #expect(PercentKind().show(10_000, in: .chinese) == "100%")
    }

    @Test("whole numbers have no decimals and keep their range")
    func whole() {
        #expect(WholeNumberKind().parsed("1,200") == .value(1200))
        #expect(WholeNumberKind().parsed("1200.0") == .value(1200))
        #expect(WholeNumberKind().parsed("1.5").isFault)
        #expect(WholeNumberKind().parsed("9007199254740992") == .value(.int(1 << 53)))
        #expect(WholeNumberKind().parsed("9007199254740993") == .fault("out_of_range"))
        #expect(WholeNumberKind().parsed("9223372036854775808") == .fault("out_of_range"))
        #expect(CoordinatesKind().parsed("-9223372036854.775808,1").isFault)
        #expect(WholeNumberKind(range: 1...10).parsed("11") == .fault("out_of_range"))
        #expect(WholeNumberKind().show(-1_234_567, in: .chinese) == "-1,234,567")
        #expect(WholeNumberKind().accepted(.real(9.3e18)) == .fault("wrong_type"))
    }

    @Test(
        "yes and no in every spelling",
        arguments: [
            ("是", 1), ("否", 0), ("YES", 1), ("no", 0), ("true", 1), ("FALSE", 0), ("1", 1), ("0", 0), ("√", 1), ("on", 1), ("１", 1),
        ] as [(String, Int64)])
    func yesNo(_ text: String, _ flag: Int64) { #expect(YesNoKind().parsed(text) == .value(.int(flag))) }

    @Test("maybe is refused, and JSON has booleans")
    func noYesNo() {
        #expect(YesNoKind().parsed("maybe").isFault && YesNoKind().parsed("2").isFault)
        #expect(YesNoKind().accepted(.bool(true)) == .value(1))
        #expect(YesNoKind().accepted(.int(1)) == .fault("wrong_type"))
        #expect(YesNoKind().plain(0) == .bool(false))
        #expect(YesNoKind().show(1, in: .english) == "Yes")
    }
}
