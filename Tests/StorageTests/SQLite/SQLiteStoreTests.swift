import Foundation
import GRDBSQLite
import Records
import Synchronization
import TestSupport
import Testing

@testable import Storage

private final class Come: Sendable {
    let count = Atomic(0)
    let isHeld = Atomic(false)
}

@Suite("SQLite") struct SQLiteStoreTests {
    @Test("writes that come together share commits, and each has its own answer")
    func groupCommit() async throws {
        let folder = try Folder()
        // A batch ends when it is full, not when its ten milliseconds are over: those are few on a busy machine.
        let store = try SQLiteStore(path: folder.database, readers: 2, batchTime: .seconds(3600))
        defer { store.close() }
        try await store.sync(Shop.catalog)
        do {
            let before = store.commits
            // The writer is held until all have come, however slowly the machine lets them.
            let come = Come(), end = ContinuousClock.now + .seconds(600)
            let held = Task {
                try await store.write { _ in
                    come.isHeld.store(true, ordering: .releasing)
                    while come.count.load(ordering: .acquiring) < 400, ContinuousClock.now < end { usleep(1000) }
                }
            }
            try await eventually("the writer is held") { come.isHeld.load(ordering: .acquiring) }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        come.count.add(1, ordering: .releasing)
                        do {
                            // Every tenth writes one row and then asks for a code that another has.
                            try await store.write { tx in
                                if number % 10 == 0 { try tx.insert(Customer.row("客户先写", ["city": "白写"])) }
                                try tx.insert(Customer.row("客户\(number)", ["code": .text(number % 10 == 0 ? "taken" : "C\(number)")]))
                            }
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            try await held.value
            #expect(outcomes.filter(\.self).count == 361)
            let ids = try await store.ids(Query(Customer.self, limit: 1000))
            #expect(ids.count == 362)
            let first = try await store.ids(Query(Customer.self, where: .field("city", .eq, "白写")))
            #expect(first.count == 1)
            #expect(try await store.search("kehu", limit: 1000).count == 362)
            // The held one and full batches; one more for each thread that had come and not yet asked.
            #expect(store.commits - before < 20, "\(store.commits - before) commits for 400 writes")
        }
    }

    @Test("one commit is at least one fsync of the log")
    func fsyncs() async throws {
        try await Backend.sqlite.withStore { made in
            let store = made as! SQLiteStore
            let (synchronous, mode, automatic) = try await store.define { session in
                let connection = session.connection
                return (
                    try connection.first("pragma synchronous")?[0], try connection.first("pragma journal_mode")?[0],
                    try connection.first("pragma wal_autocheckpoint")?[0]
                )
            }
            #expect(synchronous == 2 && mode == "wal" && automatic == 0)
        }
    }

    @Test("a reader keeps its picture while others write")
    func snapshot() async throws {
        try await Backend.sqlite.withStore { store in
            try await store.add(Customer.row("张三"))
            let counts = try await store.read { reading in
                let before = try reading.count(Query(Customer.self), cap: 10)
                let written = DispatchSemaphore(value: 0)
                Task {
                    _ = try? await store.add(Customer.row("李四"))
                    written.signal()
                }
                #expect(written.wait(timeout: .now() + 600) == .success, "nobody who writes waits for a reader")
                return [before, try reading.count(Query(Customer.self), cap: 10)]
            }
            #expect(counts == [1, 1])
            #expect(try await store.read { try $0.count(Query(Customer.self), cap: 10) } == 2)
        }
    }

    @Test("a second store on the same folder is refused; a lock file left behind is no obstacle")
    func lock() async throws {
        let folder = try Folder()
        try "99999\n".write(to: folder.url.appending(path: "zhike.lock"), atomically: true, encoding: .utf8)
        let first = try SQLiteStore(path: folder.database)
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: folder.database) }
        #expect("\(error!)".contains("进程号 \(getpid())"))
        first.close()
        // Closed, it is free again.
        let second = try SQLiteStore(path: folder.database)
        second.close()
        withExtendedLifetime((first, second)) {}
    }

    @Test("a closed store finishes what waits and takes nothing more")
    func close() async throws {
        let folder = try Folder()
        do {
            let store = try SQLiteStore(path: folder.database)
            try await store.sync(Shop.catalog)
            async let last: [Int64] = store.add(Customer.row("最后一个"))
            _ = try await last
            store.close()
            await #expect(throws: StoreError.self) { try await store.add(Customer.row("太晚了")) }
            await #expect(throws: StoreError.self) { try await store.ids(Query(Customer.self)) }
        }
        let again = try SQLiteStore(path: folder.database)
        try await again.sync(Shop.catalog)
        #expect(try await again.ids(Query(Customer.self)) == [1])
        again.close()
    }

    @Test("a full disk refuses, is told as such, and heals by itself")
    func full() async throws {
        try await Backend.sqlite.withStore { made in
            let store = made as! SQLiteStore
            try await store.add(Customer.row("张三"))
            // As if the disk ended here.
            let pages = try await store.define { try $0.connection.first("pragma page_count")?[0].int ?? 0 }
            _ = try await store.define { try $0.connection.rows("pragma max_page_count = \(pages)") }
            let long = Customer.row("李四", ["note": .text(String(repeating: "长", count: 200_000))])
            do {
                try await store.add(long)
                Issue.record("it fitted")
            } catch StoreError.full(let text) { #expect(text.contains("磁盘空间不足")) }
            #expect(store.health?.contains("磁盘空间不足") == true)
            #expect(try await store.ids(Query(Customer.self)) == [1])
            _ = try? await store.define { try $0.connection.rows("pragma max_page_count = 1000000") }
            try await store.add(long)
            #expect(store.health == nil)
            #expect(try await store.ids(Query(Customer.self)).count == 2)
        }
    }

    @Test("after a failed write to the disk the store is lost: the owner is told once, and nothing is written any more")
    func lost() async throws {
        try await Backend.sqlite.withStore { made in
            let store = made as! SQLiteStore
            let (stream, told) = AsyncStream.makeStream(of: String.self)
            store.onLost = { told.yield($0) }
            await #expect(throws: StoreError.self) {
                try await store.write { tx in
                    let session = tx as! Session
                    try session.run { _ in throw SQLFailure(reason: .ioError, message: "disk I/O error", sql: "commit") }
                }
            }
            told.finish()
            var reasons: [String] = []
            for await reason in stream { reasons.append(reason) }
            #expect(reasons.count == 1)
            #expect(store.health != nil)
            await #expect(throws: StoreError.self) { try await store.add(Customer.row("张三")) }
            let ids = try await store.ids(Query(Customer.self))
            #expect(ids == [])
        }
    }

    @Test("more waiting writes than the queue holds are refused, not kept")
    func bounded() {
        let queue = WorkQueue<Int>(limit: 3)
        #expect((0..<5).map { queue.add($0) } == [nil, nil, nil, .full, .full])
        #expect(queue.next() == 0)
        #expect(queue.add(9) == nil)
        queue.close()
        #expect(queue.add(10) == .closed)
        #expect([queue.next(), queue.next(), queue.next(), queue.next()] == [1, 2, 9, nil])
    }

    @Test("a backup is whole, checked, and made while others write")
    func backup() async throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.database)
        try await store.sync(Shop.catalog)
        try await store.write { _ = try $0.insert((0..<3000).map { Customer.row("客户\($0)") }) }
        let target = folder.url.appending(path: "copy/zhike.db")
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.backup(to: target.path) }
            for number in 0..<50 { group.addTask { try await store.add(Customer.row("写入\(number)")) } }
            try await group.waitForAll()
        }
        await #expect(throws: StoreError.self) { try await store.backup(to: "/nowhere/zhike.db") }
        store.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.deletingLastPathComponent().path) == ["zhike.db"])
        let restored = try SQLiteStore(path: target.path)
        try await restored.sync(Shop.catalog)
        #expect(try await restored.ids(Query(Customer.self, limit: 5000)).count >= 3000)
        #expect(try await restored.search("kehu2999").count == 1)
        restored.close()
    }

    @Test("a backup of a damaged database is never listed as good")
    func damagedBackup() async throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.database)
        try await store.sync(Shop.catalog)
        try await store.write { _ = try $0.insert((0..<3000).map { Customer.row("客户\($0)") }) }
        store.close()
        let file = try FileHandle(forUpdating: URL(filePath: folder.database))
        let size = try file.seekToEnd()
        // A stretch in the middle: b-tree pages of the table or of an index.
        try file.seek(toOffset: size / 2 / 4096 * 4096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4096 * 8))
        try file.close()
        let target = folder.url.appending(path: "copy.db").path
        #expect(throws: StoreError.self) { try Backup(source: folder.database, target: target).run() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { !$0.hasPrefix("copy") })
    }

    @Test("what is no database is refused with a reason")
    func noDatabase() throws {
        let folder = try Folder()
        try String(repeating: "这不是数据库", count: 1000).write(toFile: folder.database, atomically: true, encoding: .utf8)
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: folder.database) }
        #expect("\(error!)".contains("不是数据库"))
        #expect(throws: StoreError.self) { try SQLiteStore(path: "/nowhere/at/all/zhike.db") }
    }

    @Test("messages reach those who listen, with the commit and only then")
    func announcements() async throws {
        try await Backend.sqlite.withStore { store in
            var heard = store.announcements("sessions").makeAsyncIterator()
            struct Stop: Error {}
            try? await store.write { tx in
                try tx.announce("sessions", "never")
                throw Stop()
            }
            try await store.write { try $0.announce("sessions", "ended 7") }
            try await store.announce("settings", "elsewhere")
            try await store.announce("sessions", "ended 8")
            #expect(await heard.next() == "ended 7")
            #expect(await heard.next() == "ended 8")
        }
    }

    @Test("a statement without end is stopped")
    func endless() throws {
        let folder = try Folder()
        try SQLiteOpening.withConnection(folder.database, isWriter: true) { connection in
            connection.limitStatements(to: .milliseconds(50))
            let error = #expect(throws: SQLFailure.self) {
                try connection.rows("with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n")
            }
            #expect(error?.reason == .tooLong)
            let alive = try connection.first("select 1")?[0]
            #expect(alive == 1)
        }
    }
}

/// A folder that goes with the test.
final class Folder {
    let url: URL
    var database: String { url.appending(path: "zhike.db").path }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "zhike-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
