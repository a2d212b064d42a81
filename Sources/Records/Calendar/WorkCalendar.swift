/// When the company works. Deadlines in working time (SLA, complaint clocks, reminders) are reckoned with it.
///
/// ```swift
/// let calendar = try WorkCalendar.load(tx)
/// ticket.responseDue = calendar.adding(minutes: 120, to: tx.now)
/// ```
public struct WorkCalendar: Sendable {
    /// Weekdays that are worked, Monday 1 to Sunday 7.
    public var weekdays: Set<Int>
    /// Stretches of a working day, in minutes from midnight.
    public var hours: [Range<Int>]
    /// Days that are otherwise than their weekday says: whether they are worked, and what they are called.
    public var exceptions: [Int: Exception]

    public struct Exception: Sendable, Hashable {
        public var kind: CalendarDay.Kind
        public var name: String
        public init(_ kind: CalendarDay.Kind, _ name: String) {
            self.kind = kind
            self.name = name
        }
    }

    public init(weekdays: Set<Int> = [1, 2, 3, 4, 5], hours: [Range<Int>] = [540..<720, 780..<1080], exceptions: [Int: Exception] = [:]) {
        self.weekdays = weekdays
        self.hours = hours
        self.exceptions = exceptions
    }

    public func isWorking(_ day: Day) -> Bool {
        exceptions[day.number].map { $0.kind == .workday } ?? weekdays.contains(day.weekday)
    }

    /// The holiday or the worked weekend day that this is; nil for an ordinary one.
    public func exception(on day: Day) -> Exception? { exceptions[day.number] }

    public func isWorking(at instant: Instant) -> Bool {
        let (day, second) = instant.local()
        return isWorking(day) && hours.contains { $0.lowerBound * 60 <= second && second < $0.upperBound * 60 }
    }

    /// How far into the future an answer is looked for: a calendar without working days has none.
    private static let horizon = 3660

    /// The moment at which so many minutes of working time have passed since `start`.
    public func adding(minutes: Int, to start: Instant) -> Instant {
        var left = Int64(max(minutes, 0)).multiplied(clampingBy: 60)
        let (first, second) = start.local()
        for offset in 0..<Self.horizon {
            let day = first + offset
            guard isWorking(day) else { continue }
            for stretch in hours {
                let from = max(stretch.lowerBound * 60, offset == 0 ? second : 0), until = stretch.upperBound * 60
                guard from < until else { continue }
                let length = Int64(until - from)
                if left <= length { return Instant(day, second: from + Int(left)) }
                left -= length
            }
        }
        return start.adding(minutes: max(minutes, 0))
    }

    /// Working minutes between two moments, whole ones; 0 when the second is not later.
    public func minutes(from start: Instant, to end: Instant) -> Int {
        guard start < end else { return 0 }
        let (first, firstSecond) = start.local(), (last, lastSecond) = end.local()
        var seconds = 0
        for number in first.number...min(last.number, first.number + Self.horizon) where isWorking(Day(number: number)) {
            for stretch in hours {
                let from = max(stretch.lowerBound * 60, number == first.number ? firstSecond : 0)
                let until = min(stretch.upperBound * 60, number == last.number ? lastSecond : 86_400)
                seconds += max(0, until - from)
            }
        }
        return seconds / 60
    }

    /// The end of the working time of the `days`-th working day after `start`'s; a deadline of "three working days".
    public func adding(workingDays days: Int, to start: Instant) -> Instant {
        var left = days, day = start.day
        for _ in 0..<Self.horizon where left > 0 {
            day = day + 1
            if isWorking(day) { left -= 1 }
        }
        return Instant(day, second: (hours.last?.upperBound ?? 1440) * 60)
    }
}
