/// The UTF-8 text of a CSV source: pulls chunks, decodes them, keeps what is not parsed yet.
struct CSVText {
    /// Where the next chunk of raw bytes comes from; nil at the end.
    typealias Source = () throws(FormatError) -> [UInt8]?

    let encoding: TextEncoding
    private(set) var buffer: [UInt8] = []
    /// The first byte not parsed yet.
    var position = 0
    private(set) var isEnded = false
    /// Why the text stops early; reported once everything before it has been read.
    private(set) var failure: Failure?

    enum Failure { case badBytes, nullCharacter }

    private var decoder: TextDecoder
    private let source: Source
    private var waiting: [[UInt8]]

    /// `peeked` are chunks already taken from the source.
    init(source: @escaping Source, peeked: [[UInt8]], encoding: TextEncoding, repairs: Bool) throws(FormatError) {
        self.source = source
        self.encoding = encoding
        waiting = peeked.reversed()
        decoder = try TextDecoder(encoding, repairs: repairs)
    }

    /// Reads at least as much again as is waiting to be parsed, so that a long row is scanned a logarithmic number of times.
    mutating func refill() throws(FormatError) {
        if position > 0 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        let goal = buffer.count * 2 + 1
        while buffer.count < goal, !isEnded {
            if let chunk = waiting.popLast() {
                decode(chunk)
            } else if let chunk = try source() {
                decode(chunk)
            } else {
                finish()
            }
        }
    }

    private mutating func decode(_ chunk: [UInt8]) {
        let start = buffer.count
        do throws(TextDecoder.BadByte) {
            try decoder.decode(chunk, into: &buffer)
        } catch {
            end(.badBytes)
        }
        refuseNull(from: start)
    }

    private mutating func finish() {
        isEnded = true
        do throws(TextDecoder.BadByte) {
            try decoder.finish(into: &buffer)
        } catch {
            end(.badBytes)
        }
    }

    private mutating func refuseNull(from start: Int) {
        guard let null = firstIndex(of: 0, in: buffer, from: start) else { return }
        buffer.removeSubrange(null...)
        end(.nullCharacter)
    }

    private mutating func end(_ reason: Failure) {
        failure = reason
        isEnded = true
    }
}
