/// What a company switches on and off as a whole: the capabilities of one trade or one side of the work. Switched off, nothing of it is seen
/// and nothing of it is lost.
public struct Pack: Sendable {
    enum Kind: Sendable {
        /// Always there.
        case base
        case optional
        /// There exactly while all that it needs is on: what two packs that do not know each other have in common.
        case joint
    }

    /// Stable: `sales`, `automotive`.
    public let name: String
    public let label: Words
    /// What a company gets by it, in one sentence.
    public let about: Words
    public let icon: String
    /// Switched on first and off last.
    public let needs: [Pack]
    /// Whether a company has it before anybody has chosen.
    public let isOnAtFirst: Bool
    public let capabilities: [any Capability.Type]
    let kind: Kind

    private init(
        _ kind: Kind, _ name: String, _ label: Words, _ about: Words, icon: String, needs: [Pack], isOnAtFirst: Bool,
        _ capabilities: [any Capability.Type]
    ) {
        (self.kind, self.name, self.label, self.about, self.icon) = (kind, name, label, about, icon)
        (self.needs, self.isOnAtFirst, self.capabilities) = (needs, isOnAtFirst, capabilities)
    }

    /// One that an administrator can switch off.
    public init(
        _ name: String, _ label: Words, _ about: Words, icon: String, needs: [Pack] = [], isOnAtFirst: Bool = false,
        _ capabilities: [any Capability.Type]
    ) {
        self.init(.optional, name, label, about, icon: icon, needs: needs, isOnAtFirst: isOnAtFirst, capabilities)
    }

    /// What every company has.
    public static func base(_ name: String, _ capabilities: [any Capability.Type]) -> Pack {
        Pack(.base, name, Words(name, name), Words("", ""), icon: "package", needs: [], isOnAtFirst: true, capabilities)
    }

    /// What is there exactly while all of `packs` are on.
    public static func joint(_ packs: Pack..., capabilities: [any Capability.Type]) -> Pack {
        let name = packs.map(\.name).joined(separator: "+")
        return Pack(.joint, name, Words(name, name), Words("", ""), icon: "package", needs: packs, isOnAtFirst: true, capabilities)
    }

    /// Whether an administrator decides about it.
    public var isOptional: Bool { kind == .optional }

    /// What must be on before it, directly or by way of another.
    public var everythingNeeded: [Pack] { needs.flatMap { $0.everythingNeeded + [$0] } }

    /// The entities that come into sight with it.
    public var entities: [String] { capabilities.flatMap { $0.entities.map { $0.name } } }

    /// The fields that it brings to entities of others, by the entity's name.
    public var additions: [(entity: String, fields: [FieldSpec])] { extending.filter { !$0.fields.isEmpty }.map { ($0.entity, $0.fields) } }

    /// What it adds to entities of others.
    var extending: [Extending] { capabilities.flatMap { $0.extensions.map { Extending.declared($0) } } }

    /// Entities of others in which it finds records by fields that it adds.
    public var searchedEntities: Set<String> {
        Set(extending.filter { $0.fields.contains(where: \.traits.isSearchable) }.map(\.entity))
    }

    /// Whether it is on when these were chosen; what was never decided about is as the product ships it.
    func isOn(_ chosen: [String: Bool]) -> Bool {
        guard needs.allSatisfy({ $0.isOn(chosen) }) else { return false }
        return kind == .optional ? chosen[name] ?? isOnAtFirst : true
    }
}
