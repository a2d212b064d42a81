import Foundation
import Records
import Storage
import Synchronization

/// A database that is filled once in a run and copied for every test that asks: filling one takes seconds, copying it a moment.
///
/// ```swift
/// static let staffed = Prepared { store in try await House(store).staff() }
/// try await House.staffed.open(.postgresql) { store, folder, people in … }
/// ```
public final class Prepared<Facts: Sendable>: Sendable {
    private let fill: @Sendable (any Store) async throws -> Facts
    private let patterns = Mutex<[Engine: Task<(Pattern, Facts), any Error>]>([:])

    /// `fill` answers with what tests want to know of it: the ids of the people it hired.
    public init(_ fill: @escaping @Sendable (any Store) async throws -> Facts) { self.fill = fill }

    /// Runs `body` with a copy of its own, which is gone afterwards.
    public func open<T>(_ engine: Engine, _ body: (any Store, URL, Facts) async throws -> T) async throws -> T {
        let (pattern, facts) = try await pattern(engine).value
        return try await engine.open(pattern) { store, folder in try await body(store, folder, facts) }
    }

    private func pattern(_ engine: Engine) -> Task<(Pattern, Facts), any Error> {
        patterns.withLock { patterns in
            if let known = patterns[engine] { return known }
            let made = Task { [fill] in try await engine.pattern(fill) }
            patterns[engine] = made
            return made
        }
    }
}
