/// A place on the earth: `longitude,latitude` in degrees, as Chinese map services write it.
public struct CoordinatesKind: FieldKind {
    public init() {}

    public var name: String { "coordinates" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { [.empty, .notEmpty, .eq] }
    public var openAPI: [String: Plain] {
        [
            "type": "string",
            "pattern": #"^-?(180(\.0{1,6})?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,6})?),-?(90(\.0{1,6})?|[1-8]?[0-9](\.[0-9]{1,6})?)$"#,
            "description": "经度,纬度",
        ]
    }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Self.unreadable }
        let parts = text.halfWidth.split(whereSeparator: { ",、;".contains($0) }).map { $0.trimmed }
        guard parts.count == 2, let longitude = Self.micro(parts[0]), let latitude = Self.micro(parts[1]) else { throw Self.unreadable }
        guard latitude.magnitude <= 90_000_000 else {
            throw longitude.magnitude <= 90_000_000 ? Fault("纬度应在 -90 到 90 之间：请先写经度，再写纬度") : Fault("纬度应在 -90 到 90 之间", code: "out_of_range")
        }
        guard longitude.magnitude <= 180_000_000 else { throw Fault("经度应在 -180 到 180 之间", code: "out_of_range") }
        return .text("\(Self.write(longitude)),\(Self.write(latitude))")
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }

    /// Millionths of a degree, a tenth of a metre; what stands behind them is dropped.
    private static func micro(_ text: String) -> Int64? {
        guard text.utf8.allSatisfy({ $0.isDigit || $0 == 0x2D || $0 == 0x2E }) else { return nil }
        let point = text.firstIndex(of: ".")
        let kept = point.map { text.prefix(upTo: text.index($0, offsetBy: 7, limitedBy: text.endIndex) ?? text.endIndex) } ?? text[...]
        guard let number = DecimalText(String(kept)), case .exact(let micro) = number.scaled(6), micro.magnitude < 1_000_000_000 else {
            return nil
        }
        return micro
    }

    private static func write(_ micro: Int64) -> String { DecimalText.write(micro, scale: 6, grouped: false, trimsZeros: true) }
    private static let unreadable = Fault("应为“经度,纬度”，例如 120.153576,30.287459")
}

/// A place: `Field<Coordinates?>("geo", "坐标")`.
public struct Coordinates: Sendable, Hashable, FieldValue {
    public var longitude: Double
    public var latitude: Double

    public init(longitude: Double, latitude: Double) {
        self.longitude = longitude
        self.latitude = latitude
    }

    public static var kind: any FieldKind { CoordinatesKind() }
    public init(stored: Value) {
        let parts = (stored.text ?? "").split(separator: ",").compactMap { Double($0) }
        self.init(longitude: parts.count == 2 ? parts[0] : 0, latitude: parts.count == 2 ? parts[1] : 0)
    }
    public var stored: Value { (try? CoordinatesKind().parse("\(longitude),\(latitude)")) ?? .null }
}
