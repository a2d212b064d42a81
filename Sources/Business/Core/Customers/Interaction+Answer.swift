import Records

/// What stops a first-response clock (§2.6, §2.11, C15): the company's own answer, and nothing that only looks like one.
public enum OwnAnswer {
    /// When a person of the company answered with this exchange; nil when it is no answer. What the customer said is none, nor what an
    /// automation wrote, nor what is said to have happened before the clock began.
    ///
    /// - Parameters:
    ///   - start: when the clock began: the assignment, or the record itself.
    ///   - due: when it runs out. An answer that is written down after that counts from when it was written: a deadline is not met
    ///     afterwards.
    public static func moment(
        _ talk: Record<Interaction>, _ change: Change, since start: Instant, by due: Instant?, _ tx: any Transaction
    ) -> Instant? {
        guard change.isNew, talk.direction == .outgoing, tx.actor.userID != 0, tx.actor.via != "automation", let at = talk.happenedAt,
            isWithin(start, at)
        else { return nil }
        return due.map { $0 < tx.now } ?? false ? tx.now : min(at, tx.now)
    }

    /// Whether `at` is not before the clock began. Forms know no seconds.
    public static func isWithin(_ start: Instant, _ at: Instant) -> Bool { at.milliseconds / 60_000 >= start.milliseconds / 60_000 }
}
