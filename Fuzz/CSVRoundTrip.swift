// Cells cut from any text by NUL: what is written is read back, apart from the apostrophe.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSVRoundTrip(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let cells = ["x"] + text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).prefix(1000).map { String($0) }
    for delimiter in Delimiter.allCases {
        var writer = CSVWriter(delimiter: delimiter)
        writer.row(cells)
        guard var reader = try? CSVReader(bytes: writer.take(), encoding: .utf8, delimiter: delimiter), let row = try? reader.next() else {
            preconditionFailure()
        }
        let expected = cells.map { cell -> String in
            let digits = cell.utf8.dropLast()
            if cell.utf8.last == 9, !digits.isEmpty, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) {
                return String(decoding: digits, as: UTF8.self)
            }
            return Neutralising.neutral(cell)
        }
        precondition(row.cells.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
        precondition(cells.allSatisfy { !Neutralising.isRisky(Neutralising.neutral($0)) })
    }
    return 0
}
