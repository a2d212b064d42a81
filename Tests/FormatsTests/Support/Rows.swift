import Formats

extension CSVReader {
    /// All rows, for small tests.
    mutating func all() throws(FormatError) -> [SheetRow] {
        var rows: [SheetRow] = []
        while let row = try next() { rows.append(row) }
        return rows
    }
}

extension XLSXReader {
    mutating func all() throws(FormatError) -> [SheetRow] {
        var rows: [SheetRow] = []
        while let row = try next() { rows.append(row) }
        return rows
    }
}

extension SheetReader {
    mutating func all() throws(FormatError) -> [SheetRow] {
        var rows: [SheetRow] = []
        while let row = try next() { rows.append(row) }
        return rows
    }
}

func csvRows(_ text: String, limits: SheetLimits = SheetLimits()) throws(FormatError) -> [SheetRow] {
    var reader = try CSVReader(bytes: Array(text.utf8), limits: limits)
    return try reader.all()
}

func csvCells(_ text: String) throws(FormatError) -> [[String]] {
    try csvRows(text).map(\.cells)
}

/// Limits with one changed.
func limits(_ change: (inout SheetLimits) -> Void) -> SheetLimits {
    var limits = SheetLimits()
    change(&limits)
    return limits
}
