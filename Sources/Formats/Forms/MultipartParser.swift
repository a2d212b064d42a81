/// Reads `multipart/form-data` as it arrives: fields are collected, files go to a sink, memory stays small.
///
/// ```swift
/// var parser = try MultipartParser(contentType: header, sink: uploads)
/// for try await buffer in body { try parser.feed(Array(buffer.readableBytesView)) }
/// let form = try parser.finish()
/// ```
public struct MultipartParser {
    private enum State {
        case preamble
        case boundaryLine
        case headers
        case field(name: String)
        case file
        /// The part of a file input that was left empty.
        case nothing
        case epilogue
    }

    private let delimiter: [UInt8]
    private let limits: MultipartLimits
    private let sink: any MultipartSink

    private var state = State.preamble
    // The line break before the first boundary may be missing.
    private var buffer: [UInt8] = [0x0D, 0x0A]
    private var position = 0
    private var form = FormText()
    private var value: [UInt8] = []
    private var parts = 0
    private var fileSize = 0
    private var fieldsSize = 0
    private var bodySize = 0

    /// A parser for the request's Content-Type.
    public init(contentType: String, limits: MultipartLimits = MultipartLimits(), sink: any MultipartSink) throws(FormatError) {
        guard let header = HeaderParameters(Array(contentType.utf8)), header.value == "multipart/form-data",
            let boundary = header["boundary"]
        else { throw .badBoundary }
        let isSound = boundary.allSatisfy { $0 > 0x20 && $0 < 0x7F || $0 == 0x20 } && boundary.last != 0x20
        guard isSound, (1...70).contains(boundary.count) else { throw .badBoundary }
        delimiter = Array("\r\n--".utf8) + boundary
        self.limits = limits
        self.sink = sink
    }

    /// Takes the next bytes of the body; rethrows what the sink throws.
    public mutating func feed(_ chunk: some Collection<UInt8>) throws {
        bodySize += chunk.count
        if bodySize > limits.bodyBytes { throw FormatError.formTooLarge(what: .body, limit: limits.bodyBytes) }
        if case .epilogue = state { return }
        buffer.append(contentsOf: chunk)
        while try step() {}
        buffer.removeSubrange(..<position)
        position = 0
    }

    /// The fields in order, once the last boundary has come.
    public mutating func finish() throws(FormatError) -> FormText {
        guard case .epilogue = state else {
            if case .preamble = state { throw .badMultipart(.noFirstBoundary) }
            throw .badMultipart(.endsEarly)
        }
        return form
    }

    /// Does what the bytes at hand allow; false when more are needed.
    private mutating func step() throws -> Bool {
        switch state {
        case .preamble, .field, .file, .nothing: return try content()
        case .boundaryLine: return try boundaryLine()
        case .headers: return try headers()
        case .epilogue:
            position = buffer.count
            return false
        }
    }

    private mutating func content() throws -> Bool {
        if let end = firstIndex(of: delimiter, in: buffer, from: position) {
            try take(buffer[position..<end])
            position = end + delimiter.count
            try endPart()
            state = .boundaryLine
            return true
        }
        let safe = max(position, buffer.count - delimiter.count + 1)
        try take(buffer[position..<safe])
        position = safe
        return false
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) throws {
        if bytes.isEmpty { return }
        switch state {
        case .field:
            if value.count + bytes.count > limits.fieldBytes { throw FormatError.formTooLarge(what: .field, limit: limits.fieldBytes) }
            fieldsSize += bytes.count
            if fieldsSize > limits.fieldsBytes { throw FormatError.formTooLarge(what: .fields, limit: limits.fieldsBytes) }
            value.append(contentsOf: bytes)
        case .file:
            fileSize += bytes.count
            if fileSize > limits.fileBytes { throw FormatError.formTooLarge(what: .file, limit: limits.fileBytes) }
            try sink.write(bytes)
        default: break
        }
    }

    private mutating func endPart() throws {
        switch state {
        case .field(let name):
            guard let text = String(validating: value, as: UTF8.self) else { throw FormatError.formNotUTF8(field: name) }
            form.append(name, text)
            value = []
        case .file: try sink.end()
        default: break
        }
    }

    /// After a boundary: `--` ends the body, blanks and a line break begin a part.
    private mutating func boundaryLine() throws -> Bool {
        var index = position
        while index < buffer.count, buffer[index] == 0x20 || buffer[index] == 0x09 { index += 1 }
        if index - position > 256 { throw FormatError.badMultipart(.badBoundaryLine) }
        guard index + 1 < buffer.count else { return false }
        if index == position, buffer[index] == UInt8(ascii: "-"), buffer[index + 1] == UInt8(ascii: "-") {
            state = .epilogue
            return true
        }
        guard buffer[index] == 0x0D, buffer[index + 1] == 0x0A else { throw FormatError.badMultipart(.badBoundaryLine) }
        // The line break is left, so that no headers at all look like any headers.
        position = index
        state = .headers
        return true
    }

    private mutating func headers() throws -> Bool {
        guard let end = firstIndex(of: [0x0D, 0x0A, 0x0D, 0x0A], in: buffer, from: position) else {
            if buffer.count - position > limits.headerBytes { throw FormatError.formTooLarge(what: .headers, limit: limits.headerBytes) }
            return false
        }
        if end - position > limits.headerBytes { throw FormatError.formTooLarge(what: .headers, limit: limits.headerBytes) }
        // The blank line's break may belong to the next boundary, when a part has no body at all.
        let body = buffer[(end + 2)...].prefix(delimiter.count)
        if body.count < delimiter.count, delimiter.starts(with: body) { return false }
        parts += 1
        if parts > limits.parts { throw FormatError.formTooLarge(what: .parts, limit: limits.parts) }
        try begin(Self.headers(buffer[position..<end]))
        position = body.elementsEqual(delimiter) ? end + 2 : end + 4
        return true
    }

    private static func headers(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> MultipartHeaders {
        do throws(MultipartFault) {
            return try MultipartHeaders(bytes)
        } catch {
            throw .badMultipart(error)
        }
    }

    private mutating func begin(_ headers: MultipartHeaders) throws {
        switch headers.fileName {
        case nil: state = .field(name: headers.field)
        case "": state = .nothing
        case let name?:
            fileSize = 0
            state = .file
            try sink.begin(MultipartFile(field: headers.field, name: FileName.safe(name), claimedType: headers.type))
        }
    }
}
