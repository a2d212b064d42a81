import Formats
import Foundation
import Records

/// Sends a list out of the system as a file: page by page, so that memory stays small however long it is and however slow the reader;
/// within the right to export, and written down in the audit log.
///
/// ```swift
/// let rows = try await Exporter(gate).run(request, as: actor) { bytes in try await response.write(bytes) }
/// ```
public struct Exporter: Sendable {
    let gate: Gate
    /// Rows of a page.
    public var pageSize = 2000
    /// Names of linked records that are kept between pages.
    private static let mostNames = 50_000

    public init(_ gate: Gate) { self.gate = gate }

    /// Gives the file's bytes to `sink` in pieces, each once the last is taken; returns the number of rows. A workbook comes when it is
    /// whole.
    @discardableResult
    public func run(_ request: ExportRequest, as actor: Actor, to sink: ([UInt8]) async throws -> Void) async throws -> Int {
        guard !request.format.isStreamed else { return try await walk(request, as: actor, text(request), to: sink) }
        let path = NSTemporaryDirectory() + "zhike-export-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let rows = try await file(request, as: actor, path: path)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Problems([Problem("file", code: "unwritable_file", "导出文件没有写成，请检查磁盘空间后重试。")])
        }
        defer { try? handle.close() }
        while let piece = try handle.read(upToCount: 1 << 18), !piece.isEmpty { try await sink(Array(piece)) }
        return rows
    }

    /// Writes the export into a file.
    @discardableResult
    public func file(_ request: ExportRequest, as actor: Actor, path: String) async throws -> Int {
        if !request.format.isStreamed {
            return try await walk(request, as: actor, { columns in try Workbook(path, columns) }, to: { _ in })
        }
        guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path) else {
            throw Problems([Problem("file", code: "unwritable_file", "无法写入“\(path)”，请检查目录和权限。")])
        }
        defer { try? handle.close() }
        return try await walk(request, as: actor, text(request), to: { try handle.write(contentsOf: $0) })
    }

    /// Throws what speaks against the export, so that it can be told before the first byte is sent.
    public func check(_ request: ExportRequest, as actor: Actor) async throws {
        try await gate.read(as: actor) { view in
            _ = try ExportColumns(request, view)
            _ = try view.exportQuery(request)
        }
    }

    private func text(_ request: ExportRequest) -> (ExportColumns) -> any ExportSheet {
        { columns in request.format == .csv ? CSVSheet(columns, request.header) : JSONLines(columns) }
    }

    /// Page after page: the next is fetched while one is written.
    private func walk(
        _ request: ExportRequest, as actor: Actor, _ makeSheet: (ExportColumns) throws -> any ExportSheet,
        to sink: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        let (columns, start) = try await gate.read(as: actor) { view in
            let columns = try ExportColumns(request, view)
            var query = try view.exportQuery(request)
            query?.limit = pageSize
            query?.withLinks = columns.hasLinks
            return (columns, query)
        }
        var rows = 0
        do {
            var sheet = try makeSheet(columns)
            try await give(sheet.begin(), to: sink)
            if let start {
                var names: [String: [Int64: String]] = [:]
                var page = try await fetch(start, columns, names, actor)
                while let current = page {
                    try Task.checkCancellation()
                    for (entity, more) in current.titles {
                        if names[entity, default: [:]].count > Self.mostNames { names[entity] = nil }
                        names[entity, default: [:]].merge(more) { _, new in new }
                    }
                    let known = names
                    async let following = fetch(current.next.map(start.continued), columns, known, actor)
                    try await give(sheet.add(current, names), to: sink)
                    rows += current.rows.count
                    page = try await following
                }
            }
            try sheet.end()
        } catch {
            // Whoever stops an export half-way has what came out all the same.
            try await record(request, columns, rows, isComplete: false, actor)
            throw error
        }
        try await record(request, columns, rows, isComplete: true, actor)
        return rows
    }

    private func give(_ bytes: [UInt8], to sink: ([UInt8]) async throws -> Void) async throws {
        if !bytes.isEmpty { try await sink(bytes) }
    }

    private func fetch(
        _ query: Query?, _ columns: ExportColumns, _ known: [String: [Int64: String]], _ actor: Actor
    ) async throws -> ExportPage? {
        guard let query else { return nil }
        return try await gate.read(as: actor) { view in try view.exportPage(query, columns, known: known) }
    }

    private func record(_ request: ExportRequest, _ columns: ExportColumns, _ rows: Int, isComplete: Bool, _ actor: Actor) async throws {
        let filter = request.filterText ?? request.list.filter.plain.jsonText
        var facts: [String: Plain] = [
            "format": .text(request.format.rawValue), "fields": .list(columns.columns.map { .text($0.name) }),
            "filter": .text(String(filter.prefix(4000))),
            "rows": .int(Int64(rows)), "complete": .bool(isComplete),
        ]
        if let search = request.list.search { facts["search"] = .text(search) }
        let changes = Plain.object(facts).jsonText
        try await gate.write(as: actor) { tx in
            try tx.record("export", entity: request.list.schema.name, id: nil, changes: changes, reason: request.reason)
        }
    }
}

extension Query {
    func continued(_ cursor: Cursor) -> Query {
        var query = self
        query.cursor = cursor
        return query
    }
}
