import Records

/// A request's steps as they were found when it began, so that a later change of the flow does not change what is under way.
struct ApprovalPlan: Sendable {
    struct Step: Sendable {
        var name: String
        var users: [Int64]
        var needsAll: Bool
        var remindHours: Int
    }

    var steps: [Step]
    /// Fields that may not change meanwhile; all when empty.
    var locked: [String]
    var onReject: String?
    /// The state from which the record was taken while it waits, and the one it gets when refused.
    var before: String?
    var refused: String?
    /// Only an administrator's word counts, and nobody stands in for one who is none.
    var isForAdministrators = false

    /// What the program itself keeps in every record is never held.
    static let bookkeeping: Set<String> = ["version", "updated_at", "updated_by", "tags"]

    var jsonText: String {
        let list: [Plain] = steps.map { step in
            .object([
                "name": .text(step.name), "users": .list(step.users.map(Plain.int)), "all": .bool(step.needsAll),
                "hours": .int(Int64(step.remindHours)),
            ])
        }
        return Plain.object([
            "steps": .list(list), "locked": .list(locked.map(Plain.text)), "on_reject": onReject.map(Plain.text) ?? .null,
            "before": before.map(Plain.text) ?? .null, "refused": refused.map(Plain.text) ?? .null,
            "administrators": .bool(isForAdministrators),
        ]).jsonText
    }

    init(steps: [Step], locked: [String], onReject: String?) {
        self.steps = steps
        self.locked = locked
        self.onReject = onReject
    }

    init?(_ text: String?) {
        guard let members = text.flatMap(Plain.init(jsonText:))?.object, let list = members["steps"]?.list else { return nil }
        steps = list.compactMap { item in
            guard let step = item.object, let name = step["name"]?.text else { return nil }
            return Step(
                name: name, users: step["users"]?.list?.compactMap(\.int) ?? [], needsAll: step["all"]?.bool ?? false,
                remindHours: Int(step["hours"]?.int ?? 8))
        }
        locked = members["locked"]?.list?.compactMap(\.text) ?? []
        onReject = members["on_reject"]?.text
        before = members["before"]?.text
        refused = members["refused"]?.text
        isForAdministrators = members["administrators"]?.bool ?? false
    }
}

extension ApprovalFlow {
    /// Names between commas.
    static func names(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { ",，、; ".contains($0) }).map { $0.trimmed }.filter { !$0.isEmpty }
    }
}
