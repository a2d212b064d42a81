import Testing

/// Waits until `condition` holds; who waits in vain is told for what. The bound is there for what hangs, and counts looks, not seconds:
/// when this task gets no turn, neither does the work it waits for.
func eventually(_ what: Comment, at place: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<12_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    try #require(try await condition(), what, sourceLocation: place)
}
