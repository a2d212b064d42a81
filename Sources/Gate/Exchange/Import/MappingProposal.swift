import Records

/// Which column of a sheet is probably which field.
public struct MappingProposal: Sendable {
    /// One for each column that has a heading, in the sheet's order.
    public struct Column: Sendable {
        public var header: String
        /// The proposed field, nil when nothing fits.
        public var path: String?
    }

    public var columns: [Column]

    public var mapped: [ImportPlan.Column] { columns.compactMap { column in column.path.map { ImportPlan.Column(column.header, $0) } } }
    /// Columns that would be left out.
    public var ignored: [String] { columns.filter { $0.path == nil }.map(\.header) }

    /// By label, English label, name and aliases; blanks, full-width letters, brackets and what stands in them make no difference. A
    /// mapping that was saved for such a sheet comes first.
    ///
    /// - Parameter saved: Earlier mappings, headings to paths.
    public init(
        header: [String], schema: Schema, catalog: Catalog, saved: [[String: String]] = [],
        may: (FieldSpec) -> Bool = { !$0.traits.isReadOnly }
    ) {
        let known = Self.best(saved, for: header)
        let names = Self.names(of: schema, catalog, may)
        var taken: Set<String> = []
        columns = header.filter { !$0.trimmed.isEmpty }.map { heading in
            let heading = heading.trimmed
            let candidates = [known[heading]].compactMap(\.self) + Self.keys(heading).compactMap { names[$0] }
            let path = candidates.first { !taken.contains($0) }
            if let path { taken.insert(path) }
            return Column(header: heading, path: path)
        }
    }

    /// The saved mapping that knows most of these headings, if it knows half of its own here.
    private static func best(_ saved: [[String: String]], for header: [String]) -> [String: String] {
        let headings = Set(header.map(\.trimmed))
        let scored = saved.map { ($0, $0.keys.filter(headings.contains).count) }
        guard let best = scored.max(by: { $0.1 < $1.1 }), best.1 * 2 >= best.0.count, best.1 > 0 else { return [:] }
        return best.0
    }

    /// Every way to call a field, the surest first.
    private static func names(of schema: Schema, _ catalog: Catalog, _ may: (FieldSpec) -> Bool) -> [String: String] {
        var names: [String: String] = [:]
        func add(_ name: String, _ path: String) {
            let key = HeaderKey.make(name)
            if !key.isEmpty, names[key] == nil { names[key] = path }
        }
        let fields = schema.fields.filter { may($0) && !$0.isLines }
        for field in fields { add(field.label, field.name) }
        for field in fields { add(field.name, field.name) }
        for field in fields { add(field.label(in: .english), field.name) }
        for field in fields { for alias in field.traits.aliases { add(alias, field.name) } }
        for link in fields {
            guard link.isLink, let target = link.target.flatMap({ catalog[$0] }), target.traits.isPublic else { continue }
            for field in target.fields where !field.traits.isReadOnly {
                add("\(link.label).\(field.label)", "\(link.name).\(field.name)")
                add("\(link.name).\(field.name)", "\(link.name).\(field.name)")
            }
        }
        return names
    }

    /// The heading as it is, then without what stands in brackets: `手机号码（必填）`.
    private static func keys(_ heading: String) -> [String] {
        let whole = HeaderKey.make(heading), bare = HeaderKey.make(HeaderKey.withoutBrackets(heading))
        return whole == bare || bare.isEmpty ? [whole] : [whole, bare]
    }
}

/// A heading with everything taken off that people write differently.
enum HeaderKey {
    static func make(_ heading: String) -> String {
        var key = String.UnicodeScalarView()
        for scalar in heading.halfWidthScalars where !isNoise(scalar) { key.append(scalar) }
        return String(key).lowercased()
    }

    static func withoutBrackets(_ heading: String) -> String {
        var depth = 0
        var kept = ""
        for character in heading {
            if "（(【[〔《<".contains(character) {
                depth += 1
            } else if "）)】]〕》>".contains(character) {
                depth = max(0, depth - 1)
            } else if depth == 0 {
                kept.append(character)
            }
        }
        return kept
    }

    private static func isNoise(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x200B...0x200D).contains(scalar.value) || scalar.value == 0xFEFF
            || "()[]{}<>【】〔〕《》「」“”\"'*:：_-—/、".unicodeScalars.contains(scalar)
    }
}

extension String {
    /// Full-width letters, digits and signs as their ASCII twins.
    fileprivate var halfWidthScalars: [Unicode.Scalar] {
        unicodeScalars.map { (0xFF01...0xFF5E).contains($0.value) ? Unicode.Scalar($0.value - 0xFEE0) ?? $0 : $0 }
    }
}

extension View {
    /// The mappings that this actor saved for the entity, newest first: headings to paths.
    public func savedMappings(of schema: Schema) throws -> [(name: String, plan: ImportPlan)] {
        let mine = Query(
            catalog.schema(ImportMapping.self), where: \ImportMapping.entity == schema.name && \ImportMapping.user == Ref(actor.userID),
            sort: [Query.Sort("id", descending: true)], limit: 50
        )
        return try reading.fetch(mine).compactMap { row in
            let saved = Record<ImportMapping>(row)
            return Plain(jsonText: saved.content).flatMap(ImportPlan.init).map { (saved.title, $0) }
        }
    }

    /// The mapping proposed for a sheet with this header.
    public func proposeMapping(_ header: [String], into schema: Schema) throws -> MappingProposal {
        let saved = try savedMappings(of: schema).map {
            Dictionary($0.plan.columns.map { ($0.header, $0.path) }, uniquingKeysWith: { first, _ in first })
        }
        let lens = lens(schema)
        return MappingProposal(header: header, schema: schema, catalog: catalog, saved: saved) { field in
            lens.edits(field) || GateTransaction.kept.contains(field.name) && field.name != "updated_at"
        }
    }
}

extension GateTransaction {
    /// Keeps a mapping under a name for the next sheet of its kind; the same name again replaces it.
    public func saveMapping(_ plan: ImportPlan, as name: String) throws {
        let name = name.trimmed
        guard !name.isEmpty, name.count <= 100 else { throw Problems([Problem("name", code: "required", "请填写方案名称（不超过 100 字）")]) }
        let schema = try schema(named: plan.entity)
        let same = Query(
            catalog.schema(ImportMapping.self),
            where: \ImportMapping.entity == schema.name && \ImportMapping.user == Ref(actor.userID) && \ImportMapping.title == name,
            limit: 10
        )
        try writing.erase(same.schema, ids: reading.fetch(same).map(\.id))
        var saved = Record<ImportMapping>()
        saved.title = name
        saved.entity = schema.name
        saved.user = Ref(actor.userID)
        saved.content = plan.plain.jsonText
        try writing.insert(saved.row)
    }
}
