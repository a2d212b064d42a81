import Records

extension View {
    /// The paper forms of an entity that the actor can use, in the order in which they are declared.
    public func papers(of schema: Schema) -> [PaperForm] { may("read", schema) ? schema.traits.papers : [] }

    /// Fills a form from records: a sheet for each, or one table of them all.
    public func papers(_ form: PaperForm, of rows: [Row]) throws -> [Paper] {
        guard let schema = rows.first?.schema else { return [] }
        let filling = try PaperFilling(self, schema, form.entries, rows)
        switch form.body {
        case .table(let columns, let totals): return [try filling.table(form, columns, totals, rows)]
        case .sheet(let parts): return try rows.map { try filling.sheet(form, parts, $0) }
        }
    }
}

/// The records behind a form's values, read once for all of its sheets.
private struct PaperFilling {
    let view: View
    let schema: Schema
    /// Linked records that the actor may see, by the link's name.
    private var linked: [String: [Int64: Row]] = [:]
    /// Records that link to these or to what these link to, by where they come from, then by what they link to.
    private var others: [Origin: [Int64: Row]] = [:]
    private var names: [String: [Int64: String]] = [:]

    private struct Origin: Hashable {
        var entity: String
        var link: String?
        var mark: String?
    }

    private var language: Language { view.actor.language }

    init(_ view: View, _ schema: Schema, _ entries: [PaperForm.Entry], _ rows: [Row]) throws {
        (self.view, self.schema) = (view, schema)
        for entry in entries {
            switch entry.source {
            case .field(let path), .capitals(let path): try follow(path, rows)
            case .other(let entity, _, let link, let mark): try look(for: Origin(entity: entity, link: link, mark: mark), rows)
            case .counter, .today, .reader, .blank: break
            }
        }
        try name(rows)
        for found in linked.values { try name(Array(found.values)) }
        for found in others.values { try name(Array(found.values)) }
    }

    private mutating func follow(_ path: String, _ rows: [Row]) throws {
        let parts = path.split(separator: ".").map(String.init)
        guard parts.count == 2, linked[parts[0]] == nil, let field = schema[parts[0]],
            let target = field.target.flatMap({ view.catalog[$0] }), view.right(schema, field) >= .read
        else { return }
        let ids = Array(Set(rows.compactMap { $0[field].int }))
        linked[parts[0]] = Dictionary(try view.records(target, ids: ids).map { ($0.id, $0) }) { first, _ in first }
    }

    private mutating func look(for origin: Origin, _ rows: [Row]) throws {
        guard others[origin] == nil, let other = view.catalog[origin.entity], view.may("read", other) else { return }
        let wanted = origin.link.flatMap { schema[$0]?.target } ?? schema.name
        guard let back = other.fields.first(where: { $0.isLink && $0.target == wanted }), view.right(other, back) >= .read else {
            return
        }
        let ids = Set(rows.compactMap { key(of: origin, $0) })
        guard !ids.isEmpty else { return }
        var condition = Condition.compare(.init(back.name), .in, ids.map(Value.int))
        if let mark = origin.mark { condition = condition && .field(mark, .eq, .int(1)) }
        let found = try view.page(ListRequest(other, where: condition, sort: [Query.Sort("id")], limit: 500)).rows
        others[origin] = Dictionary(found.compactMap { row in row[back].int.map { ($0, row) } }) { first, _ in first }
    }

    private func key(of origin: Origin, _ row: Row) -> Int64? {
        guard let link = origin.link else { return row.id }
        return schema[link].flatMap { row[$0].int }
    }

    /// What the records link to is called.
    private mutating func name(_ rows: [Row]) throws {
        guard let schema = rows.first?.schema else { return }
        for field in schema.fields {
            guard let target = field.target.flatMap({ view.catalog[$0] }), view.right(schema, field) >= .read else { continue }
            let ids = Set(rows.flatMap { row in row[field].int.map { [$0] } ?? row[field].list?.compactMap(LinksKind.id(of:)) ?? [] })
            let unknown = ids.subtracting(names[target.name, default: [:]].keys)
            if !unknown.isEmpty {
                names[target.name, default: [:]].merge(try view.titles(linkedTo: target, ids: unknown)) { first, _ in first }
            }
        }
    }

    // MARK: - Values

    /// The field that a path ends in and the record it is read from.
    private func found(_ path: String, _ row: Row) -> (field: FieldSpec, row: Row?)? {
        let parts = path.split(separator: ".").map(String.init)
        guard let first = schema[parts.first ?? ""] else { return nil }
        guard parts.count == 2 else { return (first, row) }
        guard let target = first.target.flatMap({ view.catalog[$0] }), let field = target[parts[1]] else { return nil }
        return (field, row[first].int.flatMap { linked[parts[0]]?[$0] })
    }

    private func text(_ field: FieldSpec, _ row: Row?) -> String {
        guard let row, view.right(row.schema, field) != .hidden else { return "" }
        let value = row[field]
        if value.isBlank { return "" }
        // What is masked comes as the text that may be seen.
        if case .text(let text) = value, field.kind.column != .text || view.right(row.schema, field) == .masked { return text }
        if let target = field.target {
            let ids = value.int.map { [$0] } ?? value.list?.compactMap(LinksKind.id(of:)) ?? []
            return ids.filter { $0 > 0 }.map { names[target]?[$0] ?? "#\($0)" }.joined(separator: "、")
        }
        let text = field.kind.show(value, in: language)
        return field.traits.unit.map { "\(text) \($0(language))" } ?? text
    }

    private func box(_ entry: PaperForm.Entry, _ row: Row, at place: Int = 0) -> Paper.Box {
        func labelled(_ own: String, _ text: String) -> Paper.Box { Paper.Box(entry.label?(language) ?? own, text) }
        switch entry.source {
        case .counter: return labelled("", String(place + 1))
        case .today: return labelled("", view.now.day.iso)
        case .reader: return labelled("", view.actor.name)
        case .blank: return labelled("", "")
        case .capitals(let path):
            guard let (field, from) = found(path, row), let from, view.right(from.schema, field) >= .read, let cents = from[field].int
            else { return labelled("", "") }
            return labelled("", Money(cents: cents).capitals)
        case .field(let path):
            guard let (field, from) = found(path, row) else { return labelled(path, "") }
            return labelled(field.label(in: language), text(field, from))
        case .other(let entity, let name, let link, let mark):
            guard let field = view.catalog[entity]?[name] else { return labelled(name, "") }
            let origin = Origin(entity: entity, link: link, mark: mark)
            return labelled(field.label(in: language), text(field, key(of: origin, row).flatMap { others[origin]?[$0] }))
        }
    }

    // MARK: - Sheets

    private func paper(_ form: PaperForm) -> Paper {
        Paper(title: form.label(language), company: view.companyName(), isLandscape: form.isLandscape)
    }

    func sheet(_ form: PaperForm, _ parts: [PaperForm.Part], _ row: Row) throws -> Paper {
        var paper = paper(form)
        paper.version = row.version
        paper.head = form.head.map { box($0, row) }
        for part in parts {
            switch part {
            case .rows(let rows): paper.blocks.append(.grid(rows.map { $0.map { box($0, row) } }))
            case .text(let entry):
                let box = box(entry, row)
                if !box.text.isEmpty { paper.blocks.append(.text(box)) }
            case .lines(let name, let columns, let totals):
                if let table = try lines(name, columns, totals, of: row) { paper.blocks.append(.table(table)) }
            case .signatures(let who): paper.blocks.append(.signatures(who.map { $0(language) }))
            }
        }
        return paper
    }

    private func lines(_ name: String, _ columns: [String], _ totals: [String], of row: Row) throws -> Paper.Table? {
        guard let field = schema[name], let kind = field.kind.lines, let child = view.catalog[kind.entity] else { return nil }
        let rows = try view.lines(of: row, field)
        var filling = self
        try filling.name(rows)
        let fields = columns.compactMap { child[$0] }.filter { view.right(child, $0) != .hidden }
        return filling.table(
            fields.map { (label: $0.label(in: language), field: $0) }, rows.map { line in fields.map { filling.text($0, line) } }, totals,
            rows)
    }

    func table(_ form: PaperForm, _ columns: [PaperForm.Entry], _ totals: [String], _ rows: [Row]) throws -> Paper {
        var paper = paper(form)
        if let first = rows.first { paper.head = form.head.map { box($0, first) } }
        let lines = rows.enumerated().map { place, row in columns.map { box($0, row, at: place) } }
        let heads = zip(columns, lines.first ?? []).map { entry, box -> (label: String, field: FieldSpec?) in
            let field: FieldSpec? =
                switch entry.source {
                case .field(let path): rows.first.flatMap { found(path, $0)?.field }
                case .other(let entity, let name, _, _): view.catalog[entity]?[name]
                case .capitals, .counter, .today, .reader, .blank: nil
                }
            return (label: box.label, field: field)
        }
        paper.blocks = [.table(table(heads, lines.map { $0.map(\.text) }, totals, rows))]
        return paper
    }

    private func table(
        _ columns: [(label: String, field: FieldSpec?)], _ lines: [[String]], _ totals: [String], _ rows: [Row]
    ) -> Paper.Table {
        var table = Paper.Table(columns: columns.map { Paper.Column(label: $0.label, isNumber: $0.field?.isFigure ?? false) }, rows: lines)
        guard !totals.isEmpty, let schema = rows.first?.schema else { return table }
        table.totals = columns.enumerated().map { place, column in
            guard let field = column.field, totals.contains(field.name), schema[field.name] === field, view.right(schema, field) >= .read
            else { return place == 0 ? language("合计", "Total") : "" }
            guard rows.contains(where: { !$0[field].isNull }) else { return "" }
            var sum: Int64? = 0
            for row in rows {
                sum = sum.flatMap { $0.addingReportingOverflow(row[field].int ?? 0) }.flatMap { $0.overflow ? nil : $0.partialValue }
            }
            return sum.map { field.kind.show(.int($0), in: language) } ?? ""
        }
        return table
    }
}
