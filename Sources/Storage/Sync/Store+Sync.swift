import Records

/// A store of this room: what both engines do alike.
protocol SessionStore: Store {
    var library: Library { get }
    /// A unit of work that may change definitions and take its time.
    func define<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T
}

extension SessionStore {
    func sync(_ catalog: Catalog, patches: [Patch]) async throws -> [String] {
        let library = library
        return try await define { session in
            let sync = Sync(session: session, catalog: catalog, patches: patches)
            let did = try sync.run()
            let uniques = try sync.uniques()
            session.afterCommit { library.use(catalog, uniques: uniques) }
            return did
        }
    }

    func planned(_ catalog: Catalog) async throws -> [String] {
        try await define { session in
            try Sync(session: session, catalog: catalog).pending()
        }
    }

    func analyzed() async throws {
        try await define { session in
            let limit = session.dialect.name == "sqlite" ? "pragma analysis_limit = 1000; " : ""
            try session.run { try $0.script(limit + "analyze") }
        }
    }

    func rebuilt(_ schema: Schema) async throws { try await define { try $0.rebuildSearch(schema) } }
}

extension SQLiteStore: SessionStore {
    func define<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await Work.submit(to: writer.queue, isWriting: true, body)
    }

    @discardableResult
    public func sync(_ catalog: Catalog) async throws -> [String] { try await sync(catalog, patches: Patch.all) }

    /// The statements that ``sync(_:)`` would run, without running them.
    public func plan(_ catalog: Catalog) async throws -> [String] { try await planned(catalog) }

    /// Counts what the indexes hold, for the engine's choice between them; once a day is plenty.
    public func analyze() async throws { try await analyzed() }

    /// Makes an entity's search index anew.
    public func rebuildSearch(_ schema: Schema) async throws { try await rebuilt(schema) }
}

extension PostgreSQLStore: SessionStore {
    func define<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await Work.submit(to: queue, isWriting: true) { session in
            try session.run { try $0.script("set local statement_timeout = 0; set local lock_timeout = 0") }
            return try body(session)
        }
    }

    @discardableResult
    public func sync(_ catalog: Catalog) async throws -> [String] { try await sync(catalog, patches: Patch.all) }

    /// The statements that ``sync(_:)`` would run, without running them.
    public func plan(_ catalog: Catalog) async throws -> [String] { try await planned(catalog) }

    /// Counts what the indexes hold, for the engine's choice between them; once a day is plenty.
    public func analyze() async throws { try await analyzed() }

    /// Makes an entity's search index anew.
    public func rebuildSearch(_ schema: Schema) async throws { try await rebuilt(schema) }
}
