/// Reads CSV row by row from a file or from chunks of bytes, in memory bounded by the longest row.
///
/// Encoding and delimiter are recognised. Line ends may be CRLF, LF or CR, mixed too. Blank rows are counted, so that
/// `line` is what a spreadsheet shows, but not delivered.
///
/// ```swift
/// var reader = try CSVReader(path: path)
/// while let row = try reader.next() { … row.line … row.cells … }
/// ```
public struct CSVReader {
    /// How the bytes were understood.
    public var encoding: TextEncoding { text.encoding }
    /// What separates the cells.
    public let delimiter: Delimiter

    private var text: CSVText
    private let scanner: CSVRecordScanner
    private let limits: SheetLimits
    private var line = 0
    private var delivered = 0
    private var width = 0

    /// Opens a file; `encoding` and `delimiter` are detected when nil. The whole file is looked at for its encoding.
    public init(
        path: String, encoding: TextEncoding? = nil, delimiter: Delimiter? = nil, limits: SheetLimits = SheetLimits()
    ) throws(FormatError) {
        let found = if let encoding { encoding } else { try TextEncoding.detect(path: path) }
        let file = try FileBytes(path: path)
        try self.init(source: { () throws(FormatError) in try file.next() }, encoding: found, delimiter: delimiter, limits: limits)
    }

    /// Reads from chunks of bytes as they come; the encoding is judged by the first of them.
    public init(
        chunks: some IteratorProtocol<[UInt8]>, encoding: TextEncoding? = nil, delimiter: Delimiter? = nil,
        limits: SheetLimits = SheetLimits()
    ) throws(FormatError) {
        var chunks = chunks
        try self.init(source: { () throws(FormatError) in chunks.next() }, encoding: encoding, delimiter: delimiter, limits: limits)
    }

    /// Reads bytes already in memory.
    public init(
        bytes: [UInt8], encoding: TextEncoding? = nil, delimiter: Delimiter? = nil, limits: SheetLimits = SheetLimits()
    ) throws(FormatError) {
        let found = encoding ?? TextEncoding.detect(bytes)
        try self.init(chunks: CollectionOfOne(bytes).makeIterator(), encoding: found, delimiter: delimiter, limits: limits)
    }

    private init(
        source: @escaping CSVText.Source, encoding: TextEncoding?, delimiter: Delimiter?, limits: SheetLimits
    ) throws(FormatError) {
        var peeked: [[UInt8]] = []
        var isWhole = false
        while encoding == nil, peeked.reduce(0, { $0 + $1.count }) < limits.sampleBytes {
            guard let chunk = try source() else {
                isWhole = true
                break
            }
            peeked.append(chunk)
        }
        let found = encoding ?? TextEncoding.detect(Array(peeked.joined()), isWhole: isWhole)
        text = try CSVText(source: source, peeked: peeked, encoding: found, repairs: limits.repairsBadBytes)
        // Small chunks must not decide the delimiter.
        while text.buffer.count < limits.sampleBytes, !text.isEnded { try text.refill() }
        let announced = Self.announcedDelimiter(in: text.buffer)
        let sample = text.buffer.prefix(limits.sampleBytes)
        self.delimiter = delimiter ?? announced?.delimiter ?? sample.withUnsafeBufferPointer { Delimiter.detect(in: $0) }
        if let announced, announced.delimiter == self.delimiter { text.position = announced.length }
        scanner = CSVRecordScanner(delimiter: self.delimiter.rawValue, cellBytes: limits.cellBytes, cellLimit: limits.cells)
        self.limits = limits
    }

    /// The next row that is not blank, or nil at the end.
    public mutating func next() throws(FormatError) -> SheetRow? {
        while let cells = try record() {
            if cells.allSatisfy({ $0.isEmpty }) { continue }
            delivered += 1
            if let most = limits.rows, delivered > most { throw .tooManyRows(limit: most) }
            return SheetRow(line: line, cells: cells)
        }
        return nil
    }

    private mutating func record() throws(FormatError) -> [Cell]? {
        while true {
            if text.position < text.buffer.count {
                if let cells = try scanned() { return cells }
            } else if text.isEnded {
                try failIfCutShort()
                return nil
            }
            try text.refill()
        }
    }

    /// The record at the text's position, or nil when more text is needed.
    private mutating func scanned() throws(FormatError) -> [Cell]? {
        var cells: [Cell] = []
        cells.reserveCapacity(width)
        let isLast = text.isEnded && text.failure == nil
        let start = text.position
        let outcome = text.buffer.withUnsafeBufferPointer {
            scanner.scan(UnsafeBufferPointer(rebasing: $0[start...]), isLast: isLast, into: &cells)
        }
        switch outcome {
        case .record(let length):
            text.position += length
            line += 1
            width = cells.count
            return cells
        case .unfinished:
            if text.isEnded { try failIfCutShort() }
            if text.buffer.count - start > limits.rowBytes { throw .rowTooLong(line: line + 1, limit: limits.rowBytes) }
            return nil
        case .quoteNeverClosed(let column): throw .quoteNeverClosed(line: line + 1, column: column)
        case .cellTooLong(let column): throw .cellTooLong(line: line + 1, column: column, limit: limits.cellBytes)
        case .tooManyCells: throw .tooManyCells(line: line + 1, limit: limits.cells)
        }
    }

    private func failIfCutShort() throws(FormatError) {
        switch text.failure {
        case .badBytes: throw .badBytes(line: line + 1, encoding: text.encoding)
        case .nullCharacter: throw .nullCharacter(line: line + 1)
        case nil: break
        }
    }

    /// Excel's first line `sep=;`, which it obeys and does not show.
    private static func announcedDelimiter(in text: [UInt8]) -> (delimiter: Delimiter, length: Int)? {
        let start = Array(text.prefix(7))
        guard start.count >= 6, start.starts(with: "sep=".utf8), let delimiter = Delimiter(rawValue: start[4]) else { return nil }
        if start[5] == 0x0A { return (delimiter, 6) }
        guard start[5] == 0x0D else { return nil }
        return (delimiter, start.count == 7 && start[6] == 0x0A ? 7 : 6)
    }
}
