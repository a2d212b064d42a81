// Any bytes, whole and in two pieces: rows or an error, and the same rows either way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var limits = SheetLimits()
    (limits.cellBytes, limits.cells, limits.rowBytes, limits.sampleBytes) = (2000, 50, 1 << 20, 1)
    for repairs in [false, true] {
        limits.repairsBadBytes = repairs
        let whole = rows(pieces: [bytes], limits)
        let cut = rows(pieces: [Array(bytes.prefix(count / 2)), Array(bytes.dropFirst(count / 2))], limits)
        precondition(whole == cut)
    }
    _ = try? SheetReader.open(bytes: bytes)
    return 0
}

private func rows(pieces: [[UInt8]], _ limits: SheetLimits) -> [SheetRow] {
    let encoding = TextEncoding.detect(Array(pieces.joined()))
    guard var reader = try? CSVReader(chunks: pieces.makeIterator(), encoding: encoding, delimiter: .comma, limits: limits) else {
        return []
    }
    var rows: [SheetRow] = []
    while let row = try? reader.next() { rows.append(row) }
    return rows
}
