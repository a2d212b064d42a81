import Formats
import Records

extension Answer {
    /// The table as rows of words and plain numbers: a head, one row a key, the totals.
    public func sheet(_ language: Language) -> [[String]] {
        let dimensions = labels.joined(separator: " × "), total = language("合计", "Total")
        guard !series.isEmpty, let measured = measures.first else {
            let head = [dimensions] + measures.map(\.label)
            func cells(_ values: [Value]) -> [String] { zip(measures, values).map { $0.edit($1) } }
            return [head] + keys.map { [$0.label] + cells($0.totals) } + [[total] + cells(totals)]
        }
        func cell(_ values: [Value]) -> String { measured.edit(values.first ?? .null) }
        let head = [dimensions] + series.map(\.label) + [total]
        return [head] + keys.map { key in [key.label] + series.map { cell(values(key, $0)) } + [cell(key.totals)] } + [
            [total] + series.map { cell($0.totals) } + [cell(totals)]
        ]
    }

    /// The sums up to each, itself included.
    public static func running(_ values: [Double]) -> [Double] {
        var sum = 0.0
        return values.map { value in
            sum += value
            return sum
        }
    }

    /// What part of the whole each key is, and what part all up to it are, in percent; nil when the parts do not make the whole.
    public var shares: [(own: Double, running: Double)]? {
        guard series.isEmpty, !keys.isEmpty, let first = measures.first, first.measure.addsUp else { return nil }
        let values = keys.map { $0.totals.first?.real ?? 0 }, whole = totals.first?.real ?? 0
        guard whole > 0, values.allSatisfy({ $0 >= 0 }) else { return nil }
        return zip(values, Answer.running(values)).map { ($0 / whole * 100, $1 / whole * 100) }
    }

    public func csv(_ language: Language) -> [UInt8] {
        var writer = CSVWriter()
        for row in sheet(language) { writer.row(row) }
        return writer.take()
    }

    /// The answer as a program reads it: values in stored form, each part with the address of its records.
    public var plain: Plain {
        func part(_ key: Key) -> Plain {
            [
                "value": key.value.asPlain, "label": .text(key.label), "values": .list(key.totals.map(\.asPlain)),
                "records": address(key).map(Plain.text) ?? .null,
            ]
        }
        return [
            "question": .text(question.items.text),
            "measures": .list(measures.map { .object(["measure": .text($0.measure.text), "label": .text($0.label)]) }),
            "keys": .list(keys.map(part)), "series": .list(series.map(part)),
            "values": .list(series.isEmpty ? [] : keys.map { key in .list(series.map { .list(values(key, $0).map(\.asPlain)) }) }),
            "totals": .list(totals.map(\.asPlain)), "before": before.map { .list($0.map(\.asPlain)) } ?? .null, "capped": .bool(isCut),
        ]
    }
}
