/// A file inside a multipart form, before its bytes.
public struct MultipartFile: Sendable, Equatable {
    /// The form field it came in.
    public let field: String
    /// Its name, made safe by `FileName.safe`; for showing, never a path.
    public let name: String
    /// What the sender says it is; trust `MimeSniffer` instead.
    public let claimedType: String
}

/// Where the files of a multipart form go, one after the other.
///
/// When the parser throws, the file that has begun is incomplete: remove it.
public protocol MultipartSink: AnyObject {
    /// A file begins.
    func begin(_ file: MultipartFile) throws
    /// More bytes of it; the slice is only worth keeping as a copy.
    func write(_ bytes: ArraySlice<UInt8>) throws
    /// It is complete.
    func end() throws
}

/// How much a multipart form may hold.
public struct MultipartLimits: Sendable {
    /// Parts, fields and files together.
    public var parts = 2000
    /// Bytes of one part's headers.
    public var headerBytes = 16 << 10
    /// Bytes of one field's value.
    public var fieldBytes = 1 << 20
    /// Bytes of all fields' values.
    public var fieldsBytes = 8 << 20
    /// Bytes of one file.
    public var fileBytes = 100 << 20
    /// Bytes of the whole body.
    public var bodyBytes = 200 << 20

    /// The defaults; change what you need.
    public init() {}
}
