import Records

extension Gate {
    /// Brings the database into shape for the catalog, administrators' own fields and entities included: the first thing at every start.
    /// - Throws: ``WrongKey`` when the database was written with another key.
    @discardableResult
    public func openStore() async throws -> [String] {
        try await refuseForeignKey()
        var did: [String] = []
        let own: OwnDefinitions
        do { own = try await ownDefinitions() } catch {
            // A new database, or one of an older program.
            did += try await store.sync(Catalog(packs: catalog.packs))
            own = try await ownDefinitions()
        }
        did += try await adopt(own)
        try await confirmKey()
        return did
    }

    /// Reads own fields and entities again and makes the catalog and the database follow.
    public func reloadOwnDefinitions() async throws { _ = try await adopt(try await ownDefinitions()) }

    /// Follows other instances' changes until the task is cancelled.
    public func followOwnDefinitions(every pause: Duration = .seconds(3), onError: @escaping @Sendable (any Error) -> Void = { _ in }) async
    {
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            do {
                let catalog = catalog
                let present = try await store.read { try OwnVersion.read($0, catalog) }
                if present != catalog.version { try await reloadOwnDefinitions() }
            } catch is CancellationError {
                return
            } catch { onError(error) }
        }
    }

    private func adopt(_ own: OwnDefinitions) async throws -> [String] {
        let next = Catalog(packs: catalog.packs, own: own)
        // Tables stay as they are whatever is switched off.
        let did = try await store.sync(next.whole)
        adopt(next)
        return did
    }

    /// Made anew each time: a spec keeps the slot that its first schema gave it.
    private func ownDefinitions() async throws -> OwnDefinitions {
        let base = Catalog(packs: catalog.packs)
        return try await store.read { reading in
            var own = OwnDefinitions()
            own.version = try OwnVersion.read(reading, base)
            own.packs = try PackNote.read(reading, base)
            let rows = try reading.fetch(Query(OwnField.self, where: \OwnField.isRetired == false, sort: [Query.Sort("id")], limit: 10_000))
                .map(Record<OwnField>.init)
            let fields = Dictionary(grouping: rows, by: \.entity)
            for (entity, rows) in fields {
                guard let schema = base.whole[entity] else { continue }
                // A field that a newer program declares itself comes first.
                own.fields[entity] = rows.filter { schema[$0.title] == nil }.compactMap(\.spec)
            }
            for entity in try reading.fetch(Query(OwnEntity.self, sort: [Query.Sort("id")], limit: 500)).map(Record<OwnEntity>.init)
            where base.whole[entity.title] == nil && entity.isRetired != true {
                own.entities.append(entity.schema(fields[entity.title] ?? []))
            }
            return own
        }
    }
}

/// A number that grows with every change of own definitions, so that other instances notice.
enum OwnVersion {
    static let note = "own.version"

    static func read(_ reading: any Reading, _ catalog: Catalog) throws -> Int64 {
        try SetUpNote.read(note, reading, catalog).flatMap(Int64.init) ?? 0
    }
}

extension Record where E == OwnField {
    /// Nil when the kind or its settings are of a newer program.
    var spec: FieldSpec? {
        guard let kind = FieldKinds.make(name: self.kind, settings: self.settings.flatMap(Plain.init(jsonText:))?.object ?? [:]) else {
            return nil
        }
        var options: [FieldOption] = []
        if self.isUnique { options.append(.unique) }
        if self.isSearchable { options.append(.searchable) }
        if self.isInList { options.append(.inList) }
        if let section = self.section { options.append(.section(Words(section, section))) }
        if let help = self.help { options.append(.help(help, help)) }
        options.append(.english(self.english ?? self.label))
        return FieldSpec(self.title, self.label, kind, isRequired: self.isRequired, isCustom: true, options)
    }
}

extension Record where E == OwnEntity {
    func schema(_ fields: [Record<OwnField>]) -> Schema {
        let traits = EntityTraits(
            self.isOwned ? .owned : .shared, icon: self.icon, menu: self.menu.map { Words($0, $0) }, english: self.english ?? self.label
        ).with {
            $0.hasTimeline = self.isOwned
            $0.hasAttachments = true
            $0.hasTags = self.isOwned
        }
        let name = FieldSpec("name", "名称", TextKind(limit: 200), isRequired: true, isCustom: false, [.title, .english("Name")])
        return Schema.own(name: self.title, label: self.label, traits: traits, fields: [name] + fields.compactMap(\.spec))
    }
}
