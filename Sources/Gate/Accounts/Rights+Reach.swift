import Records

extension Rights {
    /// The rights as they count: without the right over the system nobody manages users and roles, whatever a broad role says of
    /// "everything"; and everybody may know who works here.
    var settled: Rights {
        guard !isAdmin else { return self }
        var rights = self
        for (entity, word) in Organisation.governors {
            let manages = system.contains(word), given = scopes[entity] ?? [:]
            var settled: [String: Scope] = [:]
            for right in Set(Rights.common).union(given.keys).union(fallback.keys) {
                settled[right] = manages ? given[right] ?? .all : Scope.none
            }
            settled["merge"] = Scope.none
            settled["read"] = manages ? .all : given["read"] ?? isKnown(entity)
            rights.scopes[entity] = settled
        }
        var departments = scopes[Department.name] ?? [:]
        if departments["read"] == nil { departments["read"] = .all }
        if system.contains("users") {
            for right in ["create", "update", "delete"] where departments[right] == nil { departments[right] = .all }
        }
        for (right, scope) in fallback where departments[right] == nil { departments[right] = scope }
        rights.scopes[Department.name] = departments
        return rights
    }

    /// Who works here everybody may know; what roles there are, whoever gives them.
    private func isKnown(_ entity: String) -> Scope {
        switch entity {
        case User.name: .all
        case Role.name: system.contains("users") ? .all : .none
        default: .none
        }
    }

    /// The same rights with everything said by name, so that single ones can be taken out of an administrator's.
    func spelledOut(in catalog: Catalog) -> Rights {
        var rights = Rights()
        rights.system = isAdmin ? Set(Rights.overSystem) : system
        rights.fields = fields
        for schema in catalog.schemas {
            var scopes = self.scopes[schema.name] ?? [:]
            for right in Rights.names(for: schema) { scopes[right] = scope(schema.name, right) }
            rights.scopes[schema.name] = scopes
            guard isAdmin else { continue }
            for field in schema.fields where field.traits.isSensitive { rights.fields[schema.name, default: [:]][field.name] = .edit }
        }
        return rights
    }

    /// Whether somebody with these rights may do at least all that `other` allows: only then can they be given away.
    func covers(_ other: Rights, in catalog: Catalog) -> Bool {
        if isAdmin { return true }
        let other = other.settled
        guard !other.isAdmin, other.system.isSubset(of: system) else { return false }
        return catalog.schemas.allSatisfy { schema in
            let names = Set(Rights.names(for: schema)).union(other.scopes[schema.name, default: [:]].keys)
            let reads = other.scope(schema.name, "read") != .none
            return names.allSatisfy { other.scope(schema.name, $0) <= scope(schema.name, $0) }
                && (!reads || schema.fields.allSatisfy { other.field(schema, $0) <= field(schema, $0) })
        }
    }

    /// The rights of a key with these scopes: `read`, `write` (which includes reading), `admin` (all that its user may), or entity-wise
    /// `customers:read`.
    func narrowed(to scopes: TokenScopes, in catalog: Catalog) -> Rights {
        if scopes.isFull { return self }
        var rights = spelledOut(in: catalog)
        rights.withheld = rights.system
        rights.seen = scopes.readsAll ? rights.system : []
        rights.system = []
        rights.writesNothing = scopes.writesNothing
        for schema in catalog.schemas {
            guard !scopes.writes(schema.name) || Organisation.keptFromKeys.contains(schema.name) else { continue }
            if schema.traits.isPublic { rights.unwritable.insert(schema.name) }
            let reads = scopes.reads(schema.name)
            rights.scopes[schema.name] = rights.scopes[schema.name, default: [:]].mapValues { _ in Scope.none }.merging(
                reads ? ["read": scope(schema.name, "read"), "export": scope(schema.name, "export")] : [:], uniquingKeysWith: { $1 }
            )
        }
        return rights
    }
}

extension Actor {
    /// No more than an API key with these scopes may do.
    mutating func narrow(to scopes: TokenScopes, in catalog: Catalog) {
        rights = rights.narrowed(to: scopes, in: catalog)
        keyScopes = scopes.stored
    }
}

/// What an API key may be used for.
public struct TokenScopes: Sendable, Hashable {
    public var words: [String]

    public init(stored text: String) { words = text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty } }

    /// Reads what somebody chose; unknown entities and words are problems.
    public init(_ words: [String], in catalog: Catalog) throws {
        let words = words.map { $0.trimmed.lowercased() }.filter { !$0.isEmpty }
        var problems: [Problem] = []
        if words.isEmpty { problems.append(Problem("scopes", code: "required", "请至少选择一项范围，例如 read 或 customers:read")) }
        for word in words where !["read", "write", "admin"].contains(word) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, ["read", "write"].contains(parts[1]), catalog[parts[0]]?.traits.isPublic ?? false else {
                problems.append(Problem("scopes", code: "invalid", "没有名为 \(word.prefix(60)) 的范围；可用 read、write、admin 或 对象:read、对象:write"))
                continue
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        self.words = Array(Set(words)).sorted()
    }

    public var stored: String { words.joined(separator: ",") }
    var writesNothing: Bool { !words.contains { ["write", "admin"].contains($0) || $0.hasSuffix(":write") } }
    var isFull: Bool { words.contains("admin") }
    var readsAll: Bool { ["read", "write", "admin"].contains(where: words.contains) }
    func writes(_ entity: String) -> Bool { isFull || words.contains("write") || words.contains("\(entity):write") }
    func reads(_ entity: String) -> Bool { writes(entity) || words.contains("read") || words.contains("\(entity):read") }
}
