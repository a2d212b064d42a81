// Any bytes: a value or an error; a value written and read again is the same value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let value = try? JSONText.parse(Array(UnsafeBufferPointer(start: start, count: count))) else { return 0 }
    let again = try? JSONText.parse(value.bytes)
    precondition(again == value)
    var writer = JSONWriter(htmlSafe: true)
    writer.value(value)
    precondition(!writer.bytes.contains(UInt8(ascii: "<")))
    precondition((try? JSONText.parse(writer.bytes)) == value)
    return 0
}
