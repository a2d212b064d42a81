import Foundation

/// How much of what could be tried is tried.
public enum Size {
    /// `bin/test --full` sets it: every combination, the whole of a large file. Else a part that shows the same at its first wrong place.
    public static let isFull = ProcessInfo.processInfo.environment["ZHIKE_TEST_FULL"] != nil
}
