import Records

/// A request laid out for its reader: what is asked and why, the record it is about, how far it has come. What the reader may not see of the
/// record is not in it.
public struct ApprovalSlip: Sendable {
    public struct Line: Sendable {
        public var label: String
        public var text: String
        /// What a changed field said before; nil for what is no change of a field.
        public var old: String?
    }

    /// One step of the way, with those who are or were asked.
    public struct Step: Sendable {
        public enum Stage: Sendable { case done, present, coming }
        public var name: String
        public var users: [Int64]
        public var needsAll: Bool
        public var stage: Stage
    }

    public var request: Record<ApprovalRequest>
    public var reason: String?
    /// What would be done: the step's answers, the changed fields, the rights.
    public var wanted: [Line]
    /// What the record said when it was asked.
    public var facts: [Line]
    /// The record as the reader sees it now; nil when it is out of their reach or gone.
    public var record: Row?
    public var steps: [Step]
    public var logs: [Record<ApprovalLog>]
}

extension View {
    public func slip(_ id: Int64) throws -> ApprovalSlip {
        let schema = catalog.schema(ApprovalRequest.self), seen = try record(schema, id: id), request = Record<ApprovalRequest>(seen)
        guard let kept = try whole(schema, id: id).map(Record<ApprovalRequest>.init) else { throw Refusal.notFound }
        let target = kept.entity.flatMap { catalog[$0] }, lens = kept.entity.flatMap { catalog.whole[$0] }.map(self.lens)
        let isWanted = ApprovalSlip.wanted(kept), because = target?.traits.reason
        func shown(_ line: ApprovalParts.Line) -> ApprovalSlip.Line {
            let reads = line.field.isEmpty || lens.flatMap { lens in lens.schema[line.field].map(lens.reads) } ?? false
            return .init(label: line.label, text: reads ? line.text : "****", old: line.old.map { reads ? $0 : "****" })
        }
        let parts = ApprovalParts(kept.parts)?.lines ?? []
        let why = request.reason ?? parts.first { $0.field == because && because != nil }.map { shown($0).text }
        let record = try target.flatMap { target in try kept.recordID.flatMap { try records(target, ids: [Int64($0)]).first } }
        return ApprovalSlip(
            request: request, reason: why.flatMap { $0.isEmpty ? nil : $0 },
            wanted: parts.filter(isWanted).map(shown).filter { $0.old != nil || $0.text != why },
            facts: parts.filter { !isWanted($0) && $0.field != because }.map(shown), record: try record.flatMap { try linked([$0]).first },
            steps: ApprovalSlip.steps(kept),
            logs: try lines(of: seen, Schema.field(\ApprovalRequest.logs)).map(Record<ApprovalLog>.init))
    }
}

extension ApprovalSlip {
    /// Which lines say what would be done; the others say what the record is like.
    fileprivate static func wanted(_ request: Record<ApprovalRequest>) -> (ApprovalParts.Line) -> Bool {
        switch request.trigger {
        // What an administrator is asked to grant is all of it.
        case .change where request.flow == nil: return { _ in true }
        case .change:
            let names = request.content.flatMap(Plain.init(jsonText:))?.object ?? [:]
            let hasOld = ApprovalParts(request.parts)?.lines.contains { $0.old != nil } ?? false
            return { hasOld ? $0.old != nil : names[$0.field] != nil }
        case .action, .create, nil: return { $0.field.isEmpty }
        }
    }

    fileprivate static func steps(_ request: Record<ApprovalRequest>) -> [Step] {
        let plan = ApprovalPlan(request.plan), place = request.step ?? 0, isOpen = request.status == .pending
        return (plan?.steps ?? []).enumerated().map { index, step in
            let stage: Step.Stage =
                index < place || (index == place && request.status == .approved) ? .done : index == place && isOpen ? .present : .coming
            return Step(
                name: step.name, users: stage == .present ? request.approvers.ids : step.users, needsAll: step.needsAll, stage: stage)
        }
    }
}
