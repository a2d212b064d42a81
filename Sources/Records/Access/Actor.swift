/// Who comes, with everything needed to decide what may be seen and done. Made by the gate for one request.
public struct Actor: Sendable {
    public var userID: Int64
    public var name: String
    public var departmentID: Int64?
    /// The own department and all below it.
    public var departmentTree: [Int64] = []
    /// The own department and all above it, nearest first.
    public var departmentLine: [Int64] = []
    /// Everybody below in the reporting line.
    public var subordinates: [Int64] = []
    public var rights: Rights
    /// `web`, `api`, `import`, `cli`, `job`.
    public var via: String
    public var address: String?
    public var language = Language.chinese
    /// Who had the last word on what is done now in the actor's name, where it needed approval.
    public var approvedBy: Int64?
    /// What is done is only tried out, before anybody is asked, and taken back.
    public var isTrial = false
    /// The scopes of the API key that was shown, as they are stored: what is queued keeps them. Nil for a person at a page.
    public var keyScopes: String?
    /// An administrator who looks at the system as this user; may not write.
    public var previewedBy: Int64?
    /// Records shared with the actor, by entity: read, and of those write.
    public var sharedReading: [String: [Int64]] = [:]
    public var sharedWriting: [String: [Int64]] = [:]

    public init(userID: Int64, name: String, departmentID: Int64? = nil, rights: Rights, via: String) {
        self.userID = userID
        self.name = name
        self.departmentID = departmentID
        self.rights = rights
        self.via = via
    }

    /// The program itself: jobs, set-up, rules.
    public static func system(via: String = "job") -> Actor { Actor(userID: 0, name: "系统", rights: .all, via: via) }

    /// Whether the actor works in this department or anywhere beneath it.
    public func belongs(to department: Int64) -> Bool { departmentID == department || departmentLine.contains(department) }

    /// Which records of `entity` the actor reaches with `right`.
    public func reach(_ entity: Schema, _ right: String) -> Reach {
        let scope = rights.scope(entity.name, right)
        guard entity.isOwned else { return scope == .none ? .nothing : .everything }
        var reach: Reach =
            switch scope {
            case .none: .nothing
            case .own: Reach(owners: [userID])
            case .ownAndSubordinates: Reach(owners: [userID] + subordinates)
            case .department: departmentID.map { Reach(owners: [userID], departments: [$0]) } ?? Reach(owners: [userID])
            case .departmentTree: Reach(owners: [userID], departments: departmentTree)
            case .all: .everything
            }
        if scope != .none, !reach.isEverything {
            let shared = right == "read" ? sharedReading[entity.name] : right == "update" ? sharedWriting[entity.name] : nil
            if let shared { reach.records = shared }
            let mayClaim = entity.traits.pool != nil && rights.scope(entity.name, "claim") != .none
            if mayClaim, right == "read" || right == "claim" { reach.owners.append(Reach.nobody) }
        }
        return reach
    }
}

/// How far a right reaches.
public enum Scope: String, Sendable, CaseIterable, Comparable {
    case none, own
    case ownAndSubordinates = "own_and_subordinates"
    case department
    case departmentTree = "department_tree"
    case all

    private var rank: Int {
        switch self {
        case .none: 0
        case .own: 1
        case .ownAndSubordinates: 2
        case .department: 3
        case .departmentTree: 4
        case .all: 5
        }
    }
    public static func < (a: Scope, b: Scope) -> Bool { a.rank < b.rank }

    public func label(in language: Language) -> String {
        switch self {
        case .none: language("无", "None")
        case .own: language("本人", "Own")
        case .ownAndSubordinates: language("本人及下属", "Own and subordinates'")
        case .department: language("本部门", "Department")
        case .departmentTree: language("本部门及下级", "Department and below")
        case .all: language("全部", "All")
        }
    }
}

/// What a field shows to a role.
public enum FieldRight: String, Sendable, CaseIterable, Comparable {
    case hidden, masked, read, edit
    private var rank: Int {
        switch self {
        case .hidden: 0
        case .masked: 1
        case .read: 2
        case .edit: 3
        }
    }
    public static func < (a: FieldRight, b: FieldRight) -> Bool { a.rank < b.rank }

    public func label(in language: Language) -> String {
        switch self {
        case .hidden: language("隐藏", "Hidden")
        case .masked: language("脱敏", "Masked")
        case .read: language("只读", "Read")
        case .edit: language("可编辑", "Edit")
        }
    }
}

/// The union of what an actor's roles allow.
public struct Rights: Sendable, Hashable {
    /// Everything, the system included.
    public var isAdmin = false
    /// By entity, then by right: `read`, `create`, `update`, `delete`, `export`, `import`, `merge`, `assign`, or an action's own.
    public var scopes: [String: [String: Scope]] = [:]
    /// By entity and field; a field that is not named can be edited, or is masked when it is sensitive.
    public var fields: [String: [String: FieldRight]] = [:]
    /// Rights over the system: `users`, `roles`, `fields`, `parameters`, `audit`, `recycle`, `backup`, `announcements`.
    public var system: Set<String> = []
    /// Of the user's rights over the system, those that the scope of an API key withholds, and of these what the key may still look at.
    public var withheld: Set<String> = [], seen: Set<String> = []
    /// Entities that the API key may not change, whatever right an action asks for; none for a person.
    public var unwritable: Set<String> = []
    /// The API key changes nothing at all.
    public var writesNothing = false
    /// The default scope for entities that a role does not name (built-in broad roles).
    public var fallback: [String: Scope] = [:]

    public init() {}

    public static let all: Rights = {
        var rights = Rights()
        rights.isAdmin = true
        return rights
    }()

    public func scope(_ entity: String, _ right: String) -> Scope {
        isAdmin ? .all : scopes[entity]?[right] ?? fallback[right] ?? .none
    }

    public func field(_ schema: Schema, _ field: FieldSpec) -> FieldRight {
        if field.traits.isProgramOnly { return .hidden }
        if isAdmin { return field.traits.isReadOnly ? .read : .edit }
        let given = fields[schema.name]?[field.name] ?? (field.traits.isSensitive ? .masked : .edit)
        return field.traits.isReadOnly ? min(given, .read) : given
    }

    /// The union of two roles' rights: the wider scope, the wider field right.
    public func union(_ other: Rights) -> Rights {
        var sum = Rights()
        sum.isAdmin = isAdmin || other.isAdmin
        sum.system = system.union(other.system)
        sum.fallback = fallback.merging(other.fallback, uniquingKeysWith: max)
        for entity in Set(scopes.keys).union(other.scopes.keys) {
            let rights = Set(scopes[entity, default: [:]].keys).union(other.scopes[entity, default: [:]].keys).union(sum.fallback.keys)
            for right in rights {
                sum.scopes[entity, default: [:]][right] = max(scope(entity, right), other.scope(entity, right))
            }
        }
        // A field narrowed by one role only stays as wide as the other role leaves it.
        for (entity, rules) in fields {
            for (field, right) in rules {
                guard let theirs = other.fields[entity]?[field] else {
                    if !other.reads(entity) {
                        sum.fields[entity, default: [:]][field] = right
                    } else if right > .masked {
                        sum.fields[entity, default: [:]][field] = right
                    }
                    continue
                }
                sum.fields[entity, default: [:]][field] = max(right, theirs)
            }
        }
        for (entity, rules) in other.fields {
            for (field, right) in rules where fields[entity]?[field] == nil && (!reads(entity) || right > .masked) {
                sum.fields[entity, default: [:]][field] = right
            }
        }
        return sum
    }

    private func reads(_ entity: String) -> Bool { scope(entity, "read") != .none }
}

/// A built-in role as it comes with the product; administrators may change their copy.
public struct RoleTemplate: Sendable {
    public var code: String
    public var label: String
    public var english: String
    public var rights: Rights

    public init(_ code: String, _ label: String, english: String, _ rights: Rights) {
        self.code = code
        self.label = label
        self.english = english
        self.rights = rights
    }
}
