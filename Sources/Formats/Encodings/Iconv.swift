import Glibc

/// One glibc conversion to UTF-8.
final class Iconv {
    enum Stop {
        case done
        /// The input ends inside a character.
        case incomplete
        case invalid
    }

    private let descriptor: iconv_t

    init(from encoding: TextEncoding) throws(FormatError) {
        let opened: iconv_t? = iconv_open("UTF-8", encoding.iconvName)
        guard let opened, Int(bitPattern: opened) != -1 else { throw .encodingMissing(encoding) }
        descriptor = opened
    }

    deinit { iconv_close(descriptor) }

    /// Appends the converted text to `output` and says how many bytes of `input` it used and why it stopped.
    func convert(_ input: UnsafeRawBufferPointer, into output: inout [UInt8]) -> (used: Int, stop: Stop) {
        var used = 0
        while used < input.count {
            let room = (input.count - used) * 2 + 16
            var written = 0
            var failure: Int32 = 0
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                var source = UnsafeMutablePointer(mutating: input.baseAddress?.advanced(by: used).assumingMemoryBound(to: CChar.self))
                var sourceLeft = input.count - used
                buffer.withMemoryRebound(to: CChar.self) { target in
                    var place = target.baseAddress
                    var targetLeft = room
                    let result = iconv(descriptor, &source, &sourceLeft, &place, &targetLeft)
                    failure = result == -1 ? errno : 0
                    written = room - targetLeft
                }
                used = input.count - sourceLeft
                count = written
            }
            output.append(contentsOf: piece)
            switch failure {
            case 0: return (used, .done)
            case EINVAL: return (used, .incomplete)
            case E2BIG where written > 0: continue
            default: return (used, .invalid)
            }
        }
        return (used, .done)
    }
}
