/// Writes CSV (RFC 4180, CRLF, UTF-8 with a byte-order mark) that Excel opens without harm.
///
/// Two things are done to text, and neither to numbers:
/// - text that a spreadsheet might take for a formula gets an apostrophe in front (`Neutralising`);
/// - digits that Excel would spoil (more than 11, or with a leading zero) get a TAB behind them, which keeps them text in Excel
///   and which `CSVReader` takes off again.
///
/// ```swift
/// var csv = CSVWriter()
/// csv.row(["姓名", "手机号码"])
/// csv.text("李伟"); csv.text("013800138000"); csv.endRow()
/// try send(csv.take())
/// ```
public struct CSVWriter {
    /// What has been written since the last `take()`.
    public private(set) var bytes: [UInt8] = []

    private let delimiter: UInt8
    private let isRaw: Bool
    private var isRowOpen = false

    /// A writer; `raw` leaves every text as it is, for machines only.
    public init(delimiter: Delimiter = .comma, byteOrderMark: Bool = true, raw: Bool = false) {
        self.delimiter = delimiter.rawValue
        isRaw = raw
        if byteOrderMark { bytes = [0xEF, 0xBB, 0xBF] }
    }

    /// The bytes written so far, which the writer then forgets; call it every few hundred rows.
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        bytes.reserveCapacity(taken.count)
        return taken
    }

    /// A cell of text, neutralised.
    public mutating func text(_ text: String) {
        open()
        var text = text
        text.withUTF8 { append($0) }
    }

    /// A whole number, written plainly.
    public mutating func int(_ number: Int64) {
        open()
        appendDigits(of: number, to: &bytes)
    }

    /// A number, written plainly; one that is not finite leaves the cell empty.
    public mutating func real(_ number: Double) {
        open()
        guard number.isFinite else { return }
        if number == number.rounded(), let whole = Int64(exactly: number) {
            appendDigits(of: whole, to: &bytes)
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
    }

    /// An amount in hundredths, written with two decimals: `money(-1250)` is -12.50.
    public mutating func money(_ hundredths: Int64) {
        open()
        appendHundredths(hundredths, to: &bytes)
    }

    /// An empty cell.
    public mutating func empty() {
        open()
    }

    /// Ends the row.
    public mutating func endRow() {
        bytes.append(0x0D)
        bytes.append(0x0A)
        isRowOpen = false
    }

    /// A whole row of text.
    public mutating func row(_ cells: [String]) {
        for cell in cells { text(cell) }
        endRow()
    }

    private mutating func open() {
        if isRowOpen { bytes.append(delimiter) }
        isRowOpen = true
    }

    private mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        let isRisky = !isRaw && Neutralising.isRisky(text)
        let needsTab = !isRaw && isSpoiltByExcel(text)
        let needsQuotes = isRisky || needsTab && delimiter == 0x09 || mustBeQuoted(text)
        guard needsQuotes else {
            bytes.append(contentsOf: text)
            if needsTab { bytes.append(0x09) }
            return
        }
        let quote = UInt8(ascii: "\"")
        bytes.append(quote)
        if isRisky { bytes.append(Neutralising.apostrophe) }
        for byte in text {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        if needsTab { bytes.append(0x09) }
        bytes.append(quote)
    }

    private func mustBeQuoted(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in text where byte == delimiter || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D { return true }
        return false
    }

    /// Only digits, and Excel would drop a leading zero, show an exponent or round them.
    private func isSpoiltByExcel(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count > 1, text[0] == UInt8(ascii: "0") || text.count > 11 else { return false }
        for byte in text where byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") { return false }
        return true
    }
}
