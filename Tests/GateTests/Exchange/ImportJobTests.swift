import Foundation
import Records
import Synchronization
import TestSupport
import Testing

@testable import Gate

@Suite("Imports that are stopped and go on")
struct ImportJobTests {
    /// A host that keeps its state like a job's row, and goes away after some batches.
    private final class Flaky: ExchangeHost {
        struct Gone: Error {}
        let gate: Gate
        let actor: Actor
        let operation: Int64 = 4711
        let keepsState = true
        private let memory = Mutex<(state: Plain, left: Int)>((.null, 0))

        init(_ harbour: Harbour, batches: Int) {
            gate = harbour.gate
            actor = harbour.admin
            memory.withLock { $0.left = batches }
        }

        var isCancelled: Bool { false }
        var state: Plain { memory.withLock { $0.state } }
        func revive(batches: Int) { memory.withLock { $0.left = batches } }

        func write<T: Sendable>(_ body: @escaping @Sendable (GateTransaction) throws -> JobStep<T>) async throws -> T {
            guard
                memory.withLock({ memory in
                    memory.left -= 1; return memory.left >= 0
                })
            else { throw Gone() }
            let step = try await gate.write(as: actor, operation: operation) { tx in try body(tx) }
            if let saved = step.saved { memory.withLock { $0.state = saved } }
            return step.value
        }

        func progress(_ done: Int, of total: Int) async throws {}
    }

    @Test("an import that breaks off goes on where it stopped, without match fields too")
    func resumes() async throws {
        try await Harbour.open { harbour async throws in
            let file = try harbour.sheet([["客户名称", "手机号码"]] + (0..<50).map { ["顾客\($0)", $0 % 10 == 3 ? "12" : ""] })
            let host = Flaky(harbour, batches: 2)
            var importer = Importer(host)
            importer.batchSize = 10
            let path = harbour.folder + "/rejected.csv"
            await #expect(throws: Flaky.Gone.self) {
                _ = try await importer.run(ImportPlan(into: "customers"), file: file, rejectedTo: path)
            }
            #expect(try await harbour.count("customers") == 18)
            host.revive(batches: 100)
            let result = try await importer.run(ImportPlan(into: "customers"), file: file, rejectedTo: path)
            #expect(result.rows == 50 && result.created["customers"] == 45 && result.rejected == 5)
            #expect(result.rejections.map(\.line) == [5, 15, 25, 35, 45])
            #expect(try await harbour.count("customers") == 45)
        }
    }

    @Test("a reversal that breaks off goes on too")
    func reversalResumes() async throws {
        try await Harbour.open { harbour async throws in
            let result = try await harbour.take([["客户名称"]] + (0..<50).map { ["顾客\($0)"] })
            let host = Flaky(harbour, batches: 2)
            var reversal = Reversal(host)
            reversal.batchSize = 10
            await #expect(throws: Flaky.Gone.self) { _ = try await reversal.run(result.operation) }
            #expect(try await harbour.count("customers") == 30)
            host.revive(batches: 100)
            let report = try await reversal.run(result.operation)
            #expect(report.erased == 50)
            #expect(try await harbour.count("customers") == 0)
        }
    }

    @Test("an import that is cancelled keeps what it has done and can be reverted")
    func cancelled() async throws {
        try await Harbour.open { harbour async throws in
            let file = try harbour.sheet([["客户名称"]] + (0..<50).map { ["顾客\($0)"] })
            let told = Mutex(0)
            var importer = Importer(
                DirectHost(
                    harbour.gate, as: harbour.admin, isCancelled: { told.withLock { $0 >= 20 } },
                    progress: { done, total in
                        #expect(total == 50)
                        told.withLock { $0 = done }
                    }))
            importer.batchSize = 10
            let result = try await importer.run(ImportPlan(into: "customers"), file: file)
            #expect(result.isCancelled && result.created["customers"] == 20)
            #expect(try await Reversal(DirectHost(harbour.gate, as: harbour.admin)).run(result.operation).erased == 20)
        }
    }

    /// Lets a runner do what waits until the job has ended.
    private func settle(_ harbour: Harbour, _ id: Int64) async throws -> Record<JobRow> {
        var settings = JobSettings()
        settings.poll = .milliseconds(20)
        let admin = harbour.admin
        let runner = JobRunner(
            gate: harbour.gate, actors: { _ in admin },
            handlers: [ImportJob.name: ImportJob(dataFolder: harbour.folder).handler, ImportJob.revertName: ImportJob.revertHandler],
            settings: settings
        )
        let work = Task { await runner.run() }
        defer { work.cancel() }
        func job() async throws -> Record<JobRow> {
            Record(try #require(try await harbour.gate.store.read { try $0.row(JobRow.schema, id: id) }))
        }
        try await eventually("the job has ended") { try await ![.waiting, .running].contains(job().status) }
        return try await job()
    }

    @Test("as a job it reports what it did and what it refused, and is reverted by another", arguments: Harbour.Engine.available)
    func asJob(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            let imports = ImportJob(dataFolder: harbour.folder)
            let (place, path) = try imports.newPlace(of: harbour.admin.userID)
            try FileManager.default.moveItem(
                atPath: try harbour.sheet([["客户名称", "手机号码"], ["甲", ""], ["乙", "12"], ["丙", ""]]), toPath: path)
            let id = try await imports.start(
                ImportPlan(into: "customers"), place: place, fileName: "名单.csv", as: harbour.admin, in: harbour.gate)
            let job = try await settle(harbour, id)
            #expect(job.status == .done && job.done == 3)
            let result = try #require(Plain(jsonText: job.result ?? "").flatMap(ImportResult.init(plain:)))
            #expect(result.created == ["customers": 2] && result.rejections.map(\.line) == [3])
            #expect(imports.rejectedPath(of: job) != nil)

            let revert = try await ImportJob.revert(id, as: harbour.admin, in: harbour.gate)
            let done = try await settle(harbour, revert)
            #expect(done.status == .done && done.result?.contains("\"erased\":2") == true)
            #expect(try await harbour.count("customers") == 0)
            #expect(try await settle(harbour, id).status == .reverted)
            await #expect(throws: Refusal.self) { _ = try await ImportJob.revert(id, as: harbour.admin, in: harbour.gate) }
        }
    }

    @Test("a user may have twenty sheets waiting; what an import is done with makes room")
    func room() async throws {
        try await Harbour.open { harbour async throws in
            let imports = ImportJob(dataFolder: harbour.folder), admin = harbour.admin
            var first = ""
            for index in 0..<ImportJob.mostSheets {
                let (place, path) = try imports.newPlace(of: admin.userID)
                try FileManager.default.moveItem(atPath: try harbour.sheet([["客户名称"], ["客户\(index)"], [""]]), toPath: path)
                if index == 0 { first = place }
            }
            #expect(throws: Refusal.self) { _ = try imports.newPlace(of: admin.userID) }
            _ = try imports.newPlace(of: admin.userID + 1)
            try await imports.makeRoom(for: admin, in: harbour.gate)
            #expect(throws: Refusal.self) { _ = try imports.newPlace(of: admin.userID) }

            let id = try await imports.start(ImportPlan(into: "customers"), place: first, fileName: "名单.csv", as: admin, in: harbour.gate)
            let job = try await settle(harbour, id)
            try await imports.makeRoom(for: admin, in: harbour.gate)
            #expect(imports.path(of: first) == nil)
            _ = try imports.newPlace(of: admin.userID)
            #expect(job.status == .done)
        }
    }

    @Test("an import from the command line stands among the jobs and is undone for good")
    func listed() async throws {
        try await Harbour.open { harbour async throws in
            let result = try await harbour.take([["客户名称"], ["甲"]])
            let job = try await settle(harbour, try #require(result.job))
            #expect(job.status == .done && job.operation == Int(result.operation) && job.label.contains("sheet.csv"))
            guard case .started(let revert) = try await Undo.start(result.operation, as: harbour.admin, in: harbour.gate) else {
                throw CancellationError()
            }
            #expect(try await settle(harbour, revert).status == .done)
            #expect(try await harbour.count("customers") == 0)
            #expect(try await harbour.take([["客户名称"], ["甲"]]) { $0.isDryRun = true }.job == nil)
        }
    }

    @Test("the result reads as the command line and the API promise")
    func json() throws {
        var result = ImportResult()
        (result.job, result.rows, result.rejected, result.seconds) = (7, 3, 1, 0.12345)
        (result.created, result.updated, result.unchanged) = (["orders": 2, "customers": 1], ["orders": 0], [:])
        result.rejections = [.init(line: 4, column: "金额", code: "invalid", reason: "应为金额")]
        #expect(
            result.json
                == #"{"job":7,"rows":3,"created":{"customers":1,"orders":2},"updated":{"orders":0},"unchanged":{},"#
                + #""rejected":1,"rejected_rows":[{"line":4,"column":"金额","code":"invalid","reason":"应为金额"}],"seconds":0.123}"#
        )
        #expect(Plain(jsonText: result.json) == result.plain)
    }
}
