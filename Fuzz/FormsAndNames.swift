// Any bytes as a form; what is understood is written and read again the same. Also file names and header values.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzForms(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let form = try? FormText.parse(bytes) {
        let kept = FormText(form.pairs.filter { !$0.name.isEmpty || !$0.value.isEmpty })
        let again = try? FormText.parse(kept.encoded)
        precondition(again == kept)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let name = FileName.safe(text)
    precondition(!name.isEmpty && name.utf8.count <= 200 && FileName.safe(name) == name)
    let header = ContentDisposition.attachment(text)
    precondition(header.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    precondition(HeaderParameters(Array(header.utf8)) != nil)
    _ = MimeSniffer.recognise(bytes, name: "x")
    var calendar = ICalendarWriter(name: text)
    calendar.event(id: text, title: text, from: .instant(Int64(count)), to: .day(count), stamp: 0, place: text, notes: text, link: text)
    for line in calendar.finished().split(separator: 0x0A) {
        precondition(line.count <= 76 && String(validating: line, as: UTF8.self) != nil)
    }
    return 0
}
