import Formats
import Foundation
import Records

/// Every rejected row with its own cells and why, as a sheet that can be mended and imported again.
final class RejectedSheet {
    private let path: String
    private let handle: FileHandle
    private var csv: CSVWriter
    private(set) var rows = 0

    /// Begins a sheet at `path`, or goes on with the first `keeping` bytes of it.
    init(path: String, header: [String], keeping: UInt64 = 0) throws {
        self.path = path
        if keeping == 0 || !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else { throw Self.unwritable(path) }
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else { throw Self.unwritable(path) }
        self.handle = handle
        try handle.truncate(atOffset: keeping)
        try handle.seekToEnd()
        csv = CSVWriter(byteOrderMark: keeping == 0)
        if keeping == 0 { csv.row(header + ["行号", "列", "原因"]) }
        width = header.count
    }

    private let width: Int

    func add(_ rejected: [RejectedRow]) {
        for row in rejected {
            for place in 0..<max(width, row.cells.count) { csv.text(place < row.cells.count ? row.cells[place] : "") }
            csv.int(Int64(row.line))
            csv.text(row.faults.map(\.column).filter { !$0.isEmpty }.joined(separator: "、"))
            csv.text(row.faults.map(\.reason).joined(separator: "；"))
            csv.endRow()
            rows += 1
        }
    }

    /// Everything so far is in the file; gives its length.
    @discardableResult
    func flush() throws -> UInt64 {
        try handle.write(contentsOf: csv.take())
        return try handle.offset()
    }

    func close() throws {
        try flush()
        try handle.close()
    }

    private static func unwritable(_ path: String) -> Problems {
        Problems([Problem("file", code: "unwritable_file", "无法写入退回行文件“\(path)”，请检查磁盘空间和权限后重试。")])
    }
}
