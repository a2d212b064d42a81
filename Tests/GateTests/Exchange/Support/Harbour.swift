import Foundation
import Product
import Records
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Gate

/// 海港商贸: the company that imports and exports in these tests, empty but for its people.
///
/// 公司 ─ 销售部 (李伟, 陈静), 客服部 (孙强). 李伟 and 陈静 have the rights the test gives them; the admin may do everything.
final class Harbour: Sendable {
    let gate: Gate
    let folder: String
    private let people: Mutex<[String: Int64]>

    static let now = Instant(Day(number: 20_780), hour: 10)

    typealias Engine = TestSupport.Engine

    private init(_ store: any Store, _ folder: String, _ people: [String: Int64] = [:]) {
        gate = Gate(
            store: store, capabilities: Packs.capabilities, secrets: Secrets(root: Array(repeating: 7, count: 32)),
            clock: .fixed(Harbour.now)
        )
        self.folder = folder
        self.people = Mutex(people)
    }

    private static let founded = Prepared<[String: Int64]> { store in
        let harbour = Harbour(store, "")
        try await store.sync(harbour.gate.catalog)
        return try await harbour.employ()
    }

    static func open<T>(_ engine: Engine = .sqlite, _ body: (Harbour) async throws -> T) async throws -> T {
        try await founded.open(engine) { store, folder, people in
            let harbour = Harbour(store, folder.path, people)
            try await store.sync(harbour.gate.catalog)
            return try await body(harbour)
        }
    }

    private func employ() async throws -> [String: Int64] {
        try await gate.write(as: .system()) { tx in
            var ids: [String: Int64] = [:]
            for (name, code) in [("销售部", "sales"), ("客服部", "service")] {
                var department = Record<Department>()
                department.title = name
                department.code = code
                ids[code] = try tx.insert(department).row.id
            }
            for (name, login, department) in [
                ("李伟", "liwei", "sales"), ("陈静", "chenjing", "sales"), ("孙强", "sunqiang", "service"), ("管理员", "admin", "sales"),
            ] {
                var user = Record<User>()
                user.title = name
                user.username = login
                user.department = ids[department].map { Ref($0) }
                ids[login] = try tx.insert(user).row.id
            }
            return ids
        }
    }

    func id(_ name: String) -> Int64 { people.withLock { $0[name] ?? -1 } }

    var admin: Actor { Actor(userID: id("admin"), name: "管理员", departmentID: id("sales"), rights: .all, via: "cli") }

    /// Somebody of the sales department with these rights on customers and orders.
    func actor(_ name: String, _ scopes: [String: Scope], fields: [String: FieldRight] = [:]) -> Actor {
        var rights = Rights()
        rights.scopes = [
            "customers": scopes, "orders": scopes, "users": ["read": .all], "departments": ["read": .all], "tags": ["read": .all],
            "customer_levels": ["read": .all],
        ]
        rights.fields = ["customers": fields]
        var actor = Actor(userID: id(name), name: name, departmentID: id("sales"), rights: rights, via: "web")
        actor.departmentTree = [id("sales")]
        return actor
    }

    static let everything: [String: Scope] = [
        "read": .all, "create": .all, "update": .all, "import": .all, "export": .all, "delete": .all, "assign": .all,
    ]

    // MARK: Sheets

    /// A CSV of these rows; gives its path.
    func sheet(_ rows: [[String]], _ name: String = "sheet.csv") throws -> String {
        try text(
            rows.map {
                $0.map { cell in cell.contains { ",\"\n".contains($0) } ? "\"\(cell.replacingOccurrences(of: "\"", with: "\"\""))\"" : cell
                }.joined(separator: ",")
            }.joined(separator: "\r\n") + "\r\n", name)
    }

    func text(_ text: String, _ name: String = "sheet.csv") throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @discardableResult
    func take(
        _ rows: [[String]], into entity: String = "customers", as actor: Actor? = nil, _ change: (inout ImportPlan) -> Void = { _ in }
    ) async throws -> ImportResult {
        var plan = ImportPlan(into: entity)
        change(&plan)
        return try await Importer(DirectHost(gate, as: actor ?? admin)).run(plan, file: try sheet(rows))
    }

    // MARK: What is there

    func all(_ entity: String, life: Query.Life = .live) async throws -> [Row] {
        guard let schema = gate.catalog[entity] else { return [] }
        return try await gate.store.read { reading in
            var query = Query(schema, sort: [Query.Sort("id")], limit: 1_000_000)
            query.life = life
            query.withLinks = true
            return try reading.fetch(query)
        }
    }

    func count(_ entity: String) async throws -> Int { try await all(entity, life: .both).count }

    func audit(_ action: String? = nil) async throws -> [Record<AuditEntry>] {
        try await all("audit_entries").map(Record<AuditEntry>.init).filter { action == nil || $0.action == action }
    }

    func add(_ entity: String, _ values: [String: Plain], as actor: Actor? = nil) async throws -> Row {
        let schema = try #require(gate.catalog[entity])
        return try await gate.write(as: actor ?? admin) { tx in
            tx.ignoresWarnings = true
            return try tx.create(schema, entity == "customers" ? values.merging(["source": "other"]) { given, _ in given } : values)
        }
    }
}

/// The shared fixtures; tests that need them are skipped where they are absent.
enum ImportFixtures {
    static let folder: String? = {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        var places = [
            ProcessInfo.processInfo.environment["ZHIKE_FIXTURES"],
            ProcessInfo.processInfo.environment["ZHIKE_FIXTURES"].map { $0 + "/import" },
        ].compactMap(\.self)
        var above = here
        while above.path != "/" {
            above.deleteLastPathComponent()
            places.append(above.deletingLastPathComponent().appendingPathComponent("shared/fixtures/import").path)
        }
        return places.first { FileManager.default.fileExists(atPath: $0 + "/customers.expected.json") }
    }()

    static var arePresent: Bool { folder != nil }
    static func path(_ name: String) -> String { (folder ?? "") + "/" + name }

    /// 订单号, 客户编号, 下单日期, 金额 as orders and their customers.
    static var purchases: ImportPlan {
        var plan = ImportPlan(into: "orders")
        plan.columns = [.init("订单号", "no"), .init("客户编号", "customer.code"), .init("下单日期", "ordered_on"), .init("金额", "amount")]
        plan.fixed = [.init("customer.name", "顾客 {客户编号}"), .init("customer.source", "import")]
        plan.match = ["no", "customer.code"]
        plan.createsLinked = true
        return plan
    }
}
