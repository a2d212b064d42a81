/// How values lie on the time line: whole days or moments, both as whole numbers.
public enum TimeForm: Sendable {
    case day, instant

    /// Where a day begins, as it is stored.
    public func start(of day: Day) -> Value { self == .day ? day.stored : Instant(day).stored }

    /// A moment, or the day it lies on, as it is stored.
    public func stored(_ instant: Instant) -> Value { self == .day ? instant.day.stored : instant.stored }

    /// The day of a stored number.
    public func day(of number: Int64) -> Day {
        self == .day ? Day(number: Int(truncatingIfNeeded: number)) : Instant(milliseconds: number).day
    }

    /// The moment of a stored number; of a day its beginning.
    public func instant(of number: Int64) -> Instant {
        self == .day ? Instant(Day(number: Int(truncatingIfNeeded: number))) : Instant(milliseconds: number)
    }
}

/// Where values point: to one record of an entity, or to several, each with ``attributes`` of its own.
public struct LinkForm: Sendable {
    public var target: String
    public var isMany: Bool
    public var attributes: [FieldSpec]

    public static func one(_ target: String) -> LinkForm { LinkForm(target: target, isMany: false, attributes: []) }
    public static func many(_ target: String, attributes: [FieldSpec] = []) -> LinkForm {
        LinkForm(target: target, isMany: true, attributes: attributes)
    }
}

/// What may be worked out of many numbers, and how one is written.
public enum FigureForm: Sendable {
    /// 分: summed, averaged, shown with ¥.
    case money
    /// Litres, square metres: summed and averaged.
    case amount
    /// Whole numbers: averaged; summed where the field has a unit, for the sum of years says nothing.
    case count
    /// Parts of a hundred: averaged.
    case rate
    /// Points given: averaged, and few enough that records share them.
    case score
}

/// How often records have the same value.
public enum Sharing: Sendable {
    /// Few values are there: lists are put in groups by them, reports count by them.
    case usual
    /// Words that may come again: reports count by them in the fields that lists show.
    case possible
    /// Every record has its own.
    case rare
}

/// How whoever is behind a value is reached: by a link on the page.
public enum ContactForm: Sendable { case phone, mail, web }

/// How a cell of a sheet holds values.
public enum SheetForm: Sendable {
    case text, whole, real, money, day, yesNo
    /// As it is typed in.
    case typed
    /// As it is shown.
    case shown
}

/// How a program reads a field's values: known once, so that a writer of thousands need not ask the kind at each.
public enum PlainForm: Sendable {
    case asStored, instant, json
    /// As ``FieldKind/plain(_:)`` says.
    case byKind
}
