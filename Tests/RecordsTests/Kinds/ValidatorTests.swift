import Testing

@testable import Records

@Suite("Validators of §2.0")
struct ValidatorTests {
    @Test(
        "mobiles are normalised to eleven digits",
        arguments: [
            ("13900000000", "13900000000"), ("+86 139-0000-0000", "13900000000"), ("0086 13900000000", "13900000000"),
            ("138 0013 8000", "13800138000"),
            ("１３８００１３８０００", "13800138000"), ("(86)13800138000", "13800138000"), ("\u{202D}13800138000\u{202C}", "13800138000"),
        ])
    func mobile(_ text: String, _ number: String) { #expect(MobileKind().parsed(text) == .value(.text(number))) }

    @Test(
        "what is no mobile is refused",
        arguments: ["12345678901", "1390000000", "139000000000", "23900000000", "0571-88886666", "١٣٨٠٠١٣٨٠٠٠"])
    func noMobile(_ text: String) { #expect(MobileKind().parsed(text).isFault) }

    @Test("a mobile is shown in groups and masked in the middle")
    func mobileShown() {
        #expect(MobileKind().show("13800138000", in: .chinese) == "138 0013 8000")
        #expect(MobileKind().mask("13800138000") == "138****8000")
        #expect(MobileKind().show("short", in: .chinese) == "short")
        #expect(MobileKind().mask("short") == "****")
    }

    @Test(
        "telephones are written one way",
        arguments: [
            ("057188886666", "0571-88886666"), ("0571 8888 6666", "0571-88886666"), ("(0571)88886666", "0571-88886666"),
            ("010-65551234", "010-65551234"),
            ("01065551234", "010-65551234"), ("0571-88886666转802", "0571-88886666-802"), ("0571-88886666-802", "0571-88886666-802"),
            ("88886666", "88886666"),
            ("4008008888", "400-800-8888"), ("400-800-8888", "400-800-8888"), ("+86 571 8888 6666", "0571-88886666"), ("95518", "95518"),
            ("+86 138 0013 8000", "13800138000"), ("+852 2345 6789", "+85223456789"), ("0571-8888-6666", "0571-88886666"),
            ("2345678", "2345678"),
        ])
    func phone(_ text: String, _ number: String) { #expect(PhoneKind().parsed(text) == .value(.text(number))) }

    @Test(
        "what is no telephone is refused",
        arguments: ["1234567", "0571", "0571-1234567", "400-800-888", "abc", "12345678901", "0571-88886666-1234567", "00-1"])
    func noPhone(_ text: String) { #expect(PhoneKind().parsed(text).isFault) }

    @Test(
        "VINs with a right check digit pass",
        arguments: [
            "1M8GDM9AXKP042788", "11111111111111111", "LXZA11AB1RA000002", "LXZB22CDXSB000117", "LXZE33EFXTC000208", "LXZH55GH3PD000035",
            "lxza11ab1ra000002",
            "LXZA 11AB 1RA0 00002",
        ])
    func vin(_ text: String) {
        #expect(!VINKind().parsed(text).isFault)
        #expect(VINKind(blocksWrongCheckDigit: false).check(.text(text.uppercased().replacing(" ", with: ""))) == nil)
    }

    @Test("changing any one place of a VIN is noticed")
    func vinChanged() {
        let vin = Array("1M8GDM9AXKP042788".utf8)
        // The ninth place is the check digit; letters that count alike (A and 1, J and 1 …) cannot be told apart.
        for place in vin.indices {
            var other = vin
            other[place] = vin[place] == 53 ? 54 : 53
            guard place == 8 || ![69, 78, 86].contains(vin[place]) else { continue }
            #expect(VINKind().parsed(String(decoding: other, as: UTF8.self)) == .fault("check_digit"), "place \(place + 1)")
        }
    }

    @Test(
        "a VIN with O, a Chinese character or a wrong length is refused, warned or not",
        arguments: ["1M8GDM9AXKPO42788", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "1M8GDM9AXKP04278中"])
    func noVIN(_ text: String) {
        #expect(VINKind().parsed(text).isFault)
        #expect(VINKind(blocksWrongCheckDigit: false).parsed(text).isFault)
    }

    @Test("a wrong check digit only warns where the company says so")
    func vinWarns() {
        let kind = VINKind(blocksWrongCheckDigit: false)
        #expect(kind.parsed("1M8GDM9AXKP042789") == .value("1M8GDM9AXKP042789"))
        #expect(kind.check("1M8GDM9AXKP042789")?.isWarning == true)
        #expect(kind.check("1M8GDM9AXKP042788") == nil)
    }

    @Test(
        "the tenth place tells the model year",
        arguments: [
            ("LXZA11AB1RA000002", 2024), ("LXZB22CDXSB000117", 2025), ("LXZE33EFXTC000208", 2026), ("LXZH55GH3PD000035", 2023),
            ("1M8GDM9AXKP042788", 2019),
        ])
    func modelYear(_ vin: String, _ year: Int) { #expect(VIN(vin).modelYear(notAfter: 2027) == year) }

    @Test(
        "plates pass",
        arguments: [
            "浙A12345", "浙AD12345", "粤BF12345", "沪A12345D", "粤Z1234港", "京A1234领", "使014578", "浙A·12345", "浙a 12345", "浙Ａ１２３４５", "浙A1234挂",
            "沪A·D12345",
        ])
    func plate(_ text: String) { #expect(!PlateKind().parsed(text).isFault) }

    @Test(
        "what is no plate is refused",
        arguments: [
            "京AI2345", "浙A1234", "浙A123456", "浙AI1234", "A12345", "使12345", "浙O12345", "浙A1234中", "浙AL12345", "浙A12345L", "中A12345",
            "浙A１２３４٥",
        ])
    func noPlate(_ text: String) { #expect(PlateKind().parsed(text).isFault) }

    @Test("green plates are known", arguments: [("浙AD12345", true), ("沪A12345D", true), ("浙A12345", false), ("使014578", false)])
    func newEnergy(_ text: String, _ isNewEnergy: Bool) { #expect(Plate(text).isNewEnergy == isNewEnergy) }

    @Test(
        "credit codes with right check characters pass",
        arguments: ["91350100M000100Y43", "91330100MA2DEM0175", "91310115MA1DEM074B", "91420100MA4DEM125L", "92510104MA6DEM233T"])
    func uscc(_ code: String) {
        #expect(USCCKind().parsed(code.lowercased()) == .value(.text(code)))
        #expect(USCCKind().check(.text(code)) == nil)
    }

    @Test("a wrong credit code is kept with a warning")
    func wrongUSCC() {
        #expect(USCCKind().parsed("91350100M000100Y4Z").isFault)
        #expect(USCCKind().parsed("91350100M000100Y42") == .value("91350100M000100Y42"))
        #expect(USCCKind().check("91350100M000100Y42")?.isWarning == true)
        #expect(!USCC.hasValidCheckDigit("91350100M000100Y4Z"))
    }

    @Test("ID cards tell birthday and sex")
    func residentID() {
        #expect(ResidentIDKind().parsed("11010519491231002x") == .value("11010519491231002X"))
        #expect(ResidentIDKind().parsed("990000198801010010") == .value("990000198801010010"))
        #expect(ResidentID("11010519491231002X").birthday?.iso == "1949-12-31")
        #expect(ResidentID("11010519491231002X").isMale == false)
        #expect(ResidentID("990000198801010010").isMale == true)
        #expect(ResidentID("").birthday == nil && ResidentID("中").isMale == nil)
        #expect(ResidentIDKind().mask("11010519491231002X") == "110****002X")
    }

    @Test(
        "wrong ID cards are refused",
        arguments: [
            "990000198801010011", "110105194912310", "11010519490230002X", "1101051949123100X2", "中10105194912310021", "11010529491231002X",
        ])
    func noResidentID(_ text: String) { #expect(ResidentIDKind().parsed(text).isFault) }

    @Test("nobody is born tomorrow")
    func unborn() {
        let kind = ResidentIDKind(today: { Day(year: 1988, month: 1, day: 1) ?? Day(number: 0) })
        #expect(!kind.parsed("990000198801010010").isFault)
        #expect(ResidentIDKind(today: { Day(year: 1987, month: 12, day: 31) ?? Day(number: 0) }).parsed("990000198801010010").isFault)
    }

    @Test("bank accounts")
    func bank() {
        let kind = BankAccountKind()
        #expect(kind.parsed("6222 0200 0000 0000 000") == .value("6222020000000000000"))
        #expect(kind.check("6222020000000000000") == nil)
        #expect(kind.check("6222020000000000001")?.isWarning == true)
        #expect(kind.check("12345678") == nil)
        #expect(kind.parsed("1234567").isFault && kind.parsed("1234567a").isFault)
        #expect(kind.show("6222020000000000000", in: .chinese) == "6222 0200 0000 0000 000")
        #expect(kind.mask("6222020000000000000") == "****0000")
    }

    @Test("passports and postcodes")
    func others() {
        #expect(PassportKind().parsed("e1234 5678") == .value("E12345678"))
        #expect(Passport("E12345678").isChinese && !Passport("X1234567").isChinese)
        #expect(PassportKind().parsed("E1").isFault && PassportKind().parsed("护照123456").isFault)
        #expect(PassportKind().check("ABCDEFG")?.isWarning == true)
        #expect(PostcodeKind().parsed("３１００００") == .value("310000"))
        #expect(PostcodeKind().parsed("31000").isFault && PostcodeKind().parsed("31000a").isFault)
    }

    @Test(
        "e-mail addresses pass",
        arguments: ["zhang@example.com", "ZHANG.wei+crm@Mail.Example.COM", "mailto:a@example.com", "a@xn--fiqs8s.cn"])
    func email(_ text: String) { #expect(!EmailKind().parsed(text).isFault) }

    @Test(
        "what is no e-mail address is refused",
        arguments: [
            "zhang", "zhang@", "@example.com", "a@b", "a..b@example.com", ".a@example.com", "a@exa mple.com", "a@example..com",
            "a@-example.com", "a@example.com\r\nBcc: x@y.cn",
            "a@1.2.3.4", "张@example.com", "a@例子.中国",
        ])
    func noEmail(_ text: String) { #expect(EmailKind().parsed(text).isFault) }

    @Test("an address of 254 characters is the longest")
    func longEmail() {
        let domain = Array(repeating: String(repeating: "d", count: 60), count: 3).joined(separator: ".") + ".cn"
        let local = String(repeating: "a", count: 64)
        #expect(!EmailKind().parsed("\(local)@\(domain)").isFault)
        #expect(EmailKind().parsed("\(local)@\(String(repeating: "e", count: 10)).\(domain)").isFault)
        #expect(EmailKind().show("A@example.com", in: .chinese) == "A@example.com")
        #expect(EmailKind().mask("zhang@example.com") == "z****@example.com")
    }

    @Test(
        "web addresses pass",
        arguments: [
            ("https://www.example.com", "https://www.example.com"), ("www.example.com/path", "https://www.example.com/path"),
            ("HTTP://Example.com", "http://Example.com"),
            ("mailto:a@example.com?subject=x", "mailto:a@example.com?subject=x"), ("tel:+8613800138000", "tel:+8613800138000"),
            ("http://localhost:8080/x", "http://localhost:8080/x"),
        ])
    func url(_ text: String, _ address: String) { #expect(URLKind().parsed(text) == .value(.text(address))) }

    @Test(
        "addresses that browsers would run are refused",
        arguments: [
            "javascript:alert(1)", "JavaScript:alert(1)", " java\tscript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
            "vbscript:x", "file:///etc/passwd", "//example.com",
            "https://bank.com@evil.com/", "https://", "http:///x", "http://a b.com", "https://a.cn/\"onmouseover=", "https://a.cn:99999/",
            "https://a.cn:/", "example", "https:example.com",
            "https://a.cn/\u{202E}x", "feed:https://a.cn",
        ])
    func noURL(_ text: String) { #expect(URLKind().parsed(text).isFault) }
}
