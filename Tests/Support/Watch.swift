import Foundation
import Records
import Synchronization

/// A clock that stands still until a test moves it.
public final class Watch: Sendable {
    /// When it is in the tests: a Monday morning in November, or `ZHIKE_TEST_NOW` (`2027-12-31T23:58`, in Shanghai's time). A test whose
    /// sense hangs on a day says which.
    public static let start: Instant = {
        guard let text = ProcessInfo.processInfo.environment["ZHIKE_TEST_NOW"] else { return Instant(Day(number: 20_780), hour: 9) }
        let parts = text.split(separator: "T"), time = parts.last?.split(separator: ":").compactMap { Int($0) } ?? []
        guard parts.count == 2, time.count == 2, let day = Day(iso: String(parts[0])) else {
            fatalError("ZHIKE_TEST_NOW: \(text) is not a time like 2027-12-31T23:58")
        }
        return Instant(day, hour: time[0]).adding(seconds: Int64(time[1]) * 60)
    }()

    private let state: Mutex<Instant>

    public init(_ start: Instant = Watch.start) { state = Mutex(start) }

    public var now: Instant {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    public func pass(_ seconds: Int64) { state.withLock { $0 = $0.adding(seconds: seconds) } }
}
