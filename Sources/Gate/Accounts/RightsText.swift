import Records

/// Rights as the API and the database write them, and back.
///
/// ```json
/// permissions: {"customers": {"read": "department_tree", "create": true, "update": "own"}, "*": {"read": "all"}}
/// fields:      {"customers.id_no": "masked"}
/// system:      ["users", "audit"]            or "users,audit"; "admin" is everything
/// ```
/// `*` stands for every entity that is not named.
public struct RightsText: Sendable, Hashable {
    public var permissions: String?
    public var fields: String?
    public var system: String?

    public init(permissions: String? = nil, fields: String? = nil, system: String? = nil) {
        self.permissions = permissions
        self.fields = fields
        self.system = system
    }

    public init(_ role: Record<Role>) { self.init(permissions: role.permissions, fields: role.fields, system: role.system) }

    /// What stands in the database for these rights; equal rights give equal text.
    public init(_ rights: Rights) {
        self.init(
            permissions: Plain.object(rights.permissionsPlain).jsonText,
            fields: rights.fields.isEmpty ? nil : Plain.object(rights.fieldsPlain).jsonText,
            system: rights.isAdmin || !rights.system.isEmpty ? rights.systemPlain.jsonText : nil
        )
    }
}

extension Rights {
    /// What every entity knows; an action may ask for a right of its own.
    public static let common = ["read", "create", "update", "delete", "export", "import", "merge", "assign", "reveal"]
    /// Rights over the system.
    public static let overSystem = [
        "users", "roles", "fields", "parameters", "packs", "audit", "recycle", "backup", "announcements", "webhooks",
        "automation",
    ]
    /// The word for everything, the system included.
    public static let admin = "admin"
    /// The key for every entity that is not named.
    public static let anyEntity = "*"

    /// The rights one can give on an entity, the common ones first.
    public static func names(for schema: Schema) -> [String] {
        var names = common
        for action in schema.actions where !names.contains(action.permission) { names.append(action.permission) }
        return names
    }

    /// The rights that make sense for an entity: also those that only built-in roles speak of.
    static func isKnown(_ right: String, _ schema: Schema?, _ catalog: Catalog) -> Bool {
        if let schema, names(for: schema).contains(right) { return true }
        return common.contains(right) || catalog.schemas.contains { $0.actions.contains { $0.permission == right } }
            || catalog.capabilities.contains { $0.roles.contains { $0.rights.names.contains(right) } }
    }

    private var names: Set<String> { scopes.values.reduce(into: Set(fallback.keys)) { $0.formUnion($1.keys) } }

    /// Reads what is stored. Names of entities and fields that are gone, or of a newer program, give no right.
    public init(_ text: RightsText) {
        var reader = RightsReader(catalog: nil)
        self = reader.read(
            permissions: text.permissions.flatMap(Plain.init(jsonText:)), fields: text.fields.flatMap(Plain.init(jsonText:)),
            system: RightsReader.system(text.system)
        )
    }

    /// Reads what somebody sent: every unknown entity, right, scope and field is a problem.
    public init(permissions: Plain?, fields: Plain?, system: Plain?, in catalog: Catalog) throws {
        var reader = RightsReader(catalog: catalog)
        self = reader.read(permissions: permissions, fields: fields, system: system)
        guard reader.problems.isEmpty else { throw Problems(reader.problems) }
    }

    /// `{"customers": {"read": "department_tree", "create": true}}`
    public var permissionsPlain: [String: Plain] {
        var all = scopes.mapValues(Rights.plain)
        if !fallback.isEmpty { all[Rights.anyEntity] = Rights.plain(fallback) }
        return all
    }

    /// `{"customers.id_no": "masked"}`
    public var fieldsPlain: [String: Plain] {
        var all: [String: Plain] = [:]
        for (entity, rules) in fields { for (field, right) in rules { all["\(entity).\(field)"] = .text(right.rawValue) } }
        return all
    }

    public var systemPlain: Plain { .list(((isAdmin ? [Rights.admin] : []) + system.sorted()).map(Plain.text)) }

    private static func plain(_ scopes: [String: Scope]) -> Plain {
        .object(
            Dictionary(
                scopes.map { right, scope in
                    (right, isSwitch(right) && (scope == .all || scope == .none) ? .bool(scope == .all) : .text(scope.rawValue))
                },
                uniquingKeysWith: { first, _ in first }))
    }

    /// Rights on records that do not exist yet have no reach.
    private static func isSwitch(_ right: String) -> Bool { right == "create" || right == "import" }
}

/// Reads rights; with a catalog it insists that every name is known.
struct RightsReader {
    let catalog: Catalog?
    var problems: [Problem] = []

    init(catalog: Catalog?) { self.catalog = catalog }

    mutating func read(permissions: Plain?, fields: Plain?, system: Plain?) -> Rights {
        var rights = Rights()
        for (entity, plain) in members(permissions, "permissions") { readEntity(entity, plain, into: &rights) }
        for (path, plain) in members(fields, "fields") { readField(path, plain, into: &rights) }
        readSystem(system, into: &rights)
        if catalog != nil { checkGovernors(rights) }
        return rights
    }

    /// Who manages users and roles needs the right over the system, or the permission would be an empty promise.
    private mutating func checkGovernors(_ rights: Rights) {
        guard !rights.isAdmin else { return }
        for (entity, word) in Organisation.governors.sorted(by: { $0.key < $1.key }) where !rights.system.contains(word) {
            guard rights.scopes[entity, default: [:]].contains(where: { $0.key != "read" && $0.value != .none }) else { continue }
            problems.append(
                Problem("permissions.\(entity)", code: "not_allowed", "管理\(catalog?[entity]?.label ?? entity)还需要系统权限 \(word)，请在 system 中加上")
            )
        }
    }

    /// The stored text: a JSON list, or words between commas.
    static func system(_ text: String?) -> Plain? {
        guard let text = text?.trimmed, !text.isEmpty else { return nil }
        return text.hasPrefix("[") ? Plain(jsonText: text) : .text(text)
    }

    private mutating func members(_ plain: Plain?, _ field: String) -> [(String, Plain)] {
        switch plain {
        case nil, .null: return []
        case .object(let members): return members.sorted { $0.key < $1.key }
        case .some(let other):
            problems.append(Problem(field, code: "wrong_type", "应为对象，例如 {\"customers\":{\"read\":\"own\"}}，收到的是\(other.typeName)"))
            return []
        }
    }

    private mutating func readEntity(_ entity: String, _ plain: Plain, into rights: inout Rights) {
        let place = "permissions.\(entity)"
        let schema = catalog?[entity]
        if let catalog, entity != Rights.anyEntity, !(catalog[entity]?.traits.isPublic ?? false) {
            problems.append(Problem(place, code: "unknown_entity", "没有名为 \(entity.prefix(60)) 的对象，请检查拼写"))
            return
        }
        var scopes: [String: Scope] = [:]
        for (right, plain) in members(plain, place) {
            if let catalog, !Rights.isKnown(right, schema, catalog) {
                problems.append(Problem("\(place).\(right)", code: "unknown_right", "\(schema?.label ?? "对象")没有名为 \(right.prefix(60)) 的权限"))
            } else if let scope = scope(plain) {
                scopes[right] = scope
            } else {
                problems.append(
                    Problem(
                        "\(place).\(right)", code: "invalid", "应为 true、false 或 \(Scope.allCases.map(\.rawValue).joined(separator: "、")) 之一")
                )
            }
        }
        if entity == Rights.anyEntity { rights.fallback = scopes } else { rights.scopes[entity] = scopes }
    }

    private func scope(_ plain: Plain) -> Scope? {
        switch plain {
        case .bool(let isOn): isOn ? .all : Scope.none
        case .text(let name): Scope(rawValue: name)
        default: nil
        }
    }

    private mutating func readField(_ path: String, _ plain: Plain, into rights: inout Rights) {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            problems.append(Problem("fields.\(path)", code: "unknown_field", "应写成 对象.字段，例如 customers.id_no"))
            return
        }
        if let catalog, catalog[parts[0]]?[parts[1]] == nil {
            problems.append(Problem("fields.\(path)", code: "unknown_field", "没有名为 \(path.prefix(80)) 的字段，请检查拼写"))
            return
        }
        guard let right = plain.text.flatMap(FieldRight.init(rawValue:)) else {
            problems.append(
                Problem("fields.\(path)", code: "invalid", "应为 \(FieldRight.allCases.map(\.rawValue).joined(separator: "、")) 之一"))
            return
        }
        rights.fields[parts[0], default: [:]][parts[1]] = right
    }

    private mutating func readSystem(_ plain: Plain?, into rights: inout Rights) {
        let words: [String]
        switch plain {
        case nil, .null: return
        case .text(let text): words = text.split(whereSeparator: { ",， ".contains($0) }).map { $0.trimmed }
        case .list(let items) where items.allSatisfy({ $0.text != nil }): words = items.compactMap(\.text)
        case .some(let other):
            problems.append(Problem("system", code: "wrong_type", "应为文字的列表，例如 [\"users\",\"audit\"]，收到的是\(other.typeName)"))
            return
        }
        for word in words where !word.isEmpty {
            if word == Rights.admin {
                rights.isAdmin = true
            } else if catalog == nil || Rights.overSystem.contains(word) {
                rights.system.insert(word)
            } else {
                problems.append(
                    Problem("system", code: "unknown_right", "没有名为 \(word.prefix(60)) 的系统权限，可选：\(Rights.overSystem.joined(separator: "、"))")
                )
            }
        }
    }
}
