import Foundation

/// What the system says of a process: its memory and the processor time it has used.
struct ProcessFacts {
    var cpuMilliseconds: Int
    var residentKiB: Int
    var peakKiB: Int

    static var own: ProcessFacts? { ProcessFacts(of: ProcessInfo.processInfo.processIdentifier) }

    /// Nil when there is no such process.
    init?(of pid: Int32) {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")"),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        else { return nil }
        // The name in brackets may hold anything; the numbers follow it.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
        cpuMilliseconds = (user + system) * 1000 / Int(sysconf(Int32(_SC_CLK_TCK)))
        func kibibytes(_ name: String) -> Int {
            status.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap {
                $0.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) }
            } ?? 0
        }
        residentKiB = kibibytes("VmRSS:")
        peakKiB = kibibytes("VmHWM:")
    }
}
