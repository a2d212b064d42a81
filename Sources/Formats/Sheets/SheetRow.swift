/// One cell of a sheet, always as text; an empty cell is "".
public typealias Cell = String

/// One row of a sheet and the number a spreadsheet program shows beside it.
public struct SheetRow: Sendable, Equatable {
    /// The row's number in the sheet, counted from 1; the header is usually 1.
    public let line: Int
    /// The cells from column A on; a short row is not padded.
    public var cells: [Cell]

    /// A row, mostly for tests and for writing.
    public init(line: Int, cells: [Cell]) {
        self.line = line
        self.cells = cells
    }

    /// The cell in a column counted from 0, or "" when the row ends before it.
    public subscript(column: Int) -> Cell {
        cells.indices.contains(column) ? cells[column] : ""
    }
}
