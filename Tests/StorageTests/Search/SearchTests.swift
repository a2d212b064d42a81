import Records
import Testing

@testable import Storage

@Suite("search") struct SearchTests {
    @Test("one customer, found as people look for customers", arguments: Backend.available)
    func finds(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let zhang = try await store.add(
                Customer.row("张三丰", ["code": "KH-2024-0001", "mobile": "13812340001", "note": "喜欢杭州西湖龙井, VIP since 2019"]))[0]
            let yun = try await store.add(Customer.row("杭州云栖科技有限公司", ["code": "KH-2024-0002", "mobile": "13912345678"]))[0]
            let zeng = try await store.add(Customer.row("曾重庆"))[0]
            let abc = try await store.add(Customer.row("ABC汽车 Shanghai"))[0]
            let cases: [(String, [Int64])] = [
                ("张三丰", [zhang]), ("张三", [zhang]), ("三丰", [zhang]), ("丰", [zhang]), ("zhangsanfeng", [zhang]), ("zhangsan", [zhang]),
                ("ZhangSan", [zhang]), ("zhang san", [zhang]), ("sanfeng", [zhang]), ("zs", [zhang]), ("zsf", [zhang]), ("sf", [zhang]),
                ("zhangs", [zhang]),
                ("zhangsanf", [zhang]), ("张丰", []), ("张三 0001", [zhang]), ("张三 0002", []), ("0001", [zhang]), ("001", [zhang]),
                ("40001", [zhang]),
                ("13812340001", [zhang]), ("1381234", [zhang]), ("138 1234 0001", [zhang]), ("138-1234-0001", [zhang]),
                ("KH-2024-0001", [zhang]),
                ("kh20240001", [zhang]), ("ＫＨ２０２４０００１", [zhang]), ("kh2024", [yun, zhang]), ("20240001", [zhang]), ("龙井", [zhang]),
                ("vip", [zhang]), ("2019", [zhang]),
                ("杭州", [yun, zhang]), ("云栖", [yun]), ("yunqi", [yun]), ("yq", [yun]), ("hzyq", [yun]), ("hangzhouyunqi", [yun]),
                ("yunqikeji", [yun]), ("5678", [yun]),
                ("zengchongqing", [zeng]), ("cengzhongqing", [zeng]), ("zcq", [zeng]), ("chongqing", [zeng]), ("zhongqing", [zeng]),
                ("abc", [abc]), ("qiche", [abc]), ("abcqiche", [abc]), ("abcqc", [abc]), ("shang", [abc]), ("qc shanghai", [abc]),
                ("汽车shanghai", [abc]),
                ("longjing", []), ("", []), ("  ", []), ("!?", []), ("'\" OR 1=1 *", []), ("张三\" OR \"李", []), ("NOT 张三", []), ("不存在", []),
            ]
            for (text, expected) in cases { #expect(try await store.search(text) == expected, "\(text)") }
            for (text, expected) in cases where !expected.isEmpty {
                #expect(try await store.ids(Query(Customer.self, where: .search(text))) == expected.sorted(), "filter \(text)")
            }
        }
    }

    @Test("sealed fields and records in the bin are not found; a search in the bin looks at titles", arguments: Backend.available)
    func hidden(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.add(Customer.row("张三", ["secret": "kaguya99"]), Customer.row("张四"))
            #expect(try await store.search("kaguya99") == [])
            try await store.write { _ = try $0.set(Customer.schema, ["deleted_at": 9], where: .ids([ids[1]])) }
            #expect(try await store.search("zhang") == [ids[0]])
            var query = Query(Customer.self, where: .search("张四"))
            #expect(try await store.ids(query) == [])
            query.life = .deleted
            #expect(try await store.ids(query) == [ids[1]])
            try await store.write { _ = try $0.set(Customer.schema, ["deleted_at": .null], where: .ids([ids[1]])) }
            #expect(try await store.search("zhang") == ids.reversed())
        }
    }

    @Test("the index follows every change in the same unit of work", arguments: Backend.available)
    func follows(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let id = try await store.add(Customer.row("张三"))[0]
            var row = try #require(try await store.read { try $0.row(Customer.schema, id: id) })
            row["name"] = "李四"
            let renamed = row
            let inside = try await store.write { tx in
                _ = try tx.update(renamed, slots: [Customer.schema.title.slot], ifVersion: nil)
                return try tx.search(Customer.schema, "lisi", within: .everything, preferring: nil, limit: 5)
            }
            #expect(inside == [id])
            #expect(try await store.search("zhangsan") == [])
            #expect(try await store.search("lisi") == [id])
            struct Stop: Error {}
            try? await store.write { tx in
                _ = try tx.set(Customer.schema, ["name": "王五"], where: .everything)
                throw Stop()
            }
            #expect(try await store.search("lisi") == [id])
            try await store.rebuildSearch(Customer.schema)
            #expect(try await store.search("lisi") == [id])
            try await store.write { try $0.erase(Customer.schema, ids: [id]) }
            #expect(try await store.search("lisi") == [])
        }
    }

    @Test("titles come first, among them one's own, and only what is within reach", arguments: Backend.available)
    func ranking(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.add(
                Customer.row("别人", owner: 2, department: 20, ["note": "杭州"]), Customer.row("杭州一店", owner: 2, department: 20),
                Customer.row("杭州二店", owner: 1),
                Customer.row("我的", owner: 1, ["note": "杭州"]), Customer.row("杭州三店", owner: 3, department: 30)
            )
            #expect(try await store.search("杭州", preferring: 1) == [ids[2], ids[4], ids[1], ids[3], ids[0]])
            #expect(try await store.search("杭州") == [ids[4], ids[2], ids[1], ids[3], ids[0]])
            #expect(try await store.search("杭州", within: Reach(owners: [1]), preferring: 1) == [ids[2], ids[3]])
            #expect(try await store.search("杭州", within: Reach(departments: [20])) == [ids[1], ids[0]])
            #expect(
                try await store.search("杭州", within: Reach(owners: [1], departments: [20]), preferring: 1) == [
                    ids[2], ids[1], ids[3], ids[0],
                ])
            #expect(try await store.search("杭州", within: Reach(owners: [1], records: [ids[4], 999])) == [ids[2], ids[3], ids[4]])
            #expect(try await store.search("杭州", within: Reach(records: [ids[4]])) == [ids[4]])
            #expect(try await store.search("杭州", within: .nothing) == [])
            #expect(try await store.search("杭州", within: Reach(owners: Array(1...600))).count == 5)
            #expect(try await store.search("杭州", preferring: 1, limit: 2) == [ids[2], ids[4]])
        }
    }

    @Test("a search as a filter keeps to the reach", arguments: Backend.available)
    func filtered(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.add(
                Customer.row("杭州一店", owner: 1, department: 10), Customer.row("杭州二店", owner: 2, department: 20), Customer.row("宁波", owner: 1)
            )
            for (scope, expected) in [
                (Reach.everything, [ids[0], ids[1]]), (Reach(owners: [1]), [ids[0]]),
                (Reach(owners: [1], departments: [20]), [ids[0], ids[1]]),
                (Reach(owners: [3], records: [ids[1]]), [ids[1]]), (Reach(owners: Array(2...90)), [ids[1]]),
            ] {
                for (condition, found) in [
                    (Condition.search("杭州"), expected),
                    (.not(.search("杭州")), scope.owners.contains(1) || scope.isEverything ? [ids[2]] : []),
                ] {
                    var query = Query(Customer.self, where: condition)
                    query.scope = scope
                    let asked = query
                    #expect(try await store.ids(asked) == found, "\(scope) \(condition)")
                    #expect(try await store.read { try $0.count(asked, cap: 10) } == found.count)
                }
            }
        }
    }

    @Test("every surname and city on the list of corrections is found by its right sound")
    func readings() {
        for (name, sound) in [
            ("曾小贤", "zengxiaoxian"), ("单田芳", "shantianfang"), ("仇英", "qiuying"), ("查良镛", "zhaliangyong"), ("解晓东", "xiexiaodong"),
            ("重庆", "chongqing"), ("长沙", "changsha"), ("厦门", "xiamen"), ("吕布", "lvbu"), ("吕布", "lubu"), ("女装", "nvzhuang"), ("乐山", "leshan"),
            ("六安", "luan"), ("东莞", "dongguan"), ("亳州", "bozhou"),
        ] {
            var tokens = TokenBuffer()
            SearchText.tokens(of: name, as: .name, into: &tokens)
            #expect(tokens.tokens.contains(sound), "\(name)")
        }
    }

    @Test("nearly every common character has a sound")
    func table() {
        let known = (0x4E00...0x9FA5).filter { Pinyin.syllable(of: Unicode.Scalar(UInt32($0))!) != nil }.count
        #expect(known > 20_500)
        #expect(Pinyin.syllable(of: "a") == nil)
    }
}
