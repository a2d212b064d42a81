import Records
import Synchronization

/// The tables of every schema in use, and the names of the unique indexes. Shared by a store's threads.
final class Library: Sendable {
    let dialect: any Dialect
    let counts: CountMemory
    let glances = GlanceMemory()
    private let state = Mutex(State())

    private struct State {
        var tables: [ObjectIdentifier: Table] = [:]
        var catalog: Catalog?
        var uniques: [String: Unique] = [:]
        var digest = RowDigest(key: Array(repeating: 0, count: 16))
    }

    /// Of a key that everybody knows until somebody gives another.
    var digest: RowDigest {
        get { state.withLock { $0.digest } }
        set { state.withLock { $0.digest = newValue } }
    }

    struct Unique: Sendable {
        let entity: String
        let fields: [String]
    }

    init(_ dialect: any Dialect) {
        self.dialect = dialect
        counts = CountMemory(lifetime: dialect.isShared ? .seconds(2) : nil)
    }

    func table(_ schema: Schema) -> Table {
        let key = ObjectIdentifier(schema)
        if let known = state.withLock({ $0.tables[key] }) { return known }
        let made = Table(schema, dialect)
        // The table holds its schema, so the key stays its own.
        state.withLock { $0.tables[key] = made }
        return made
    }

    /// The schema of another entity, for conditions that look through a link.
    func schema(named name: String) throws -> Schema {
        guard let schema = state.withLock({ $0.catalog })?[name] else { throw StoreError.failed("没有名为 \(name) 的对象") }
        return schema
    }

    func use(_ catalog: Catalog, uniques: [String: Unique]) {
        state.withLock {
            $0.catalog = catalog
            $0.uniques = uniques
        }
    }

    func unique(index name: String) -> Unique? { state.withLock { $0.uniques[name] } }
}
