/// The keyed digest that every stored row carries, so that a changed bit is found. It is put together of one part for each value, joined by
/// exclusive or: whoever changes some values of a row need not know the others, and a value that was damaged stays a fault when others of
/// its row are saved.
public struct RowDigest: Sendable {
    private let key: (UInt64, UInt64)

    /// - Parameter key: 16 bytes that nobody without the installation's key file knows.
    public init(key: [UInt8]) {
        precondition(key.count == 16, "SipHash takes a key of 16 bytes")
        self.key = (SipHash.word(key[0..<8]), SipHash.word(key[8..<16]))
    }

    /// How a value is kept; the same bytes as a number and as a text are two different values.
    public enum Form: UInt64, Sendable { case row = 0, int, real, text }

    /// The name of a column (or, without one, of a table) as a number.
    public static func tag(_ table: String, _ column: String = "") -> UInt64 {
        var hash = SipHash(0, 0)
        return Array("\(table)\0\(column)".utf8).withUnsafeBytes { hash.finish($0) }
    }

    /// Texts are hashed in pieces of so many bytes: whoever looks for a flipped bit need not hash all of a long one again for each.
    public static let piece = 128

    /// What one value adds: nothing when it is null, else the SipHash-2-4 of column, record, form, length and value.
    public func part(_ tag: UInt64, _ id: Int64, _ value: Value) -> Int64 {
        switch value {
        case .null, .list: return 0
        case .int(let number): return word(tag, id, .int, UInt64(bitPattern: number))
        // SQLite keeps whole numbers as integers, which know no minus zero.
        case .real(let number): return word(tag, id, .real, (number == 0 ? 0 : number).bitPattern)
        case .text(var text): return text.withUTF8 { part(tag, id, .text, UnsafeRawBufferPointer($0)) }
        }
    }

    /// The same of a value's bytes; of a number eight, the lowest first.
    public func part(_ tag: UInt64, _ id: Int64, _ form: Form, _ bytes: UnsafeRawBufferPointer) -> Int64 {
        var sum: Int64 = 0, place = 0
        repeat {
            let some = UnsafeRawBufferPointer(rebasing: bytes[place..<min(place + Self.piece, bytes.count)])
            sum ^= part(tag, id, form, some, at: place, of: bytes.count)
            place += Self.piece
        } while place < bytes.count
        return sum
    }

    /// What one piece of a value adds, which begins at a byte of so many.
    public func part(_ tag: UInt64, _ id: Int64, _ form: Form, _ piece: UnsafeRawBufferPointer, at place: Int, of count: Int) -> Int64 {
        var hash = start(tag, id, form, at: place, of: count)
        return Int64(bitPattern: hash.finish(piece))
    }

    private func word(_ tag: UInt64, _ id: Int64, _ form: Form, _ word: UInt64) -> Int64 {
        var hash = start(tag, id, form, at: 0, of: 8)
        hash.add(word)
        return Int64(bitPattern: hash.finish(UnsafeRawBufferPointer(start: nil, count: 0)))
    }

    /// What a row adds by being there, under its id.
    public func row(_ table: UInt64, _ id: Int64) -> Int64 {
        var hash = start(table, id, .row, at: 0, of: 0)
        return Int64(bitPattern: hash.finish(UnsafeRawBufferPointer(start: nil, count: 0)))
    }

    private func start(_ tag: UInt64, _ id: Int64, _ form: Form, at place: Int, of count: Int) -> SipHash {
        var hash = SipHash(key.0, key.1)
        hash.add(tag)
        hash.add(UInt64(bitPattern: id))
        hash.add(form.rawValue | UInt64(count) << 8)
        hash.add(UInt64(place))
        return hash
    }
}

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits for short texts.
struct SipHash {
    private var v0, v1, v2, v3: UInt64
    private var count: UInt64 = 0

    init(_ k0: UInt64, _ k1: UInt64) {
        v0 = k0 ^ 0x736f_6d65_7073_6575
        v1 = k1 ^ 0x646f_7261_6e64_6f6d
        v2 = k0 ^ 0x6c79_6765_6e65_7261
        v3 = k1 ^ 0x7465_6462_7974_6573
    }

    /// Eight bytes, the lowest first.
    mutating func add(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
        count &+= 8
    }

    /// The last bytes, however many.
    mutating func finish(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var place = 0
        while bytes.count - place >= 8 {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        var last = (count &+ UInt64(bytes.count - place)) << 56
        for shift in 0..<(bytes.count - place) { last |= UInt64(bytes[place + shift]) << UInt64(8 * shift) }
        add(last)
        v2 ^= 0xFF
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 = v0 &+ v1
        v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
        v0 = v0 &<< 32 | v0 &>> 32
        v2 = v2 &+ v3
        v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
        v0 = v0 &+ v3
        v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
        v2 = v2 &+ v1
        v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
        v2 = v2 &<< 32 | v2 &>> 32
    }

    static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}

/// A row that is not as the program left it.
public struct RowFault: Sendable, Equatable {
    public enum Kind: String, Sendable {
        /// Flipping one bit makes the digest right again.
        case damaged
        /// Otherwise than the program wrote it, and not by one bit.
        case changed
        /// One or the other: too long to try every bit.
        case unclear
        /// Without a digest, in a table where every row has one.
        case bare
    }
    /// An entity's table or the table of a many-to-many link.
    public var table: String
    /// The record's id; of a link, that of the record it belongs to.
    public var id: Int64
    public var kind: Kind
    /// The column whose bit it is.
    public var column: String?

    public init(table: String, id: Int64, kind: Kind, column: String? = nil) {
        self.table = table
        self.id = id
        self.kind = kind
        self.column = column
    }
}

/// What reading every row against its digest found.
public struct RowVerdict: Sendable, Equatable {
    /// Rows read, links included.
    public var rows = 0
    /// Rows that have no digest yet, in tables that are not through with getting them.
    public var waiting = 0
    /// How many rows are not as they were written.
    public var count = 0
    /// The first of them.
    public var faults: [RowFault] = []

    public init() {}
}
