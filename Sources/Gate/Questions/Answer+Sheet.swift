import Formats
import Records

extension Answer {
    /// The table as rows of words and plain numbers: a head, one row a key, the totals.
    public func sheet(_ language: Language) -> [[String]] {
        let dimensions = question.dimensions.compactMap { schema[$0.field]?.label(in: language) }.joined(separator: " × "), total = language("合计", "Total")
        guard !series.isEmpty, let measured = measures.first else {
            let head = [dimensions] + measures.map(\.label)
            func cells(_ values: [Value]) -> [String] { zip(measures, values).map { $0.edit($1) } }
            return [head] + keys.map { [$0.label] + cells($0.totals) } + [[total] + cells(totals)]
        }
        func cell(_ values: [Value]) -> String { measured.edit(values.first ?? .null) }
        let head = [dimensions] + series.map(\.label) + [total]
        return [head] + keys.map { key in [key.label] + series.map { cell(values(key, $0)) } + [cell(key.totals)] } + [[total] + series.map { cell($0.totals) } + [cell(totals)]]
    }

    public func csv(_ language: Language) -> [UInt8] {
        var writer = CSVWriter()
        for row in sheet(language) { writer.row(row) }
        return writer.take()
    }

    /// The answer as a program reads it: values in stored form, each part with the address of its records.
    public var plain: Plain {
        func part(_ key: Key) -> Plain {
            ["value": key.value.asPlain, "label": .text(key.label), "values": .list(key.totals.map(\.asPlain)), "records": address(key).map(Plain.text) ?? .null]
        }
        return [
            "question": .text(question.items.text), "measures": .list(measures.map { .object(["measure": .text($0.measure.text), "label": .text($0.label)]) }),
            "keys": .list(keys.map(part)), "series": .list(series.map(part)),
            "values": .list(series.isEmpty ? [] : keys.map { key in .list(series.map { .list(values(key, $0).map(\.asPlain)) }) }),
            "totals": .list(totals.map(\.asPlain)), "before": before.map { .list($0.map(\.asPlain)) } ?? .null, "capped": .bool(isCut),
        ]
    }
}
