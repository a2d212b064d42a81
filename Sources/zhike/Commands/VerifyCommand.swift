import ArgumentParser
import Records

/// `zhike verify`: has anything been changed behind the program's back, or gone bad?
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: say("校验操作日志和数据库的完整性", "Verify the audit log and the database"))
    @Flag(help: .say("最后输出一个 JSON 对象", "Print one JSON object at the end")) var json = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let answer = try await store.perform("verify"), faults = answer.texts("faults")
        if json {
            print(Plain.object(answer).jsonText)
        } else {
            for (entity, count) in (answer["rows"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) where count != .int(0) {
                print("\(entity)\t\(count.int ?? 0)")
            }
            print(
                say(
                    "操作日志 \(answer["entries"]?.int ?? 0) 条，封印 \(answer["seals"]?.int ?? 0) 个",
                    "Audit log: \(answer["entries"]?.int ?? 0) entries, \(answer["seals"]?.int ?? 0) seals"))
            print(digests(answer["digests"]?.object ?? [:]))
        }
        guard faults.isEmpty else { throw CommandFailure(message: say("发现问题：\n", "Faults found:\n") + faults.joined(separator: "\n")) }
        if !json { print(say("完整，未被改动", "Complete and unchanged")) }
    }

    private func digests(_ counts: [String: Plain]) -> String {
        let rows = counts["rows"]?.int ?? 0, waiting = counts["waiting"]?.int ?? 0
        let read = say("逐条核对 \(rows) 行", "\(rows) rows held against their digests")
        return waiting == 0 ? read : read + say("，其中 \(waiting) 行还没有摘要", ", \(waiting) of which have none yet")
    }
}
