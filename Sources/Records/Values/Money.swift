/// An amount in integer 分 (1/100 元), so that sums are exact; what does not fit stays the greatest or least amount there is.
public struct Money: Sendable, Hashable, Comparable, FieldValue {
    public var cents: Int64
    public init(cents: Int64) { self.cents = cents }
    public static let zero = Money(cents: 0)

    public static func < (a: Money, b: Money) -> Bool { a.cents < b.cents }
    public static func + (a: Money, b: Money) -> Money { Money(cents: a.cents.adding(clamping: b.cents)) }
    public static func * (price: Money, quantity: Int) -> Money { Money(cents: price.cents.multiplied(clampingBy: Int64(quantity))) }
    public static func - (a: Money, b: Money) -> Money { Money(cents: a.cents.subtracting(clamping: b.cents)) }

    public static var kind: any FieldKind { MoneyKind() }
    public init(stored: Value) { cents = stored.int ?? 0 }
    public var stored: Value { .int(cents) }
}
