import Formats
import Records

/// How one field's values go into a cell, decided once a column.
enum ExportCell: Sendable {
    case text
    case whole
    case real
    case money
    case day
    case yesNo
    /// Labels by code.
    case choice([String: String])
    case link(String)
    case links(String)
    /// Through the kind itself.
    case typed(any FieldKind)
    case shown(any FieldKind)

    init(_ field: FieldSpec, isMasked: Bool) {
        // A masked value is already the text that may be seen.
        if isMasked { self = .text; return }
        if let reference = field.kind.reference {
            self = reference.isMany ? .links(reference.target) : .link(reference.target)
        } else if let choices = field.kind.choices {
            self = .choice(Dictionary(choices.map { ($0.code, $0.label) }, uniquingKeysWith: { first, _ in first }))
        } else {
            self.init(field.kind)
        }
    }

    private init(_ kind: any FieldKind) {
        switch kind.sheetForm {
        case .text: self = .text
        case .whole: self = .whole
        case .real: self = .real
        case .money: self = .money
        case .day: self = .day
        case .yesNo: self = .yesNo
        case .typed: self = .typed(kind)
        case .shown: self = .shown(kind)
        }
    }

    /// The entity whose records' names are needed.
    var target: String? {
        switch self {
        case .link(let target), .links(let target): target
        default: nil
        }
    }

    func write(_ value: Value, _ titles: [Int64: String], to csv: inout CSVWriter) {
        switch (self, value) {
        case (_, .null), (.link, .int(0)): csv.empty()
        case (.text, .text(let text)): csv.text(text)
        case (.whole, .int(let number)): csv.int(number)
        case (.real, .real(let number)): csv.real(number)
        case (.money, .int(let cents)): csv.money(cents)
        case (.link, .int(let id)): csv.text(titles[id] ?? "#\(id)")
        case (.choice(let labels), .text(let code)): csv.text(labels[code] ?? code)
        default: csv.text(text(value, titles))
        }
    }

    func write(_ value: Value, _ titles: [Int64: String], to xlsx: XLSXWriter) {
        switch (self, value) {
        case (_, .null), (.link, .int(0)): xlsx.empty()
        case (.text, .text(let text)): xlsx.text(text)
        case (.whole, .int(let number)): xlsx.int(number)
        case (.real, .real(let number)): xlsx.real(number)
        case (.money, .int(let cents)): xlsx.money(cents)
        case (.day, .int(let number)): xlsx.day(epochDay: Int(truncatingIfNeeded: number))
        default: xlsx.text(text(value, titles))
        }
    }

    /// What ``FieldKind/parse(_:)`` reads back.
    func text(_ value: Value, _ titles: [Int64: String]) -> String {
        switch (self, value) {
        case (_, .null), (.link, .int(0)): ""
        case (.day, .int(let number)): Day(number: Int(truncatingIfNeeded: number)).iso
        case (.yesNo, .int(let flag)): flag == 1 ? "是" : "否"
        case (.choice(let labels), .text(let code)): labels[code] ?? code
        case (.link, .int(let id)): titles[id] ?? "#\(id)"
        case (.links, .list(let items)): items.compactMap(LinksKind.id(of:)).map { titles[$0] ?? "#\($0)" }.joined(separator: "、")
        case (.shown(let kind), _): kind.show(value, in: .chinese)
        case (.typed(let kind), _): kind.edit(value)
        case (_, .text(let text)): text
        case (_, .int(let number)): String(number)
        default: ""
        }
    }
}
