import Formats
import Foundation
import Records

extension Answer {
    /// The table as a workbook, its numbers as numbers.
    public func workbook(_ language: Language) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "zhike-answer-\(UUID().uuidString).xlsx")
        defer { try? FileManager.default.removeItem(at: file) }
        do throws(FormatError) {
            let rows = sheet(language), head = rows.first ?? []
            let xlsx = try XLSXWriter(
                path: file.path, sheet: schema.label(in: language),
                columns: head.enumerated().map { XLSXWriter.Column($1.isEmpty ? " " : $1, width: $0 == 0 ? 24 : 16) })
            for row in rows.dropFirst() {
                for (place, text) in row.enumerated() {
                    if place > 0, let number = Double(text) { xlsx.real(number) } else { xlsx.text(text) }
                }
                try xlsx.endRow()
            }
            try xlsx.close()
        } catch { throw SheetSource.problem(error) }
        return [UInt8](try Data(contentsOf: file))
    }
}
