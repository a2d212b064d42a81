import Foundation
import Testing

@testable import Records

@Suite("Every kind")
struct EveryKindTests {
    @Test("reads what it writes, in forms and in the API", arguments: Samples.all.indices)
    func roundTrips(_ index: Int) {
        let (kind, values) = Samples.all[index]
        for value in values { kind.expectRoundTrip(value) }
    }

    @Test("shows, edits, masks and sends nothing for no value", arguments: Samples.all.indices)
    func null(_ index: Int) {
        let kind = Samples.kinds[index]
        #expect(kind.show(.null, in: .chinese).isEmpty && kind.show(.null, in: .english).isEmpty)
        #expect(kind.edit(.null).isEmpty)
        #expect(kind.mask(.null).isEmpty)
        #expect(kind.plain(.null) == .null)
        #expect(kind.check(.null) == nil)
        #expect(kind.accepted(.null) == .value(.null))
    }

    @Test("has a name, operators and an OpenAPI type", arguments: Samples.all.indices)
    func describesItself(_ index: Int) {
        let kind = Samples.kinds[index]
        #expect(!kind.name.isEmpty && kind.name.utf8.allSatisfy { $0.isLower || $0 == 0x5F })
        #expect(kind.operators.contains(.empty) && Set(kind.operators).count == kind.operators.count)
        #expect(kind.openAPI["type"]?.text != nil)
    }

    @Test("sends what its OpenAPI pattern says", arguments: Samples.all.indices)
    func pattern(_ index: Int) throws {
        let (kind, values) = Samples.all[index]
        guard let pattern = kind.openAPI["pattern"]?.text else { return }
        let regex = try NSRegularExpression(pattern: pattern)
        for value in values {
            guard let text = kind.plain(value).text, !text.contains("例子"), !text.contains("[") || !(kind is URLKind) else { continue }
            #expect(regex.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil, "\(kind.name) \(text)")
        }
    }

    @Test("hides what it masks", arguments: Samples.all.indices)
    func masks(_ index: Int) {
        let (kind, values) = Samples.all[index]
        guard !(kind is RegionKind) else { return }
        for value in values { #expect(kind.mask(value).contains("*") && kind.mask(value) != kind.show(value, in: .chinese)) }
    }

    @Test("refuses JSON of the wrong type", arguments: Samples.all.indices)
    func wrongType(_ index: Int) {
        let kind = Samples.kinds[index]
        let mine = kind.openAPI["type"]?.text ?? ""
        let others: [(String, Plain)] = [
            ("string", "x"), ("integer", .int(7)), ("number", .real(7.25)), ("boolean", .bool(true)), ("array", .list([.list([])])),
            ("object", .object(["a": 1])),
        ]
        for (type, plain) in others where type != mine && !(mine == "number" && type == "integer") {
            #expect(kind.accepted(plain) == .fault("wrong_type"), "\(kind.name) \(plain)")
        }
    }

    static let hostile: [String] = [
        "", " ", "\u{0}", "a\u{0}b", "\u{1B}[31mred", "\u{7F}", "\t", "\r\n", "\u{202E}gpj.exe", "‏مرحبا", "👨‍👩‍👧‍👦",
        "🏳️‍🌈🇨🇳", "\u{301}", "e\u{301}",
        String(repeating: "\u{301}", count: 5000), "﷽", "=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(1)", "'; DROP TABLE customers; --",
        "<script>alert(1)</script>",
        "javascript:alert(1)", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551616",
        "9007199254740993", "0.1", "1e999", "1e-999", "1e40", "1E+05", "NaN", "Infinity", "-0", "0x1F", "1,2,3", "1,234,", ",", ".", "-",
        "+", "()", "(-5)", "¥", "万",
        "2026-02-30", "0000-01-01", "0000-00-00", "10000-01-01", "2026-13-01", "2026-00-10", "2026-1", "20260230", "2026年2月30日",
        "2026-11-23T25:00:00Z",
        "2026-11-23T13:27:40+99:99", "2026-11-23 13:", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "١٢٣", "１２３", "①②③", "𝟏𝟐𝟑",
        "一二三",
        "\u{FEFF}123", "123\u{200B}", "々〆〇", "𠮷野家", "\u{10FFFF}", "\u{FFFE}", "\u{E000}", "null", "true", "[]", "{}", "{{7*7}}", "%s%n",
        "../../etc/passwd",
        "a@b", "@", "a@@b.cn", ":", "://", "http://", "https://a@b.cn", "浙", "浙A", "使", "I", String(repeating: "9", count: 400),
        String(repeating: "(", count: 300),
        "#", "##1", ";;;", "a,b,,c", "CUS-{####}", "年月日", "2026年", "2026年1", "下午", "2026-01-01 下午", "转", "-转-", "+86", "0086", "400", "0",
        "01", "+",
    ]

    @Test("answers hostile text with a value or a fault", arguments: Samples.all.indices)
    func survives(_ index: Int) {
        let kind = Samples.kinds[index]
        for text in Self.hostile {
            for outcome in [kind.parsed(text), kind.accepted(.text(text))] {
                guard case .value(let value) = outcome else { continue }
                #expect(kind.check(value)?.isWarning ?? true, "\(kind.name) kept \(text.debugDescription) as \(value)")
                #expect(!kind.show(value, in: .chinese).utf8.contains(0) && !kind.edit(value).utf8.contains(0))
                if !value.isNull { kind.expectRoundTrip(value) }
                _ = (kind.mask(value), kind.show(value, in: .english))
            }
        }
    }

    static let enormousTexts = ["9", "中", "\u{301}", "a,"].map { String(repeating: $0, count: 10_000_000 / $0.utf8.count) }

    @Test("refuses ten megabytes at once", arguments: Samples.all.indices)
    func enormous(_ index: Int) {
        let kind = Samples.kinds[index]
        for text in Self.enormousTexts {
            // The thread's own time, which does not pass while others have the machine: what is read again for each character takes days.
            let start = ownTime()
            #expect(kind.parsed(text).isFault, "\(kind.name)")
            #expect(ownTime() - start < 60, "\(kind.name)")
        }
    }

    private func ownTime() -> Int { var time = timespec(); clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); return time.tv_sec }

    @Test("shows stored values of the wrong shape without a crash", arguments: Samples.all.indices)
    func wrongShape(_ index: Int) {
        let kind = Samples.kinds[index]
        let shapes: [Value] = [
            .int(.min), .int(.max), .int(-1), .real(.nan), .real(.infinity), .text(""), .text("\u{0}"), .text("x"), .list([]),
            .list([.null]), .list([.list([])]),
        ]
        for value in shapes {
            _ = (
                kind.show(value, in: .chinese), kind.show(value, in: .english), kind.edit(value), kind.mask(value), kind.plain(value),
                kind.check(value)
            )
        }
    }

    @Test("refuses JSON numbers that no column holds", arguments: Samples.all.indices)
    func hostileNumbers(_ index: Int) {
        let kind = Samples.kinds[index]
        for number in [Double.nan, .infinity, -.infinity, 1e300, -1e300, 9.3e18, 5e-324, 0.30000000000000004, 9_007_199_254_740_993] {
            _ = kind.accepted(.real(number))
            _ = kind.accepted(.list([.real(number)]))
        }
        for number in [Int64.min, .max, -1, 0, 1 << 53 + 1] {
            guard case .value(let value) = kind.accepted(.int(number)) else { continue }
            #expect(kind.check(value) == nil)
        }
    }
}
