import Records
import Testing

@Suite("Numbers beyond what there is")
struct ClampingTests {
    private static let ends: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]

    @Test("sums, differences and products stay at the greatest or least number", arguments: ends, ends)
    func numbers(a: Int64, b: Int64) {
        func held(_ exact: Int128) -> Int64 { Int64(clamping: exact) }
        #expect(a.adding(clamping: b) == held(Int128(a) + Int128(b)))
        #expect(a.subtracting(clamping: b) == held(Int128(a) - Int128(b)))
        #expect(a.multiplied(clampingBy: b) == held(Int128(a) * Int128(b)))
        #expect(Money(cents: a) + Money(cents: b) == Money(cents: held(Int128(a) + Int128(b))))
        #expect(Money(cents: a) - Money(cents: b) == Money(cents: held(Int128(a) - Int128(b))))
        #expect(Money(cents: a) * Int(b) == Money(cents: held(Int128(a) * Int128(b))))
    }

    @Test("days stay between the years 1 and 9999", arguments: ends.map(Int.init), ends.map(Int.init))
    func days(a: Int, b: Int) {
        let day = Day(number: a)
        for found in [day, day + b, day - b, day.adding(months: b), Day.Stretch.week.start(of: day)] {
            #expect("0001-01-01" <= found.iso && found.iso <= "9999-12-31" && (1...7).contains(found.weekday))
        }
        #expect((day - Day(number: b)).magnitude < 4_000_000)
    }

    @Test("moments stay between the years 1 and 9999", arguments: ends, ends)
    func instants(a: Int64, b: Int64) {
        let moment = Instant(milliseconds: a)
        let found = [
            moment, moment.adding(seconds: b), moment.adding(minutes: Int(b)), moment.adding(hours: Int(b)), moment.adding(days: Int(b)),
        ]
        for found in found { #expect("0001-01-01" <= found.rfc3339 && found.rfc3339 < "9999-12-32" && found.shown.count == 16) }
        _ = moment - Instant(milliseconds: b)
    }

    @Test("a floating-point number of any size is near some whole one")
    func nearest() {
        #expect(Int(nearest: .nan) == 0 && Int(nearest: 1e300) == .max && Int(nearest: -.infinity) == .min && Int(nearest: 2.5) == 3)
    }

    @Test("a range that would end before it begins is empty")
    func ranges() {
        #expect(Range(from: 3, until: 1).isEmpty && Range(from: Int64.max, until: .min).isEmpty && Range(from: 1, until: 3).count == 2)
    }
}
