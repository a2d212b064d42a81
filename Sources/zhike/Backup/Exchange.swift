import Foundation

/// What was restored takes the place of what lies in a data folder. It happens in two steps, each of which can be done again: after a
/// sudden end whoever opens the folder next finishes it, and there is never half of each.
struct Exchange {
    let folder: String
    /// Whole and checked; what is there has yet to go aside.
    private var ready: String { folder + "/.restored" }
    /// Nothing is in its way any more.
    private var clear: String { folder + "/.restored-clear" }
    private static let kept: Set = ["zhike.lock", "backups", "lost+found", ".restoring", ".restored", ".restored-clear"]

    /// What lies in the folder and would be in the way.
    func present() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            !Exchange.kept.contains($0) && !$0.hasPrefix("before-restore-")
        }.sorted()
    }

    /// From here on the restored data counts. `stage` lies in the folder.
    func begin(with stage: String) throws {
        if exists(stage + "/files") { try Disk.synchronize(stage + "/files") }
        try Disk.synchronize(stage)
        try move(stage, to: ready)
    }

    /// Does what is left to do; says where the previous data lies when it was put aside now.
    func finish() throws -> String? {
        let aside = exists(ready) ? try putAside() : nil
        guard exists(clear) else { return nil }
        for name in try FileManager.default.contentsOfDirectory(atPath: clear).sorted() {
            try FileManager.default.moveItem(atPath: "\(clear)/\(name)", toPath: "\(folder)/\(name)")
        }
        try Disk.synchronize(folder)
        try FileManager.default.removeItem(atPath: clear)
        return aside
    }

    /// Finishes what an earlier program had to leave, unless somebody else is at it.
    static func finish(in folder: String) throws {
        let exchange = Exchange(folder: folder)
        guard exchange.exists(exchange.ready) || exchange.exists(exchange.clear), let lock = FolderLock.take(in: folder) else { return }
        defer { close(lock) }
        _ = try exchange.finish()
    }

    private func putAside() throws -> String? {
        // The same name when it is done again.
        var facts = stat()
        guard stat(ready, &facts) == 0 else {
            throw CommandFailure(
                message: say(
                    "无法读取 \(ready)：\(String(cString: strerror(errno)))", "Cannot read \(ready): \(String(cString: strerror(errno)))"))
        }
        let place = folder + "/before-restore-\(facts.st_mtim.tv_sec)"
        let old = try present()
        if !old.isEmpty {
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for name in old { try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(place)/\(name)") }
            try Disk.synchronize(place)
        }
        try move(ready, to: clear)
        return exists(place) ? place : nil
    }

    /// A name changed for good.
    private func move(_ from: String, to: String) throws {
        try Disk.synchronize(folder)
        guard rename(from, to) == 0 else {
            throw CommandFailure(
                message: say(
                    "无法改名为 \(to)：\(String(cString: strerror(errno)))", "Cannot rename to \(to): \(String(cString: strerror(errno)))"))
        }
        try Disk.synchronize(folder)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
