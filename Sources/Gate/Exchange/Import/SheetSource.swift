import Formats
import Records

/// A sheet that waits to be imported: opened anew for each pass, read row by row.
struct SheetSource: Sendable {
    var path: String
    var sheet: String?

    /// The first cell of a row that explains the columns, in the forms that ``ImportForm`` gives out.
    static let remark = "※"
    /// As many rows as a spreadsheet has.
    static let mostRows = 1_048_576

    func open() throws -> SheetReader {
        var limits = SheetLimits()
        limits.rows = Self.mostRows
        do throws(FormatError) {
            return try SheetReader.open(path: path, sheet: sheet, limits: limits)
        } catch {
            throw Self.problem(error)
        }
    }

    /// A file that cannot be read is the sender's to mend; one that cannot be written is not.
    static func problem(_ error: FormatError) -> any Error {
        if case .unwritable = error { return error }
        return Problems([Problem("file", code: "unreadable_file", error.description)])
    }
}

extension SheetReader {
    /// The next row that holds data.
    mutating func nextData() throws -> SheetRow? {
        do throws(FormatError) {
            while var row = try next() {
                if row.cells.first?.hasPrefix(SheetSource.remark) ?? false { continue }
                // An export keeps a spreadsheet from taking text for a formula by an apostrophe in front: here it goes again.
                if case .csv = kind {
                    for place in row.cells.indices where row.cells[place].utf8.first == 0x27 {
                        row.cells[place] = Neutralising.original(of: row.cells[place])
                    }
                }
                return row
            }
            return nil
        } catch {
            throw SheetSource.problem(error)
        }
    }
}

/// What a first walk through the sheet tells: that it can be read to its end, how long it is, and which records stand in it several times.
struct SheetScan: Sendable {
    var rows = 0
    /// By target: the last good line of each record that has several.
    var lastLines: [[Int: Int]]

    init(_ source: SheetSource, _ layout: ImportLayout, isCancelled: () -> Bool) async throws {
        lastLines = Array(repeating: [:], count: layout.targets.count)
        let watched = layout.targets.indices.filter { index in
            let target = layout.targets[index]
            return layout.mode != .add && !target.key.isEmpty && (target.link == nil || target.fills)
        }
        let reader = RowReader(layout: layout)
        var seen: [Set<Int>] = Array(repeating: [], count: layout.targets.count)
        var sheet = try source.open()
        while let row = try sheet.nextData() {
            rows += 1
            if rows % 4096 == 0 {
                if isCancelled() { throw CancellationError() }
                await Task.yield()
            }
            guard !watched.isEmpty else { continue }
            let keys = reader.keys(of: row)
            var isGood: Bool?
            for index in watched where keys[index] != 0 && !seen[index].insert(keys[index]).inserted {
                // Only a row that will be taken can be the one that counts.
                let good = isGood ?? reader.accepts(row)
                isGood = good
                if good { lastLines[index][keys[index]] = row.line }
            }
        }
    }
}

/// Rows in batches: as many as one transaction takes.
struct BatchReader {
    /// Rows of a batch, and how much of the sheet lies behind it.
    struct Batch: Sendable {
        var rows: [ReadRow] = []
        var rejected: [RejectedRow] = []
        var count: Int { rows.count + rejected.count }
    }

    private var sheet: SheetReader
    private let reader: RowReader
    private let size: Int
    /// Cells together may not be longer than this in one batch.
    private let mostBytes = 8 << 20

    init(_ source: SheetSource, _ reader: RowReader, size: Int, skipping done: Int) throws {
        sheet = try source.open()
        self.reader = reader
        self.size = size
        for _ in 0..<done { _ = try sheet.nextData() }
    }

    mutating func next() throws -> Batch? {
        var batch = Batch()
        batch.rows.reserveCapacity(size)
        var bytes = 0
        while batch.count < size, bytes < mostBytes, let row = try sheet.nextData() {
            for cell in row.cells { bytes += cell.utf8.count }
            switch reader.read(row) {
            case .row(let read): batch.rows.append(read)
            case .rejected(let rejected): batch.rejected.append(rejected)
            }
        }
        return batch.count == 0 ? nil : batch
    }
}
