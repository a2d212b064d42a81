import Foundation
import Records
import Testing

@testable import Storage

@Suite("sync") struct SyncTests {
    @Test("dropped indexes come back with the next look at the definitions, unique ones never go", arguments: Backend.available)
    func droppedIndexes(_ backend: Backend) async throws {
        try await backend.withStore { store in
            func names() async throws -> Set<String> {
                try await store.define { Set(try $0.dialect.existingIndexes($0.connection).map(\.name).filter(IndexName.isOurs)) }
            }
            let before = try await names()
            try await store.withoutIndexes()
            let left = try await names()
            #expect(!left.isEmpty && left.count < before.count && left.allSatisfy { $0.contains(IndexName.uniqueMark) })
            try await store.sync(Shop.catalog)
            #expect(try await names() == before)
        }
    }

    @Test("a second run finds nothing to do, and a plan does nothing", arguments: Backend.available)
    func idempotent(_ backend: Backend) async throws {
        try await backend.withStore(nil) { store in
            let plan = try await store.plan(Shop.catalog)
            #expect(plan.contains { $0.hasPrefix("create table \"customers\"") })
            #expect(plan.contains { $0.hasPrefix("create unique index") && $0.contains("where deleted_at is null") })
            await #expect(throws: StoreError.self) { try await store.ids(Query(Customer.self)) }
            let did = try await store.sync(Shop.catalog)
            #expect(did.count == plan.count)
            #expect(try await store.sync(Shop.catalog) == [])
            #expect(try await store.plan(Shop.catalog) == [])
        }
    }

    @Test("own fields and own entities are columns and tables like all others", arguments: Backend.available)
    func ownFields(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let old = try await store.add(Customer.row("张三"))[0]
            var own = OwnDefinitions()
            own.version = 1
            let nick = FieldSpec("own_nick", "昵称", TextKind(), isRequired: false, isCustom: true, [.searchable, .unique])
            let cars = FieldSpec("own_cars", "车", LinksKind("own_cars_list"), isRequired: false, isCustom: true, [])
            own.fields = ["customers": [nick, cars]]
            own.entities = [
                Schema.own(
                    name: "own_cars_list", label: "车", traits: EntityTraits(.shared), fields: [FieldSpec("name", "名称", TextKind(), .title)])
            ]
            let catalog = Catalog([Shop.self], own: own)
            let did = try await store.sync(catalog)
            #expect(did.contains("表 customers 增加列 own_nick"))
            let customer = try #require(catalog["customers"]), car = try #require(catalog["own_cars_list"])
            var beetle = car.blank()
            beetle["name"] = "甲壳虫"
            beetle["version"] = 1
            beetle["created_at"] = 1
            beetle["updated_at"] = 1
            let row = beetle
            let carID = try await store.add(row)[0]
            let new = try await store.add(Customer.row("李四", schema: customer, ["own_nick": "小李子", "own_cars": .list([.int(carID)])]))[0]
            #expect(try await store.ids(Query(customer, where: .field("own_nick", .starts, "小"))) == [new])
            #expect(try await store.ids(Query(customer, where: .compare(.init(link: "own_cars", "name"), .eq, ["甲壳虫"]))) == [new])
            #expect(try await store.ids(Query(customer, where: .field("own_nick", .empty))) == [old])
            #expect(try await store.search("xiaolizi") == [new])
            await #expect(throws: StoreError.duplicate(entity: "customers", fields: ["own_nick"])) {
                try await store.add(Customer.row("王五", schema: customer, ["own_nick": "小李子"]))
            }
            // Who still holds the schema of before goes on working.
            try await store.add(Customer.row("赵六"))
            #expect(try await store.ids(Query(Customer.self)).count == 3)
            // A start begins without the own fields, which stand in the database: nothing of theirs goes.
            #expect(try await store.sync(Shop.catalog) == [])
            #expect(try await store.sync(catalog) == [])
            #expect(try await store.search("xiaolizi") == [new])
        }
    }

    @Test("an index that is no longer declared goes, a unique one stops refusing", arguments: Backend.available)
    func dropped(_ backend: Backend) async throws {
        func catalog(_ options: FieldOption...) -> Catalog {
            var own = OwnDefinitions()
            own.entities = [
                Schema.own(
                    name: "boats", label: "船", traits: EntityTraits(.log),
                    fields: [FieldSpec("port", "港", TextKind(), isRequired: false, isCustom: false, options)])
            ]
            return Catalog([], own: own)
        }
        try await backend.withStore(catalog(.unique)) { store in
            var boat = catalog()["boats"]!.blank()
            boat["port"] = "舟山"
            let row = boat
            try await store.add(row)
            await #expect(throws: StoreError.self) { try await store.add(row) }
            #expect(try await store.sync(catalog()) == ["删除不再使用的索引 boats__ux_port"])
            try await store.add(row)
        }
    }

    @Test("a field that becomes searchable is found in old records too", arguments: Backend.available)
    func becomesSearchable(_ backend: Backend) async throws {
        func catalog(_ options: FieldOption...) -> Catalog {
            var own = OwnDefinitions()
            own.entities = [
                Schema.own(
                    name: "boats", label: "船", traits: EntityTraits(.shared),
                    fields: [
                        FieldSpec("name", "名称", TextKind(), .title),
                        FieldSpec("port", "港", TextKind(), isRequired: false, isCustom: false, options),
                    ])
            ]
            return Catalog([Shop.self], own: own)
        }
        try await backend.withStore(catalog()) { store in
            var boat = catalog()["boats"]!.blank()
            boat["name"] = "海星"
            boat["port"] = "舟山"
            boat["created_at"] = 1
            boat["updated_at"] = 1
            boat["version"] = 1
            try await store.add(boat)
            let wider = catalog(.searchable)
            #expect(try await store.sync(wider) == ["重建 船 的全文索引"])
            #expect(try await store.read { try $0.search(wider["boats"]!, "舟山", within: .everything, preferring: nil, limit: 5) } == [1])
        }
    }

    @Test("a database of a newer program is refused with a reason", arguments: Backend.available)
    func newer(_ backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.define { try $0.connection.execute("update _meta set value = '99' where name = 'version'") }
            let error = await #expect(throws: StoreError.self) { try await store.sync(Shop.catalog) }
            #expect("\(error!)".contains("请升级程序"))
            _ = try await store.define { try $0.connection.execute("update _meta set value = '1' where name = 'version'") }
            _ = try await store.define {
                try $0.connection.execute("insert into _patches (number, name, applied_at) values (77, 'future', '2030')")
            }
            await #expect(throws: StoreError.self) { try await store.sync(Shop.catalog) }
        }
    }

    @Test("a column of another type is refused, and existing duplicates are told when a field becomes unique", arguments: Backend.available)
    func foreign(_ backend: Backend) async throws {
        func catalog(_ kind: any FieldKind, _ options: FieldOption...) -> Catalog {
            var own = OwnDefinitions()
            own.entities = [
                Schema.own(
                    name: "boats", label: "船", traits: EntityTraits(.log),
                    fields: [FieldSpec("port", "港", kind, isRequired: false, isCustom: false, options)])
            ]
            return Catalog([], own: own)
        }
        try await backend.withStore(catalog(TextKind())) { store in
            await #expect(throws: StoreError.self) { try await store.sync(catalog(WholeNumberKind())) }
            var boat = catalog(TextKind())["boats"]!.blank()
            boat["port"] = "舟山"
            let twice = boat
            try await store.add(twice, twice)
            let error = await #expect(throws: StoreError.self) { try await store.sync(catalog(TextKind(), .unique)) }
            #expect("\(error!)".contains("已有重复的数据"))
            // Nothing of it stayed.
            try await store.add(twice)
        }
    }

    @Test("patches run once, in their phase and order, and leave nothing behind when one fails", arguments: Backend.available)
    func patches(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let id = try await store.add(Customer.row("张三", ["city": "杭"]))[0]
            struct Stop: Error {}
            let rename = Patch(number: 2, name: "城市全称", phase: .after, tables: ["customers"]) { connection, _ in
                try connection.execute("update customers set city = city || '州'")
            }
            let first = Patch(number: 1, name: "先", phase: .before, tables: ["customers"]) { connection, _ in
                try connection.execute("update customers set city = city || '杭'")
            }
            let failing = Patch(number: 3, name: "坏", phase: .after) { _, _ in throw Stop() }
            await #expect(throws: Stop.self) { try await store.sync(Shop.catalog, patches: [failing, rename, first]) }
            #expect(try await store.read { try $0.row(Customer.schema, id: id)?["city"] } == "杭")
            #expect(try await store.sync(Shop.catalog, patches: [rename, first]) == ["升级 1：先", "升级 2：城市全称", "为 1 张表的已有记录写入摘要"])
            #expect(try await store.sync(Shop.catalog, patches: [rename, first]) == [])
            #expect(try await store.read { try $0.row(Customer.schema, id: id)?["city"] } == "杭杭州")
        }
        // A new database is as the patches would have made it.
        try await backend.withStore(nil) { store in
            let patch = Patch(number: 1, name: "永不", phase: .after) { _, _ in Issue.record("ran on a new database") }
            _ = try await store.sync(Shop.catalog, patches: [patch])
            #expect(try await store.sync(Shop.catalog, patches: [patch]) == [])
        }
    }

    @Test("names stay within what PostgreSQL takes")
    func names() throws {
        let long = IndexName.make(
            "a_very_long_table_name_of_an_insurance_capability", ["department_id", "a_long_field_name", "created_at", "id"], unique: true)
        #expect(long.utf8.count <= 63 && IndexName.isOurs(long))
        #expect(IndexName.make("deals", ["owner_id"], unique: false) == "deals__ix_owner_id")
    }
}
