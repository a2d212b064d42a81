import Records

extension Gate {
    /// Switches a pack on, with all that it needs, or off (A10). Pages, API and jobs follow at once here and within seconds in other instances;
    /// tables, columns and records stay as they are. Answers with those that are another way now, in their order.
    @discardableResult
    public func switchPack(_ name: String, on: Bool, as actor: Actor) async throws -> [Pack] {
        let before = catalog
        try await write(as: actor) { try $0.switchPack(name, on: on) }
        try await reloadOwnDefinitions()
        // Needed packs and joints came on with this one.
        let after = catalog, switched = after.packs.filter { after.isOn($0) != before.isOn($0) }
        if on { try await write(as: .system(via: "setup")) { try $0.prepare(company: nil) } }
        // What was saved while a searchable field was away is not found by it yet; what has gone is not found by it any more.
        let entities = Set(switched.flatMap(\.searchedEntities))
        for schema in after.schemas where entities.contains(schema.name) { try await store.rebuildSearch(schema) }
        return switched.filter(\.isOptional)
    }
}

extension GateTransaction {
    func switchPack(_ name: String, on: Bool) throws {
        try needsSystem("packs", "启用和停用功能包")
        guard let pack = catalog.packs.first(where: { $0.name == name && $0.isOptional }) else { throw Refusal.notFound }
        guard catalog.isOn(pack) != on else { return }
        var chosen = try PackNote.read(reading, catalog)
        if on {
            for needed in pack.everythingNeeded where needed.isOptional { chosen[needed.name] = true }
        } else if let dependent = catalog.dependents(of: pack).first {
            throw Refusal.conflict("「\(dependent.label.chinese)」需要「\(pack.label.chinese)」，请先停用「\(dependent.label.chinese)」。")
        }
        chosen[name] = on
        try setNote(PackNote.name, Plain.object(chosen.mapValues(Plain.bool)).jsonText)
        try ownChanged("packs", "pack", name, on ? "off" : "on", on ? "on" : "off")
    }
}

extension Catalog {
    /// The packs that are on and cannot do without this one.
    func dependents(of pack: Pack) -> [Pack] {
        packs.filter { other in other.isOptional && isOn(other) && other.everythingNeeded.contains { $0.name == pack.name } }
    }
}

/// What was decided about each pack, among the program's own notes.
enum PackNote {
    static let name = "packs"

    static func read(_ reading: any Reading, _ catalog: Catalog) throws -> [String: Bool] {
        try SetUpNote.read(name, reading, catalog).flatMap(Plain.init(jsonText:))?.object?.compactMapValues(\.bool) ?? [:]
    }
}
