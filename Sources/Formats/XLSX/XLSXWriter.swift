import CXlsxWriter

/// Writes one sheet of a workbook, row by row, in constant memory.
///
/// Text is always text and never a formula. The header row is bold and stays in view. The file is there after `close()`; a
/// writer that is dropped before leaves nothing behind.
///
/// ```swift
/// var xlsx = try XLSXWriter(path: path, sheet: "客户", columns: [.init("姓名", width: 12), .init("建档日期", width: 12)])
/// xlsx.text("李伟"); xlsx.day(epochDay: 20_000); try xlsx.endRow()
/// try xlsx.close()
/// ```
public final class XLSXWriter {
    /// A column's heading and its width in characters; a Chinese character takes two.
    public struct Column: Sendable {
        let heading: String
        let width: Double

        /// A column as wide as its heading unless told otherwise.
        public init(_ heading: String, width: Double? = nil) {
            self.heading = heading
            let natural = heading.unicodeScalars.reduce(0) { $0 + ($1.value < 0x300 ? 1.0 : 2.0) } + 2
            self.width = width ?? max(10, natural)
        }
    }

    /// Cells whose text was longer than a spreadsheet allows (32,767 characters) and was cut; tell the user when it is not 0.
    public private(set) var cutCells = 0
    /// Rows written, the header included.
    public private(set) var rows = 0

    private static let mostRows = 1_048_576
    private static let mostCharacters = 32_767

    private let path: String
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let worksheet: UnsafeMutablePointer<lxw_worksheet>
    private let dayFormat: UnsafeMutablePointer<lxw_format>?
    private let dateTimeFormat: UnsafeMutablePointer<lxw_format>?
    private let moneyFormat: UnsafeMutablePointer<lxw_format>?
    private let wholeFormat: UnsafeMutablePointer<lxw_format>?
    private var column: lxw_col_t = 0
    private var failure: lxw_error = LXW_NO_ERROR

    /// Begins a workbook with one sheet and its header.
    public init(path: String, sheet: String = "数据", columns: [Column]) throws(FormatError) {
        self.path = path
        var options = lxw_workbook_options()
        options.constant_memory = 1
        guard let workbook = workbook_new_opt(path, &options) else { throw .unwritable(what: path, reason: lastSystemError()) }
        guard let worksheet = workbook_add_worksheet(workbook, Self.sheetName(sheet)) else {
            lxw_workbook_free(workbook)
            throw .unwritable(what: path, reason: "worksheet")
        }
        self.workbook = workbook
        self.worksheet = worksheet
        dayFormat = Self.format(workbook, "yyyy-mm-dd")
        dateTimeFormat = Self.format(workbook, "yyyy-mm-dd hh:mm:ss")
        moneyFormat = Self.format(workbook, "#,##0.00")
        wholeFormat = Self.format(workbook, "0")
        try writeHeader(columns, bold: workbook_add_format(workbook))
    }

    deinit {
        if let workbook { lxw_workbook_free(workbook) }
    }

    /// A cell of text.
    public func text(_ text: String) {
        if text.isEmpty { return empty() }
        var safe = text
        if Self.needsCare(&safe) { safe = careful(safe) }
        keep(worksheet_write_string(worksheet, row, column, safe, nil))
        column += 1
    }

    /// A whole number; beyond the fifteen digits a spreadsheet can hold it becomes text.
    public func int(_ number: Int64) {
        guard number.magnitude < 1_000_000_000_000_000 else { return text(String(number)) }
        keep(worksheet_write_number(worksheet, row, column, Double(number), wholeFormat))
        column += 1
    }

    /// A number; one that is not finite leaves the cell empty.
    public func real(_ number: Double) {
        guard number.isFinite else { return empty() }
        keep(worksheet_write_number(worksheet, row, column, number, nil))
        column += 1
    }

    /// An amount in hundredths, shown with two decimals.
    public func money(_ hundredths: Int64) {
        guard hundredths.magnitude < 1_000_000_000_000_000 else {
            var bytes: [UInt8] = []
            appendHundredths(hundredths, to: &bytes)
            return text(String(decoding: bytes, as: UTF8.self))
        }
        keep(worksheet_write_number(worksheet, row, column, Double(hundredths) / 100, moneyFormat))
        column += 1
    }

    /// A calendar day counted from 1970-01-01, as a real date; days before 1900-03-01, which Excel miscounts, become text.
    public func day(epochDay: Int) {
        guard let serial = SerialDay.serial(epochDay: epochDay) else { return text(SerialDay.isoDay(epochDay)) }
        keep(worksheet_write_number(worksheet, row, column, serial, dayFormat))
        column += 1
    }

    /// A local date and time, given as seconds from 1970-01-01 00:00 of the local clock.
    public func dateTime(localSeconds: Int64) {
        let (day, second) = localSeconds.quotientAndRemainder(dividingBy: 86_400)
        let earlier: Int64 = second < 0 ? 1 : 0
        guard let whole = Int(exactly: day - earlier), let serial = SerialDay.serial(epochDay: whole) else { return empty() }
        keep(worksheet_write_number(worksheet, row, column, serial + Double(second + earlier * 86_400) / 86_400, dateTimeFormat))
        column += 1
    }

    /// `是` or `否`, as text.
    public func bool(_ value: Bool) {
        text(value ? "是" : "否")
    }

    /// An empty cell.
    public func empty() {
        column += 1
    }

    /// Ends the row; throws when the sheet is full or a cell could not be written.
    public func endRow() throws(FormatError) {
        column = 0
        rows += 1
        if failure != LXW_NO_ERROR { throw .unwritable(what: path, reason: Self.message(failure)) }
        if rows > Self.mostRows { throw .tooManyRows(limit: Self.mostRows) }
    }

    /// A whole row of text.
    public func row(_ cells: [String]) throws(FormatError) {
        for cell in cells { text(cell) }
        try endRow()
    }

    /// Writes the file; nothing may be written afterwards.
    public func close() throws(FormatError) {
        guard let open = workbook else { return }
        workbook = nil
        let result = workbook_close(open)
        if result != LXW_NO_ERROR { throw .unwritable(what: path, reason: Self.message(result)) }
    }

    /// Text made fit for a cell, and counted when it had to be cut.
    private func careful(_ text: String) -> String {
        let whole = Self.escaped(text)
        if whole.utf16.count <= Self.mostCharacters { return whole }
        cutCells += 1
        // An escape takes seven characters for one.
        let room = whole == text ? Self.mostCharacters : Self.mostCharacters / 7
        return Self.escaped(Self.cut(text, to: room) ?? text)
    }

    /// Spreadsheets allow 31 characters and none of `[]:*?/\\`.
    static func sheetName(_ name: String) -> String {
        let allowed = name.unicodeScalars.filter {
            !"[]:*?/\\".unicodeScalars.contains($0) && $0.value >= 0x20 && $0 != "'" && $0.value < 0x10000
        }
        let short = String(String.UnicodeScalarView(allowed.prefix(31)))
        return short.isEmpty ? "数据" : short
    }

    private var row: lxw_row_t { lxw_row_t(clamping: rows) }

    private func keep(_ result: lxw_error) {
        if result != LXW_NO_ERROR, failure == LXW_NO_ERROR, rows < Self.mostRows { failure = result }
    }

    private func writeHeader(_ columns: [Column], bold: UnsafeMutablePointer<lxw_format>?) throws(FormatError) {
        if columns.isEmpty { return }
        format_set_bold(bold)
        for (index, heading) in columns.enumerated() {
            let place = lxw_col_t(clamping: index)
            keep(worksheet_set_column(worksheet, place, place, heading.width, nil))
            keep(worksheet_write_string(worksheet, 0, place, careful(heading.heading), bold))
        }
        worksheet_freeze_panes(worksheet, 1, 0)
        try endRow()
    }

    private static func format(_ workbook: UnsafeMutablePointer<lxw_workbook>, _ code: String) -> UnsafeMutablePointer<lxw_format>? {
        let format = workbook_add_format(workbook)
        format_set_num_format(format, code)
        return format
    }

    private static func message(_ code: lxw_error) -> String {
        guard let text = lxw_strerror(code) else { return "\(code.rawValue)" }
        return String(cString: text)
    }
}
