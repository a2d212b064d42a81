import Foundation
import Product
import Records
import Synchronization
import TestSupport
import Testing

@testable import Gate

/// The house of the account tests with the product's real capabilities in it.
enum Villa {
    private static let staffed = House.found(Packs.capabilities)

    static func open(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
        try await staffed.open(engine) { store, _, people in
            let house = House(store, capabilities: Packs.capabilities, people: people)
            try await store.sync(house.gate.catalog)
            try await body(house)
        }
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
    /// - Parameter isRaw: as it lies in the database, past the rules of a save.
    func specimen(
        _ schema: Schema, owner: Int64? = nil, note: String = "样品", links: [String: Int64] = [:], isRaw: Bool = false
    ) throws -> Row {
        var row = schema.blank()
        for (name, id) in links { row[name] = .int(id) }
        for field in schema.fields
        where row[field].isNull && (!field.traits.isReadOnly || field.isRequired) && !(field.kind is AutoNumberKind) {
            guard field.isRequired || field === schema.title || ["mobile", "customer_id"].contains(field.name) else { continue }
            if let target = field.target, let other = catalog[target] {
                row[field] = .int(try specimen(other, owner: owner, note: note).id)
            } else {
                row[field] = try GateTransaction.sample(field.kind, note)
            }
        }
        if let slot = schema.ownerSlot { row.values[slot] = owner.map(Value.int) ?? .null }
        ignoresWarnings = true
        guard isRaw else { return try insert(row) }
        stampNew(&row)
        row.id = try writing.insert(row)
        return row
    }

    /// A value that fits, another one than `present`.
    func example(_ field: FieldSpec, otherThan present: Value) throws -> Plain {
        if let target = field.target, let other = catalog[target] {
            let id = Plain.int(try asRule { try specimen(other, owner: actor.userID) }.id)
            return field.isLinks ? .list([id]) : id
        }
        switch field.kind.editor {
        case .choice(let options): return options.last { .text($0.code) != present }.map { .text($0.code) } ?? .null
        case .choices(let options): return .list(options.prefix(1).map { .text($0.code) })
        case .yesNo: return present == true ? false : true
        case .day: return field.kind.plain(Day(number: 20_001).stored)
        case .instant: return field.kind.plain(Instant(milliseconds: 1_760_000_060_000).stored)
        default: return field.kind.plain(field.kind.column == .integer ? .int((present.int ?? 1) + 1) : try Self.sample(field.kind, "另"))
        }
    }

    private static func sample(_ kind: any FieldKind, _ note: String) throws -> Value {
        switch kind.editor {
        case .choice(let options): return options.first.map { .text($0.code) } ?? .null
        case .day: return Day(number: 20_000).stored
        case .instant: return Instant(milliseconds: 1_760_000_000_000).stored
        case .yesNo: return false
        default:
            // No two alike, for a field may be unique.
            let number = 100_000 + specimens.add(1, ordering: .relaxed).newValue
            if kind is MobileKind { return .text("19900\(number)") }
            return kind.column == .integer ? 1 : .text("\(note)\(number)")
        }
    }

    private static let specimens = Atomic<Int>(0)
}
