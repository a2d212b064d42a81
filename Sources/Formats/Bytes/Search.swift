import Glibc

/// The first place of `byte` at or after `start`.
func firstIndex(of byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { all in
        guard let base = all.baseAddress, start >= 0, start < all.count else { return nil }
        guard let found = memchr(base + start, Int32(byte), all.count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}

/// The first place of `pattern` in `bytes` at or after `start`.
func firstIndex(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first else { return nil }
    var place = start
    while let found = firstIndex(of: first, in: bytes, from: place) {
        if bytes.count - found < pattern.count { return nil }
        if bytes[found..<(found + pattern.count)].elementsEqual(pattern) { return found }
        place = found + 1
    }
    return nil
}
