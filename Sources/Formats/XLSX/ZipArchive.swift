import CLibzip
import Glibc

/// A zip archive whose promises are checked before anything is unpacked, and again while unpacking.
final class ZipArchive {
    private let archive: OpaquePointer
    private let limits: SheetLimits
    private var unpacked = 0

    init(path: String, limits: SheetLimits) throws(FormatError) {
        var code: Int32 = 0
        guard let opened = zip_open(path, ZIP_RDONLY, &code) else {
            if code == ZIP_ER_OPEN || code == ZIP_ER_NOENT || code == ZIP_ER_READ {
                throw .unreadable(what: path, reason: lastSystemError())
            }
            throw .damagedWorkbook(part: "zip", reason: Self.message(code))
        }
        archive = opened
        self.limits = limits
        try checkDirectory()
    }

    init(bytes: [UInt8], limits: SheetLimits) throws(FormatError) {
        // libzip frees the copy when the archive is discarded.
        guard let copy = malloc(max(bytes.count, 1)) else { throw .unreadable(what: "zip", reason: lastSystemError()) }
        bytes.withUnsafeBytes { if let start = $0.baseAddress { copy.copyMemory(from: start, byteCount: $0.count) } }
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = zip_source_buffer_create(copy, zip_uint64_t(bytes.count), 1, &error) else {
            free(copy)
            throw .damagedWorkbook(part: "zip", reason: String(cString: zip_error_strerror(&error)))
        }
        guard let opened = zip_open_from_source(source, ZIP_RDONLY, &error) else {
            zip_source_free(source)
            throw .damagedWorkbook(part: "zip", reason: String(cString: zip_error_strerror(&error)))
        }
        archive = opened
        self.limits = limits
        try checkDirectory()
    }

    deinit { zip_discard(archive) }

    /// The part with this path, in any case, or nil.
    func open(_ path: String) throws(FormatError) -> ZipPart? {
        let index = zip_name_locate(archive, path, zip_flags_t(ZIP_FL_NOCASE))
        guard index >= 0 else { return nil }
        guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
            let reason = zip_get_error(archive)
            if zip_error_code_zip(reason) == ZIP_ER_NOPASSWD { throw .encryptedWorkbook }
            throw .damagedWorkbook(part: path, reason: String(cString: zip_error_strerror(reason)))
        }
        return ZipPart(file: file, archive: self, path: path, packedSize: stat(zip_uint64_t(index)).packed)
    }

    /// The paths of all parts.
    var names: [String] {
        (0..<max(0, Int(zip_get_num_entries(archive, 0)))).map { stat(zip_uint64_t($0)).name }
    }

    /// Counts bytes as they are unpacked; a header can lie about them.
    func count(_ bytes: Int, of part: ZipPart) throws(FormatError) {
        unpacked += bytes
        if unpacked > limits.unpackedBytes { throw .unpacksTooLarge(part: part.path, limit: limits.unpackedBytes) }
        try checkRatio(part.path, size: part.unpacked, packed: part.packedSize)
    }

    private func checkDirectory() throws(FormatError) {
        let parts = Int(zip_get_num_entries(archive, 0))
        if parts > limits.parts { throw .tooManyParts(found: parts, limit: limits.parts) }
        var total = 0
        for index in 0..<max(0, parts) {
            let (name, size, packed) = stat(zip_uint64_t(index))
            let (sum, overflows) = total.addingReportingOverflow(size)
            if overflows || sum > limits.unpackedBytes { throw .unpacksTooLarge(part: name, limit: limits.unpackedBytes) }
            total = sum
            try checkRatio(name, size: size, packed: packed)
        }
    }

    private func checkRatio(_ part: String, size: Int, packed: Int) throws(FormatError) {
        guard size > 1 << 20 else { return }
        let ratio = size / max(1, packed)
        if ratio > limits.compressionRatio { throw .suspiciousCompression(part: part, ratio: ratio) }
    }

    private func stat(_ index: zip_uint64_t) -> (name: String, size: Int, packed: Int) {
        var stat = zip_stat_t()
        guard zip_stat_index(archive, index, 0, &stat) == 0 else { return ("\(index)", 0, 0) }
        let name = stat.name.map { String(cString: $0) } ?? "\(index)"
        return (name, Int(clamping: stat.size), Int(clamping: stat.comp_size))
    }

    private static func message(_ code: Int32) -> String {
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        return String(cString: zip_error_strerror(&error))
    }
}

/// One file inside an archive, unpacked as it is read.
final class ZipPart {
    let path: String
    let packedSize: Int
    private(set) var unpacked = 0
    /// Why reading stopped, for callers that sit behind a C callback.
    private(set) var failure: FormatError?

    private let file: OpaquePointer
    private let archive: ZipArchive
    private var prologue: [UInt8] = []

    init(file: OpaquePointer, archive: ZipArchive, path: String, packedSize: Int) {
        self.file = file
        self.archive = archive
        self.path = path
        self.packedSize = packedSize
    }

    deinit { zip_fclose(file) }

    /// Fills `buffer`; 0 at the end, -1 when `failure` says why.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard failure == nil, let base = buffer.baseAddress else { return failure == nil ? 0 : -1 }
        let got = Int(zip_fread(file, base, zip_uint64_t(buffer.count)))
        do throws(FormatError) {
            if got < 0 { throw .damagedWorkbook(part: path, reason: String(cString: zip_error_strerror(zip_file_get_error(file)))) }
            unpacked += got
            try archive.count(got, of: self)
            try refuseDocumentType(UnsafeRawBufferPointer(start: base, count: got))
            return got
        } catch {
            failure = error
            return -1
        }
    }

    /// The first of two guards against entity bombs: nothing with a DTD in its first 4 KiB reaches the parser, in 8 or 16 bits.
    private func refuseDocumentType(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        guard prologue.count < 4096 else { return }
        prologue.append(contentsOf: bytes.prefix(4096 - prologue.count).lazy.filter { $0 != 0 })
        if firstIndex(of: Array("<!DOCTYPE".utf8), in: prologue, from: 0) != nil { throw .documentTypeForbidden(part: path) }
    }
}
