import Formats
import Foundation
import Records

/// Filled forms as a workbook with the same boxes and columns as on paper (I5): a sheet each.
public struct PaperWorkbook {
    private let papers: [Paper]
    private let language: Language

    /// - Parameter papers: at most as many as a workbook may have sheets; more are left out.
    public init(_ papers: [Paper], _ language: Language) { (self.papers, self.language) = (Array(papers.prefix(250)), language) }

    /// The file's content.
    /// - Throws: FormatError when the disk does not take it.
    public func bytes() throws -> [UInt8] {
        let path = NSTemporaryDirectory() + "zhike-paper-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let form = try XLSXForm(path: path)
        for (place, paper) in papers.enumerated() {
            try write(paper, papers.count > 1 ? "\(place + 1) \(paper.head.first?.text ?? "")" : paper.title, form)
        }
        try form.close()
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Every block shares the sheet's columns: as many as the widest needs.
    private func write(_ paper: Paper, _ name: String, _ form: XLSXForm) throws {
        let count = max(2, paper.blocks.map(columns).max() ?? 2)
        try form.sheet(name, isLandscape: paper.isLandscape, widths: widths(paper, count))
        var row = 0
        func line(_ text: String, _ style: XLSXForm.Style, lines: Int = 1) {
            form.cell(row: row, column: 0, span: count, text, style)
            form.height(row: row, lines: lines)
            row += 1
        }
        if !paper.company.isEmpty { line(paper.company, .plain) }
        line(paper.title, .title, lines: 2)
        if !paper.head.isEmpty { line(paper.head.map { "\($0.label)\(language("：", ": "))\($0.text)" }.joined(separator: "    "), .plain) }
        for block in paper.blocks {
            switch block {
            case .grid(let rows): for boxes in rows { boxed(boxes, count, row, form); row += 1 }
            case .table(let table):
                cells(table.columns.map(\.label), table.columns, count, row, form, isHead: true)
                row += 1
                for cells in table.rows + (table.totals.map { [$0] } ?? []) { self.cells(cells, table.columns, count, row, form); row += 1 }
            case .text(let box):
                line(box.label, .plain)
                line(
                    box.text, .text,
                    lines: box.text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { $0 + 1 + $1.count / 45 })
            case .signatures(let who):
                row += 1
                line(who.map { $0 + language("（签章）：", " (signature):") }.joined(separator: "            "), .plain, lines: 2)
            }
        }
        if let version = paper.version { line(language("版本 ", "Version ") + String(version), .plain) }
    }

    private func columns(_ block: Paper.Block) -> Int {
        switch block {
        case .grid(let rows): (rows.map(\.count).max() ?? 1) * 2
        case .table(let table): table.columns.count
        case .text, .signatures: 2
        }
    }

    private func widths(_ paper: Paper, _ count: Int) -> [Double] {
        for case .table(let table) in paper.blocks where table.columns.count == count {
            return table.columns.indices.map { column in
                let longest =
                    ([table.columns[column].label] + table.rows.prefix(100).map { column < $0.count ? $0[column] : "" }).map(\.count).max()
                    ?? 8
                return Double(min(max(longest * 2 + 2, 8), 36))
            }
        }
        return (0..<count).map { $0 % 2 == 0 ? 14 : 24 }
    }

    /// Boxes spread over all columns: the labels take one each, the values share the rest.
    private func boxed(_ boxes: [Paper.Box], _ count: Int, _ row: Int, _ form: XLSXForm) {
        var column = 0
        for (place, box) in boxes.enumerated() {
            let end = place == boxes.count - 1 ? count : min(count, column + max(2, count / boxes.count))
            form.cell(row: row, column: column, box.label, .label)
            form.cell(row: row, column: column + 1, span: max(1, end - column - 1), box.text, .text)
            column = end
        }
    }

    /// A line of a table; its last column takes what is left of the sheet's.
    private func cells(_ cells: [String], _ columns: [Paper.Column], _ count: Int, _ row: Int, _ form: XLSXForm, isHead: Bool = false) {
        for (place, cell) in cells.prefix(columns.count).enumerated() {
            form.cell(
                row: row, column: place, span: place == columns.count - 1 ? count - place : 1, cell,
                isHead ? .label : columns[place].isNumber ? .figure : .text)
        }
    }
}
