import Core
import Foundation
import Records
import TestSupport
import Testing

@testable import Gate
@testable import Storage

@Suite("Row digests")
struct RowDigestTests {
    @Test("every way of writing leaves rows with the right digest", arguments: Engine.available)
    func written(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await fill(house)
            #expect(try await verdict(house).count == 0)
            try await define(house) { _ = try $0.connection.execute("update customers set remark = 'x' where id = \(id)") }
            #expect(try await verdict(house).faults == [RowFault(table: "customers", id: id, kind: .changed)])
        }
    }

    @Test("each of many flipped bits is found, and called damage of its record and column", arguments: Engine.available)
    func flips(engine: Engine) async throws {
        let wanted = ProcessInfo.processInfo.environment["ZHIKE_TEST_FULL"] == nil ? 30 : 300
        try await Villa.open(engine) { house in
            _ = try await fill(house)
            let cells = try await cells(house)
            #expect(cells.contains { $0.table.contains("__") }, "the premise: links among them")
            var random = Dice(seed: 20_261_130), done = 0, columns: Set<String> = []
            while done < wanted, let cell = cells.randomElement(using: &random), let flipped = cell.flipped(&random, engine) {
                // What the engine itself refuses: what is no text (PostgreSQL), a second record with a unique value.
                guard (try? await define(house, { try cell.write(flipped, $0.connection) })) != nil else { continue }
                let verdict = try await verdict(house), id = cell.column == cell.keys[0] ? Int64(flipped) ?? 0 : cell.key[0]
                let wanted = RowFault(table: cell.table, id: id, kind: .damaged, column: cell.column)
                #expect(verdict.count == 1 && verdict.faults == [wanted], "\(cell) \(flipped)")
                var back = cell
                if let place = cell.keys.firstIndex(of: cell.column) { back.key[place] = Int64(flipped) ?? 0 }
                let undo = back
                try await define(house) { try undo.write(undo.literal(engine), $0.connection) }
                done += 1
                columns.insert("\(cell.table).\(cell.column)")
            }
            #expect(done == wanted && columns.count > wanted / 3)
            #expect(try await verdict(house).count == 0)
        }
    }

    /// Records with and without links, written in each way there is; the id of one that was changed twice.
    private func fill(_ house: House) async throws -> Int64 {
        let customers = house.gate.catalog.schema(Customer.self), notices = house.gate.catalog.schema(Announcement.self)
        return try await house.gate.write(as: Actor.system()) { tx in
            tx.ignoresWarnings = true
            _ = try tx.writing.insert(
                (0..<20).map { number in
                    var row = house.gate.catalog.schema(Tag.self).blank()
                    row["name"] = .text("标签\(number)")
                    tx.stampNew(&row)
                    return row
                })
            let ids = try (0..<30).map { number in
                var row = customers.blank()
                row["name"] = .text("客户\(number)")
                row["source"] = "walk_in"
                return try tx.insert(row).id
            }
            _ = try tx.update(customers, id: ids[3], ["remark": "常客", "id_no": "990000198801010010"])
            _ = try tx.update(customers, id: ids[3], ["remark": "老客"])
            _ = try tx.writing.set(customers, ["remark": "都改"], where: .field("id", .gt, .int(ids[20])))
            try tx.delete(customers, id: ids[7])
            var notice = try tx.specimen(notices)
            for field in notices.fields where field.isLinks {
                notice[field] = .list([.int(1), .int(2), .int(3)])
                _ = try tx.writing.update(notice, slots: [field.slot], ifVersion: nil)
            }
            return ids[3]
        }
    }

    private func verdict(_ house: House) async throws -> RowVerdict { try await house.store.read { try $0.verifyRows(limit: 10) } }

    @discardableResult
    private func define<T: Sendable>(_ house: House, _ body: @escaping @Sendable (Storage.Session) throws -> T) async throws -> T {
        guard let store = house.store as? any SessionStore else { throw StoreError.failed("no store of ours") }
        return try await store.define(body)
    }

    private func cells(_ house: House) async throws -> [Cell] {
        try await define(house) { session in
            try session.signedTables().values.sorted { $0.name < $1.name }.flatMap { table in
                try session.stored(table, after: nil, limit: 40).flatMap { row -> [Cell] in
                    let key = row.key.compactMap(\.int)
                    var all = [(table.keys[0], row.key[0]), (Table.digest, row.digest.map(Value.int) ?? .null)]
                    all += zip(table.columns, row.values)
                    return all.filter { !$0.1.isNull }.map {
                        Cell(table: table.name, keys: table.keys, key: key, column: $0.0, value: $0.1)
                    }
                }
            }
        }
    }
}

/// A stored value and where it stands.
private struct Cell: Sendable {
    let table: String
    let keys: [String]
    var key: [Int64]
    let column: String
    let value: Value

    func write(_ literal: String, _ connection: any Connection) throws {
        let place = zip(keys, key).map { "\($0.quoted) = \($1)" }.joined(separator: " and ")
        guard try connection.execute("update \(table.quoted) set \(column.quoted) = \(literal) where \(place)") == 1 else {
            throw StoreError.failed("no such row")
        }
    }

    func literal(_ engine: Engine) -> String {
        switch value {
        case .int(let number): String(number)
        case .real(let number): "\(number)"
        case .text(let text): Self.text(Array(text.utf8), engine)
        case .null, .list: "null"
        }
    }

    /// With one bit turned over.
    func flipped(_ random: inout Dice, _ engine: Engine) -> String? {
        switch value {
        case .int(let number): return String(number ^ 1 << Int64.random(in: 0..<64, using: &random))
        case .real(let number): return "\(Double(bitPattern: number.bitPattern ^ 1 << UInt64.random(in: 0..<52, using: &random)))"
        case .text(let text):
            var bytes = Array(text.utf8)
            // An empty text has no bit.
            guard let place = bytes.indices.randomElement(using: &random) else { return "no_such_column" }
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            return Self.text(bytes, engine)
        case .null, .list: return nil
        }
    }

    private static func text(_ bytes: [UInt8], _ engine: Engine) -> String {
        let hex = bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        return engine == .sqlite ? "cast(x'\(hex)' as text)" : "convert_from(decode('\(hex)', 'hex'), 'UTF8')"
    }
}

/// The same throws every time (SplitMix64).
private struct Dice: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
        seed &+= 0x9e37_79b9_7f4a_7c15
        var z = seed
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
