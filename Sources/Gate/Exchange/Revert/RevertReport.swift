import Formats
import Records

/// What taking an import back did, and what it left because somebody has worked with it since.
public struct RevertReport: Sendable, Hashable {
    /// New records removed for good.
    public var erased = 0
    /// Changed records that have their old values again.
    public var restored = 0
    public var kept = 0
    /// The first ``mostConflicts`` of the kept.
    public var conflicts: [Conflict] = []

    public struct Conflict: Sendable, Hashable {
        public var entity: String
        public var id: Int64
        public var title: String
        public var reason: String
    }

    public static let mostConflicts = 1000

    public init() {}

    /// - Parameter title: what the record is called, for those who may see it.
    mutating func keep(_ row: Row, _ title: String?, _ reason: String) {
        kept += 1
        guard conflicts.count < Self.mostConflicts else { return }
        conflicts.append(Conflict(entity: row.schema.name, id: row.id, title: String((title ?? "#\(row.id)").prefix(100)), reason: reason))
    }

    public var plain: Plain {
        [
            "erased": .int(Int64(erased)), "restored": .int(Int64(restored)), "kept": .int(Int64(kept)),
            "conflicts": .list(
                conflicts.map { ["entity": .text($0.entity), "id": .int($0.id), "title": .text($0.title), "reason": .text($0.reason)] }),
        ]
    }

    public init(plain: Plain) {
        let members = plain.object ?? [:]
        erased = Int(members["erased"]?.int ?? 0)
        restored = Int(members["restored"]?.int ?? 0)
        kept = Int(members["kept"]?.int ?? 0)
        conflicts =
            members["conflicts"]?.list?.compactMap { item in
                guard let item = item.object, let entity = item["entity"]?.text, let id = item["id"]?.int else { return nil }
                return Conflict(entity: entity, id: id, title: item["title"]?.text ?? "", reason: item["reason"]?.text ?? "")
            } ?? []
    }
}
