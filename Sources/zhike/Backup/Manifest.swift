import Foundation
import Gate
import Records

/// What a backup says of itself.
struct Manifest {
    struct Part: Equatable {
        var name: String
        var size: Int
        var digest: String
    }

    var createdAt = ""
    var parts: [Part] = []
    /// Records by entity, the recycle bin included.
    var rows: [String: Int64] = [:]
    /// The newest entry of the audit log.
    var auditHead = ""
    /// Tells whether a key file is the one that this data was written with.
    var keyMark = ""

    init() {}

    init?(json: String) {
        guard let members = Plain(jsonText: json)?.object, members["format"]?.int == 1, let list = members["parts"]?.list else {
            return nil
        }
        for part in list {
            guard let part = part.object, let name = part["name"]?.text, let size = part["size"]?.int, let digest = part["sha256"]?.text
            else { return nil }
            parts.append(Part(name: name, size: Int(size), digest: digest))
        }
        createdAt = members["created_at"]?.text ?? ""
        rows = members["rows"]?.object?.compactMapValues(\.int) ?? [:]
        auditHead = members["audit_head"]?.text ?? ""
        keyMark = members["key"]?.text ?? ""
    }

    var plain: Plain {
        [
            "format": 1, "program": .text("zhike \(Zhike.version)"), "created_at": .text(createdAt),
            "rows": .object(rows.mapValues(Plain.int)),
            "audit_head": .text(auditHead), "key": .text(keyMark),
            "parts": .list(parts.map { ["name": .text($0.name), "size": .int(Int64($0.size)), "sha256": .text($0.digest)] }),
        ]
    }

    /// Counts every table and finds the audit log's newest entry.
    mutating func count(_ reading: any Reading, _ schemas: [Schema]) throws {
        for schema in schemas {
            var query = Query(schema)
            query.life = .both
            rows[schema.name] = Int64(try reading.count(query, cap: 1 << 40))
        }
        let last = try reading.fetch(Query(AuditEntry.self, sort: [Query.Sort("id", descending: true)], limit: 1)).first.map(
            Record<AuditEntry>.init)
        auditHead = last.map { "\($0.row.id) \($0.digest)" } ?? ""
    }
}
