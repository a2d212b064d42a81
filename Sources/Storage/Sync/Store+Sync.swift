import Records

/// A store of this room: what both engines do alike.
protocol SessionStore: Store {
    var library: Library { get }
    /// A unit of work that may change definitions and take its time.
    func define<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T
}

extension SessionStore {
    public var isShared: Bool { library.dialect.isShared }
    public func use(_ digest: RowDigest) { library.digest = digest }

    func sync(_ catalog: Catalog, patches: [Patch]) async throws -> [String] {
        let library = library
        let (did, unsigned) = try await define { session in
            let sync = try Sync(session: session, catalog: catalog, patches: patches)
            let did = try sync.run()
            // Where it knows the others, SQLite takes an index of which it knows nothing for the best there is.
            if !did.isEmpty, session.dialect.name == "sqlite",
                try session.connection.first("select 1 from sqlite_master where name = 'sqlite_stat1'") != nil
            {
                try session.run { try $0.script(session.dialect.analysis) }
            }
            let uniques = sync.uniques
            session.afterCommit { library.use(catalog, uniques: uniques) }
            return (did, try session.unsignedTables())
        }
        return try await did + signed(unsigned)
    }

    /// Gives the rows of an older program's tables their digests, a thousand in a transaction. What is broken off goes on at the next start.
    private func signed(_ tables: [String]) async throws -> [String] {
        guard !tables.isEmpty else { return [] }
        var signing: Session.Signing? = Session.Signing(tables: tables)
        while let now = signing { signing = try await define { try $0.sign(now) } }
        return ["为 \(tables.count) 张表的已有记录写入摘要"]
    }

    func planned(_ catalog: Catalog) async throws -> [String] {
        try await define { session in
            try Sync(session: session, catalog: catalog).pending()
        }
    }

    func analyzed() async throws {
        try await define { session in
            try session.run { try $0.script(session.dialect.analysis) }
        }
    }

    func withoutIndexes() async throws {
        try await define { session in
            for index in try session.dialect.existingIndexes(session.connection) where index.name.contains(IndexName.mark) {
                try session.run { try $0.script("drop index \(index.name.quoted)") }
            }
            // So that the next look at the definitions does not take all for done.
            _ = try session.run { try $0.execute("delete from _meta where name = 'fingerprint'") }
        }
    }

    func rebuilt(_ schema: Schema) async throws { try await define { try $0.rebuildSearch(schema) } }
}

extension SQLiteStore: SessionStore {
    func define<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await Work.submit(to: writer.queue, isWriting: true) { session in
            session.changes.areAnywhere = true
            return try body(session)
        }
    }

    @discardableResult
    public func sync(_ catalog: Catalog) async throws -> [String] { try await sync(catalog, patches: Patch.all) }

    /// The statements that ``sync(_:)`` would run, without running them.
    public func plan(_ catalog: Catalog) async throws -> [String] { try await planned(catalog) }

    public func analyze() async throws { try await analyzed() }

    /// Drops the indexes that only make reading quick: filling a large empty database goes several times faster. ``sync(_:)`` makes them
    /// again.
    public func dropIndexes() async throws { try await withoutIndexes() }

    /// Makes an entity's search index anew.
    public func rebuildSearch(_ schema: Schema) async throws { try await rebuilt(schema) }
}

extension PostgreSQLStore: SessionStore {
    /// Whether there is no table yet.
    public func isEmpty() async throws -> Bool { try await define { try $0.dialect.existingColumns($0.connection).isEmpty } }

    func define<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await Work.submit(to: queue, isWriting: true) { session in
            session.changes.areAnywhere = true
            try session.run { try $0.script("set local statement_timeout = 0; set local lock_timeout = 0") }
            return try body(session)
        }
    }

    @discardableResult
    public func sync(_ catalog: Catalog) async throws -> [String] { try await sync(catalog, patches: Patch.all) }

    /// The statements that ``sync(_:)`` would run, without running them.
    public func plan(_ catalog: Catalog) async throws -> [String] { try await planned(catalog) }

    public func analyze() async throws { try await analyzed() }

    /// Drops the indexes that only make reading quick: filling a large empty database goes several times faster. ``sync(_:)`` makes them
    /// again.
    public func dropIndexes() async throws { try await withoutIndexes() }

    /// Makes an entity's search index anew.
    public func rebuildSearch(_ schema: Schema) async throws { try await rebuilt(schema) }
}
