/// Waits until `condition` holds; who waits in vain is told for what. The bound is there for what hangs, and counts looks, not seconds:
/// when this task gets no turn, neither does the work it waits for.
public func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<12_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    guard try await condition() else { throw InVain(what: what) }
}

/// What was waited for did not come.
struct InVain: Error, CustomStringConvertible {
    var what: String
    var description: String { "waited in vain: \(what)" }
}
