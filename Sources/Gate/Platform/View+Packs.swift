import Records

/// One pack as it stands before those who decide about it.
public struct PackState: Sendable {
    public let pack: Pack
    public let isOn: Bool
    /// What comes into sight with it, as far as people look for it by itself.
    public let entities: [Schema]
    /// The fields that it brings to entities of others.
    public let additions: [(schema: Schema, fields: [FieldSpec])]
    /// How many records are out of sight while it is off.
    public let records: Int
    /// There may be more of them.
    public let isCapped: Bool
    /// Those that are on and cannot do without it.
    public let dependents: [Pack]

    /// Those it needs that an administrator decides about.
    public var needs: [Pack] { pack.needs.filter(\.isOptional) }

    /// As programs read it.
    public func plain(in language: Language) -> Plain {
        .object([
            "name": .text(pack.name), "label": .text(pack.label(language)), "about": .text(pack.about(language)), "on": .bool(isOn),
            "needs": .list(needs.map { .text($0.name) }), "entities": .list(entities.map { .text($0.name) }),
        ])
    }
}

extension View {
    /// Every pack that an administrator decides about. The numbers of records are for everybody with the right: what is about to go out of
    /// sight is no more than a number.
    public func packs() throws -> [PackState] {
        try needsSystem("packs", "查看功能包", toLook: true)
        return try catalog.packs.filter(\.isOptional).map(state)
    }

    private func state(of pack: Pack) throws -> PackState {
        let whole = catalog.whole
        // A joint goes and comes with each of those that it joins.
        let parts =
            [pack]
            + catalog.packs.filter { joint in
                !joint.isOptional && joint.needs.contains { $0.name == pack.name }
                    && joint.needs.allSatisfy { $0.name == pack.name || catalog.isOn($0) }
            }
        let entities = parts.flatMap(\.entities).compactMap { whole[$0] }.filter(whole.standsAlone)
        let cap = 10_000
        let counts = try entities.map { try reading.count(Query($0), cap: cap) }
        return PackState(
            pack: pack, isOn: catalog.isOn(pack), entities: entities,
            additions: parts.flatMap(\.additions).compactMap { entity, fields in
                // What it adds to its own is its own.
                pack.entities.contains(entity) ? nil : whole[entity].map { ($0, fields) }
            },
            records: counts.reduce(0) { $0 + min($1, cap) }, isCapped: counts.contains { $0 > cap },
            dependents: catalog.dependents(of: pack))
    }
}
