import Foundation
import Gate
import Records
import Storage

/// Reads the audit log, every seal and every page of the database again.
enum Verification {
    static func run(_ installation: Installation) async throws -> Plain {
        let secrets = installation.gate.secrets, schemas = installation.gate.catalog.whole.schemas
        let verdict = try await installation.store.read { try AuditTrail.verify($0, secrets) }
        let rows = try await installation.store.read { reading in
            var counts = Manifest()
            try counts.count(reading, schemas)
            return counts.rows
        }
        return [
            "entries": .int(Int64(verdict.entries)), "seals": .int(Int64(verdict.seals)), "rows": .object(rows.mapValues(Plain.int)),
            "faults": .list((verdict.faults + (try await pages(installation))).map(Plain.text)),
        ]
    }

    /// A copy is made and checked: that reads every page, and needs no second connection that the writer would not know of.
    private static func pages(_ installation: Installation) async throws -> [String] {
        guard let store = installation.store as? SQLiteStore else { return [] }
        let copy = installation.settings.data + "/.verify.db"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        do {
            try await store.backup(to: copy)
            return []
        } catch { return [Exit(error).message] }
    }
}
