/// Reads a sheet of rows from whatever it is kept in, recognised by its content and not by its name.
///
/// ```swift
/// var sheet = try SheetReader.open(path: upload)
/// sheet.header                       // ["客户名称", "手机号码", …]
/// while let row = try sheet.next() { … row.line … row[0] … }
/// ```
public struct SheetReader {
    /// What the file turned out to be.
    public enum Kind: Sendable, Equatable {
        case csv(encoding: TextEncoding, delimiter: Delimiter)
        case xlsx(sheet: String, sheets: [String])
    }

    /// What the file turned out to be.
    public let kind: Kind
    /// The cells of the first row that is not blank.
    public let header: [Cell]
    /// The number of that row; 1 unless blank rows come before it.
    public let headerLine: Int

    // One of the two; two optionals rather than an enum, so that a row is read in place without copying the reader's buffer.
    private var csv: CSVReader?
    private var xlsx: XLSXReader?

    /// Opens a file; `sheet` names a sheet of a workbook and means nothing to a CSV text.
    public static func open(path: String, sheet: String? = nil, limits: SheetLimits = SheetLimits()) throws(FormatError) -> SheetReader {
        switch try SheetContent.recognise(path: path) {
        case .workbook: try SheetReader(xlsx: XLSXReader(path: path, sheet: sheet, limits: limits))
        case .text: try SheetReader(csv: CSVReader(path: path, limits: limits))
        }
    }

    /// Opens bytes already in memory.
    public static func open(bytes: [UInt8], sheet: String? = nil, limits: SheetLimits = SheetLimits()) throws(FormatError) -> SheetReader {
        switch try SheetContent.recognise(bytes) {
        case .workbook: try SheetReader(xlsx: XLSXReader(bytes: bytes, sheet: sheet, limits: limits))
        case .text: try SheetReader(csv: CSVReader(bytes: bytes, limits: limits))
        }
    }

    private init(csv: CSVReader) throws(FormatError) {
        var csv = csv
        guard let first = try csv.next() else { throw .empty }
        (header, headerLine) = (first.cells, first.line)
        kind = .csv(encoding: csv.encoding, delimiter: csv.delimiter)
        self.csv = csv
    }

    private init(xlsx: XLSXReader) throws(FormatError) {
        var xlsx = xlsx
        guard let first = try xlsx.next() else { throw .empty }
        (header, headerLine) = (first.cells, first.line)
        kind = .xlsx(sheet: xlsx.sheetName, sheets: xlsx.sheetNames)
        self.xlsx = xlsx
    }

    /// The next row below the header that is not blank, or nil at the end.
    public mutating func next() throws(FormatError) -> SheetRow? {
        if let row = try csv?.next() { return row }
        return try xlsx?.next()
    }
}
