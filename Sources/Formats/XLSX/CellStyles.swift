/// Which of a workbook's cell styles show a number as a date or a time.
struct CellStyles {
    enum Shown: Equatable {
        case number
        case date
        case dateTime
        case time
    }

    private var shown: [Shown] = []

    init() {}

    init(_ part: ZipPart) throws(FormatError) {
        let xml = try XMLPull(part)
        var codes: [Int: Shown] = [:]
        var isCells = false
        while let event = try xml.next() {
            switch event {
            case .start where xml.isNamed("numFmt"):
                if let id = xml.attribute("numFmtId").flatMap({ Int($0) }), let code = xml.attribute("formatCode"), codes.count < 65_536 {
                    codes[id] = Self.meaning(of: code)
                }
            case .start where xml.isNamed("cellXfs"): isCells = !xml.isEmptyElement
            case .end where xml.isNamed("cellXfs"): isCells = false
            case .start where isCells && xml.isNamed("xf"):
                if shown.count == 65_536 { throw .damagedWorkbook(part: part.path, reason: "样式太多") }
                let id = xml.attribute("numFmtId").flatMap { Int($0) } ?? 0
                shown.append(codes[id] ?? Self.builtIn(id))
            default: break
            }
        }
    }

    /// How the style with this number shows a number.
    subscript(style: Int) -> Shown {
        shown.indices.contains(style) ? shown[style] : .number
    }

    /// Formats that need no declaration; 27–36 and 50–58 are the Chinese ones.
    private static func builtIn(_ id: Int) -> Shown {
        switch id {
        case 14...17, 27...31, 36, 50...54, 57, 58: .date
        case 22: .dateTime
        case 18...21, 32...35, 45...47, 55, 56: .time
        default: .number
        }
    }

    /// What a format code shows: letters outside quotes, brackets and escapes decide.
    static func meaning(of code: String) -> Shown {
        var hasDay = false
        var hasTime = false
        var hasMonth = false
        var rest = code.unicodeScalars.makeIterator()
        while let scalar = rest.next() {
            switch scalar {
            case "\"": while let quoted = rest.next(), quoted != "\"" {}
            case "\\", "_", "*": _ = rest.next()
            case "[":
                var inside = ""
                while let scalar = rest.next(), scalar != "]" { inside.unicodeScalars.append(scalar) }
                if ["h", "hh", "m", "mm", "s", "ss"].contains(inside.lowercased()) { hasTime = true }
            case ";": return verdict(hasDay, hasMonth, hasTime)
            case "y", "Y", "d", "D": hasDay = true
            case "e" where !isExponent(code), "E" where !isExponent(code): hasDay = true
            case "h", "H", "s", "S": hasTime = true
            case "m", "M": hasMonth = true
            case "0", "#", "?", "G", "g": if !hasDay, !hasTime, !hasMonth { return .number }
            default: break
            }
        }
        return verdict(hasDay, hasMonth, hasTime)
    }

    /// `E+00` is an exponent, a lone `e` a year.
    private static func isExponent(_ code: String) -> Bool {
        let code = code.lowercased()
        return code.contains("e+") || code.contains("e-")
    }

    private static func verdict(_ hasDay: Bool, _ hasMonth: Bool, _ hasTime: Bool) -> Shown {
        switch (hasDay, hasMonth, hasTime) {
        case (true, _, true): .dateTime
        case (true, _, false), (false, true, false): .date
        case (false, _, true): .time
        case (false, false, false): .number
        }
    }
}
