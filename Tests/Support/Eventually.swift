/// Waits until `condition` holds; who waits in vain is told for what, and where. The bound is there for what hangs, and counts looks, not
/// seconds: when this task gets no turn, neither does the work it waits for.
public func eventually(_ what: String, file: String = #fileID, line: Int = #line, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<12_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    guard try await condition() else { throw NeverCame(what: what, place: "\(file):\(line)") }
}

struct NeverCame: Error, CustomStringConvertible {
    var what: String
    var place: String
    var description: String { "waited in vain until \(what) (\(place))" }
}
