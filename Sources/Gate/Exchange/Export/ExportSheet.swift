import Formats
import Records

/// A file that grows by pages. What it says at once is sent at once; a workbook says nothing before its file is whole.
protocol ExportSheet {
    mutating func begin() -> [UInt8]
    mutating func add(_ page: ExportPage, _ names: [String: [Int64: String]]) throws -> [UInt8]
    mutating func end() throws
}

/// CSV for spreadsheets: UTF-8 with a byte-order mark, nothing that would be taken for a formula.
struct CSVSheet: ExportSheet {
    private let columns: ExportColumns
    private let header: ExportRequest.Header
    private var csv = CSVWriter()

    init(_ columns: ExportColumns, _ header: ExportRequest.Header) {
        self.columns = columns
        self.header = header
    }

    mutating func begin() -> [UInt8] {
        csv.row(columns.columns.map { header == .labels ? $0.heading : $0.name })
        return csv.take()
    }

    mutating func add(_ page: ExportPage, _ names: [String: [Int64: String]]) -> [UInt8] {
        let titles = columns.columns.map { column in column.cell.target.flatMap { names[$0] } ?? [:] }
        for row in page.rows {
            for (index, column) in columns.columns.enumerated() { column.cell.write(column.value(in: row, page), titles[index], to: &csv) }
            csv.endRow()
        }
        return csv.take()
    }

    func end() {}
}

/// A workbook with one sheet, in a file.
struct Workbook: ExportSheet {
    private let columns: ExportColumns
    private let xlsx: XLSXWriter

    init(_ path: String, _ columns: ExportColumns) throws {
        self.columns = columns
        do throws(FormatError) {
            xlsx = try XLSXWriter(path: path, sheet: columns.schema.label, columns: columns.columns.map { XLSXWriter.Column($0.heading) })
        } catch {
            throw SheetSource.problem(error)
        }
    }

    func begin() -> [UInt8] { [] }

    func add(_ page: ExportPage, _ names: [String: [Int64: String]]) throws -> [UInt8] {
        let titles = columns.columns.map { column in column.cell.target.flatMap { names[$0] } ?? [:] }
        do throws(FormatError) {
            for row in page.rows {
                for (index, column) in columns.columns.enumerated() {
                    column.cell.write(column.value(in: row, page), titles[index], to: xlsx)
                }
                try xlsx.endRow()
            }
        } catch {
            throw SheetSource.problem(error)
        }
        return []
    }

    func end() throws {
        do throws(FormatError) { try xlsx.close() } catch { throw SheetSource.problem(error) }
    }
}

/// One JSON object a line, as the API answers it, with the names of linked records beside their numbers.
struct JSONLines: ExportSheet {
    private let columns: ExportColumns

    init(_ columns: ExportColumns) { self.columns = columns }

    func begin() -> [UInt8] { [] }

    func add(_ page: ExportPage, _ names: [String: [Int64: String]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in page.rows {
            var json = JSONWriter()
            json.beginObject()
            json.key("id")
            json.int(row.id)
            for column in columns.columns where column.name != "id" {
                let value = column.value(in: row, page)
                json.key(column.name)
                // A masked value is text, whatever the field's kind.
                switch (column.cell, value) {
                case (.text, .text(let text)): json.string(text)
                case (.link, .int(0)): json.null()
                default: column.field.kind.plain(value).write(to: &json)
                }
                guard case .link(let target) = column.cell, column.name.hasSuffix("_id"), column.link == nil, let id = value.int,
                    let title = names[target]?[id]
                else { continue }
                json.key(String(column.name.dropLast(3)))
                json.string(title)
            }
            json.endObject()
            bytes += json.bytes
            bytes.append(0x0A)
        }
        return bytes
    }

    func end() {}
}
