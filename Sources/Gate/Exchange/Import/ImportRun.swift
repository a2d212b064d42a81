import Records

/// One import under way: what was done so far and where the rest goes.
struct ImportRun {
    let host: any ExchangeHost
    let layout: ImportLayout
    let reader: RowReader
    let total: Int
    let isDryRun: Bool
    let rejectedTo: String?
    var tally: ImportTally
    /// Rows of the sheet that lie behind.
    var done = 0
    private var rejectedBytes: UInt64 = 0
    private var imagined: Imagined

    init(_ host: any ExchangeHost, _ layout: ImportLayout, _ reader: RowReader, total: Int, isDryRun: Bool, rejectedTo: String?) throws {
        self.host = host
        self.layout = layout
        self.reader = reader
        self.total = total
        self.isDryRun = isDryRun
        self.rejectedTo = rejectedTo
        tally = ImportTally(layout)
        imagined = Imagined(layout)
        guard !isDryRun, let state = host.state.object, let before = state["done"]?.int, let result = ImportResult(plain: host.state) else {
            return
        }
        done = Int(before)
        // bounded: not below nothing.
        rejectedBytes = UInt64(max(0, state["rejected_bytes"]?.int ?? 0))
        tally.result = result
    }

    var saver: BatchSaver {
        BatchSaver(
            host: host, layout: layout, isDryRun: isDryRun, before: tally.result, done: done, total: total,
            rejectedBytes: Int64(rejectedBytes))
    }

    mutating func add(_ saved: BatchOutcome, _ batch: BatchReader.Batch) async throws {
        var outcome = saved
        if isDryRun { tally.addLinked(imagined.settle(&outcome, batch)) }
        let rejected = (batch.rejected + outcome.rejected).sorted { $0.line < $1.line }
        tally.add(outcome, rejected: rejected)
        done += batch.count
        if let rejectedTo, !rejected.isEmpty {
            let sheet = try RejectedSheet(path: rejectedTo, header: layout.header, keeping: rejectedBytes)
            sheet.add(rejected)
            rejectedBytes = try sheet.flush()
            try sheet.close()
        }
        try await host.progress(done, of: total)
    }
}

/// Writes a batch; in a dry run it is taken back at once.
struct BatchSaver: Sendable {
    let host: any ExchangeHost
    let layout: ImportLayout
    let isDryRun: Bool
    let before: ImportResult
    let done: Int
    let total: Int
    let rejectedBytes: Int64

    func save(_ batch: BatchReader.Batch) async throws -> BatchOutcome {
        let layout = layout, rows = batch.rows
        guard !rows.isEmpty else { return BatchOutcome(linked: layout.targets.dropLast().map { _ in .init() }) }
        guard isDryRun else {
            return try await host.write { tx in
                let outcome = try ImportBatch(tx, layout).save(rows)
                guard host.keepsState else { return JobStep(outcome) }
                return JobStep(outcome, done: done + batch.count, of: total, saving: state(after: outcome, batch))
            }
        }
        do {
            return try await host.gate.write(as: host.actor) { tx in throw DryRun(outcome: try ImportBatch(tx, layout).save(rows)) }
        } catch let end as DryRun {
            return end.outcome
        }
    }

    /// What another run needs to go on behind this batch.
    private func state(after outcome: BatchOutcome, _ batch: BatchReader.Batch) -> Plain {
        var tally = ImportTally(layout)
        tally.result = before
        tally.add(outcome, rejected: batch.rejected + outcome.rejected)
        var state = tally.result.plain.object ?? [:]
        state["done"] = .int(Int64(done + batch.count))
        state["rejected_bytes"] = .int(rejectedBytes)
        return .object(state)
    }

    private struct DryRun: Error {
        var outcome: BatchOutcome
    }
}

/// The records that a dry run would have made: later batches do not find them in the database.
private struct Imagined {
    private let isAdding: Bool
    private let label: String
    private var main: Set<Int> = []
    private var linked: [Set<Int>]

    init(_ layout: ImportLayout) {
        isAdding = layout.mode == .add
        label = layout.schema.label
        linked = layout.targets.dropLast().map { _ in [] }
    }

    /// Takes out of the outcome what an earlier batch would have made already; gives the number of new linked records by target.
    mutating func settle(_ outcome: inout BatchOutcome, _ batch: BatchReader.Batch) -> [Int] {
        for made in outcome.made where made.key != 0 && !main.insert(made.key).inserted {
            outcome.created -= 1
            if isAdding, let row = batch.rows.first(where: { $0.line == made.line }) {
                let fault = RejectedCell(column: "", code: "duplicate", reason: "前面的行里已有相同的\(label)")
                outcome.rejected.append(RejectedRow(line: row.line, cells: row.cells, faults: [fault]))
            } else {
                outcome.unchanged += 1
            }
        }
        return outcome.linked.indices.map { index in
            let new = outcome.linked[index].keys.filter { linked[index].insert($0).inserted }.count
            outcome.linked[index].created = []
            return new
        }
    }
}
