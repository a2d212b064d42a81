// Any bytes, whole and byte by byte: the same fields, files and outcome either way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultipart(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: min(count, 4096)))
    precondition(outcome([bytes]) == outcome(bytes.map { [$0] }))
    _ = try? MultipartParser(contentType: String(decoding: bytes, as: UTF8.self), sink: Kept())
    return 0
}

private final class Kept: MultipartSink {
    var files: [String] = []
    func begin(_ file: MultipartFile) {
        precondition(
            !file.name.isEmpty && !file.name.contains("/") && !file.name.contains("\\") && !file.name.hasPrefix(".")
                && file.name.utf8.count <= 200)
        files.append("\(file.field)|\(file.name)|\(file.claimedType)|")
    }
    func write(_ bytes: ArraySlice<UInt8>) {
        guard let last = files.indices.last else { preconditionFailure() }
        files[last] += bytes.map { "\($0)," }.joined()
    }
    func end() { files.append("end") }
}

private func outcome(_ chunks: [[UInt8]]) -> [String] {
    let kept = Kept()
    guard var parser = try? MultipartParser(contentType: "multipart/form-data; boundary=ab", sink: kept) else { return [] }
    do {
        for chunk in chunks { try parser.feed(chunk) }
        return kept.files + (try parser.finish()).pairs.map { "\($0.name)=\($0.value)" }
    } catch {
        // How much of a broken body was delivered may depend on the chunks.
        return ["\(error)"]
    }
}
