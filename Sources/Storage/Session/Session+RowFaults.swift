import Records

// Reading every row of the database again, as it is there: also what is switched off, retired, or in the recycle bin.
extension Session {
    /// A table with digests as the database has it.
    struct SignedTable {
        let name: String
        /// What tells its rows apart: the id, or of a link the record and the target.
        let keys: [String]
        /// What the digest covers, but for the first key.
        let columns: [String]
        let tags: [UInt64]
        let tag: UInt64

        init?(_ name: String, _ existing: some Collection<String>) {
            guard existing.contains(Table.digest) else { return nil }
            self.name = name
            let keys = existing.contains("id") ? ["id"] : ["record_id", "target_id"]
            self.keys = keys
            columns = existing.filter { $0 != keys[0] && $0 != Table.digest }.sorted()
            tags = columns.map { RowDigest.tag(name, $0) }
            tag = RowDigest.tag(name)
        }
    }

    struct SignedRow {
        let id: Int64
        let key: [Value]
        let digest: Int64?
        let values: [Value]

        func computed(_ table: SignedTable, _ digest: RowDigest) -> Int64 {
            zip(table.tags, values).reduce(digest.row(table.tag, id)) { $0 ^ digest.part($1.0, id, $1.1) }
        }
    }

    func signedTables() throws -> [String: SignedTable] {
        try run { try dialect.existingColumns($0) }.reduce(into: [:]) { tables, entry in
            tables[entry.key] = SignedTable(entry.key, entry.value.keys)
        }
    }

    func stored(_ table: SignedTable, after place: [Value]?, limit: Int, lock: String = "") throws -> [SignedRow] {
        let keys = table.keys.map(\.quoted).joined(separator: ", ")
        var sql = SQL(
            dialect, "select \(keys), \(Table.digest)\(table.columns.map { ", " + $0.quoted }.joined()) from \(table.name.quoted)")
        if let place {
            sql += " where (\(keys)) > ("
            sql.join(place, by: ", ") { $0.bind($1) }
            sql += ")"
        }
        sql += " order by \(keys) limit \(limit)\(lock)"
        return try run { try $0.rows(sql) }.map { row in
            let key = Array(row.prefix(table.keys.count))
            return SignedRow(id: key[0].int ?? 0, key: key, digest: row[key.count].int, values: Array(row.dropFirst(key.count + 1)))
        }
    }

    func verifyRows(limit: Int) throws -> RowVerdict {
        var verdict = RowVerdict()
        let digest = library.digest
        let waiting = Set(try unsignedTables())
        for table in try signedTables().values.sorted(by: { $0.name < $1.name }) {
            var place: [Value]?
            repeat {
                let rows = try stored(table, after: place, limit: Self.page)
                verdict.rows += rows.count
                for row in rows {
                    guard let kept = row.digest else {
                        if waiting.contains(table.name) {
                            verdict.waiting += 1
                        } else {
                            add(RowFault(table: table.name, id: row.id, kind: .bare))
                        }
                        continue
                    }
                    guard row.computed(table, digest) != kept else { continue }
                    add(
                        verdict.faults.count < limit
                            ? try fault(row, kept, table, digest) : RowFault(table: table.name, id: row.id, kind: .unclear))
                }
                place = rows.count == Self.page ? rows.last?.key : nil
            } while place != nil
        }
        func add(_ fault: RowFault) {
            verdict.count += 1
            if verdict.faults.count < limit { verdict.faults.append(fault) }
        }
        return verdict
    }

    /// Rows in memory at a time.
    private static let page = 500
    /// Bytes hashed while one row's bits are tried: about a second, and a text of a megabyte.
    private static let budget = 1_000_000_000

    /// Which single bit makes the digest right again, in the bytes as they lie there.
    private func fault(_ row: SignedRow, _ kept: Int64, _ table: SignedTable, _ digest: RowDigest) throws -> RowFault {
        func found(_ kind: RowFault.Kind, _ column: String? = nil) -> RowFault {
            RowFault(table: table.name, id: row.id, kind: kind, column: column)
        }
        let cells = try cells(row, table)
        func sum(_ id: Int64) -> Int64 { cells.reduce(digest.row(table.tag, id)) { $0 ^ $1.part(digest, id) } }
        let wrong = sum(row.id) ^ kept
        if wrong.nonzeroBitCount == 1 { return found(.damaged, Table.digest) }
        for bit in 0..<64 where sum(row.id ^ 1 << Int64(bit)) == kept { return found(.damaged, table.keys[0]) }
        var left = Self.budget, kind = RowFault.Kind.changed
        for cell in cells {
            let cost = cell.bytes.count * 8 * min(cell.bytes.count, RowDigest.piece)
            guard cost <= left else {
                kind = .unclear
                continue
            }
            left -= cost
            if cell.isFlipped(digest, row.id, wrong) { return found(.damaged, cell.column) }
        }
        return found(kind)
    }

    private struct Cell {
        let column: String
        let tag: UInt64
        let form: RowDigest.Form
        let bytes: [UInt8]

        func part(_ digest: RowDigest, _ id: Int64) -> Int64 { bytes.withUnsafeBytes { digest.part(tag, id, form, $0) } }

        /// Whether turning over one bit changes what the value adds by `wrong`.
        func isFlipped(_ digest: RowDigest, _ id: Int64, _ wrong: Int64) -> Bool {
            for start in stride(from: 0, to: bytes.count, by: RowDigest.piece) {
                var piece = Array(bytes[start..<min(start + RowDigest.piece, bytes.count)])
                func part() -> Int64 { piece.withUnsafeBytes { digest.part(tag, id, form, $0, at: start, of: bytes.count) } }
                let wanted = part() ^ wrong
                for place in piece.indices {
                    for bit in 0..<8 {
                        piece[place] ^= 1 << UInt8(bit)
                        if part() == wanted { return true }
                        piece[place] ^= 1 << UInt8(bit)
                    }
                }
            }
            return false
        }
    }

    /// The values as bytes. A text is read again: what is no text any more arrives mended.
    private func cells(_ row: SignedRow, _ table: SignedTable) throws -> [Cell] {
        var cells: [Cell] = []
        for (index, column) in table.columns.enumerated() {
            func add(_ form: RowDigest.Form, _ bytes: [UInt8]) {
                cells.append(Cell(column: column, tag: table.tags[index], form: form, bytes: bytes))
            }
            switch row.values[index] {
            case .null, .list: continue
            case .int(let number): add(.int, withUnsafeBytes(of: number.littleEndian) { Array($0) })
            case .real(let number): add(.real, withUnsafeBytes(of: (number == 0 ? 0 : number).bitPattern.littleEndian) { Array($0) })
            case .text(let text):
                var sql = SQL(dialect, "select \(dialect.hex(column.quoted)) from \(table.name.quoted) where ")
                sql.join(Array(zip(table.keys, row.key)), by: " and ") { sql, part in
                    sql += "\(part.0.quoted) = "
                    sql.bind(part.1)
                }
                let hex = try text.unicodeScalars.contains("\u{FFFD}") ? run { try $0.rows(sql) }.first?.first?.text : nil
                add(.text, hex.map(Self.bytes) ?? Array(text.utf8))
            }
        }
        return cells
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8).map { UInt8($0 & 0x0F) + ($0 >= 65 ? 9 : 0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
