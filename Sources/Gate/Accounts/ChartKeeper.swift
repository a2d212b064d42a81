import Records
import Synchronization

/// Keeps the newest ``OrgChart``: read again when something changed, compared with the database every few seconds for other instances'
/// sake.
final class ChartKeeper: Sendable {
    private let gate: Gate
    private let freshness: Duration
    private let state = Mutex(State())

    private struct State {
        var chart: OrgChart?
        var checkedAt: ContinuousClock.Instant?
        /// Grows with every change; a chart is current when it was read at this generation.
        var generation = 0
        var chartGeneration = -1
        var flight: (task: Task<OrgChart, any Error>, generation: Int)?
    }

    init(_ gate: Gate, freshness: Duration) {
        self.gate = gate
        self.freshness = freshness
    }

    func expire() { state.withLock { $0.generation += 1 } }

    var atHand: OrgChart? {
        state.withLock { state in
            guard state.chartGeneration == state.generation, let at = state.checkedAt, at.duration(to: .now) < freshness else { return nil }
            return state.chart
        }
    }

    /// One reading serves all who wait for it.
    func current() async throws -> OrgChart {
        if let atHand { return atHand }
        let task = state.withLock { state -> Task<OrgChart, any Error> in
            if let flight = state.flight, flight.generation == state.generation { return flight.task }
            let generation = state.generation
            let known = state.chartGeneration == generation ? state.chart : nil
            let task = Task { try await self.refresh(known, generation) }
            state.flight = (task, generation)
            return task
        }
        return try await task.value
    }

    private func refresh(_ known: OrgChart?, _ generation: Int) async throws -> OrgChart {
        let started = ContinuousClock.now
        do {
            let catalog = gate.catalog, now = gate.clock.now()
            let chart = try await gate.store.read { reading in
                if let known, try Organisation.mark(reading, catalog, now: now) == known.mark { return known }
                return try OrgChart.read(reading, catalog, now: now)
            }
            land(generation) { state in
                guard generation >= state.chartGeneration else { return }
                (state.chart, state.checkedAt, state.chartGeneration) = (chart, started, generation)
            }
            return chart
        } catch {
            land(generation) { _ in }
            throw error
        }
    }

    private func land(_ generation: Int, _ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            if state.flight?.generation == generation { state.flight = nil }
        }
    }
}
