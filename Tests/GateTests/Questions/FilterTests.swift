import Core
import Records
import Sales
import Testing

@testable import Gate

@Suite("A filter's form")
struct FilterTests {
    /// What is filled in, the address that it makes, and how the chip reads.
    private static let cases: [(path: String, ask: FilterAsk, address: String, chip: String)] = [
        ("name", FilterAsk(.contains, values: ["恒远"]), "filter[name][contains]=恒远", "客户名称 包含 恒远"),
        ("name", FilterAsk(.empty), "filter[name][empty]=true", "客户名称 为空"),
        ("mobile", FilterAsk(.starts, values: ["138"]), "filter[mobile][starts]=138", "手机号码 开头是 138"),
        ("type", FilterAsk(.is, values: ["company", "dealer"]), "filter[type][in]=company,dealer", "客户类型 是 单位、经销商"),
        ("type", FilterAsk(.not, values: ["dealer"]), "filter[type][ne]=dealer", "客户类型 不是 经销商"),
        ("owner_id", FilterAsk(.is, values: ["my_subordinates"]), "filter[owner_id][eq]=my_subordinates", "负责人 是 我的下属"),
        ("owner_id", FilterAsk(.is, values: ["me", "my_department"]), "filter[owner_id][in]=me,my_department", "负责人 是 我、我的部门"),
        ("next_follow_at", FilterAsk(.week), "filter[next_follow_at][gte]=week&filter[next_follow_at][lt]=week+1", "下次跟进 本周内"),
        ("next_follow_at", FilterAsk(.today), "filter[next_follow_at][gte]=today&filter[next_follow_at][lt]=today+1", "下次跟进 今天"),
        (
            "created_at", FilterAsk(.lastDays, days: "30"), "filter[created_at][gte]=today-29&filter[created_at][lt]=today+1",
            "创建时间 最近 30 天"
        ),
        (
            "next_birthday_on", FilterAsk(.nextDays, days: "7"), "filter[next_birthday_on][gte]=today&filter[next_birthday_on][lt]=today+8",
            "下个生日 未来 7 天"
        ),
        (
            "filed_on", FilterAsk(.range, from: "2026-01-01", to: "2026-01-31"),
            "filter[filed_on][gte]=2026-01-01&filter[filed_on][lt]=2026-02-01", "建档日期 2026-01-01 至 2026-01-31"
        ),
        ("created_at", FilterAsk(.range, from: "2026-01-01"), "filter[created_at][gte]=2026-01-01", "创建时间 2026-01-01 00:00 起"),
        ("order_amount_cents", FilterAsk(.range, from: "100000.00"), "filter[order_amount_cents][gte]=10000000", "累计成交金额 10 万以上"),
        ("order_amount_cents", FilterAsk(.range, to: "12345.60"), "filter[order_amount_cents][lte]=1234560", "累计成交金额 12,345.6 元以下"),
        (
            "order_amount_cents", FilterAsk(.range, from: "1000.00", to: "200000000.00"),
            "filter[order_amount_cents][between]=100000,20000000000", "累计成交金额 1,000 元 至 2 亿"
        ),
        ("completeness", FilterAsk(.range, to: "60"), "filter[completeness][lte]=60", "资料完整度 60 分以下"),
        ("is_key", FilterAsk(.no), "filter[is_key][eq]=false", "重点客户 否"),
        ("city", FilterAsk(.is, values: ["浙江省", "杭州市"]), "filter[province][eq]=浙江省&filter[city][eq]=杭州市", "省份 是 浙江省；城市 是 杭州市"),
        ("city", FilterAsk(.not, values: ["", "杭州市"]), "filter[city][ne]=杭州市", "城市 不是 杭州市"),
    ]

    private func look(_ body: @escaping @Sendable (ListQuery, View) throws -> Void) async throws {
        try await Villa.open(.sqlite) { house in
            let actor = try await Villa.liWei(house, ["read": .all], fields: ["customers": ["remark": .hidden]])
            try await house.gate.read(as: actor) { view throws in
                try body(try ListQuery(QueryItems(), try view.schema(named: "customers"), view), view)
            }
        }
    }

    @Test("makes the address, which reads as a sentence and opens the same form again", arguments: cases.indices)
    func everyKind(_ index: Int) async throws {
        let (path, ask, address, chip) = Self.cases[index]
        try await look { query, view in
            let subject = try query.subject(path, view), made = try query.conditions(ask, on: subject, view)
            #expect(made.map { "filter[\($0.path)][\($0.op.rawValue)]=\($0.text)" }.joined(separator: "&") == address)
            let items = QueryItems(made.map { ("filter[\($0.path)][\($0.op.rawValue)]", $0.text) })
            let list = try ListQuery(items, query.schema, view), clauses = try list.clauses(try list.filters(view), view)
            #expect(clauses.map { view.sentence($0).text }.joined(separator: "；") == chip)
            let last = try #require(clauses.last)
            #expect(list.ask(last, beside: clauses) == ask)
            #expect(try view.page(try list.request(view)).rows.isEmpty)
        }
    }

    @Test("says which field is wrong and what to do")
    func wrong() async throws {
        let cases: [(String, FilterAsk, String)] = [
            ("order_amount_cents", FilterAsk(.range, from: "很多"), "「累计成交金额」的数无法读取：应为金额，例如 1,234.50"),
            ("order_amount_cents", FilterAsk(.range, from: "2", to: "1"), "「累计成交金额」的下限大于上限，请对调"),
            ("order_amount_cents", FilterAsk(.range), "「累计成交金额」请至少填写一个数"),
            ("created_at", FilterAsk(.lastDays, days: "0"), "「创建时间」的天数应为 1 到 3650 的整数，例如 30"),
            ("created_at", FilterAsk(.range, from: "2026-02-01", to: "2026-01-01"), "「创建时间」的开始日期晚于结束日期，请对调"),
            ("type", FilterAsk(.is), "「客户类型」请至少选择一项"),
            ("owner_id", FilterAsk(.is, values: ["查无此人"]), "「负责人」没有找到「查无此人」，请写全名，或从列表中选择"),
            ("city", FilterAsk(.is, values: ["", ""]), "「城市」请至少选择省份"),
            ("name", FilterAsk(.today), "「客户名称」请选择条件"),
        ]
        try await look { query, view in
            for (path, ask, message) in cases {
                let subject = try query.subject(path, view)
                let problem = #expect(throws: Problem.self) { try query.conditions(ask, on: subject, view) }
                #expect(problem?.message == message)
            }
            #expect(throws: Refusal.self) { try query.subject("remark", view) }
            #expect(throws: Refusal.self) { try query.subject("customer.nothing", view) }
        }
    }

    @Test("offers the comparisons that fit the kind, the usual first")
    func ways() async throws {
        try await look { query, view in
            func ways(_ path: String) throws -> [FilterWay] { try query.subject(path, view).ways }
            let name = try ways("name"), mobile = try ways("mobile"), days = try ways("created_at")
            #expect(name.first == .contains && mobile.first == .is)
            #expect(try ways("type") == [.is, .not, .empty, .notEmpty])
            #expect(try ways("is_key") == [.yes, .no, .empty])
            #expect(try ways("order_amount_cents") == [.range, .is, .not, .empty, .notEmpty])
            #expect(days.first == .today && days.suffix(5) == [.lastDays, .nextDays, .range, .empty, .notEmpty])
        }
    }

    @Test("means by the department those who work in it or below")
    func colleagues() async throws {
        try await look { query, view in
            let people = try view.colleagues()
            #expect(view.actor.departmentID == nil || people.contains(view.actor.userID))
        }
    }
}
