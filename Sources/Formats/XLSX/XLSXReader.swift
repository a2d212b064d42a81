/// Reads one sheet of a workbook row by row, straight from the packed file.
///
/// Every cell comes as text: numbers without exponent or ".0", days as `2024-07-19`, times as `2024-07-19 08:30:00`, truth values as
/// `TRUE` and `FALSE`. Formulas are never computed; the value the spreadsheet stored beside them is used.
///
/// ```swift
/// var reader = try XLSXReader(path: path, sheet: "客户")
/// while let row = try reader.next() { … }
/// ```
public struct XLSXReader {
    /// The sheet being read.
    public let sheetName: String
    /// All sheets of the workbook, hidden ones too.
    public let sheetNames: [String]

    private var rows: SheetPart
    private let limits: SheetLimits
    private var delivered = 0

    /// Opens a file at its first visible sheet, or the named one.
    public init(path: String, sheet: String? = nil, limits: SheetLimits = SheetLimits()) throws(FormatError) {
        try self.init(ZipArchive(path: path, limits: limits), sheet: sheet, limits: limits)
    }

    /// Opens a workbook already in memory.
    public init(bytes: [UInt8], sheet: String? = nil, limits: SheetLimits = SheetLimits()) throws(FormatError) {
        try self.init(ZipArchive(bytes: bytes, limits: limits), sheet: sheet, limits: limits)
    }

    private init(_ archive: ZipArchive, sheet: String?, limits: SheetLimits) throws(FormatError) {
        let workbook = try Workbook(archive)
        let (found, path) = try workbook.sheet(named: sheet)
        sheetName = found.name
        sheetNames = workbook.sheets.map(\.name)
        self.limits = limits
        var strings = SharedStrings()
        if let path = workbook.sharedStrings, let part = try archive.open(path) {
            strings = try SharedStrings(part, limit: limits.sharedStringBytes)
        }
        var styles = CellStyles()
        if let path = workbook.styles, let part = try archive.open(path) { styles = try CellStyles(part) }
        guard let part = try archive.open(path) else { throw .damagedWorkbook(part: path, reason: "缺少这一部分") }
        let values = CellValues(strings: strings, styles: styles, from1904: workbook.countsFrom1904)
        rows = try SheetPart(part, values: values, limits: limits)
    }

    /// The next row that is not blank, or nil at the end.
    public mutating func next() throws(FormatError) -> SheetRow? {
        while let row = try rows.next() {
            if row.cells.allSatisfy({ $0.isEmpty }) { continue }
            delivered += 1
            if let most = limits.rows, delivered > most { throw .tooManyRows(limit: most) }
            return row
        }
        return nil
    }
}
