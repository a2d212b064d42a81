/// Work that runs by itself: later, or at a set time of the day, each time in a transaction of its own. It may run twice after a crash,
/// so it must find what is still to do. What it does to many records it does with ``Transaction/each(_:where:sort:batch:part:_:)``: one that
/// is refused never stops it for the others.
public struct Job: Sendable {
    public var name: String
    public var label: String
    public var english: String?
    /// When it runs by itself; nil when only `enqueue` starts it.
    public var schedule: Schedule?
    public var run: @Sendable ([String: Plain], any Transaction) throws -> Void

    public init(
        _ name: String, _ label: String, english: String? = nil, schedule: Schedule? = nil,
        run: @escaping @Sendable ([String: Plain], any Transaction) throws -> Void
    ) {
        self.name = name
        self.label = label
        self.english = english
        self.schedule = schedule
        self.run = run
    }

    public func label(in language: Language) -> String { language == .chinese ? label : english ?? name }

    public enum Schedule: Sendable, Hashable {
        /// Every day at this time in the company's zone.
        case daily(hour: Int, minute: Int)
        case every(seconds: Int64)
    }
}
