extension Query {
    /// The position of a row in this query's order.
    public func cursor(at row: Row, isBackward: Bool = false) -> Cursor {
        Cursor(values: sort.map { row[$0.field] }, id: row.id, isBackward: isBackward)
    }
}

extension Query.Cursor {
    /// The place as outside data: `{"v": [the sort fields' values], "i": the record's number, "b": whether it leads backward}`.
    public var plain: Plain { ["v": .list(values.map(\.asCursorPlain)), "i": .int(id), "b": .bool(isBackward)] }

    public init?(plain: Plain) {
        guard let members = plain.object, let values = members["v"]?.list, let id = members["i"]?.int, let isBackward = members["b"]?.bool
        else { return nil }
        self.init(values: values.map(Value.init(cursorPlain:)), id: id, isBackward: isBackward)
    }
}

extension Value {
    fileprivate var asCursorPlain: Plain {
        switch self {
        case .null, .list: .null
        case .int(let number): .int(number)
        case .real(let number): .real(number)
        case .text(let text): .text(text)
        }
    }

    fileprivate init(cursorPlain plain: Plain) {
        switch plain {
        case .int(let number): self = .int(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        default: self = .null
        }
    }
}
