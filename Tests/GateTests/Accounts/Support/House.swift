import Foundation
import Records
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Gate

typealias Engine = TestSupport.Engine

/// 瑞达汽车: a small company with a clock that stands still.
///
/// 公司 ─ 销售部 (manager 王经理, 李伟, 陈静) ─ 销售一组 (赵敏); 服务部 (孙强). 李伟 and 陈静 report to 王经理, 赵敏 to 李伟.
final class House: Sendable {
    let gate: Gate
    let accounts: Accounts
    let store: any Store
    let time: Watch
    private let ids: Mutex<[String: Int64]>

    static let password = "春风十里不如一杯清茶"
    static let cheap = ScryptCost(logN: 4, r: 8, p: 1)

    /// The same for all, since a copied database holds what was sealed with them.
    static let secrets = Secrets(root: Array(repeating: 7, count: 32))

    init(
        _ store: any Store, capabilities: [any Capability.Type] = [Garage.self], freshness: Duration = .seconds(2),
        secrets: Secrets = House.secrets, people: [String: Int64] = [:]
    ) {
        let time = Watch()
        self.time = time
        self.store = store
        ids = Mutex(people)
        gate = Gate(store: store, capabilities: capabilities, secrets: secrets, clock: Clock { time.now })
        accounts = Accounts(gate, cost: House.cheap, freshness: freshness)
    }

    /// A second process on the same database.
    func neighbour(freshness: Duration) -> House {
        let other = House(store, freshness: freshness, secrets: gate.secrets)
        other.time.now = time.now
        return other
    }

    subscript(name: String) -> Int64 { ids.withLock { $0[name] ?? -1 } }
    func name(_ name: String, _ id: Int64) { ids.withLock { $0[name] = id } }

    func actor(_ name: String, via: String = "web") async throws -> Actor {
        try #require(try await accounts.actor(for: self[name], via: via))
    }

    func staff() async throws {
        try await accounts.addUser(username: "admin", name: "管理员", roles: ["admin"], password: House.password, company: "瑞达汽车")
        let boss = Actor.system()
        name("admin", try #require(try await accounts.chart().administrators.first))
        for (name, parent) in [("sales", nil), ("team", "sales"), ("service", nil)] as [(String, String?)] {
            let titles = ["sales": "销售部", "team": "销售一组", "service": "服务部"]
            var input: [String: Plain] = ["name": .text(titles[name] ?? name), "code": .text(name)]
            if let parent { input["parent_id"] = .int(self[parent]) }
            self.name(name, try await accounts.createDepartment(input, as: boss).id)
        }
        for (name, title, department, role, manager) in House.people {
            var input: [String: Plain] = [
                "username": .text(name), "name": .text(title), "password": .text(House.password), "department_id": .int(self[department]),
                "roles": [.text(role)],
            ]
            if let manager { input["manager_id"] = .int(self[manager]) }
            self.name(name, try await accounts.createUser(input, as: boss).row.id)
        }
    }

    /// Who works there, and in which departments.
    static let names = ["admin", "sales", "team", "service"] + people.map(\.0)
    private static let people: [(String, String, String, String, String?)] = [
        ("wang", "王经理", "sales", "sales_mgr", nil), ("liwei", "李伟", "sales", "supervisor", "wang"),
        ("chenjing", "陈静", "sales", "sales_consultant", "wang"),
        ("zhaomin", "赵敏", "team", "sales_consultant", "liwei"), ("sunqiang", "孙强", "service", "sales_consultant", nil),
        ("hr", "何人事", "service", "hr", nil),
    ]

    /// A company on each engine, thrown away afterwards.
    static func open(
        _ engine: Engine = .sqlite, freshness: Duration = .seconds(2), staffed: Bool = true, _ body: (House) async throws -> Void
    ) async throws {
        try await (staffed ? staffedGarage : emptyGarage).open(engine) { store, _, people in
            let house = House(store, freshness: freshness, people: people)
            try await store.sync(house.gate.catalog)
            try await body(house)
        }
    }

    private static let emptyGarage = found([Garage.self], staffed: false)
    private static let staffedGarage = found([Garage.self])

    /// A company with these capabilities, its people hired, to be copied for each test.
    static func found(_ capabilities: [any Capability.Type], staffed: Bool = true) -> Prepared<[String: Int64]> {
        Prepared { store in
            let house = House(store, capabilities: capabilities)
            try await store.sync(house.gate.catalog)
            if staffed { try await house.staff() }
            return house.ids.withLock { $0 }
        }
    }

    // MARK: What tests do again and again

    func logIn(
        _ name: String, _ password: String = House.password, code: String? = nil, from address: String? = "10.0.0.1",
        via: LogIn.Via = .browser
    ) async throws -> LoginResult {
        try await accounts.logIn(LogIn(name, password, code: code, address: address, agent: "Tests", via: via))
    }

    func grant(
        _ name: String, _ password: String = House.password, code: String? = nil, from address: String? = "10.0.0.1"
    ) async throws -> Grant {
        let result = try await logIn(name, password, code: code, from: address)
        guard case .ok(let grant) = result else { throw Missing("\(name) should be let in, but: \(result)") }
        return grant
    }

    func visitor(_ name: String) async throws -> Authenticated {
        let token = try await grant(name).token
        return try #require(try await accounts.authenticate(token, address: "10.0.0.1"))
    }

    func order(_ no: String, of owner: String) async throws -> Int64 {
        let actor = try await self.actor(owner)
        let id = try await gate.write(as: actor) { tx in
            var order = Record<RepairJob>()
            order.no = no
            return try tx.insert(order).row.id
        }
        return id
    }

    func outcomes() async throws -> [String] {
        try await store.read {
            try $0.fetch(Query(LoginAttempt.self, sort: [Query.Sort("id")], limit: 1000)).map { Record<LoginAttempt>($0).outcome }
        }
    }

    func audited() async throws -> [String] {
        try await store.read {
            try $0.fetch(Query(AuditEntry.self, sort: [Query.Sort("id")], limit: 5000)).map { Record<AuditEntry>($0).action }
        }
    }
}

struct Missing: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// The company's only business: repair orders, which somebody owns, and makes of cars, which nobody does.
enum Garage: Capability {
    static let name = "garage", label = "维修"
    static let entities: [any Entity.Type] = [RepairJob.self, Make.self]
    static func seed(_ tx: any Transaction) throws {
        var make = Record<Make>()
        make.title = "别克"
        try tx.insert(make)
    }
    static let roles: [RoleTemplate] = [
        template("sales_mgr", "销售经理") {
            $0.scopes["repair_jobs"] = [
                "read": .departmentTree, "create": .all, "update": .departmentTree, "assign": .departmentTree, "export": .departmentTree,
            ]
        },
        template("supervisor", "销售主管") {
            $0.scopes["repair_jobs"] = ["read": .ownAndSubordinates, "create": .all, "update": .ownAndSubordinates]
        },
        template("sales_consultant", "销售顾问") {
            $0.scopes["repair_jobs"] = ["read": .own, "create": .all, "update": .own]
            $0.scopes["makes"] = ["read": .all]
        },
        template("hr", "人事") {
            $0.system = ["users"]; $0.scopes["repair_jobs"] = ["read": .own, "create": .all, "update": .own];
            $0.scopes["makes"] = ["read": .all]
        },
        template("gm", "总经理") { for right in Rights.common { $0.fallback[right] = .all } },
    ]
    private static func template(_ code: String, _ label: String, _ fill: (inout Rights) -> Void) -> RoleTemplate {
        var rights = Rights()
        fill(&rights)
        return RoleTemplate(code, label, english: code, rights)
    }
}

struct RepairJob: Entity {
    static let name = "repair_jobs", label = "维修单"
    let no = Field<String>("no", "单号", .title, .unique)
    let phone = Field<String?>("phone", "电话", .sensitive)
    init() {}
}

struct Make: Entity {
    static let name = "makes", label = "品牌"
    static var traits: EntityTraits { EntityTraits(.shared) }
    let title = Field<String>("name", "名称", .title, .unique)
    init() {}
}
