import ArgumentParser
import Core
import Foundation
import Gate
import Records

/// `zhike demo`: fills an empty system with the fictional group.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo", abstract: say("载入虚构的演示公司", "Load the fictional demo company"))

    @Option(help: .say("small（600 位客户）或 full（20,000 位）", "small (600 customers) or full (20,000)")) var size = "small"
    @Option(help: .say("随机种子；相同种子得到相同数据", "Seed; the same seed gives the same data")) var seed: UInt64 = 20_260_101
    @Option(help: .say("数据以哪一天为“今天”，YYYY-MM-DD", "The day that counts as today, YYYY-MM-DD")) var asOf: String?
    @Flag(help: .say("已有用户时直接结束，不算错误", "End quietly when there are users already")) var ifEmpty = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        guard let size = Demo.Size(rawValue: size), size != .sample else {
            throw ValidationError(say("--size 应为 small 或 full", "--size is small or full"))
        }
        let installation = try await Installation.open(try Settings(store))
        defer { installation.close() }
        guard try await installation.accounts.isFresh() else {
            if ifEmpty { return }
            throw CommandFailure(
                message: say(
                    "系统中已有用户。演示数据只能载入空的数据文件夹，请用 --data 指定另一个文件夹。",
                    "There are users already. Demo data goes into an empty data folder only: name another one with --data.")
            )
        }
        let day =
            try asOf.map { text in
                guard let day = Day(iso: text) else { throw ValidationError(say("--as-of 应为 YYYY-MM-DD", "--as-of is YYYY-MM-DD")) }
                return day
            } ?? installation.gate.clock.now().day
        let steps = installation.gate.catalog.capabilities.flatMap { $0.demo(Demo(size: size, asOf: day, seed: seed)) }
        for (index, step) in steps.enumerated() {
            try await installation.gate.write(as: .system(via: "demo")) { tx in
                tx.ignoresWarnings = true
                try step(tx)
            }
            if isatty(2) == 1 {
                FileHandle.standardError.write(
                    Data(say("\r载入演示数据 \(index + 1)/\(steps.count)", "\rLoading demo data \(index + 1)/\(steps.count)").utf8))
            }
        }
        // Waits for the server's first start.
        try await installation.gate.write(as: .system(via: "demo")) { tx in try DuplicateScan.nightly.run([:], tx) }
        let password = try await installation.accounts.openDemo()
        let names = try await installation.gate.read(as: .system(via: "demo")) { view in
            let schema = view.catalog.schema(User.self)
            return try view.page(ListRequest(schema, sort: [Query.Sort("id")], limit: 4)).rows.map { $0["username"].text ?? "" }
        }
        print(
            say(
                "演示公司已载入。登录名如 \(names.joined(separator: "、"))，密码：\(password)（只显示这一次）",
                "The demo company is loaded. Log in as \(names.joined(separator: ", ")), password: \(password) (shown only this once)"))
    }
}
