import Testing

@testable import Records

@Suite("Days and moments")
struct DateKindsTests {
    @Test(
        "a day is read in every usual style",
        arguments: [
            "2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", "20261123", "２０２６－１１－２３", "2026 年 11 月 23 日", "2026-11-23 00:00:00",
            "2026-11-23T00:00:00", "2026/11/23 0:00",
            "2026年11月23号", "2026-11-23T00:00:00.000",
        ])
    func day(_ text: String) { #expect(DayKind().parsed(text) == .value(Day(year: 2026, month: 11, day: 23)?.stored ?? .null)) }

    @Test("short months and days")
    func short() { #expect(DayKind().parsed("2026/1/5") == .value(Day(year: 2026, month: 1, day: 5)?.stored ?? .null)) }

    @Test("a day that does not exist is refused with the reason")
    func impossible() {
        func message(_ text: String) -> String {
            do { _ = try DayKind().parse(text); return "" } catch { return error.message }
        }
        #expect(message("2026-02-30") == "2026 年 2 月没有 30 日，该月共 28 天")
        #expect(message("2026-13-01") == "没有 13 月，月份应在 1 到 12 之间")
        #expect(message("0000-01-01") == "年份应在 1900 到 2200 之间")
        #expect(message("2026-11-23 13:00") == "只要日期，不要时间，例如 2026-11-23")
    }

    @Test(
        "what is no day is refused",
        arguments: [
            "2026-11", "26-11-23", "2026-11/23", "2026--11-23", "2026-+1-05", "+026-01-01", "明天", "2026-11-23x", "2026-111-23",
            "2026年11月23", "45987", "2026112", "202611231",
        ])
    func noDay(_ text: String) { #expect(DayKind().parsed(text).isFault) }

    @Test(
        "programs write YYYY-MM-DD and nothing else",
        arguments: ["2026/11/23", "2026-1-5", "20261123", " 2026-11-23", "2026-11-23T00:00:00Z", "2026-02-30", "", "+026-01-01"])
    func strictDay(_ text: String) { #expect(DayKind().accepted(.text(text)).isFault) }

    @Test(
        "a moment without a zone is Shanghai's",
        arguments: [
            "2026-11-23 13:27:40", "2026-11-23T13:27:40", "2026/11/23 13:27:40", "2026年11月23日13时27分40秒", "2026-11-23T05:27:40Z",
            "2026-11-23T13:27:40+08:00", "2026-11-23 00:27:40-0500",
            "2026/11/23 下午1:27:40", "2026-11-23 1:27:40 PM", "２０２６-11-23 １３：２７：４０",
        ])
    func instant(_ text: String) { #expect(InstantKind().parsed(text) == .value(1_795_411_660_000)) }

    @Test("a day is its midnight in Shanghai")
    func midnight() {
        #expect(InstantKind().parsed("2026-11-23") == .value(Instant(Day(year: 2026, month: 11, day: 23) ?? Day(number: 0)).stored))
        #expect(InstantKind().parsed("2026年11月23日 上午12:05") == InstantKind().parsed("2026-11-23 00:05"))
        #expect(InstantKind().parsed("2026-11-23 中午12:05") == InstantKind().parsed("2026-11-23 12:05"))
        #expect(InstantKind().parsed("2026-11-23 8点") == InstantKind().parsed("2026-11-23 08:00"))
    }

    @Test(
        "programs write RFC 3339",
        arguments: [
            "2026-11-23T13:27:40", "2026-11-23 13:27", "2026-11-23", "2026-11-23T13:27Z", "2026-11-23T13:27:40+0800",
            "2026-11-23T24:00:00Z", "2026-02-30T00:00:00Z", "2026-11-23T13:27:40.Z", "",
        ])
    func strictInstant(_ text: String) { #expect(InstantKind().accepted(.text(text)).isFault) }

    @Test("RFC 3339 with fractions, offsets and leap seconds")
    func rfc() {
        #expect(InstantKind().accepted("2026-11-23T05:27:40.5Z") == .value(1_795_411_660_500))
        #expect(InstantKind().accepted("2026-11-23t05:27:40.123456789z") == .value(1_795_411_660_123))
        #expect(InstantKind().accepted("2016-12-31T23:59:60Z") == .value(1_483_228_799_000))
        #expect(InstantKind().plain(1_795_411_660_000) == "2026-11-23T05:27:40Z")
        #expect(InstantKind().show(1_795_411_660_000, in: .chinese) == "2026-11-23 13:27")
        #expect(InstantKind().edit(1_795_411_660_000) == "2026-11-23 13:27:40")
        #expect(InstantKind().edit(1_795_411_620_000) == "2026-11-23 13:27")
    }
}
