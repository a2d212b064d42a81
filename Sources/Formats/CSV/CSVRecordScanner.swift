/// Cuts one record off the start of UTF-8 CSV text.
struct CSVRecordScanner {
    enum Outcome {
        /// The record's cells were appended; it took this many bytes, line end included.
        case record(length: Int)
        /// The text ends inside the record.
        case unfinished
        case quoteNeverClosed(column: Int)
        case cellTooLong(column: Int)
        case tooManyCells
    }

    let delimiter: UInt8
    let cellBytes: Int
    let cellLimit: Int

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// `text` starts at a record and is not empty; `isLast` says that nothing follows it.
    func scan(_ text: UnsafeBufferPointer<UInt8>, isLast: Bool, into cells: inout [Cell]) -> Outcome {
        guard let base = text.baseAddress else { return .unfinished }
        let count = text.count
        let delimiter = self.delimiter
        var index = 0
        while true {
            if cells.count == cellLimit { return .tooManyCells }
            if index < count, base[index] == Self.quote {
                switch quotedCell(text, openedAt: index, isLast: isLast, column: cells.count + 1) {
                case .cell(let cell, let end):
                    cells.append(cell)
                    index = end
                case .stopped(let outcome):
                    return outcome
                }
            } else {
                let start = index
                while index < count {
                    let byte = base[index]
                    if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
                    index += 1
                }
                if index - start > cellBytes { return .cellTooLong(column: cells.count + 1) }
                if index == count, !isLast { return .unfinished }
                cells.append(Self.cell(UnsafeBufferPointer(start: base + start, count: index - start)))
            }
            if index >= count { return isLast ? .record(length: count) : .unfinished }
            if base[index] == delimiter {
                index += 1
                // A delimiter at the very end opens one more, empty, cell.
                continue
            }
            if base[index] == Self.lineFeed { return .record(length: index + 1) }
            if index + 1 < count { return .record(length: base[index + 1] == Self.lineFeed ? index + 2 : index + 1) }
            return isLast ? .record(length: count) : .unfinished
        }
    }

    private enum Quoted {
        case cell(Cell, end: Int)
        case stopped(Outcome)
    }

    /// A cell in quotes; what stands between the closing quote and the delimiter is kept, as spreadsheets do.
    private func quotedCell(_ text: UnsafeBufferPointer<UInt8>, openedAt open: Int, isLast: Bool, column: Int) -> Quoted {
        guard let close = closingQuote(text, from: open + 1) else {
            if text.count - open > cellBytes { return .stopped(.cellTooLong(column: column)) }
            return .stopped(isLast ? .quoteNeverClosed(column: column) : .unfinished)
        }
        var end = close.index + 1
        while end < text.count {
            let byte = text[end]
            if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            end += 1
        }
        if end - open - 2 > cellBytes { return .stopped(.cellTooLong(column: column)) }
        // At the end of the text the quote may be the first of a pair.
        if end == text.count, !isLast { return .stopped(.unfinished) }
        let inside = UnsafeBufferPointer(rebasing: text[(open + 1)..<close.index])
        if !close.hasPairs, end == close.index + 1 { return .cell(Self.cell(inside), end: end) }
        var bytes = Self.unpaired(inside)
        bytes.append(contentsOf: text[(close.index + 1)..<end])
        return .cell(bytes.withUnsafeBufferPointer { Self.cell($0) }, end: end)
    }

    /// The closing quote, passing over doubled ones.
    private func closingQuote(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> (index: Int, hasPairs: Bool)? {
        var index = start
        var hasPairs = false
        while index < text.count {
            if text[index] == Self.quote {
                guard index + 1 < text.count, text[index + 1] == Self.quote else { return (index, hasPairs) }
                hasPairs = true
                index += 1
            }
            index += 1
        }
        return nil
    }

    private static func unpaired(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            plain.append(bytes[index])
            index += bytes[index] == quote ? 2 : 1
        }
        return plain
    }

    /// The cell's text; digits kept as text by a TAB behind them (see `CSVWriter`) lose the TAB.
    private static func cell(_ bytes: UnsafeBufferPointer<UInt8>) -> Cell {
        guard bytes.count > 1, bytes[bytes.count - 1] == 0x09 else { return String(decoding: bytes, as: UTF8.self) }
        let digits = UnsafeBufferPointer(rebasing: bytes[..<(bytes.count - 1)])
        let isNumber = digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return String(decoding: isNumber ? digits : bytes, as: UTF8.self)
    }
}
