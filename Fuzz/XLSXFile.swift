// Any bytes as a whole workbook.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXLSX(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var limits = SheetLimits()
    (limits.unpackedBytes, limits.rows) = (4 << 20, 10_000)
    guard var reader = try? XLSXReader(bytes: Array(UnsafeBufferPointer(start: start, count: count)), limits: limits) else { return 0 }
    while (try? reader.next()) != nil {}
    return 0
}
