import Records

/// The key at hand is not the one that the database was written with: what is sealed cannot be read, and nothing may be written.
public struct WrongKey: Error {
    public init() {}
}

/// How a key stands to a database.
public enum KeyStanding: Sendable {
    /// There is nothing yet that a key has written.
    case unused
    /// The database names this key.
    case named
    /// No key is named (an older program's database), but this one made the first entries of the audit log, or opens what is sealed.
    case proven
    case foreign

    private static let note = "key.mark"
    /// One of so many must fit: a single one may have been damaged.
    private static let looks = 20

    public static func read(_ reading: any Reading, _ catalog: Catalog, _ secrets: Secrets) throws -> KeyStanding {
        if let mark = try SetUpNote.read(note, reading, catalog) { return mark == secrets.mark ? .named : .foreign }
        // The oldest: a wrong key that an older program took in silence has written the newest.
        let entries = try reading.fetch(Query(AuditEntry.self, sort: [Query.Sort("id")], limit: looks)).map(Record<AuditEntry>.init)
        if !entries.isEmpty { return entries.contains { AuditTrail.digest(of: $0, secrets) == $0.digest } ? .proven : .foreign }
        var hasSealed = false
        for schema in catalog.whole.schemas {
            for field in schema.fields where field.traits.isSealed && field.isColumn {
                var query = Query(schema, where: .not(.field(field.name, .empty)), sort: [Query.Sort("id")], limit: looks)
                query.life = .both
                for row in try reading.fetch(query) {
                    guard let text = row[field].text, Secrets.isSealed(text) else { continue }
                    if secrets.open(text, field: "\(schema.name).\(field.name)") != nil { return .proven }
                    hasSealed = true
                }
            }
        }
        return hasSealed ? .foreign : .unused
    }

    fileprivate static func write(_ tx: GateTransaction) throws { try tx.setNote(note, tx.secrets.mark) }
}

extension Gate {
    /// Before anything of the database is changed.
    /// - Throws: ``WrongKey``.
    public func refuseForeignKey() async throws {
        let catalog = catalog, secrets = secrets
        // What cannot be asked yet, because the tables are new or an older program's, is asked again once they are in shape.
        let standing = try? await store.read { try KeyStanding.read($0, catalog, secrets) }
        if standing == .foreign { throw WrongKey() }
    }

    /// Writes down which key the database is written with, if that is not known and the present one fits.
    /// - Throws: ``WrongKey``.
    public func confirmKey() async throws {
        let catalog = catalog, secrets = secrets
        if try await store.read({ try KeyStanding.read($0, catalog, secrets) }) == .named { return }
        try await write(as: .system(via: "setup")) { tx in
            // Two instances that start on an empty database: the counter's row is locked until the first of them is done.
            _ = try tx.writing.next("setup", by: 1)
            switch try KeyStanding.read(tx.reading, catalog, secrets) {
            case .named: return
            case .foreign: throw WrongKey()
            case .unused, .proven: try KeyStanding.write(tx)
            }
        }
    }
}
