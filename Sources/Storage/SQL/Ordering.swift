import Records

/// The order of a query and the way through it by key: where a page ended is a position in the order, never a count of rows.
///
/// Null is the smallest value on both engines: first ascending, last descending.
struct Ordering {
    struct Term {
        /// The column's quoted name, to be put behind an alias.
        let column: String
        let type: ColumnType
        let isDescending: Bool
        let canBeNull: Bool
        /// Which of the cursor's values belongs to it; nil for the id that breaks ties.
        let place: Int?
        let isTitle: Bool
    }

    let terms: [Term]

    init(_ sort: [Query.Sort], _ table: Table) throws {
        var terms: [Term] = []
        let schema = table.schema
        for (place, part) in sort.enumerated() {
            guard let field = schema[part.field], field.isColumn else { throw StoreError.failed("\(schema.name) 不能按 \(part.field) 排序") }
            let isTitle = field.slot == table.sortedTitle
            let never =
                [Schema.idSlot, schema.versionSlot, schema.createdAtSlot, schema.updatedAtSlot].contains(field.slot)
                && schema.traits.nature != .log
            terms.append(
                Term(
                    column: isTitle ? Table.sortKey.quoted : field.name.quoted,
                    type: field.kind.column,
                    isDescending: part.isDescending,
                    canBeNull: !(never || isTitle || field.slot == Schema.idSlot),
                    place: place,
                    isTitle: isTitle
                ))
            if field.slot == Schema.idSlot { break }
        }
        if terms.last?.column != "\"id\"" {
            terms.append(
                Term(
                    column: "\"id\"", type: .integer, isDescending: terms.last?.isDescending ?? false, canBeNull: false, place: nil,
                    isTitle: false))
        }
        self.terms = terms
    }

    /// One stretch of the order behind a cursor that is a single range of an index: some terms equal, one beyond its value.
    struct Phase {
        var equal: [(Term, Value)] = []
        var beyond: Beyond?

        enum Beyond {
            case isNull(Term)
            case isNotNull(Term)
            /// Greater (or less) than the value; with the id's when both are compared together.
            case than(Term, Value, id: Int64?, isLess: Bool)
        }
    }

    /// The stretches to walk one after the other until a page is full.
    func phases(after cursor: Query.Cursor?) -> [Phase] {
        guard let cursor else { return [Phase()] }
        let values = terms.map { value(of: $0, in: cursor) }
        var phases: [Phase] = []
        var last = terms.count - 1
        // The last field and the id move together: one range over both columns.
        if last > 0, values[last - 1] != .null, terms[last].place == nil {
            let term = terms[last - 1]
            phases.append(
                Phase(
                    equal: Array(zip(terms, values).prefix(last - 1)),
                    beyond: .than(term, values[last - 1], id: cursor.id, isLess: term.isDescending != cursor.isBackward)
                ))
            if term.canBeNull, term.isDescending != cursor.isBackward {
                phases.append(Phase(equal: Array(zip(terms, values).prefix(last - 1)), beyond: .isNull(term)))
            }
            last -= 2
        }
        for place in stride(from: last, through: 0, by: -1) {
            let equal = Array(zip(terms, values).prefix(place))
            for beyond in stretches(terms[place], values[place], isLess: terms[place].isDescending != cursor.isBackward) {
                phases.append(Phase(equal: equal, beyond: beyond))
            }
        }
        return phases
    }

    private func stretches(_ term: Term, _ value: Value, isLess: Bool) -> [Phase.Beyond] {
        guard !value.isNull else { return isLess ? [] : [.isNotNull(term)] }
        let than = Phase.Beyond.than(term, value, id: nil, isLess: isLess)
        return isLess && term.canBeNull ? [than, .isNull(term)] : [than]
    }

    private func value(of term: Term, in cursor: Query.Cursor) -> Value {
        guard let place = term.place else { return .int(cursor.id) }
        let value = place < cursor.values.count ? cursor.values[place] : .null
        if term.isTitle { return .text(SortKey.make(value.text ?? "")) }
        if term.column == "\"id\"" { return .int(cursor.id) }
        return Operand.fit(value, term.type) ?? .null
    }

    /// `order by` behind `alias`, turned round for a page before the cursor.
    func sql(_ alias: String, _ dialect: any Dialect, isBackward: Bool, names: [String]? = nil) -> String {
        terms.enumerated().map { index, term in
            let column = names.map { "\(alias).\($0[index])" } ?? "\(alias).\(term.column)"
            let isDescending = term.isDescending != isBackward
            // The engine must recognise an index's order, so the place of null is named for columns without null too; only the id goes
            // without.
            return term.column == "\"id\"" ? (isDescending ? column + " desc" : column) : dialect.order(column, descending: isDescending)
        }.joined(separator: ", ")
    }
}
