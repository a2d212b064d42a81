import Records

extension GateTransaction {
    func isLines(_ schema: Schema, _ name: String) -> Bool { schema[name]?.isLines ?? false }

    /// Saves the lines that came with their parent: those with an id are changed, those without are new, those not named are removed.
    func saveLines(of parent: Row, _ input: [String: Plain]) throws {
        for field in parent.schema.fields {
            guard let kind = field.kind.lines, let plain = input[field.name], plain != .null else { continue }
            guard let child = catalog[kind.entity], let link = child[kind.link] else { continue }
            guard lens(parent.schema).edits(field) else {
                throw Problems([Problem(field.name, code: "not_allowed", "您没有修改「\(field.label)」的权限")])
            }
            guard let entries = plain.list, entries.count <= 500 else {
                throw Problems([Problem(field.name, code: "wrong_type", "「\(field.label)」应为列表，且不超过 500 行")])
            }
            try replace(entries, of: parent, field, child, link)
        }
    }

    private func replace(_ entries: [Plain], of parent: Row, _ field: FieldSpec, _ child: Schema, _ link: FieldSpec) throws {
        let present = try reading.fetch(Query(child, where: .field(link.name, .eq, .int(parent.id)), sort: [Query.Sort("id")], limit: 500))
        var left = Dictionary(present.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [Problem] = []
        for (index, entry) in entries.enumerated() {
            guard var members = entry.object else {
                problems.append(Problem("\(field.name)[\(index)]", code: "wrong_type", "「\(field.label)」第 \(index + 1) 行应为对象"))
                continue
            }
            var row = child.blank()
            var old: Row?
            if let id = members.removeValue(forKey: "id")?.int {
                guard let known = left.removeValue(forKey: id) else {
                    problems.append(
                        Problem("\(field.name)[\(index)].id", code: "not_found", "「\(field.label)」第 \(index + 1) 行的编号 \(id) 不属于此记录"))
                    continue
                }
                (row, old) = (known, known)
            }
            do {
                try accept(members, into: &row, isNew: old == nil)
                row[link] = .int(parent.id)
                if let position = child["position"] { row[position] = .int(Int64(index)) }
                _ = try save(row, over: old)
            } catch let wrong as Problems {
                problems += wrong.all.map { GateTransaction.fault($0, in: field, at: index) }
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        for row in left.values.sorted(by: { $0.id < $1.id }) { try bin(row) }
    }

    private static func fault(_ problem: Problem, in field: FieldSpec, at index: Int) -> Problem {
        Problem(
            problem.field.map { "\(field.name)[\(index)].\($0)" }, code: problem.code, "「\(field.label)」第 \(index + 1) 行，\(problem.message)"
        )
    }

    /// Runs the saving of a parent; when something is wrong with it, what is wrong in the lines that came along is told with the rest.
    func withLines<T>(of schema: Schema, _ input: [String: Plain], _ body: () throws -> T) throws -> T {
        do { return try body() } catch let wrong as Problems { throw Problems(wrong.all + faultsInLines(of: schema, input)) }
    }

    /// What can be seen to be wrong without saving: values that do not fit, and required ones left out where no rule could fill them in.
    private func faultsInLines(of schema: Schema, _ input: [String: Plain]) -> [Problem] {
        var problems: [Problem] = []
        for field in schema.fields {
            guard let kind = field.kind.lines, let entries = input[field.name]?.list, entries.count <= 500,
                let child = catalog[kind.entity], lens(schema).edits(field)
            else { continue }
            for (index, entry) in entries.enumerated() {
                guard var members = entry.object else {
                    problems.append(Problem("\(field.name)[\(index)]", code: "wrong_type", "「\(field.label)」第 \(index + 1) 行应为对象"))
                    continue
                }
                let isNew = members.removeValue(forKey: "id") == nil
                var row = child.blank()
                do { try accept(members, into: &row, isNew: true) } catch let wrong as Problems {
                    problems += wrong.all.map { GateTransaction.fault($0, in: field, at: index) }
                } catch { continue }
                guard isNew, child.rules.beforeSave.isEmpty else { continue }
                for missing in child.fields
                where missing.isRequired && missing.name != kind.link && (members[missing.name] ?? .null) == .null && row[missing].isNull {
                    problems.append(
                        GateTransaction.fault(Problem(missing.name, code: "required", "请填写「\(missing.label)」"), in: field, at: index))
                }
            }
        }
        return problems
    }
}

extension View {
    /// The lines of a record, for every lines field.
    public func lines(of parent: Row, _ field: FieldSpec) throws -> [Row] {
        guard let kind = field.kind.lines, let child = catalog[kind.entity], lens(parent.schema).reads(field) else { return [] }
        let order = child["position"] == nil ? "id" : "position"
        return try seen(reading.fetch(Query(child, where: .field(kind.link, .eq, .int(parent.id)), sort: [Query.Sort(order)], limit: 500)))
    }
}
