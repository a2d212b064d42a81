/// Writes appointments and tasks as iCalendar (RFC 5545), for phones and mail programs to subscribe to.
///
/// ```swift
/// var calendar = ICalendarWriter(name: "李伟的日程")
/// calendar.event(id: "visit-7@zhike", title: "回访王芳", from: .instant(1_721_377_800), to: .instant(1_721_381_400), stamp: now)
/// return calendar.finished()
/// ```
public struct ICalendarWriter {
    /// A point in a calendar.
    public enum Time: Sendable, Equatable {
        /// Seconds from 1970-01-01 UTC.
        case instant(Int64)
        /// A whole day, counted from 1970-01-01.
        case day(Int)
    }

    private var bytes: [UInt8] = []

    /// Begins a calendar.
    public init(name: String, product: String = "-//Zhike//Zhike CRM//ZH") {
        line("BEGIN:VCALENDAR")
        line("VERSION:2.0")
        line("PRODID:" + Self.escaped(product))
        line("X-WR-CALNAME:" + Self.escaped(name))
    }

    /// An appointment; `id` is the same each time it is sent, `stamp` the moment of writing.
    public mutating func event(
        id: String, title: String, from start: Time, to end: Time, stamp: Int64, place: String = "", notes: String = "", link: String = ""
    ) {
        line("BEGIN:VEVENT")
        common(id: id, title: title, stamp: stamp, notes: notes, link: link)
        line(Self.property("DTSTART", start))
        line(Self.property("DTEND", end))
        if !place.isEmpty { line("LOCATION:" + Self.escaped(place)) }
        line("END:VEVENT")
    }

    /// A task.
    public mutating func task(id: String, title: String, due: Time, isDone: Bool, stamp: Int64, notes: String = "", link: String = "") {
        line("BEGIN:VTODO")
        common(id: id, title: title, stamp: stamp, notes: notes, link: link)
        line(Self.property("DUE", due))
        line(isDone ? "STATUS:COMPLETED" : "STATUS:NEEDS-ACTION")
        line("END:VTODO")
    }

    /// The calendar's bytes.
    public func finished() -> [UInt8] {
        bytes + Array("END:VCALENDAR\r\n".utf8)
    }

    private mutating func common(id: String, title: String, stamp: Int64, notes: String, link: String) {
        line("UID:" + Self.escaped(id))
        line(Self.property("DTSTAMP", .instant(stamp)))
        line("SUMMARY:" + Self.escaped(title))
        if !notes.isEmpty { line("DESCRIPTION:" + Self.escaped(notes)) }
        if !link.isEmpty { line("URL:" + link.filter { !$0.isNewline && $0 != "\0" }) }
    }

    /// Appends a line, folded at 75 bytes without cutting a character.
    private mutating func line(_ text: String) {
        var room = 75
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            if width > room {
                bytes.append(contentsOf: [0x0D, 0x0A, 0x20])
                room = 74
            }
            room -= width
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    private static func escaped(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\\", ";", ",":
                safe.append("\\")
                safe.append(scalar)
            case "\n", "\r":
                safe.append("\\")
                safe.append("n")
            case _ where scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F: continue
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }

    private static func property(_ name: String, _ time: Time) -> String {
        switch time {
        case .day(let day): return "\(name);VALUE=DATE:" + digits(SerialDay.isoDay(day))
        case .instant(let seconds):
            // bounded: a number of days.
            let day = Int(seconds / 86_400) - (seconds % 86_400 < 0 ? 1 : 0)
            let second = Int(seconds % 86_400 + (seconds % 86_400 < 0 ? 86_400 : 0))
            let time = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
            return "\(name):\(digits(SerialDay.isoDay(day)))T\(time)Z"
        }
    }

    private static func digits(_ day: String) -> String { day.filter { $0 != "-" } }
}
