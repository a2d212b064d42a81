import Records

/// Where a request lies for somebody (§4.9 step 2).
public enum ApprovalBox: String, CaseIterable, Sendable {
    /// Waits for the reader's word, the longest waiting first.
    case waiting
    /// The reader asked for it.
    case mine
    /// The reader gave a word on it: approved, refused, sent back or passed on.
    case decided

    public func label(in language: Language) -> String {
        switch self {
        case .waiting: language("待我审批", "Waiting for me")
        case .mine: language("我发起的", "Asked by me")
        case .decided: language("已办", "Decided by me")
        }
    }
}

extension View {
    /// The requests in a box, as far as the reader may see them.
    public func approvals(in box: ApprovalBox, limit: Int) throws -> [Row] {
        guard var query = try boxed(box) else { return [] }
        query.limit = limit
        query.withLinks = true
        return try linked(seen(reading.fetch(query)))
    }

    /// How many they are, up to `cap`.
    public func countApprovals(in box: ApprovalBox, cap: Int) throws -> Int { try boxed(box).map { try reading.count($0, cap: cap) } ?? 0 }

    private func boxed(_ box: ApprovalBox) throws -> Query? {
        let schema = catalog.schema(ApprovalRequest.self)
        guard may("read", schema) else { return nil }
        let newest = [Query.Sort("submitted_at", descending: true)]
        switch box {
        case .waiting:
            let asked = Condition.field("approver_ids", .in, .int(actor.userID)) && \ApprovalRequest.status == .pending
            return try query(for: ListRequest(schema, where: asked, sort: [Query.Sort("submitted_at")]))
        case .mine: return try query(for: ListRequest(schema, where: .field("owner_id", .eq, .int(actor.userID)), sort: newest))
        case .decided:
            // The trace is asked beyond the reader's rights to it: these are their own words.
            let words = [ApprovalLog.What.approved, .rejected, .returned, .transferred].map { Value.text($0.rawValue) }
            let said = Condition.exists(
                entity: ApprovalLog.name, field: "approval_id",
                .field("user_id", .eq, .int(actor.userID)) && .compare(.init("what"), .in, words))
            var query = try query(for: ListRequest(schema, sort: newest))
            if let condition = query?.condition { query?.condition = condition && said }
            return query
        }
    }
}
