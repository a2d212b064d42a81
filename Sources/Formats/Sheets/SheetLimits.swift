/// How much of a sheet a reader accepts before it refuses.
public struct SheetLimits: Sendable {
    /// Bytes of UTF-8 in one cell.
    public var cellBytes = 1 << 20
    /// Cells in one row.
    public var cells = 1024
    /// Bytes in one row.
    public var rowBytes = 16 << 20
    /// Rows delivered, the header included; nil for no limit.
    public var rows: Int?
    /// Bytes of all parts of a workbook, unpacked.
    public var unpackedBytes = 1 << 30
    /// How many times larger than packed a part of more than a mebibyte may be.
    public var compressionRatio = 200
    /// Files inside a workbook.
    public var parts = 2048
    /// Bytes a workbook's shared strings may take in memory.
    public var sharedStringBytes = 256 << 20
    /// Whether bytes that are no characters become U+FFFD instead of an error.
    public var repairsBadBytes = false

    /// Bytes of a CSV text looked at for its delimiter, and for its encoding when it comes in chunks.
    var sampleBytes = 64 << 10

    /// The defaults; change what you need.
    public init() {}
}
