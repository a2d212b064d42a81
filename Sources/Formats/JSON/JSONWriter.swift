/// Appends JSON to bytes; commas come by themselves.
///
/// ```swift
/// var json = JSONWriter()
/// json.beginObject()
/// json.key("name"); json.string("李伟")
/// json.key("amount"); json.int(1250)
/// json.endObject()
/// ```
public struct JSONWriter {
    /// What has been written since the start or the last `take()`.
    public var bytes: [UInt8] = []
    private let isHTMLSafe: Bool
    private var needsComma = false

    /// A writer; `htmlSafe` writes `<`, `>`, `&`, U+2028 and U+2029 as \u escapes, for JSON inside a page.
    public init(htmlSafe: Bool = false, reserving capacity: Int = 0) {
        isHTMLSafe = htmlSafe
        bytes.reserveCapacity(capacity)
    }

    /// The bytes written so far, which the writer then forgets: for streaming.
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        bytes.reserveCapacity(taken.count)
        return taken
    }

    /// `{`
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// `}`
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// `[`
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// `]`
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A member's key; its value comes next.
    public mutating func key(_ key: String) {
        separate()
        quoted(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// The keys of objects that are all alike, written out beforehand.
    public struct Keys: Sendable {
        /// `,"name":null` of each key, one after another.
        fileprivate let text: [UInt8]
        fileprivate let places: [Place]

        fileprivate struct Place {
            let start, value, end: Int
        }

        public init(_ keys: [String]) {
            var json = JSONWriter()
            json.needsComma = true
            places = keys.map { key in
                let start = json.bytes.count
                json.key(key)
                let value = json.bytes.count
                json.null()
                return Place(start: start, value: value, end: json.bytes.count)
            }
            text = json.bytes
        }
    }

    /// A member's key, the `index`th of `keys`; its value comes next.
    public mutating func key(_ index: Int, of keys: Keys) {
        let place = keys.places[index]
        append(keys.text, from: place.start, to: place.value)
        needsComma = false
    }

    /// A member without a value.
    public mutating func null(_ index: Int, of keys: Keys) {
        let place = keys.places[index]
        append(keys.text, from: place.start, to: place.end)
        needsComma = true
    }

    @inline(__always)
    private mutating func append(_ text: [UInt8], from start: Int, to end: Int) {
        let start = needsComma ? start : start + 1
        text.withUnsafeBufferPointer { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    /// A text that `append` writes and that needs no escape, such as a date.
    public mutating func plain(_ append: (inout [UInt8]) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A member's key known to need no escape, such as a field's name.
    public mutating func key(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A text.
    public mutating func string(_ text: String) {
        separate()
        quoted(text)
    }

    /// A whole number.
    public mutating func int(_ number: Int64) {
        separate()
        appendDigits(of: number, to: &bytes)
    }

    /// A whole number.
    public mutating func int(_ number: Int) { int(Int64(number)) }

    /// A number; one that is not finite has no JSON form and becomes `null`.
    public mutating func real(_ number: Double) {
        separate()
        bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
    }

    /// An amount in hundredths as a number with two decimals: `money(1250)` is 12.50.
    public mutating func money(_ hundredths: Int64) {
        separate()
        appendHundredths(hundredths, to: &bytes)
    }

    /// `true` or `false`.
    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// `null`
    public mutating func null() {
        separate()
        bytes.append(contentsOf: Self.null)
    }

    private static let null = Array("null".utf8)

    /// A parsed or built value.
    public mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .int(let number): int(number)
        case .real(let number): real(number)
        case .text(let text): string(text)
        case .list(let values):
            beginArray()
            for value in values { self.value(value) }
            endArray()
        case .object(let members):
            beginObject()
            for (key, value) in members {
                self.key(key)
                self.value(value)
            }
            endObject()
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { appendEscaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var clean = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            let length = escapedLength(byte, text, index)
            if length > 0 {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[clean..<index]))
                escape(text, index, length)
                index += length
                clean = index
            } else {
                index += 1
            }
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[clean...]))
    }

    /// How many bytes at `index` must be escaped together; 0 for none.
    @inline(__always)
    private func escapedLength(_ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F { return 1 }
        guard isHTMLSafe else { return 0 }
        if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&") { return 1 }
        let isSeparator = byte == 0xE2 && index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8
        return isSeparator ? 3 : 0
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int) {
        bytes.append(UInt8(ascii: "\\"))
        let byte = text[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            let code: UInt32 = length == 3 ? (text[index + 2] == 0xA8 ? 0x2028 : 0x2029) : UInt32(byte)
            bytes.append(UInt8(ascii: "u"))
            for shift in [12, 8, 4, 0] as [UInt32] {
                let digit = UInt8(truncatingIfNeeded: code >> shift & 0xF)
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
