/// What a title is sorted by: pinyin syllables, each followed by its character so that equal names stand together; Latin letters as they
/// are.
enum SortKey {
    private static let limit = 30

    static func make(_ title: String) -> String {
        var key: [UInt8] = []
        for scalar in title.unicodeScalars.prefix(limit) {
            if let syllable = Pinyin.syllable(of: scalar) {
                if !key.isEmpty { key.append(UInt8(ascii: " ")) }
                key += syllable
                key.append(UInt8(ascii: " "))
                key += UTF8.encode(scalar).unsafelyUnwrapped
            } else if scalar.isASCII {
                key.append((0x41...0x5A).contains(scalar.value) ? UInt8(scalar.value + 0x20) : UInt8(scalar.value))
            } else {
                key += scalar.properties.lowercaseMapping.utf8
            }
        }
        return String(decoding: key, as: UTF8.self)
    }
}
