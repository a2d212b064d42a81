import Core
import Records
import Testing

@testable import Gate

/// Every owned entity of the product × every scope × whose record it is × every way to read or change it, on both databases.
@Suite("Data scopes")
struct ScopeMatrixTests {
    /// Whose records 李伟 (销售部; 赵敏 in 销售一组 reports to him) reaches.
    static let expected: [(scope: Scope, whose: Set<String>)] = [
        (.none, []), (.own, ["liwei"]), (.ownAndSubordinates, ["liwei", "zhaomin"]), (.department, ["liwei", "chenjing", "wang"]),
        (.departmentTree, ["liwei", "chenjing", "wang", "zhaomin"]), (.all, ["liwei", "chenjing", "wang", "zhaomin", "sunqiang"]),
    ]
    static let people = ["liwei", "chenjing", "wang", "zhaomin", "sunqiang"]

    private func records(_ house: House, _ schema: Schema) async throws -> [String: Int64] {
        let owners = Dictionary(uniqueKeysWithValues: ScopeMatrixTests.people.map { ($0, house[$0]) })
        return try await house.gate.write(as: .system()) { tx in try owners.mapValues { try tx.specimen(schema, owner: $0).id } }
    }

    @Test("every way to read shows exactly the records within the scope", arguments: Engine.available)
    func reading(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            for schema in house.gate.catalog.schemas where schema.isOwned && schema.traits.isPublic {
                let ids = try await records(house, schema)
                for (scope, whose) in Self.expected {
                    let actor = try await Villa.liWei(house, ["read": scope])
                    let wanted = Set(whose.compactMap { ids[$0] }), all = Set(ids.values),
                        comment = Comment(rawValue: "\(schema.name) \(scope)")
                    let mine = ListRequest(schema, where: .ids(Array(all)), limit: 100, countCap: 100)
                    if scope == .none {
                        await #expect(throws: Refusal.self, comment) { try await house.gate.read(as: actor) { _ = try $0.page(mine) } }
                        continue
                    }
                    try await house.gate.read(as: actor) { view throws in
                        #expect(Set(try view.page(mine).rows.map(\.id)) == wanted, comment)
                        #expect(try view.page(mine).count == wanted.count, comment)
                        #expect(try view.count(mine, cap: 100) == wanted.count, comment)
                        #expect(Set(try view.records(schema, ids: Array(all)).map(\.id)) == wanted, comment)
                        var streamed: Set<Int64> = []
                        try view.forEach(mine) {
                            streamed.insert($0.id); return true
                        }
                        #expect(streamed == wanted, comment)
                        #expect(try view.summary(mine, by: [], [.count]).first?.values.first == .int(Int64(wanted.count)), comment)
                        let found = Set(try view.search(schema, "样品", limit: 50).map(\.id)).intersection(all)
                        #expect(found.isSubset(of: wanted), comment)
                        for id in all {
                            if wanted.contains(id) {
                                #expect(try view.record(schema, id: id).id == id, comment)
                            } else {
                                #expect(throws: Refusal.self, comment) { try view.record(schema, id: id) }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("a refused change changes nothing, an allowed one does", arguments: Engine.available)
    func writing(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            for schema in house.gate.catalog.schemas where schema.isOwned && schema.traits.isPublic {
                // One that takes any words.
                let texts = schema.writable.filter { $0.kind is TextKind && !$0.traits.isUnique && $0 !== schema.title }
                guard let field = texts.first(where: { $0.name == "remark" }) ?? texts.first else { continue }
                for (scope, whose) in Self.expected where scope != .none {
                    let ids = try await records(house, schema)
                    let actor = try await Villa.liWei(house, ["read": .all, "update": scope, "delete": scope])
                    for (owner, id) in ids {
                        let comment = Comment(rawValue: "\(schema.name) \(scope) \(owner)"), isAllowed = whose.contains(owner)
                        let change: @Sendable () async throws -> Void = {
                            try await house.gate.write(as: actor) { tx in _ = try tx.update(schema, id: id, [field.name: "改过"]) }
                        }
                        let removal: @Sendable () async throws -> Void = {
                            try await house.gate.write(as: actor) { tx in try tx.remove(schema, id: id) }
                        }
                        let before = try await house.gate.read(as: .system()) { try $0.record(schema, id: id).values }
                        if isAllowed {
                            try await change()
                            let after = try await house.gate.read(as: .system()) { try $0.record(schema, id: id)[field] }
                            #expect(after == "改过", comment)
                            try await removal()
                            await #expect(throws: Refusal.self, comment) {
                                try await house.gate.read(as: .system()) { _ = try $0.record(schema, id: id) }
                            }
                            try await house.gate.write(as: actor) { tx in _ = try tx.restore(schema, id: id) }
                        } else {
                            await #expect(throws: Refusal.self, comment) { try await change() }
                            await #expect(throws: Refusal.self, comment) { try await removal() }
                            let after = try await house.gate.read(as: .system()) { try $0.record(schema, id: id).values }
                            #expect(after == before, comment)
                        }
                    }
                }
            }
        }
    }

    @Test("without the right to create nothing is created, and a record out of reach cannot be linked to", arguments: Engine.available)
    func creating(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), contacts = house.gate.catalog.schema(Contact.self)
            let theirs = try await records(house, customers)["sunqiang"] ?? 0
            let reader = try await Villa.liWei(house, ["read": .own])
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: reader) { tx in _ = try tx.create(customers, ["name": "新客户", "source": "walk_in"]) }
            }
            let writer = try await Villa.liWei(house, ["read": .own, "create": .all])
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: writer) { tx in _ = try tx.create(contacts, ["name": "周建平", "customer_id": .int(theirs)]) }
            }
            let own = try await house.gate.write(as: writer) { tx in
                try tx.create(customers, ["name": "自己的客户", "source": "walk_in", "mobile": "19900001234"])
            }
            #expect(own.ownerID == house["liwei"])
            #expect(own.departmentID == house["sales"])
        }
    }

    @Test("a share lends one record until its day", arguments: Engine.available)
    func sharing(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            let id = try await house.gate.write(as: .system()) { tx in try tx.specimen(customers, owner: house["sunqiang"]).id }
            try await house.gate.write(as: .system()) { tx in
                try tx.share(customers, id: id, withUser: house["chenjing"], canWrite: false, until: tx.today)
            }
            house.accounts.forgetEverything()
            let actor = try await house.actor("chenjing")
            let title = try await house.gate.read(as: actor) { try $0.record(customers, id: id).title }
            #expect(!title.isEmpty)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { tx in _ = try tx.update(customers, id: id, ["remark": "不行"]) }
            }
            house.time.now = house.time.now.adding(seconds: 2 * 86_400)
            house.accounts.forgetEverything()
            let later = try await house.actor("chenjing")
            await #expect(throws: Refusal.self) { try await house.gate.read(as: later) { _ = try $0.record(customers, id: id) } }
        }
    }
}
