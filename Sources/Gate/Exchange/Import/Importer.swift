import Formats
import Records

/// Brings a sheet into the system, a batch of rows a transaction, every change audited and all of them together revertible.
///
/// ```swift
/// let result = try await Importer(DirectHost(gate, as: actor)).run(plan, file: "/tmp/customers.csv")
/// ```
public struct Importer: Sendable {
    let host: any ExchangeHost
    /// Rows a transaction; others can write between two of them.
    public var batchSize = 1000
    /// So many records at once change what the database should know of its indexes.
    var much = 5000

    public init(_ host: any ExchangeHost) { self.host = host }

    /// - Parameter rejectedTo: Where the sheet of rejected rows is written; there is none without rejections.
    public func run(_ plan: ImportPlan, file: String, rejectedTo: String? = nil, job: Int64? = nil) async throws -> ImportResult {
        let clock = ContinuousClock(), start = clock.now
        let source = SheetSource(path: file, sheet: plan.sheet)
        let header = try source.open().header
        let layout = try await host.gate.read(as: host.actor) { view in try ImportLayout(plan, header: header, view) }
        let scan = try await SheetScan(source, layout) { host.isCancelled }
        var run = try ImportRun(
            host, layout, RowReader(layout: layout, lastLines: scan.lastLines), total: scan.rows, isDryRun: plan.isDryRun,
            rejectedTo: rejectedTo)
        let listing = ImportListing(host: host), isListed = job == nil && !plan.isDryRun && !host.keepsState
        run.tally.result.job = isListed ? try await listing.open(layout, file: file, total: scan.rows) : job
        run.tally.result.operation = host.operation
        var reader = try BatchReader(source, run.reader, size: batchSize, skipping: run.done)
        var batch = try reader.next()
        while let current = batch {
            if host.isCancelled {
                // A job that is stopped with the program goes on with the next run.
                if host.keepsState { throw CancellationError() }
                run.tally.result.isCancelled = true
                break
            }
            // The next rows are read while these are written.
            let saver = run.saver
            async let saved = saver.save(current)
            let next = Result { try reader.next() }
            try await run.add(saved, current)
            batch = try next.get()
        }
        var result = run.tally.result
        let (seconds, attoseconds) = (clock.now - start).components
        result.seconds = Double(seconds) + Double(attoseconds) / 1e18
        if isListed, let job = result.job { try await listing.close(job, result) }
        if !plan.isDryRun, result.written >= much { try await host.gate.store.analyze() }
        return result
    }
}
