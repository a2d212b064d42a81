import Business
import Foundation
import Records
@testable import Gate
@testable import Storage
import Testing

/// The house of the account tests with the product's real capabilities in it.
enum Villa {
    static func open(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
        let secrets = Secrets(root: Secrets.fresh())
        switch engine {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "zhike-villa-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try SQLiteStore(path: folder.appending(path: "zhike.db").path, readers: 2)
            defer { store.close() }
            try await fill(House(store, capabilities: Capabilities.all, secrets: secrets), body)
        case .postgresql:
            let schema = "v_" + UUID().uuidString.prefix(8).lowercased()
            let store = try PostgreSQLStore(url: Engine.server ?? "", poolSize: 4, schema: schema)
            defer { store.close() }
            let result: Result<Void, any Error>
            do { result = .success(try await fill(House(store, capabilities: Capabilities.all, secrets: secrets), body)) } catch { result = .failure(error) }
            try? await store.define { try $0.connection.script("drop schema \(schema.quoted) cascade") }
            try result.get()
        }
    }

    private static func fill(_ house: House, _ body: (House) async throws -> Void) async throws {
        try await house.store.sync(house.gate.catalog)
        try await house.staff()
        try await body(house)
    }

    /// 李伟 with one right over everything, reaching as far as `scope`.
    static func liWei(_ house: House, _ rights: [String: Scope], fields: [String: [String: FieldRight]] = [:]) async throws -> Actor {
        var actor = try await house.actor("liwei")
        actor.rights = Rights()
        for schema in house.gate.catalog.schemas { actor.rights.scopes[schema.name] = schema.isOwned ? rights : ["read": .all] }
        actor.rights.fields = fields
        return actor
    }
}

extension GateTransaction {
    /// A record of any entity with something in every required field.
    func specimen(_ schema: Schema, owner: Int64? = nil, note: String = "样品") throws -> Row {
        var row = schema.blank()
        for field in schema.fields where row[field].isNull && (!field.traits.isReadOnly || field.isRequired) && !(field.kind is AutoNumberKind) {
            guard field.isRequired || field === schema.title || ["mobile", "customer_id"].contains(field.name) else { continue }
            if let target = field.target, let other = catalog[target] {
                row[field] = .int(try specimen(other, owner: owner, note: note).id)
            } else {
                row[field] = try GateTransaction.sample(field.kind, note)
            }
        }
        if let slot = schema.ownerSlot { row.values[slot] = owner.map(Value.int) ?? .null }
        ignoresWarnings = true
        return try insert(row)
    }

    private static func sample(_ kind: any FieldKind, _ note: String) throws -> Value {
        switch kind.editor {
        case .choice(let options): return options.first.map { .text($0.code) } ?? .null
        case .day: return Day(number: 20_000).stored
        case .instant: return Instant(milliseconds: 1_760_000_000_000).stored
        case .yesNo: return false
        default:
            if kind is MobileKind { return .text("1990000\(Int.random(in: 1000...9999))") }
            return kind.column == .integer ? 1 : .text("\(note)\(Int.random(in: 100_000...999_999))")
        }
    }
}
