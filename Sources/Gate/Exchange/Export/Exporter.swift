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
        guard !request.format.isStreamed else { return try await begin(request, as: actor).run(to: sink) }
        let path = NSTemporaryDirectory() + "zhike-export-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let rows = try await file(request, as: actor, path: path)
        guard let handle = FileHandle(forReadingAtPath: path) else { throw unwritten }
        defer { try? handle.close() }
        while let piece = try handle.read(upToCount: 1 << 18), !piece.isEmpty { try await sink(Array(piece)) }
        return rows
    }

    private var unwritten: Refusal { .unavailable("导出文件没有写成，磁盘可能已满。请清理磁盘空间后重试。", retryAfter: 30) }

    /// An export that is sent as it is read. That it begins is in the audit log, and nothing after that needs room on the disk, so that
    /// whatever speaks against it is told before the first byte.
    public struct Begun: Sendable {
        let exporter: Exporter
        let request: ExportRequest
        let actor: Actor
        let operation: Int64

        /// Gives the bytes to `sink` in pieces, each once the last is taken; returns the number of rows.
        @discardableResult
        public func run(to sink: ([UInt8]) async throws -> Void) async throws -> Int {
            try await exporter.walk(request, as: actor, exporter.text(request), operation: operation, to: sink)
        }
    }

    /// Throws what speaks against a streamed export, and writes down that it begins.
    public func begin(_ request: ExportRequest, as actor: Actor) async throws -> Begun {
        let columns = try await gate.read(as: actor) { view in
            _ = try view.exportQuery(request)
            return try ExportColumns(request, view)
        }
        let operation = try await gate.write(as: actor) { [facts = facts(request, columns)] tx in
            try tx.record("export_begin", entity: request.list.schema.name, id: nil, changes: facts.jsonText, reason: request.reason)
            return tx.operation
        }
        return Begun(exporter: self, request: request, actor: actor, operation: operation)
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

    private func text(_ request: ExportRequest) -> (ExportColumns) -> any ExportSheet {
        { columns in request.format == .csv ? CSVSheet(columns, request.header) : JSONLines(columns) }
    }

    /// Page after page: the next is fetched while one is written.
    private func walk(
        _ request: ExportRequest, as actor: Actor, _ makeSheet: (ExportColumns) throws -> any ExportSheet,
        operation: Int64? = nil, to sink: ([UInt8]) async throws -> Void
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
            try await record(request, columns, rows, isComplete: false, operation, actor)
            throw error
        }
        try await record(request, columns, rows, isComplete: true, operation, actor)
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

    private func facts(_ request: ExportRequest, _ columns: ExportColumns, _ more: [String: Plain] = [:]) -> Plain {
        let filter = request.filterText ?? request.list.filter.plain.jsonText
        var facts: [String: Plain] = [
            "format": .text(request.format.rawValue), "fields": .list(columns.columns.map { .text($0.name) }),
            "filter": .text(String(filter.prefix(4000))),
        ]
        if let search = request.list.search { facts["search"] = .text(search) }
        return .object(facts.merging(more) { $1 })
    }

    /// Writes down how an export ended. Of one that was sent already it is written when there is room; its beginning is in the log.
    private func record(
        _ request: ExportRequest, _ columns: ExportColumns, _ rows: Int, isComplete: Bool, _ operation: Int64?, _ actor: Actor
    ) async throws {
        let changes = facts(request, columns, ["rows": .int(Int64(rows)), "complete": .bool(isComplete)]).jsonText
        let entity = request.list.schema.name, reason = request.reason
        guard let operation else {
            return try await gate.write(as: actor) { try $0.record("export", entity: entity, id: nil, changes: changes, reason: reason) }
        }
        try await gate.writeInTime(as: actor, operation: operation) {
            try $0.record("export", entity: entity, id: nil, changes: changes, reason: reason)
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
