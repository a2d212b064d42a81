/// Decides whether an address may stand in a link: a web page, a mail or telephone link, or a place on this site.
enum SafeLink {
    static let schemes: Set<String> = ["http", "https", "mailto", "tel"]

    /// The address, or "#" when a browser might run it.
    static func checked(_ address: String) -> String {
        // A path on this site, by far the most common.
        if address.utf8.first == UInt8(ascii: "/") { return address }
        guard let scheme = scheme(of: address) else { return address }
        return schemes.contains(scheme) ? address : "#"
    }

    /// The scheme a browser would see: it skips leading control characters, and tabs and line ends anywhere.
    private static func scheme(of address: String) -> String? {
        var scheme: [UInt8] = []
        for byte in address.utf8 {
            switch byte {
            case UInt8(ascii: ":"): return String(decoding: scheme, as: UTF8.self).lowercased()
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return nil
            case 0...0x20: continue
            default: scheme.append(byte)
            }
        }
        return nil
    }
}
