import Records

/// What a condition speaks of: a field of the list's records, or of what one of their links names.
public struct FilterSubject: Sendable {
    /// As an address says it: `city`, `customer_id.city`.
    public let path: String
    /// The entity that has the field.
    public let schema: Schema
    public let field: FieldSpec
    /// The link that leads to it; nil for the list's own fields.
    public let link: FieldSpec?

    public var control: FilterControl { field.kind.filterControl }

    /// 城市, or 客户 · 城市.
    public func label(in language: Language) -> String {
        (link.map { $0.label(in: language) + " · " } ?? "") + field.label(in: language)  // bounded: words.
    }

    /// What the form offers, the usual first: a code is looked for whole, a name by a part of it.
    public var ways: [FilterWay] {
        let suiting = control.ways.filter { $0.suits(field) }
        guard control == .words, field.kind.operators.first == .eq else { return suiting }
        return suiting.filter { $0 == .is } + suiting.filter { $0 != .is }
    }

    /// For a division its own field and those of the divisions above it, from the province down; otherwise the field alone.
    public var family: [FilterSubject] {
        guard case .region(let level) = control, let place = schema.fields.firstIndex(where: { $0 === field }) else { return [self] }
        var found = [self], next = level - 1
        for above in schema.fields[..<place].reversed() where next >= 1 {
            guard case .region(next) = above.kind.filterControl else { break }
            let before = link.map { "\($0.name)." } ?? ""
            found.insert(FilterSubject(path: "\(before)\(above.name)", schema: schema, field: above, link: link), at: 0)
            next -= 1
        }
        return found
    }

    /// 1 province, 2 city, 3 district.
    public var level: Int { if case .region(let level) = control { level } else { 0 } }
}

extension ListQuery {
    /// - Throws: ``Refusal`` for a path that leads nowhere or to what the actor may not read.
    public func subject(_ path: String, _ view: View) throws -> FilterSubject {
        let (place, field) = try resolve(path, view)
        guard let name = place.link, let link = schema[name], let target = link.target.flatMap({ view.catalog[$0] }) else {
            return try readable(FilterSubject(path: field.name, schema: schema, field: field, link: nil), view)
        }
        guard view.right(schema, link) >= .read else { throw Refusal.forbidden("您没有查看「\(link.label)」的权限，请联系系统管理员。") }
        return try readable(FilterSubject(path: "\(name).\(field.name)", schema: target, field: field, link: link), view)
    }

    private func readable(_ subject: FilterSubject, _ view: View) throws -> FilterSubject {
        guard view.right(subject.schema, subject.field) >= .read else {
            throw Refusal.forbidden("您没有查看「\(subject.field.label)」的权限，请联系系统管理员。")
        }
        return subject
    }
}

extension View {
    /// Who works in the actor's department or below it, those who left included: their records are still there.
    func colleagues() throws -> [Int64] {
        let departments = actor.departmentTree.map(Value.int)
        guard !departments.isEmpty else { return [] }
        let people = Query(catalog.schema(User.self), where: .compare(.init("department_id"), .in, departments), limit: 5000)
        return try reading.fetch(people).map(\.id)
    }
}
