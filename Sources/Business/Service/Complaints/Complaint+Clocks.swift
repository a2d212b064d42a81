import Records

/// How soon a complaint of a level is acknowledged, answered with a solution and closed (§3.9, [CFG]).
public struct ComplaintClock: Entity {
    public static let name = "complaint_clocks", label = "投诉时限"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "timer", english: "Complaint deadlines").with { $0.sort = ["id"] }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 100), .title)
    public let level = Field<Complaint.Level>("level", "级别", .unique, .inList, .quick, .initial("general"))
    public let acknowledge = Field<Int>(
        "ack_minutes", "受理告知", kind: WholeNumberKind(range: 1...10_000), .inList, .quick, .unit("分钟", "min"), .english("Acknowledge within")
    )
    public let acknowledgeClock = Field<ServiceLevel.Clock>(
        "ack_clock", "告知计时", .inList, .quick, .initial("working"), .english("Acknowledgement runs in"))
    public let solution = Field<Int>(
        "solution_minutes", "首次方案", kind: WholeNumberKind(range: 1...100_000), .inList, .quick, .unit("分钟", "min"),
        .english("Propose within"))
    public let solutionClock = Field<ServiceLevel.Clock>(
        "solution_clock", "方案计时", .inList, .quick, .initial("always"), .english("Proposal runs in"))
    public let closeDays = Field<Int>(
        "close_days", "结案", kind: WholeNumberKind(range: 1...365), .inList, .quick, .unit("个工作日", "working days"), .english("Close within"))

    public init() {}
}

extension Complaint {
    /// The moments that the level promises, counted from `start`.
    static func promise(_ complaint: inout Record<Complaint>, from start: Instant, _ tx: any Transaction) throws {
        guard let clock = try tx.first(ComplaintClock.self, where: \ComplaintClock.level == complaint.level) else {
            (complaint.acknowledgeDue, complaint.solutionDue, complaint.due) = (nil, nil, nil)
            return
        }
        let calendar = try WorkCalendar.load(tx)
        complaint.acknowledgeDue = clock.acknowledgeClock.adding(clock.acknowledge, to: start, calendar)
        complaint.solutionDue = clock.solutionClock.adding(clock.solution, to: start, calendar)
        complaint.due = calendar.adding(workingDays: clock.closeDays, to: start)
    }

    /// Which clock runs out next, of those that have not been told yet; none while the customer's information is waited for or it is over.
    static func nextClock(_ complaint: Record<Complaint>) -> (at: Instant, clock: Missed)? {
        guard Status.open.contains(complaint.status), complaint.status != .pendingInfo else { return nil }
        var clocks: [(at: Instant, clock: Missed)] = []
        if complaint.acknowledgedAt == nil, complaint.missed == nil, let at = complaint.acknowledgeDue { clocks.append((at, .acknowledge)) }
        if complaint.proposedAt == nil, complaint.missed == nil || complaint.missed == .acknowledge, let at = complaint.solutionDue {
            clocks.append((at, .solution))
        }
        if complaint.missed != .close, let at = complaint.due { clocks.append((at, .close)) }
        return clocks.min { $0.at < $1.at }
    }

    /// §2.11: the clock pauses only for the customer's information; the deadlines move by as much.
    static func startClock(_ complaint: inout Record<Complaint>, _ tx: any Transaction) throws {
        guard let since = complaint.waitingSince else { return }
        let calendar = try WorkCalendar.load(tx), waited = calendar.minutes(from: since, to: tx.now)
        if let clock = try tx.first(ComplaintClock.self, where: \ComplaintClock.level == complaint.level) {
            if complaint.acknowledgedAt == nil {
                complaint.acknowledgeDue = complaint.acknowledgeDue.map {
                    clock.acknowledgeClock.adding(clock.acknowledgeClock.minutes(from: since, to: tx.now, calendar), to: $0, calendar)
                }
            }
            if complaint.proposedAt == nil {
                complaint.solutionDue = complaint.solutionDue.map {
                    clock.solutionClock.adding(clock.solutionClock.minutes(from: since, to: tx.now, calendar), to: $0, calendar)
                }
            }
        }
        complaint.due = complaint.due.map { calendar.adding(minutes: waited, to: $0) }
        complaint.waitingSince = nil
    }
}
