import Records

/// What became of some rows.
struct BatchOutcome: Sendable {
    /// By main entity: rows.
    var created = 0, updated = 0, unchanged = 0
    /// The created rows' lines and hashes of their match fields.
    var made: [Made] = []
    /// Linked records touched, by target.
    var linked: [LinkedOutcome] = []
    var rejected: [RejectedRow] = []

    struct LinkedOutcome: Sendable {
        var created: [Int64] = [], updated: [Int64] = [], seen: [Int64] = []
        /// The hashes of the created ones' match fields.
        var keys: [Int] = []
    }

    struct Made: Sendable {
        var line: Int
        var key: Int
    }

    mutating func add(_ other: BatchOutcome) {
        created += other.created
        updated += other.updated
        unchanged += other.unchanged
        rejected += other.rejected
        made += other.made
        for (index, more) in other.linked.enumerated() {
            if index == linked.count { linked.append(more); continue }
            linked[index].created += more.created
            linked[index].updated += more.updated
            linked[index].seen += more.seen
            linked[index].keys += more.keys
        }
    }
}

/// Saves rows in one transaction: many at once, and when something is wrong with one of them, in ever smaller parts until it is found. A
/// row is taken whole or not at all.
struct ImportBatch {
    let tx: GateTransaction
    let layout: ImportLayout

    init(_ tx: GateTransaction, _ layout: ImportLayout) {
        self.tx = tx
        self.layout = layout
        tx.source = "import"
        // Likely duplicates are told in the result of a check, not by stopping thousands of rows.
        tx.ignoresWarnings = true
        if tx.waitingAudit == nil { tx.waitingAudit = [] }
    }

    /// Two rows about the same record cannot be saved together: the second must find what the first has made.
    func save(_ rows: [ReadRow]) throws -> BatchOutcome {
        var outcome = BatchOutcome()
        var round: [ReadRow] = []
        var keys: Set<Int> = []
        for row in rows {
            let key = row.parts.last?.key ?? 0
            if key != 0, !keys.insert(key).inserted {
                outcome.add(try saveRound(round[...]))
                round.removeAll(keepingCapacity: true)
                keys = [key]
            }
            round.append(row)
        }
        outcome.add(try saveRound(round[...]))
        return outcome
    }

    private func saveRound(_ rows: ArraySlice<ReadRow>) throws -> BatchOutcome {
        guard let first = rows.first else { return BatchOutcome() }
        do {
            return try tx.takingBack { try ImportRound(tx, layout, rows).save() }
        } catch let late as LateRejections where rows.count > 1 {
            // What these rows had written is taken back with the round; the others go again without them.
            var outcome = BatchOutcome()
            outcome.rejected = late.rows
            let lines = Set(late.rows.map(\.line))
            outcome.add(try saveRound(ArraySlice(rows.filter { !lines.contains($0.line) })))
            return outcome
        } catch let late as LateRejections {
            return BatchOutcome(rejected: late.rows)
        } catch {
            guard ImportFault.isOfRow(error) else { throw error }
            guard rows.count == 1 else {
                let middle = rows.startIndex + rows.count / 2
                var outcome = try saveRound(rows[..<middle])
                outcome.add(try saveRound(rows[middle...]))
                return outcome
            }
            return BatchOutcome(rejected: [try saveAlone(first, error)].compactMap(\.self))
        }
    }

    /// A single row that failed as a round of one: the reason is its own.
    private func saveAlone(_ row: ReadRow, _ error: any Error) throws -> RejectedRow? {
        let problems = ImportFault.problems(error, tx.catalog)
        return RejectedRow(line: row.line, cells: row.cells, faults: problems.map { layout.fault($0, in: layout.main) })
    }
}

/// Rows found wrong after something was written for them.
struct LateRejections: Error {
    var rows: [RejectedRow]
}

extension ImportLayout {
    /// A field's problem as a fault of the sheet's column.
    func fault(_ problem: Problem, in target: Target) -> RejectedCell {
        let field = problem.field.map { String($0.prefix { $0 != "[" }) }
        return RejectedCell(column: heading(field, in: target), code: problem.code, reason: problem.message)
    }
}
