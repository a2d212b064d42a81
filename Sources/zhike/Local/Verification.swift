import Foundation
import Gate
import Records
import Storage

/// Reads the audit log, every seal, every row and every page of the database again.
enum Verification {
    static func run(_ installation: Installation) async throws -> Plain {
        let secrets = installation.gate.secrets, schemas = installation.gate.catalog.whole.schemas
        let verdict = try await installation.store.read { try AuditTrail.verify($0, secrets) }
        let digests = try await installation.store.read { try $0.verifyRows(limit: 100) }
        let rows = try await installation.store.read { reading in
            var counts = Manifest()
            try counts.count(reading, schemas)
            return counts.rows
        }
        return [
            "entries": .int(Int64(verdict.entries)), "seals": .int(Int64(verdict.seals)), "rows": .object(rows.mapValues(Plain.int)),
            "digests": [
                "rows": .int(Int64(digests.rows)), "waiting": .int(Int64(digests.waiting)), "faults": .int(Int64(digests.count)),
            ],
            "faults": .list(
                (verdict.faults + sentences(digests, installation.gate.catalog.whole) + (try await pages(installation))).map(Plain.text)),
        ]
    }

    private static func sentences(_ verdict: RowVerdict, _ catalog: Catalog) -> [String] {
        var sentences = verdict.faults.map { "\(place(of: $0, catalog))\(finding($0, catalog))" }
        let more = verdict.count - verdict.faults.count
        if more > 0 { sentences.append(say("另有 \(more) 条记录与写入时不同", "\(more) more records are not as they were written")) }
        return sentences
    }

    /// The entity of an entity's table or of a link's, and the link.
    private static func owner(of table: String, _ catalog: Catalog) -> (schema: Schema?, field: FieldSpec?) {
        guard catalog[table] == nil, let mark = table.range(of: "__") else { return (catalog[table], nil) }
        let schema = catalog[String(table[..<mark.lowerBound])]
        return (schema, schema?[String(table[mark.upperBound...])])
    }

    private static func place(of fault: RowFault, _ catalog: Catalog) -> String {
        let (schema, field) = owner(of: fault.table, catalog), language = Language.ofCommands
        let names = [schema?.label(in: language), field?.label(in: language)].compactMap { $0 }
        return say(
            "\(names.isEmpty ? "停用的对象" : names.joined(separator: " ▸ "))（表 \(fault.table)）编号 \(fault.id)：",
            "\(names.isEmpty ? "Retired entity" : names.joined(separator: " ▸ ")) (table \(fault.table)) record \(fault.id): ")
    }

    private static func finding(_ fault: RowFault, _ catalog: Catalog) -> String {
        switch fault.kind {
        case .damaged:
            let column = fault.column ?? ""
            let name = owner(of: fault.table, catalog).schema?[column].map { "\($0.label(in: .ofCommands)) (\(column))" } ?? column
            return say("已损坏（一个比特），在 \(name)", "damaged (one bit) in \(name)")
        case .changed: return say("在程序之外被修改", "changed outside the program")
        case .unclear:
            return say("与写入时不同（内容太长，不能判断是损坏还是被修改）", "not as it was written (too long to tell damage from a change)")
        case .bare: return say("在程序之外写入（没有摘要）", "written outside the program (it has no digest)")
        }
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
