import Formats
import Records

/// How a cell becomes a field's value.
enum CellReader: Sendable {
    case kind(any FieldKind)
    /// The name, number or user name of a record: looked up for many rows at once.
    case link(Schema)
    /// Several of them, between 、 , ; or |.
    case links(Schema)

    /// Nil for fields that no single cell can hold.
    init?(_ field: FieldSpec, _ catalog: Catalog) {
        guard let reference = field.kind.reference else {
            guard field.isColumn else { return nil }
            self = .kind(field.kind)
            return
        }
        guard let target = catalog[reference.target], !(reference.isMany && target.name == File.name) else { return nil }
        self = reference.isMany ? .links(target) : .link(target)
    }

    /// The names in a cell of several.
    static func names(_ text: String) -> [String] {
        text.split { "、,，;；|｜\n".contains($0) }.map { $0.trimmed }.filter { !$0.isEmpty }
    }
}

/// Why a row is not taken: which column, what is wrong, and what to do.
public struct RejectedCell: Sendable, Hashable {
    /// The column's heading; empty when the row as a whole is concerned.
    public var column: String
    /// A stable word: `required`, `invalid`, `unknown_option`, `not_found`, `ambiguous`, `duplicate`, `not_allowed` …
    public var code: String
    public var reason: String
}

/// A row that is not taken, with its cells for the sheet of rejected rows.
struct RejectedRow: Sendable {
    var line: Int
    var cells: [String]
    var faults: [RejectedCell]
}

/// One row of the sheet, its cells read as far as that goes without the database.
struct ReadRow: Sendable {
    var line: Int
    var cells: [String]
    /// As ``ImportLayout/targets``.
    var parts: [Part]

    struct Part: Sendable {
        /// Values by slot, of the cells that are not empty.
        var values: [Entry] = []
        var lookups: [Lookup] = []
        /// A hash of the match fields as they stand in the sheet; 0 when they are empty.
        var key = 0
        /// No later row is about the same record.
        var isLast = true
        /// No column (fixed texts apart) says anything.
        var isBlank = true
    }

    struct Entry: Sendable {
        var slot: Int
        var value: Value
        /// From a fixed text, not from a column.
        var isFixed = false
    }

    struct Lookup: Sendable {
        var field: FieldSpec
        var schema: Schema
        var names: [String]
        var isSeveral: Bool
        var header: String
        var isFixed = false
    }
}

/// Reads rows by a layout.
struct RowReader: Sendable {
    let layout: ImportLayout
    /// By target: the last line of each record that stands in several rows.
    var lastLines: [[Int: Int]] = []

    enum Outcome {
        case row(ReadRow)
        case rejected(RejectedRow)
    }

    func read(_ row: SheetRow) -> Outcome {
        var read = ReadRow(line: row.line, cells: row.cells, parts: [])
        read.parts.reserveCapacity(layout.targets.count)
        var faults: [RejectedCell] = []
        for (index, target) in layout.targets.enumerated() {
            var part = ReadRow.Part()
            part.values.reserveCapacity(target.columns.count + target.fixed.count)
            for column in target.columns where column.place < row.cells.count {
                let text = row.cells[column.place].trimmed
                guard !text.isEmpty else { continue }
                part.isBlank = false
                add(text, column.reader, column.field, column.header, isFixed: false, to: &part, &faults)
            }
            for fixed in target.fixed {
                let text = fixed.text.filled(from: row.cells).trimmed
                if !text.isEmpty { add(text, fixed.reader, fixed.field, fixed.field.label, isFixed: true, to: &part, &faults) }
            }
            part.key = key(of: target, part, read)
            if index < lastLines.count, part.key != 0, let last = lastLines[index][part.key] { part.isLast = row.line >= last }
            read.parts.append(part)
        }
        if let title = missingTitle(read, faults) { faults.insert(title, at: 0) }
        return faults.isEmpty ? .row(read) : .rejected(RejectedRow(line: row.line, cells: row.cells, faults: faults))
    }

    func accepts(_ row: SheetRow) -> Bool {
        if case .row = read(row) { true } else { false }
    }

    /// The hashes of the match fields, by target; the other columns are not read.
    func keys(of row: SheetRow) -> [Int] {
        var read = ReadRow(line: row.line, cells: row.cells, parts: [])
        var faults: [RejectedCell] = []
        for target in layout.targets {
            var part = ReadRow.Part()
            for column in target.columns where column.place < row.cells.count && target.key.contains(where: { $0 === column.field }) {
                let text = row.cells[column.place].trimmed
                if !text.isEmpty { add(text, column.reader, column.field, column.header, isFixed: false, to: &part, &faults) }
            }
            for fixed in target.fixed where target.key.contains(where: { $0 === fixed.field }) {
                let text = fixed.text.filled(from: row.cells).trimmed
                if !text.isEmpty { add(text, fixed.reader, fixed.field, fixed.field.label, isFixed: true, to: &part, &faults) }
            }
            part.key = key(of: target, part, read)
            read.parts.append(part)
        }
        return read.parts.map(\.key)
    }

    private func add(
        _ text: String, _ reader: CellReader, _ field: FieldSpec, _ header: String, isFixed: Bool, to part: inout ReadRow.Part,
        _ faults: inout [RejectedCell]
    ) {
        switch reader {
        case .kind(let kind):
            do throws(Fault) {
                let value = try kind.parse(text)
                if !value.isNull { part.values.append(.init(slot: field.slot, value: value, isFixed: isFixed)) }
            } catch {
                if error.isWarning {
                    part.values.append(.init(slot: field.slot, value: .text(text), isFixed: isFixed))
                } else {
                    faults.append(RejectedCell(column: header, code: error.code, reason: error.message + Self.quoted(text, field)))
                }
            }
        case .link(let schema):
            part.lookups.append(.init(field: field, schema: schema, names: [text], isSeveral: false, header: header, isFixed: isFixed))
        case .links(let schema):
            part.lookups.append(
                .init(field: field, schema: schema, names: CellReader.names(text), isSeveral: true, header: header, isFixed: isFixed))
        }
    }

    /// What stands in the cell, unless it is nobody's business.
    private static func quoted(_ text: String, _ field: FieldSpec) -> String {
        field.traits.isSensitive ? "" : "（表中为「\(text.prefix(40))\(text.utf8.count > 160 ? "…" : "")」）"
    }

    /// The commonest fault is told with the others, not later by the save.
    private func missingTitle(_ row: ReadRow, _ faults: [RejectedCell]) -> RejectedCell? {
        let main = layout.main, title = main.schema.title
        guard layout.mode != .update, title.isRequired(from: "import"), title.traits.initial == nil, let part = row.parts.last,
            !part.values.contains(where: { $0.slot == title.slot }), let column = main.columns.first(where: { $0.field === title }),
            !faults.contains(where: { $0.column == column.header })
        else { return nil }
        return RejectedCell(column: column.header, code: "required", reason: "请填写「\(title.label)」")
    }

    private func key(of target: ImportLayout.Target, _ part: ReadRow.Part, _ row: ReadRow) -> Int {
        guard !target.key.isEmpty else { return 0 }
        var hasher = Hasher(), isBlank = true
        for field in target.key {
            if let value = part.values.first(where: { $0.slot == field.slot })?.value {
                hasher.combine(value)
                isBlank = false
            } else if let lookup = part.lookups.first(where: { $0.field === field }) {
                hasher.combine(lookup.names)
                isBlank = false
            } else if let index = layout.targets.firstIndex(where: { $0.link === field }), index < row.parts.count {
                hasher.combine(row.parts[index].key)
                isBlank = isBlank && row.parts[index].key == 0
            } else {
                hasher.combine(0)
            }
        }
        let hash = hasher.finalize()
        return isBlank ? 0 : hash == 0 ? 1 : hash
    }
}
