// Swift's own types as field values.

extension String: FieldValue {
    public static var kind: any FieldKind { TextKind() }
    public init(stored: Value) { self = stored.text ?? "" }
    public var stored: Value { isEmpty ? .null : .text(self) }
}

extension Int: FieldValue {
    public static var kind: any FieldKind { WholeNumberKind() }
    public init(stored: Value) { self = Int(truncatingIfNeeded: stored.int ?? 0) }
    public var stored: Value { .int(Int64(self)) }
}

extension Int64: FieldValue {
    public static var kind: any FieldKind { WholeNumberKind() }
    public init(stored: Value) { self = stored.int ?? 0 }
    public var stored: Value { .int(self) }
}

extension Double: FieldValue {
    public static var kind: any FieldKind { RealKind() }
    public init(stored: Value) { self = stored.real ?? 0 }
    public var stored: Value { isFinite ? .real(self) : .null }
}

extension Bool: FieldValue {
    public static var kind: any FieldKind { YesNoKind() }
    public init(stored: Value) { self = stored.int == 1 }
    public var stored: Value { .int(self ? 1 : 0) }
}
