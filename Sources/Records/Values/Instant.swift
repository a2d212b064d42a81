/// A moment: milliseconds since 1970-01-01 00:00 UTC. Shown in the company's zone.
///
/// There are the moments of the years 1 to 9999 and no other: whatever is reckoned beyond them stays at the first or the last.
public struct Instant: Sendable, Hashable, Comparable, FieldValue {
    public let milliseconds: Int64
    public init(milliseconds: Int64) { self.milliseconds = milliseconds.held(in: Instant.known) }

    /// The years 1 to 9999, in UTC and in the company's zone.
    public static let known: ClosedRange<Int64> = -719_162 * 86_400_000...(2_932_896 * 86_400_000 + 57_599_999)

    /// What may be entered: 1900-01-01 00:00 to 2200-12-31 23:59 in the company's zone.
    public static let enterable =
        // bounded: both ends are written here.
        Instant(Day.enterable.lowerBound)...Instant(milliseconds: Instant(Day.enterable.upperBound + 1).milliseconds - 1)

    public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
    public static func - (a: Instant, b: Instant) -> Duration { .milliseconds(a.milliseconds - b.milliseconds) }
    public func adding(seconds: Int64) -> Instant {
        Instant(milliseconds: milliseconds.adding(clamping: seconds.multiplied(clampingBy: 1000)))
    }
    public func adding(minutes: Int) -> Instant { adding(seconds: Int64(minutes).multiplied(clampingBy: 60)) }
    public func adding(hours: Int) -> Instant { adding(seconds: Int64(hours).multiplied(clampingBy: 3600)) }
    /// So many times 24 hours later.
    public func adding(days: Int) -> Instant { adding(seconds: Int64(days).multiplied(clampingBy: 86_400)) }

    /// The zone all instants are shown in: China has one, without summer time. Seconds east of UTC; a setting.
    public static let defaultOffset = 8 * 3600

    /// Day and second of the day in a zone `offset` seconds east of UTC.
    public func local(offset: Int = defaultOffset) -> (day: Day, second: Int) {
        let seconds = (milliseconds >= 0 ? milliseconds : milliseconds - 999) / 1000 + Int64(offset)
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        return (Day(number: Int(truncatingIfNeeded: day)), Int(truncatingIfNeeded: seconds - day * 86_400))
    }

    public var day: Day { local().day }

    public init(_ day: Day, hour: Int = 0, minute: Int = 0, second: Int = 0, offset: Int = defaultOffset) {
        // bounded: days are few, and the clock's numbers come from ``DateText`` or the program.
        self.init(milliseconds: (Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)) * 1000)
    }

    /// `2026-11-23T05:27:40Z`, or with milliseconds where there are any.
    public var rfc3339: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public func appendRFC3339(to bytes: inout [UInt8]) {
        let (day, second) = local(offset: 0)
        let fraction = Int((milliseconds % 1000 + 1000) % 1000)
        day.appendISO(to: &bytes)
        for (sign, number) in [("T", second / 3600), (":", second / 60 % 60), (":", second % 60)] as [(Unicode.Scalar, Int)] {
            bytes.append(UInt8(ascii: sign))
            Day.append(number, digits: 2, to: &bytes)
        }
        if fraction != 0 {
            bytes.append(UInt8(ascii: "."))
            Day.append(fraction, digits: 3, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
    }

    /// `2026-11-23 13:27` in the company's zone.
    public var shown: String {
        let (day, second) = local()
        var bytes: [UInt8] = []
        day.appendISO(to: &bytes)
        for (sign, number) in [(" ", second / 3600), (":", second / 60 % 60)] as [(Unicode.Scalar, Int)] {
            bytes.append(UInt8(ascii: sign))
            Day.append(number, digits: 2, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public static var kind: any FieldKind { InstantKind() }
    public init(stored: Value) { milliseconds = stored.int ?? 0 }
    public var stored: Value { .int(milliseconds) }
}
