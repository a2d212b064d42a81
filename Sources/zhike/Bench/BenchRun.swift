import Core
import Foundation
import Gate
import Records
import Synchronization

/// What the bench asks, one kind after another, as a salesperson and as a manager.
final class BenchRun {
    private let server: BenchServer
    private let seconds: Double
    private let sales: String
    private let manager: String
    private let tell: (Measurement) -> Void
    private(set) var measurements: [Measurement] = []
    /// Work that is one long request: seconds and rows.
    private(set) var long: [(name: String, rows: Int, seconds: Double, cpuMilliseconds: Int)] = []

    init(_ server: BenchServer, seconds: Double, tell: @escaping (Measurement) -> Void) throws {
        self.server = server
        self.seconds = seconds
        self.tell = tell
        sales = try server.logIn(BenchData.sales)
        manager = try server.logIn(BenchData.manager)
    }

    func run(importing rows: Int) async throws {
        try lists()
        try pages()
        let ids = try items("/api/v1/customers?limit=500&count=none&fields=id", sales).compactMap { $0["id"]?.int }
        guard !ids.isEmpty else {
            throw CommandFailure(message: say("销售看不到任何客户：数据不是 bench 的？", "The salesperson sees no customer: is this the data of bench?"))
        }
        records(ids)
        try searches()
        writes(ids)
        try await exchange(rows)
    }

    private func take(_ name: String, connections: Int = 16, _ make: @escaping @Sendable (Int, Int) -> [UInt8]) {
        let measurement = Measurement.take(name, on: server, connections: connections, seconds: seconds, make)
        measurements.append(measurement)
        tell(measurement)
    }

    private func same(_ name: String, _ path: String, _ token: String, cookie: Bool = false) {
        let request = BenchRequest.make("GET", path, token: token, cookie: cookie)
        take(name) { _, _ in request }
    }

    private func items(_ path: String, _ token: String) throws -> [[String: Plain]] {
        try server.get(path, token)["items"]?.list?.compactMap(\.object) ?? []
    }

    // MARK: Reading

    private func lists() throws {
        same("list_html_sales", "/customers", sales, cookie: true)
        same("list_html_manager", "/customers", manager, cookie: true)
        same("list_json_sales", "/api/v1/customers?limit=50", sales)
        same("list_json_manager", "/api/v1/customers?limit=50", manager)
        same("list_json_nocount_manager", "/api/v1/customers?limit=50&count=none", manager)
        let level = try items("/api/v1/customer_levels?limit=1", manager).first?["id"]?.int ?? 1
        same("list_filtered_json_sales", "/api/v1/customers?limit=50&filter[owner_id]=me&filter[level_id]=\(level)&sort=-created_at", sales)
        same("home_html_sales", "/", sales, cookie: true)
    }

    /// Page 100, and as deep as ten seconds of walking lead.
    private func pages() throws {
        func walk(_ pages: Int, limit: Int) throws -> (cursor: String, depth: Int)? {
            var cursor: String?, depth = 0
            let end = ContinuousClock.now + .seconds(10)
            while depth < pages, ContinuousClock.now < end {
                let page = try server.get(
                    "/api/v1/customers?limit=\(limit)&count=none&fields=id" + (cursor.map { "&cursor=\($0)" } ?? ""), manager)
                guard let next = page["next"]?.text else { break }
                cursor = next
                depth += 1
            }
            return cursor.map { ($0, depth * limit / 50 + 1) }
        }
        if let (cursor, depth) = try walk(99, limit: 50) {
            same("page_\(depth)_json_manager", "/api/v1/customers?limit=50&count=none&cursor=\(cursor)", manager)
        }
        if let (cursor, depth) = try walk(1000, limit: 500) {
            same("page_\(depth)_json_manager", "/api/v1/customers?limit=50&count=none&cursor=\(cursor)", manager)
        }
    }

    private func records(_ ids: [Int64]) {
        let token = sales
        take("record_html_sales") { connection, turn in
            BenchRequest.make("GET", "/customers/\(ids[(connection * 131 + turn) % ids.count])", token: token, cookie: true)
        }
        take("record_json_sales") { connection, turn in
            BenchRequest.make("GET", "/api/v1/customers/\(ids[(connection * 131 + turn) % ids.count])", token: token)
        }
        take("record_timeline_sales") { connection, turn in
            BenchRequest.make("GET", "/api/v1/customers/\(ids[(connection * 131 + turn) % ids.count])/timeline", token: token)
        }
    }

    private func searches() throws {
        // The oldest: what earlier runs have added all carries the same words.
        let known = try items("/api/v1/customers?limit=200&count=none&sort=created_at", manager)
        let names = known.compactMap { $0["name"]?.text }.map { String($0.prefix(2)).escaped }
        let tails = known.compactMap { $0["mobile"]?.text }.map { String($0.suffix(4)) }.filter { $0.allSatisfy(\.isNumber) }
        let initials = ["wzy", "lsh", "zjh", "lqx", "cyt", "yml", "hrz", "wf", "zwh", "xsy"]
        let token = manager
        func ask(_ name: String, _ words: [String]) {
            guard !words.isEmpty else { return }
            take("search_\(name)_manager") { connection, turn in
                BenchRequest.make(
                    "GET", "/api/v1/customers?limit=20&count=none&q=\(words[(connection * 7 + turn) % words.count])", token: token)
            }
        }
        ask("2chars", names)
        ask("initials", initials)
        ask("phone_tail", tails)
        take("search_everywhere_manager") { connection, turn in
            BenchRequest.make("GET", "/api/v1/search?q=\(names[(connection * 7 + turn) % names.count])", token: token)
        }
    }

    // MARK: Writing

    private func writes(_ ids: [Int64]) {
        // Numbers that an earlier run on the same data has not used.
        let token = sales, serial = Serial(Int(Date().timeIntervalSince1970 * 1000) % 1_000_000_000)
        for connections in [1, 32] {
            take("create_\(connections)_sales", connections: connections) { _, _ in
                let number = serial.next()
                let digits = String(1_000_000_000 + number % 1_000_000_000).dropFirst()
                return BenchRequest.make(
                    "POST", "/api/v1/customers", token: token,
                    json: "{\"name\":\"测试客户\(number)\",\"source\":\"website\",\"mobile\":\"19\(digits)\",\"city\":\"杭州市\"}")
            }
        }
        for connections in [1, 32] {
            take("update_\(connections)_sales", connections: connections) { connection, turn in
                let id = ids[(connection * 15 + turn) % ids.count]
                return BenchRequest.make(
                    "PATCH", "/api/v1/customers/\(id)", token: token, json: "{\"remark\":\"第\(turn)次联系，约好周末到店，编号\(connection)\"}")
            }
        }
    }

    private final class Serial: Sendable {
        private let number: Mutex<Int>
        init(_ start: Int) { number = Mutex(start) }
        func next() -> Int {
            number.withLock {
                $0 += 1; return $0
            }
        }
    }

    // MARK: Import and export

    private func exchange(_ rows: Int) async throws {
        guard rows > 0, let url = URL(string: "http://127.0.0.1:\(server.port)") else { return }
        let token = try server.logIn(BenchData.admin), remote = Server(url: url, token: token)
        let sheet = NSTemporaryDirectory() + "zhike-bench-\(getpid()).csv"
        defer { try? FileManager.default.removeItem(atPath: sheet) }
        try makeSheet(rows, sheet)
        var plan = ImportPlan(into: "customers")
        plan.match = ["mobile", "name"]
        let importing = plan
        try await timed("import_csv", rows: rows) { _ = try await remote.importSheet(sheet, importing) }
        let total = Int(try server.get("/api/v1/customers?limit=1", token)["count"]?.int ?? 0)
        // A sheet has so many lines and no more.
        for format in ["csv", "xlsx"] where format == "csv" || exported < 1_048_576 {
            guard FileManager.default.createFile(atPath: sheet, contents: nil), let output = FileHandle(forWritingAtPath: sheet) else {
                return
            }
            // The list's count is capped, the file's is not.
            try await timed("export_\(format)", rows: total) {
                try await remote.download(
                    "/api/v1/customers/export?format=\(format)&fields=code,name,mobile,city,level_id,owner_id,created_at", to: output)
            }
            try output.close()
            if format == "csv", let lines = try? String(contentsOfFile: sheet, encoding: .utf8).utf8.reduce(0, { $0 + ($1 == 10 ? 1 : 0) })
            {
                exported = lines - 1
            }
        }
    }

    private var exported = 0

    private func timed(_ name: String, rows: Int, _ body: () async throws -> Void) async throws {
        let before = server.facts?.cpuMilliseconds ?? 0, began = ContinuousClock.now
        try await body()
        long.append((name, rows, (ContinuousClock.now - began) / .seconds(1), (server.facts?.cpuMilliseconds ?? 0) - before))
    }

    private func makeSheet(_ rows: Int, _ path: String) throws {
        var random = SplitMix64(seed: UInt64(Date().timeIntervalSince1970)), text = "客户名称,手机号码,城市,来源,备注\n"
        for index in 0..<rows {
            let number = String(1_000_000_000 + random.number(below: 1_000_000_000)).dropFirst()
            text +=
                "\(BenchWords.person(&random))\(index),18\(number),\(BenchWords.cities[index % BenchWords.cities.count]),官网,"
                + "\(BenchWords.sentence(&random))\n"
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    var plain: [String: Plain] {
        [
            "requests": .list(measurements.map(\.plain)),
            "work": .list(
                long.map { work in
                    let rows = work.name.hasPrefix("export") && exported > 0 ? exported : work.rows
                    return [
                        "name": .text(work.name), "rows": .int(Int64(rows)), "seconds": .real((work.seconds * 1000).rounded() / 1000),
                        "rows_per_second": .int(Int64(Double(rows) / max(work.seconds, 0.001))),
                        "cpu_ms_per_1000_rows": .int(Int64(work.cpuMilliseconds * 1000 / max(rows, 1))),
                    ]
                }),
        ]
    }
}

extension String {
    /// As a query's value.
    fileprivate var escaped: String { utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined() }
}
