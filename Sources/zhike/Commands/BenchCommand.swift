import ArgumentParser
import Foundation
import Records

/// `zhike bench`: makes a large company and measures what its people would wait for.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: say("生成测试数据并测量速度", "Make test data and measure the speed"),
        discussion: say(
            "在本机另起一个服务，以普通销售和经理的身份通过 HTTP 测量。每项同时给出耗时和服务的 CPU 时间；机器繁忙时以 CPU 时间为准。",
            "Starts a server of its own on this machine and measures over HTTP, as ordinary salespeople and managers. Each figure comes "
                + "with the time and the server's CPU time; on a busy machine go by the CPU time."
        )
    )

    @Option(help: .say("客户数", "Number of customers")) var customers = 100_000
    @Option(help: .say("互动记录数（默认客户数的 5 倍）", "Number of interactions (5 times the customers)")) var interactions: Int?
    @Option(help: .say("每项测量的秒数", "Seconds for each measurement")) var seconds = 3.0
    @Option(name: .customLong("import"), help: .say("导入测量的行数；0 为不测", "Rows of the import that is measured; 0 for none")) var importing =
        10_000
    @Flag(help: .say("最后输出一个 JSON 对象", "Print one JSON object at the end")) var json = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        guard (1...20_000_000).contains(customers), (0...100_000_000).contains(interactions ?? 0), (0.1...600).contains(seconds) else {
            throw ValidationError(say("数目超出范围", "The numbers are out of range"))
        }
        var settings = try Settings(store)
        let isOwn = store.data == nil
        if isOwn { settings.data = NSTemporaryDirectory() + "zhike-bench-\(ProcessInfo.processInfo.processIdentifier)" }
        defer { if isOwn { try? FileManager.default.removeItem(atPath: settings.data) } }
        let making = try await prepare(settings)
        let server = try BenchServer(settings)
        let idle = server.facts?.residentKiB ?? 0
        let run = try BenchRun(server, seconds: seconds) { measurement in
            let line = String(
                format: "%8.0f/s  p50 %7.2f ms  p99 %7.2f ms  CPU %6.3f ms", measurement.perSecond, measurement.percentile(0.5),
                measurement.percentile(0.99),
                measurement.cpuPerRequest)
            let errors = measurement.errors == 0 ? "" : say("  错误 ", "  errors ") + "\(measurement.errors): \(measurement.complaint ?? "")"
            FileHandle.standardError.write(
                Data("\(measurement.name.padded(32)) ×\(measurement.connections)\t\(line)\(errors)\n".utf8))
        }
        do { try await run.run(importing: importing) } catch {
            _ = server.stop()
            throw error
        }
        let peak = server.facts?.peakKiB ?? 0, stopping = server.stop()
        report(run, making, server.startSeconds, stopping, idle, peak, settings)
    }

    /// The seconds that making the data took; nil when it was there.
    private func prepare(_ settings: Settings) async throws -> Double? {
        let installation = try await Installation.open(settings)
        defer { installation.close() }
        let began = ContinuousClock.now, total = customers
        let data = BenchData(installation: installation, customers: customers, interactions: interactions ?? customers * 5)
        let isNew = try await data.make { done in
            if isatty(2) == 1 {
                FileHandle.standardError.write(Data(say("\r生成数据 \(done)/\(total)", "\rMaking data \(done)/\(total)").utf8))
            }
        }
        return isNew ? (ContinuousClock.now - began) / .seconds(1) : nil
    }

    private func report(_ run: BenchRun, _ making: Double?, _ start: Double, _ stop: Double, _ idle: Int, _ peak: Int, _ settings: Settings)
    {
        var members = run.plain
        members["customers"] = .int(Int64(customers))
        members["interactions"] = .int(Int64(interactions ?? customers * 5))
        members["database"] = .text(settings.database == nil ? "sqlite" : "postgresql")
        members["generate_seconds"] = making.map(Plain.real) ?? .null
        members["start_seconds"] = .real(start)
        members["stop_seconds"] = .real(stop)
        members["idle_mib"] = .int(Int64(idle >> 10))
        members["peak_mib"] = .int(Int64(peak >> 10))
        if json { return print(Plain.object(members).jsonText) }
        for work in members["work"]?.list ?? [] {
            let work = work.object ?? [:]
            print(
                say(
                    "\((work["name"]?.text ?? "").padded(32)) \(work["rows_per_second"]?.int ?? 0) 行/秒（\(work["rows"]?.int ?? 0) 行）",
                    "\((work["name"]?.text ?? "").padded(32)) \(work["rows_per_second"]?.int ?? 0) rows/s (\(work["rows"]?.int ?? 0) rows)")
            )
        }
        print(
            String(
                format: say("启动 %.2f 秒，停止 %.2f 秒；内存空闲 %d MiB，最高 %d MiB", "Start %.2f s, stop %.2f s; memory idle %d MiB, at most %d MiB"),
                start, stop, idle >> 10, peak >> 10))
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
