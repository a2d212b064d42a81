/// Somebody's e-mail address, with a name where known.
public struct MailAddress: Sendable, Hashable {
    public var name: String?
    public let address: String

    /// Nil when it is none, or could break out of the header or the SMTP command it stands in.
    public init?(_ address: String, name: String? = nil) {
        let bytes = Array(address.utf8)
        guard bytes.count <= 254, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !MailAddress.forbidden.contains($0) }),
            let at = bytes.lastIndex(of: 0x40)
        else { return nil }
        let local = bytes[..<at], domain = bytes[(at + 1)...]
        guard (1...64).contains(local.count), !local.contains(0x40), local.first != 0x2E, local.last != 0x2E else { return nil }
        guard domain.count >= 1, domain.first != 0x2E, domain.first != 0x2D, domain.last != 0x2E,
            domain.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2E
            })
        else { return nil }
        self.address = address
        self.name = name
    }

    /// `" ( ) , : ; < > [ \ ]` have meanings of their own.
    private static let forbidden: Set<UInt8> = Set("\"(),:;<>[\\]".utf8)

    var domain: String { String(address[address.index(after: address.lastIndex(of: "@") ?? address.startIndex)...]) }

    /// As it stands in a header.
    var header: String {
        guard let name, !name.isEmpty else { return address }
        return "\(EncodedWord.phrase(name)) <\(address)>"
    }
}

/// Text in mail headers that is not ASCII (RFC 2047).
enum EncodedWord {
    /// The text as a header's value, folded: plain when it can be, otherwise as encoded words of at most 75 characters, none of which cuts
    /// a character in two.
    static func text(_ text: String) -> String {
        let clean = text.singleLine
        let isPlain = clean.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !clean.contains("=?") && clean.utf8.count <= 70
        guard !isPlain else { return clean }
        var words: [String] = [], bytes: [UInt8] = []
        for character in clean.unicodeScalars {
            let more = Array(String(character).utf8)
            if bytes.count + more.count > 42 {
                words.append(word(bytes))
                bytes = []
            }
            bytes += more
        }
        if !bytes.isEmpty { words.append(word(bytes)) }
        return words.joined(separator: "\r\n ")
    }

    /// A display name before an address.
    static func phrase(_ name: String) -> String {
        let isAtom = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x20 || $0 == 0x2D
        }
        guard isAtom, name.utf8.count <= 60 else {
            let clean = name.singleLine
            let words = text(clean)
            return words.hasPrefix("=?") ? words : word(Array(clean.utf8.prefix(42)))
        }
        return name
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Base64.text(bytes))?=" }
}

extension String {
    /// Without line breaks and other control characters, so that it cannot begin a header of its own.
    var singleLine: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029 ? " " : scalar
                }))
    }
}

enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8], lineLength: Int? = nil) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 4 / 3 + bytes.count / 50 + 4)
        var column = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let some = bytes[start..<min(start + 3, bytes.count)]
            let bits = some.reduce(0) { $0 << 8 | UInt32($1) } << UInt32((3 - some.count) * 8)
            for place in 0..<4 {
                out.append(place <= some.count ? digits[Int(bits >> UInt32(18 - place * 6) & 63)] : 0x3D)
            }
            column += 4
            if let lineLength, column >= lineLength {
                out += [13, 10]
                column = 0
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
