import CXlsxWriter

/// Writes a workbook of printed forms: boxes, headings and tables on A4, cell by cell, each sheet fitted to one page's width.
///
/// Small by nature — it is kept in memory until `close()`; rows without end are ``XLSXWriter``'s.
public final class XLSXForm {
    /// How a cell looks.
    public enum Style: CaseIterable, Sendable {
        /// The form's heading, in the middle.
        case title
        /// Small text without a frame.
        case plain
        /// What a box is called.
        case label
        case text
        /// Figures, at the right.
        case figure
    }

    private let path: String
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private var worksheet: UnsafeMutablePointer<lxw_worksheet>?
    private var styles: [Style: UnsafeMutablePointer<lxw_format>] = [:]
    private var failure: lxw_error = LXW_NO_ERROR

    public init(path: String) throws(FormatError) {
        guard let workbook = workbook_new(path) else { throw .unwritable(what: path, reason: lastSystemError()) }
        (self.path, self.workbook) = (path, workbook)
        for style in Style.allCases { styles[style] = XLSXForm.format(workbook, style) }
    }

    deinit {
        if let workbook { lxw_workbook_free(workbook) }
    }

    /// Begins a sheet.
    /// - Parameter widths: of its columns, in characters.
    public func sheet(_ name: String, isLandscape: Bool, widths: [Double]) throws(FormatError) {
        guard let workbook, let made = workbook_add_worksheet(workbook, XLSXWriter.sheetName(name)) else {
            throw .unwritable(what: path, reason: name)
        }
        worksheet = made
        worksheet_set_paper(made, 9)
        if isLandscape { worksheet_set_landscape(made) }
        worksheet_fit_to_pages(made, 1, 0)
        worksheet_gridlines(made, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
        for (index, width) in widths.enumerated() {
            keep(worksheet_set_column(made, lxw_col_t(clamping: index), lxw_col_t(clamping: index), width, nil))
        }
    }

    /// Text in a cell, or in several side by side made one.
    public func cell(row: Int, column: Int, span: Int = 1, _ text: String, _ style: Style) {
        guard let worksheet, row >= 0, column >= 0, span >= 1 else { return }
        let line = lxw_row_t(clamping: row), first = lxw_col_t(clamping: column)
        let short = XLSXWriter.cut(text, to: 4000) ?? text, whole = XLSXWriter.escaped(short)
        if span > 1 {
            keep(worksheet_merge_range(worksheet, line, first, line, lxw_col_t(clamping: column + span - 1), whole, styles[style]))
        } else {
            keep(worksheet_write_string(worksheet, line, first, whole, styles[style]))
        }
    }

    /// How high a row stands, in lines of text.
    public func height(row: Int, lines: Int) {
        guard let worksheet else { return }
        keep(worksheet_set_row(worksheet, lxw_row_t(clamping: row), Double(min(max(lines, 1), 25)) * 16, nil))
    }

    /// Writes the file; nothing may be written afterwards.
    public func close() throws(FormatError) {
        guard let open = workbook else { return }
        workbook = nil
        let result = workbook_close(open)
        for code in [failure, result] where code != LXW_NO_ERROR {
            throw .unwritable(what: path, reason: lxw_strerror(code).map { String(cString: $0) } ?? "\(code.rawValue)")
        }
    }

    private func keep(_ result: lxw_error) {
        if result != LXW_NO_ERROR, failure == LXW_NO_ERROR { failure = result }
    }

    private static func format(_ workbook: UnsafeMutablePointer<lxw_workbook>, _ style: Style) -> UnsafeMutablePointer<lxw_format>? {
        let format = workbook_add_format(workbook)
        format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
        if style != .title { format_set_text_wrap(format) }
        switch style {
        case .title:
            format_set_bold(format)
            format_set_font_size(format, 16)
            format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
        case .plain: break
        case .label, .text, .figure: format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
        }
        if style == .label { format_set_bg_color(format, 0xF2F2F2) }
        if style == .figure { format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue)) }
        return format
    }
}
