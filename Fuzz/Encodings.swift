// Any bytes in every encoding: the same text whole and byte by byte, always valid UTF-8.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEncoding(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: min(count, 4096)))
    _ = TextEncoding.detect(bytes)
    for encoding in [TextEncoding.utf8, .utf16LittleEndian, .utf16BigEndian, .gb18030] {
        for repairs in [false, true] {
            let whole = text([bytes], encoding, repairs)
            precondition(whole == text(bytes.map { [$0] }, encoding, repairs))
            precondition(String(validating: whole, as: UTF8.self) != nil)
        }
    }
    return 0
}

private func text(_ chunks: [[UInt8]], _ encoding: TextEncoding, _ repairs: Bool) -> [UInt8] {
    guard var decoder = try? TextDecoder(encoding, repairs: repairs) else { return [] }
    var utf8: [UInt8] = []
    do {
        for chunk in chunks { try decoder.decode(chunk, into: &utf8) }
        try decoder.finish(into: &utf8)
    } catch {}
    return utf8
}
