import Foundation
import Gate
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import Storage
import Synchronization
import Web

/// What the running program counts for monitoring.
final class Metrics: Sendable {
    private struct Counts {
        /// Answers by hundreds: 1xx to 5xx.
        var answers = [0, 0, 0, 0, 0]
        var time = Duration.zero
        var open = 0
    }

    private let counts = Mutex(Counts())
    private let started = ContinuousClock.now

    func begin() { counts.withLock { $0.open += 1 } }

    func end(status: Int, after time: Duration) {
        counts.withLock {
            $0.open -= 1
            $0.time += time
            $0.answers[min(max(status / 100, 1), 5) - 1] += 1
        }
    }

    /// Prometheus' text format.
    func text(_ installation: Installation) async throws -> String {
        var lines: [String] = []
        func add(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: String)]) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"] + values.map { "\(name)\($0.labels) \($0.value)" }
        }
        let counts = counts.withLock { $0 }
        add(
            "zhike_http_requests_total", "counter", "Answered requests by status class.",
            counts.answers.enumerated().map { ("{status=\"\($0.offset + 1)xx\"}", "\($0.element)") })
        add("zhike_http_seconds_total", "counter", "Time spent until the answer's head.", [("", "\(counts.time / .seconds(1))")])
        add("zhike_http_requests_open", "gauge", "Requests being answered.", [("", "\(counts.open)")])
        let jobs = try await installation.store.read { try $0.summarize(Summary(Query(JobRow.self), by: [.init("status")])) }
        add(
            "zhike_jobs", "gauge", "Background jobs by state.",
            jobs.map { ("{status=\"\($0.keys.first?.text ?? "")\"}", "\($0.values.first?.int ?? 0)") })
        if let store = installation.store as? SQLiteStore {
            add("zhike_commits_total", "counter", "Database commits; one commit may hold several writes.", [("", "\(store.commits)")])
        }
        add("zhike_writable", "gauge", "1 while writes are taken.", [("", installation.health() == nil ? "1" : "0")])
        add("zhike_resident_bytes", "gauge", "Resident memory.", [("", "\((ProcessFacts.own?.residentKiB ?? 0) * 1024)")])
        add("zhike_uptime_seconds", "gauge", "Seconds since the start.", [("", "\((ContinuousClock.now - started).components.seconds)")])
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Counts every answer on its way out, and tells the bench what the database did for it.
struct Counting<Inner: HTTPResponder>: HTTPResponder where Inner.Context == WebContext {
    let inner: Inner
    let metrics: Metrics
    /// Set by `zhike bench` for its own server: others learn nothing of what lies in the database.
    private let tells = ProcessInfo.processInfo.environment[BenchServer.tellWork] != nil

    init(inner: Inner, metrics: Metrics) {
        self.inner = inner
        self.metrics = metrics
    }

    func respond(to request: Request, context: WebContext) async throws -> Response {
        let start = ContinuousClock.now
        metrics.begin()
        do {
            let response = tells ? try await told(request, context) : try await inner.respond(to: request, context: context)
            metrics.end(status: response.status.code, after: ContinuousClock.now - start)
            return response
        } catch {
            metrics.end(status: (error as? any HTTPResponseError)?.status.code ?? 500, after: ContinuousClock.now - start)
            throw error
        }
    }

    private func told(_ request: Request, _ context: WebContext) async throws -> Response {
        let tally = Tally()
        var response = try await Tally.$current.withValue(tally) { try await inner.respond(to: request, context: context) }
        if let name = HTTPField.Name(BenchServer.workHeader) {
            response.headers[name] = "\(tally.work.statements) \(tally.work.rows) \(tally.work.steps)"
        }
        return response
    }
}
