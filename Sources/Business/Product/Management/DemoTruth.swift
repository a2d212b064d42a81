import Core
import Records

/// The demo tells of a day that is not over yet: what it says has happened has happened by now, whatever the hour at which it is loaded.
enum DemoTruth {
    /// Moments that lie ahead of what they belong to.
    private static let ahead = [
        "due_at", "next_at", "clock_at", "remind_at", "alert_at", "expected_at", "review_at", "next_follow_at", "follow_at",
    ]

    static let steps: [Demo.Step] = [
        { tx in
            for schema in tx.catalog.schemas where schema.traits.nature != .log && schema["is_demo"] != nil {
                let moments = schema.fields.filter { field in
                    field.isColumn && field.kind is InstantKind && !field.traits.isDue && !ahead.contains { field.name.hasSuffix($0) }
                }
                guard !moments.isEmpty else { continue }
                let early = moments.map { Condition.field($0.name, .gt, tx.now.stored) }
                let condition = early.dropFirst().reduce(early[0]) { $0 || $1 } && .field("is_demo", .eq, true)
                for row in try tx.fetch(Query(schema, where: condition, sort: [Query.Sort("id")], limit: 2000)) {
                    var row = row
                    for field in moments where (row[field].int ?? 0) > tx.now.milliseconds { row[field] = tx.now.stored }
                    try tx.save(row)
                }
            }
        }
    ]
}
