import Foundation
import Records
import Synchronization

/// How one kind of request did.
struct Measurement {
    var name: String
    var connections: Int
    var count: Int
    var errors: Int
    var seconds: Double
    /// Milliseconds, in order.
    var times: [Double]
    var cpuMilliseconds: Int
    /// What does not hang on the machine: what one answer took.
    var weight: Weight?
    /// Something that was refused, to be read by a person.
    var complaint: String?

    var perSecond: Double { seconds > 0 ? Double(count) / seconds : 0 }
    var cpuPerRequest: Double { count > 0 ? Double(cpuMilliseconds) / Double(count) : 0 }

    func percentile(_ share: Double) -> Double { times.isEmpty ? 0 : times[min(times.count - 1, Int(Double(times.count) * share))] }

    var plain: Plain {
        func rounded(_ number: Double) -> Plain { .real((number * 1000).rounded() / 1000) }
        var members: [String: Plain] = [
            "name": .text(name), "connections": .int(Int64(connections)), "count": .int(Int64(count)), "errors": .int(Int64(errors)),
            "p50_ms": rounded(percentile(0.5)), "p99_ms": rounded(percentile(0.99)), "per_second": rounded(perSecond),
            "cpu_ms": rounded(cpuPerRequest),
        ]
        if let weight {
            members.merge([
                "statements": .int(Int64(weight.statements)), "rows": .int(Int64(weight.rows)), "steps": .int(Int64(weight.steps)),
                "bytes": .int(Int64(weight.bytes)),
            ]) { $1 }
        }
        if let complaint { members["complaint"] = .text(complaint) }
        return .object(members)
    }

    /// Asks over `connections` at once for `seconds`; `make` gives the request of a connection's turn.
    static func take(
        _ name: String, on server: BenchServer, connections: Int, seconds: Double,
        _ make: @escaping @Sendable (_ connection: Int, _ turn: Int) -> [UInt8]
    ) -> Measurement {
        let port = server.port, sum = Sum()
        let weight = weigh(port, make)
        let before = server.facts?.cpuMilliseconds ?? 0, began = ContinuousClock.now
        run(port, connections: connections, seconds: seconds, sum, make)
        let taken = (ContinuousClock.now - began) / .seconds(1), cpu = (server.facts?.cpuMilliseconds ?? 0) - before
        let (times, errors, complaint) = sum.total
        return Measurement(
            name: name, connections: connections, count: times.count, errors: errors, seconds: taken, times: times.sorted(),
            cpuMilliseconds: cpu, weight: weight, complaint: complaint)
    }

    /// What one answer takes when all that is remembered from one to the next is warm. The lightest of several: every few seconds one of them
    /// also reads the session again.
    struct Weight {
        var statements, rows, steps, bytes: Int
    }

    private static func weigh(_ port: Int, _ make: (Int, Int) -> [UInt8]) -> Weight? {
        guard let client = try? BenchClient(port: port) else { return nil }
        let weights = (1...5).compactMap { _ -> Weight? in
            guard let answer = try? client.ask(make(0, 0)),
                let work = answer.header(BenchServer.workHeader)?.split(separator: " ").compactMap({ Int($0) }), work.count == 3
            else { return nil }
            return Weight(statements: work[0], rows: work[1], steps: work[2], bytes: answer.body.count)
        }
        return weights.min { ($0.statements, $0.rows, $0.steps) < ($1.statements, $1.rows, $1.steps) }
    }

    private final class Sum: Sendable {
        private let state = Mutex((times: [Double](), errors: 0, complaint: String?.none))
        var total: (times: [Double], errors: Int, complaint: String?) { state.withLock { $0 } }

        func add(_ times: [Double], _ errors: Int, _ complaint: String?) {
            state.withLock {
                $0.times += times
                $0.errors += errors
                $0.complaint = $0.complaint ?? complaint
            }
        }
    }

    private static func run(_ port: Int, connections: Int, seconds: Double, _ sum: Sum, _ make: @escaping @Sendable (Int, Int) -> [UInt8]) {
        let group = DispatchGroup(), end = ContinuousClock.now + .seconds(seconds)
        for connection in 0..<connections {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                var times: [Double] = [], errors = 0, complaint: String?
                do {
                    let client = try BenchClient(port: port)
                    var turn = 0
                    while ContinuousClock.now < end {
                        let request = make(connection, turn), start = ContinuousClock.now
                        let answer = try client.ask(request)
                        times.append((ContinuousClock.now - start) / .milliseconds(1))
                        if !(200..<300).contains(answer.status) {
                            errors += 1
                            complaint = complaint ?? "\(answer.status) \(String(decoding: answer.body.prefix(200), as: UTF8.self))"
                        }
                        turn += 1
                    }
                } catch {
                    errors += 1
                    complaint = complaint ?? Exit(error).message
                }
                sum.add(times, errors, complaint)
            }
        }
        group.wait()
    }
}
