/// `顾客 {客户编号}`: text with places for the cells of the row.
struct FixedText: Sendable {
    private enum Part: Sendable {
        case text(String)
        case cell(Int)
    }

    private var parts: [Part] = []

    /// - Parameter place: Where a column stands; nil when there is no such column.
    init(_ text: String, place: (String) -> Int?) throws(UnknownColumn) {
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            // bounded: the bracket closes behind the one that opens.
            let name = rest[rest.index(after: open)..<close].trimmed
            guard let column = place(name) else { throw UnknownColumn(name: name) }
            parts.append(.cell(column))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
    }

    struct UnknownColumn: Error {
        var name: String
    }

    /// The same in every row.
    var isConstant: Bool {
        parts.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// The row's text; empty when every cell in it is.
    func filled(from cells: [String]) -> String {
        var text = "", hasCell = false
        for part in parts {
            switch part {
            case .text(let fixed): text += fixed
            case .cell(let place):
                let cell = place < cells.count ? cells[place].trimmed : ""
                hasCell = hasCell || !cell.isEmpty
                text += cell
            }
        }
        return hasCell || isConstant ? text : ""
    }
}
