import CQrencode
import Markup

/// A QR code (ISO/IEC 18004) of a short text, by libqrencode: byte mode, error correction L, the smallest version that holds it.
struct QRCode {
    /// Modules on a side, without the margin.
    let size: Int
    /// Row by row.
    let isDark: [Bool]

    /// Nil when the text is too long: more than 2,953 bytes.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let length = Int32(exactly: bytes.count), let code = QRcode_encodeData(length, bytes, 0, QR_ECLEVEL_L) else { return nil }
        defer { QRcode_free(code) }
        let side = Int(code.pointee.width)
        // bounded: a code has at most 177 modules on a side.
        size = side
        isDark = UnsafeBufferPointer(start: code.pointee.data, count: side * side).map { $0 & 1 == 1 }
    }

    /// Black on white in every theme, with the quiet margin that readers need.
    func image(label: String, width: Int = 200) -> Element {
        var path = ""
        for y in 0..<size { for x in 0..<size where isDark[y * size + x] { path += "M\(x + 4) \(y + 4)h1v1h-1z" } }
        let side = String(size + 8)
        return svg(.viewBox("0 0 \(side) \(side)"), .width(width), .height(width), .role("img"), .aria("label", label)) {
            Element("rect", [.named("width", side), .named("height", side), .named("fill", "#fff")]) {}
            Element("path", [.named("d", path), .named("fill", "#000")]) {}
        }
    }
}
