import CLibzip
import Glibc

// The parts of a workbook, divided by NUL, packed into a sound zip: reaches the XML behind the packing.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXLSXParts(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let names = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
    let given = Array(UnsafeBufferPointer(start: start, count: count)).split(separator: 0, omittingEmptySubsequences: false)
    var parts = [
        Array("<worksheet/>".utf8), Array("<sst><si><t>a</t></si></sst>".utf8), Array("<styleSheet/>".utf8),
        Array("<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>".utf8),
        Array(
            ("<R><Relationship Id=\"r1\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" "
                + "Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"/styles\" "
                + "Target=\"styles.xml\"/></R>").utf8),
    ]
    for (index, part) in given.prefix(5).enumerated() where !part.isEmpty { parts[index] = Array(part) }
    guard var reader = try? XLSXReader(bytes: stored(zip(names, parts).map { ($0, $1) })) else { return 0 }
    while (try? reader.next()) != nil {}
    return 0
}

private func stored(_ parts: [(String, [UInt8])]) -> [UInt8] {
    func le16(_ value: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)] }
    func le32(_ value: Int) -> [UInt8] { le16(value) + le16(value >> 16) }
    func crc(_ bytes: [UInt8]) -> Int {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        return Int(~value)
    }
    var all: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in parts {
        let header =
            le16(20) + le16(0) + le16(0) + le16(0) + le16(0x21) + le32(crc(bytes)) + le32(bytes.count) + le32(bytes.count)
            + le16(name.utf8.count) + le16(0)
        directory += [0x50, 0x4B, 1, 2] + le16(20) + header + le16(0) + le16(0) + le16(0) + le32(0) + le32(all.count) + Array(name.utf8)
        all += [0x50, 0x4B, 3, 4] + header + Array(name.utf8) + bytes
    }
    return all + directory + [0x50, 0x4B, 5, 6] + le16(0) + le16(0) + le16(parts.count) + le16(parts.count) + le32(directory.count)
        + le32(all.count) + le16(0)
}
