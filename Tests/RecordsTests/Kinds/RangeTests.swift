import Records
import Testing

@Suite("The range of each kind of number and date")
struct RangeTests {
    private static func message(_ kind: any FieldKind, _ text: String) -> String {
        do throws(Fault) { _ = try kind.parse(text); return "" } catch { return error.message }
    }

    @Test(
        "is said by whoever refuses what lies beyond",
        arguments: [
            (WholeNumberKind() as any FieldKind, "9007199254740992", "9007199254740993", "应在 -9007199254740992 到 9007199254740992 之间"),
            (WholeNumberKind(), "-9007199254740992", "-9223372036854775808", "应在 -9007199254740992 到 9007199254740992 之间"),
            (DayKind(), "2200-12-31", "2201-01-01", "应在 1900-01-01 到 2200-12-31 之间"),
            (DayKind(), "1900-01-01", "1899-12-31", "应在 1900-01-01 到 2200-12-31 之间"),
            (InstantKind(), "2200-12-31 23:59", "2201-01-01 00:00", "应在 1900-01-01 00:00 到 2200-12-31 23:59 之间"),
            (InstantKind(), "1900-01-01 00:00", "1899-12-31 23:59", "应在 1900-01-01 00:00 到 2200-12-31 23:59 之间"),
            (MoneyKind(allowsNegative: true), "-1000000000000", "1000000000000.01", "应在 -1,000,000,000,000.00 到 1,000,000,000,000.00 之间"),
            (PercentKind(), "100", "100.01", "应在 0% 到 100% 之间"),
            (DecimalKind(scale: 2), "90071992547409.92", "90071992547409.93", "应在 -90,071,992,547,409.92 到 90,071,992,547,409.92 之间"),
            (RealKind(), "1000000000000000", "1e16", "应在 -10^15 到 10^15 之间"),
            (ScoreKind(), "100", "101", "应在 0 到 100 之间"),
        ])
    func beyond(kind: any FieldKind, last: String, beyond: String, said: String) {
        #expect(Self.message(kind, last) == "")
        #expect(Self.message(kind, beyond) == said)
    }

    @Test("an id is a positive number that JSON can say")
    func ids() {
        #expect(LinkKind("users").accepted(.int(0)).isFault)
        #expect(LinkKind("users").accepted(.int(.max)).isFault)
        #expect(LinkKind("users").accepted(.int(1 << 53)) == .value(.int(1 << 53)))
    }

    @Test("does not hide what was stored before it was there")
    func stored() {
        #expect(DayKind().show(.int(-60_000), in: .chinese) == "1805-09-23")
        #expect(InstantKind().show(.int(-5_000_000_000_000), in: .chinese).hasPrefix("1811-"))
        #expect(WholeNumberKind().show(.int(.max), in: .chinese) == "9,223,372,036,854,775,807")
    }
}
