import Core
import Gate
import Records
import Storage

/// The bench's company: always the same for the same numbers. 200 people in a tree of departments, customers spread over them, interactions
/// for each.
///
/// Written straight through the store, a few thousand rows a commit, search index included.
struct BenchData {
    static let sales = "bench_sales", manager = "bench_manager", admin = "bench_admin", password = "Lv7-bench-Qx93-mountain"
    private static let batch = 2000
    /// From here on keeping the indexes up to date takes longer than making them afterwards.
    private static let large = 200_000

    let installation: Installation
    let customers: Int
    let interactions: Int
    private let today = Day(number: 20_758)

    init(installation: Installation, customers: Int, interactions: Int) {
        self.installation = installation
        self.customers = customers
        self.interactions = interactions
    }

    /// False when the data is there already.
    func make(progress: (Int) -> Void) async throws -> Bool {
        guard try await installation.accounts.isFresh() else { return false }
        let company = try await makeCompany()
        let isLarge = customers >= BenchData.large
        if isLarge { try await dropIndexes() }
        var done = 0
        while done < customers {
            let range = done..<min(done + BenchData.batch, customers)
            try await write(range, company)
            done = range.upperBound
            progress(done)
        }
        if isLarge { try await installation.store.sync(installation.gate.catalog.whole) }
        try await installation.store.analyze()
        return true
    }

    private func dropIndexes() async throws {
        try await (installation.store as? SQLiteStore)?.dropIndexes()
        try await (installation.store as? PostgreSQLStore)?.dropIndexes()
    }

    // MARK: The company

    struct Seat: Sendable {
        var user: Int64
        var department: Int64
    }

    struct Company: Sendable {
        /// The first seat is the salesperson who measures.
        var seats: [Seat]
        var levels: [Int64]
    }

    private func makeCompany() async throws -> Company {
        let company = try await installation.gate.write(as: .system(via: "bench")) { tx in
            tx.ignoresWarnings = true
            return try BenchData.hire(tx)
        }
        for username in [BenchData.sales, BenchData.manager, BenchData.admin] {
            try await installation.accounts.setPassword(of: username, to: BenchData.password)
        }
        return company
    }

    /// Four divisions, four departments in each, twelve or so people in each of those.
    private static func hire(_ tx: GateTransaction) throws -> Company {
        let roles = [String: Int64](try tx.all(Role.self).map { ($0.code, $0.row.id) }, uniquingKeysWith: { first, _ in first })
        var random = SplitMix64(seed: 1), seats: [Seat] = []
        let root = try tx.first(Department.self, where: \Department.kindOf == .company)
        var number = 0
        func department(_ name: String, under parent: Ref<Department>?) throws -> Ref<Department> {
            var department = Record<Department>()
            department.title = name
            department.parent = parent
            return try tx.insert(department).id
        }
        func hire(_ username: String, _ role: String, _ department: Ref<Department>, under manager: Ref<User>?) throws -> Ref<User> {
            var user = Record<User>()
            user.username = username
            user.title = BenchWords.person(&random)
            user.department = department
            user.manager = manager
            user.roles = Refs([roles[role]].compactMap(\.self))
            user.status = .active
            number += 1
            return try tx.insert(user).id
        }
        _ = try hire(BenchData.admin, "admin", root?.id ?? Ref(1), under: nil)
        for division in 1...4 {
            let top = try department("事业部\(division)", under: root?.id)
            let manager = try hire(division == 1 ? BenchData.manager : "manager\(division)", "sales_mgr", top, under: nil)
            for part in 1...4 {
                let place = try department("销售\(division)-\(part)部", under: top)
                let count = part == 4 ? 13 : 12
                for _ in 1...count where number < 200 {
                    let user = try hire(seats.isEmpty ? BenchData.sales : "sales\(number)", "sales_consultant", place, under: manager)
                    seats.append(Seat(user: user.id, department: place.id))
                }
            }
        }
        return Company(seats: seats, levels: try tx.all(CustomerLevel.self).map(\.row.id))
    }

    // MARK: Customers and what was said

    private func write(_ range: Range<Int>, _ company: Company) async throws {
        let today = today
        // With what packs add: these rows go past the gate.
        let blank = installation.gate.catalog.schema(Customer.self).blank()
        let (total, each) = (customers, interactions)
        try await installation.store.write { tx in
            var random = SplitMix64(seed: UInt64(range.lowerBound) &+ 77)
            let people = range.map { BenchData.customer($0, company, today, blank, &random) }
            let ids = try tx.insert(people)
            var talks: [Row] = []
            for (offset, id) in ids.enumerated() {
                // Exactly as many as asked for, evenly.
                let index = range.lowerBound + offset, count = each * (index + 1) / total - each * index / total
                for turn in 0..<count { talks.append(BenchData.talk(people[offset], id, turn, &random)) }
            }
            for start in stride(from: 0, to: talks.count, by: 5000) {
                _ = try tx.insert(Array(talks[start..<min(start + 5000, talks.count)]))
            }
        }
    }

    private static func customer(_ index: Int, _ company: Company, _ today: Day, _ blank: Row, _ random: inout SplitMix64) -> Row {
        // One in twenty belongs to the salesperson who measures.
        let seat = index % 20 == 0 ? company.seats[0] : company.seats[random.number(below: company.seats.count)]
        let created = Instant(today).milliseconds - Int64(random.number(below: 5 * 365 * 86_400)) * 1000
        var customer = Record<Customer>(blank)
        customer.name = BenchWords.person(&random)
        customer.code = "B-\(String(index + 10_000_000).dropFirst())"
        customer.type = .person
        customer.source = [.walkIn, .phoneIn, .website, .referral, .shortVideo][random.number(below: 5)]
        customer.mobile = "1\(3 + random.number(below: 7))\(String(1_000_000_000 + (index &* 7_919_573) % 1_000_000_000).dropFirst())"
        customer.city = BenchWords.cities[random.number(below: BenchWords.cities.count)]
        customer.address =
            "\(customer.city ?? "")\(BenchWords.roads[random.number(below: BenchWords.roads.count)])\(1 + random.number(below: 999))号"
        if !company.levels.isEmpty { customer.level = Ref(company.levels[random.number(below: company.levels.count)]) }
        customer.remark = BenchWords.sentence(&random)
        customer.completeness = 40 + random.number(below: 50)
        customer.filedOn = Instant(milliseconds: created).day
        customer.lastInteraction = Instant(milliseconds: created + 86_400_000)
        customer[Buyer.self].orderCount = 0
        customer[Buyer.self].orderAmount = .zero
        stamp(&customer.row, seat, created)
        return customer.row
    }

    private static func talk(_ customer: Row, _ id: Int64, _ turn: Int, _ random: inout SplitMix64) -> Row {
        let at = customer.createdAt.milliseconds + 86_400_000 - Int64(turn) * 3_600_000
        var talk = Record<Interaction>()
        talk.customer = Ref(id)
        talk.channel = [.phone, .wechat, .visit, .sms][random.number(below: 4)]
        talk.direction = .outgoing
        talk.happenedAt = Instant(milliseconds: at)
        talk.content = BenchWords.sentence(&random)
        talk.subject = talk.content.map { String($0.prefix(12)) }
        stamp(&talk.row, Seat(user: customer.ownerID ?? 0, department: customer.departmentID ?? 0), at)
        return talk.row
    }

    private static func stamp(_ row: inout Row, _ seat: Seat, _ at: Int64) {
        row["owner_id"] = .int(seat.user)
        row["department_id"] = .int(seat.department)
        row["version"] = .int(1)
        row["created_at"] = .int(at)
        row["updated_at"] = .int(at)
        row["created_by"] = .int(seat.user)
        row["updated_by"] = .int(seat.user)
    }
}

/// Names that exist nowhere, put together from common parts.
enum BenchWords {
    static let surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜".map(String.init)
    static let firsts = "知书景若清思安云亦以予望听怀述沐南秋夏朝松青明文嘉修泽锦润佳伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛超霞平刚桂".map(String.init)
    static let seconds = "遥禾澄棠舟川远简溪屿岚泊衡昀笙榆砚柠竹言初野映朗桥苓朔和帆宜华民建国庆红玉兰春梅海燕龙飞云鹏辉鑫波斌宇浩凯".map(String.init)
    static let cities = ["杭州市", "宁波市", "温州市", "绍兴市", "嘉兴市", "湖州市", "金华市", "台州市", "丽水市", "衢州市"]
    static let roads = ["星湖街", "望潮路", "云栖里", "青禾路", "澄溪街", "梧桐弄", "镜水路", "云渡街"]
    private static let parts = [
        "想了解新款配置", "对价格比较敏感", "约了周末到店看车", "希望尽快安排试驾", "家里人还在商量", "已发送报价单", "回访时说服务满意", "提醒下次保养时间", "打算年底前决定", "推荐了两位朋友", "关心售后网点", "需要分期方案",
    ]

    static func person(_ random: inout SplitMix64) -> String {
        let name = surnames[random.number(below: surnames.count)] + firsts[random.number(below: firsts.count)]
        return random.number(below: 10) == 0 ? name : name + seconds[random.number(below: seconds.count)]
    }

    static func sentence(_ random: inout SplitMix64) -> String {
        (0..<(1 + random.number(below: 3))).map { _ in parts[random.number(below: parts.count)] }.joined(separator: "，") + "。"
    }
}
