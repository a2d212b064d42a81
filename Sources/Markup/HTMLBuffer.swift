/// Where a page is written: bytes, appended in order.
///
/// It keeps its own memory, since a page is thousands of short appends and `Array` asks at each whether it is shared.
public struct HTMLBuffer: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var count = 0
    private var capacity: Int

    public init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit {
        start.deallocate()
    }

    /// What has been written so far.
    public var bytes: [UInt8] {
        Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Appends markup written by a programmer, as it stands.
    public mutating func append(_ markup: StaticString) {
        append(UnsafeBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount))
    }

    /// Appends markup that is known to be safe, as it stands.
    public mutating func append(raw markup: String) {
        var markup = markup
        markup.withUTF8 { append($0) }
    }

    /// Appends text so that it stays text, in an element and in a quoted attribute alike.
    public mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(escaping: $0) }
    }

    mutating func append(byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start[count] = byte
        count += 1
    }

    private mutating func append(_ utf8: UnsafeBufferPointer<UInt8>) {
        guard let source = utf8.baseAddress else { return }
        if utf8.count > capacity - count { grow(by: utf8.count) }
        (start + count).update(from: source, count: utf8.count)
        count += utf8.count
    }

    private mutating func grow(by more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    private mutating func append(escaping utf8: UnsafeBufferPointer<UInt8>) {
        var done = 0
        for index in 0..<utf8.count where Self.needsEscaping(utf8[index]) {
            append(UnsafeBufferPointer(rebasing: utf8[done..<index]))
            append(Self.entity(for: utf8[index]))
            done = index + 1
        }
        append(UnsafeBufferPointer(rebasing: utf8[done...]))
    }

    /// One bit for each of `"`, `&`, `'`, `<` and `>`: a shift instead of five comparisons.
    @inline(__always)
    private static func needsEscaping(_ byte: UInt8) -> Bool {
        byte < 64 && (0x5000_00c4_0000_0000 as UInt64) &>> UInt64(byte) & 1 == 1
    }

    private static func entity(for byte: UInt8) -> StaticString {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        default: "&#39;"
        }
    }
}
