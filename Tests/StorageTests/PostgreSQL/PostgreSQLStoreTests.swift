import Foundation
import Records
import Testing

@testable import Storage

@Suite("PostgreSQL", .enabled(if: Backend.server != nil)) struct PostgreSQLStoreTests {
    @Test("a pool heals after its connections were cut: reads go on, writes at most fail once")
    func reconnect() async throws {
        try await Backend.postgresql.withStore { made in
            let store = made as! PostgreSQLStore
            try await store.add(Customer.row("张三"))
            for round in 0..<3 {
                try await cut(store)
                for _ in 0..<12 { #expect(try await store.ids(Query(Customer.self)).count == round + 1) }
                try await cut(store)
                var written = 0
                for _ in 0..<8 where written == 0 {
                    do {
                        try await store.add(Customer.row("李四"))
                        written += 1
                    } catch StoreError.unavailable { continue }
                }
                #expect(written == 1)
            }
            #expect(store.health == nil)
        }
    }

    @Test(
        "a server without room is told as such, other faults are not",
        arguments: [("53100", true), ("53200", true), ("53300", false), ("58030", false)])
    func full(state: String, isFull: Bool) async throws {
        try await Backend.postgresql.withStore { made in
            let store = made as! PostgreSQLStore
            do {
                try await store.write { tx in
                    try (tx as! Session).run { try $0.script("do $$ begin raise exception 'x' using errcode = '\(state)'; end $$") }
                }
                Issue.record("it was written")
            } catch StoreError.full(let text) {
                #expect(isFull && text.contains("不足"))
            } catch { #expect(!isFull) }
            try await store.add(Customer.row("张三"))
        }
    }

    /// Ends the store's connections from another one, by the schema they work in.
    private func cut(_ store: PostgreSQLStore) async throws {
        let pids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await store.read { reading in
                        let session = reading as! Session
                        // So that the others take other connections; one that is not found is not cut.
                        Thread.sleep(forTimeInterval: 0.02)
                        return try session.connection.first("select pg_backend_pid()")?[0].int ?? 0
                    }
                }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        try end(pids)
    }

    /// Ends these connections from another one and waits until the server knows no more of them.
    private func end(_ pids: Set<Int64>) throws {
        let other = try PostgreSQLConnection(PostgreSQLSettings(url: Backend.server!, schema: "public", statementTimeout: 60_000))
        for pid in pids {
            _ = try other.rows("select pg_terminate_backend($1)", [.int(pid)])
            let end = ContinuousClock.now + .seconds(600)
            while try other.first("select 1 from pg_stat_activity where pid = $1", [.int(pid)]) != nil {
                try #require(ContinuousClock.now < end, "connection \(pid) ends")
                usleep(1000)
            }
        }
    }

    @Test("what breaks in the middle is done again; what breaks under the commit is not")
    func inTheMiddle() async throws {
        try await Backend.postgresql.withStore { store in
            try await store.add(Customer.row("张三"))
            let tries = Counter()
            @Sendable func suicide(_ session: Session) throws {
                try end([try session.connection.first("select pg_backend_pid()")?[0].int ?? 0])
            }
            let found = try await store.read { reading in
                if tries.next() == 1 { try suicide(reading as! Session) }
                return try reading.fetch(Query(Customer.self)).count
            }
            #expect(found == 1 && tries.value == 2)
            let writes = Counter()
            try await store.write { tx in
                if writes.next() == 1 { try suicide(tx as! Session) }
                try tx.insert(Customer.row("李四"))
            }
            #expect(writes.value == 2)
            #expect(try await store.ids(Query(Customer.self)).count == 2)
            // The next that is sent is the commit: nobody knows what became of it.
            let unknown = Counter()
            await #expect(throws: StoreError.self) {
                try await store.write { tx in
                    _ = unknown.next()
                    _ = try tx.set(Customer.schema, ["points": 7], where: .everything)
                    try suicide(tx as! Session)
                }
            }
            #expect(unknown.value == 1)
        }
    }

    @Test("transactions that deadlock are begun anew")
    func deadlock() async throws {
        try await Backend.postgresql.withStore { store in
            let ids = try await store.add(Customer.row("张三"), Customer.row("李四"))
            let tries = Counter(), begun = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [ids, ids.reversed()] {
                    group.addTask {
                        try await store.write { tx in
                            _ = tries.next()
                            _ = try tx.set(Customer.schema, ["points": 1], where: .ids([order[0]]))
                            // Each holds one row before either asks for the other's.
                            _ = begun.next()
                            let end = ContinuousClock.now + .seconds(600)
                            while begun.value < 2, ContinuousClock.now < end { usleep(1000) }
                            _ = try tx.set(Customer.schema, ["points": 2], where: .ids([order[1]]))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect((3...6).contains(tries.value))
        }
    }

    @Test("messages reach other stores on the same schema, and only those")
    func listen() async throws {
        try await Backend.postgresql.withStore { made in
            let store = made as! PostgreSQLStore
            let second = try PostgreSQLStore(url: Backend.server!, poolSize: 1, schema: store.settings.schema)
            defer { second.close() }
            let elsewhere = try PostgreSQLStore(url: Backend.server!, poolSize: 1, schema: store.settings.schema + "x")
            var heard = second.announcements("sessions").makeAsyncIterator()
            try await elsewhere.announce("sessions", "not for you")
            try await store.write { try $0.announce("sessions", "ended 7") }
            #expect(await heard.next() == "ended 7")
            _ = try await elsewhere.define { try $0.connection.script("drop schema \((store.settings.schema + "x").quoted)") }
            elsewhere.close()
        }
    }

    @Test("a server that is not there is told at once, in words")
    func away() {
        let error = #expect(throws: StoreError.self) { try PostgreSQLStore(url: "postgresql://nobody@127.0.0.1:1/none") }
        #expect("\(error!)".contains("不能连接 PostgreSQL"))
    }
}

final class Counter: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var count = 0
    var value: Int { lock.withLock { count } }
    func next() -> Int {
        lock.withLock {
            count += 1; return count
        }
    }
}
