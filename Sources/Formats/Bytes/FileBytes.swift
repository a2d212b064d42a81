import Glibc

/// A file read in chunks.
final class FileBytes {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(FormatError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw .unreadable(what: path, reason: lastSystemError()) }
    }

    deinit { close(descriptor) }

    /// The next bytes, or nil at the end.
    func next(upTo count: Int = 256 << 10) throws(FormatError) -> [UInt8]? {
        var failure: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var got = read(descriptor, buffer.baseAddress, count)
            while got < 0, errno == EINTR { got = read(descriptor, buffer.baseAddress, count) }
            failure = got < 0 ? errno : 0
            filled = max(0, got)
        }
        if failure != 0 { throw .unreadable(what: path, reason: systemError(failure)) }
        return chunk.isEmpty ? nil : chunk
    }
}

/// The message of `errno`, in the system's words.
func lastSystemError() -> String { systemError(errno) }

func systemError(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "\(code)" }
    return String(cString: text)
}
