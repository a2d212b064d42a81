import Records

extension ImportResult {
    /// As JSON values: what the job keeps.
    public var plain: Plain {
        func counts(_ counts: [String: Int]) -> Plain { .object(counts.mapValues { .int(Int64($0)) }) }
        return .object([
            "job": job.map(Plain.int) ?? .null, "rows": .int(Int64(rows)), "created": counts(created), "updated": counts(updated),
            "unchanged": counts(unchanged),
            // bounded: the rounding is of seconds.
            "rejected": .int(Int64(rejected)), "seconds": .real((seconds * 1000).rounded() / 1000),
            "rejected_rows": .list(
                rejections.map {
                    ["line": .int(Int64($0.line)), "column": .text($0.column), "code": .text($0.code), "reason": .text($0.reason)]
                }),
        ])
    }

    public init?(plain: Plain) {
        guard let members = plain.object, let rows = members["rows"]?.int else { return nil }
        func counts(_ name: String) -> [String: Int] { (members[name]?.object ?? [:]).compactMapValues { $0.int.map { Int($0) } } }
        self.init()
        self.rows = Int(rows)
        job = members["job"]?.int
        (created, updated, unchanged) = (counts("created"), counts("updated"), counts("unchanged"))
        rejected = Int(members["rejected"]?.int ?? 0)
        if case .real(let number) = members["seconds"] { seconds = number }
        rejections =
            members["rejected_rows"]?.list?.compactMap { item in
                guard let item = item.object, let line = item["line"]?.int else { return nil }
                return Rejection(
                    line: Int(line), column: item["column"]?.text ?? "", code: item["code"]?.text ?? "", reason: item["reason"]?.text ?? "")
            } ?? []
    }
}
