import ArgumentParser
import Foundation
import Gate
import Records

/// `zhike import FILE --into ENTITY …`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import", abstract: say("导入 CSV 或 XLSX 表格", "Import a CSV or XLSX sheet"))

    @Argument(help: .say("表格文件", "Sheet to import")) var file: String
    @Option(help: .say("导入到哪个对象，例如 customers", "Entity to import into, for example customers")) var into: String
    @Option(
        name: .customLong("map"),
        help: .say("列名=字段，例如 客户编号=customer.code；可多次", "column=field, for example customer_no=customer.code; repeatable")) var maps:
        [String] = []
    @Option(name: .customLong("set"), help: .say("字段=文字 或 字段=…{列名}…；可多次", "field=text or field=…{column}…; repeatable")) var sets:
        [String] = []
    @Option(help: .say("判断同一条记录的字段，以逗号分隔", "Fields that tell that two records are the same, separated by commas")) var match: String?
    @Option(help: .say("add、update 或 both（默认）", "add, update or both (default)")) var mode = "both"
    @Flag(help: .say("关联的记录不存在时一并新建", "Create linked records that do not exist")) var createLinked = false
    @Flag(help: .say("只检查，不写入", "Check only, write nothing")) var dryRun = false
    @Flag(help: .say("最后输出一个 JSON 对象", "Print one JSON object at the end")) var json = false
    @Option(help: .say("工作表名（默认第一张）", "Name of the worksheet (the first)")) var sheet: String?
    @OptionGroup var store: StoreOptions
    @OptionGroup var remote: RemoteOptions

    func run() async throws {
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw CommandFailure(message: say("无法读取文件 \(file)", "Cannot read the file \(file)"))
        }
        let plan = try plan()
        let result: Plain
        if let server = try remote.server(store) {
            result = try await server.importSheet(file, plan)
        } else {
            result = try await direct(plan)
        }
        report(result)
    }

    private func plan() throws -> ImportPlan {
        var plan = ImportPlan(into: into)
        plan.columns = try maps.map { text in
            guard let sign = text.firstIndex(of: "=") else {
                throw ValidationError(say("--map 应为 列名=字段：\(text)", "--map is column=field: \(text)"))
            }
            return .init(String(text[..<sign]).trimmed, String(text[text.index(after: sign)...]).trimmed)
        }
        plan.fixed = try sets.map { text in
            guard let sign = text.firstIndex(of: "=") else {
                throw ValidationError(say("--set 应为 字段=文字：\(text)", "--set is field=text: \(text)"))
            }
            return .init(String(text[..<sign]).trimmed, String(text[text.index(after: sign)...]))
        }
        plan.match = (match ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
        guard let mode = ImportPlan.Mode(rawValue: mode) else {
            throw ValidationError(say("--mode 应为 add、update 或 both", "--mode is add, update or both"))
        }
        plan.mode = mode
        plan.createsLinked = createLinked
        plan.isDryRun = dryRun
        plan.sheet = sheet
        return plan
    }

    /// Opens the data itself: no server is running on it.
    private func direct(_ plan: ImportPlan) async throws -> Plain {
        let installation = try await Installation.open(try Settings(store))
        defer { installation.close() }
        let isShown = !json || isatty(2) == 1
        let host = DirectHost(
            installation.gate, as: .system(via: "cli"),
            progress: { done, total in
                if isShown { FileHandle.standardError.write(Data(say("\r\(done) / \(total) 行", "\r\(done) / \(total) rows").utf8)) }
            })
        let result = try await Importer(host).run(plan, file: file)
        if isShown { FileHandle.standardError.write(Data("\n".utf8)) }
        return Plain(jsonText: result.json) ?? .null
    }

    private func report(_ result: Plain) {
        if json { return print(result.jsonText) }
        let members = result.object ?? [:]
        func counts(_ name: String) -> String {
            (members[name]?.object ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.int ?? 0)" }.joined(separator: "，")
        }
        print(
            say(
                "共 \(members["rows"]?.int ?? 0) 行。新建：\(counts("created"))；更新：\(counts("updated"))；未变：\(counts("unchanged"))；未导入 "
                    + "\(members["rejected"]?.int ?? 0) 行。",
                "\(members["rows"]?.int ?? 0) rows. Created: \(counts("created")); updated: \(counts("updated")); unchanged: "
                    + "\(counts("unchanged")); rejected \(members["rejected"]?.int ?? 0) rows."
            ))
        for fault in members["rejected_rows"]?.list?.prefix(20) ?? [] {
            let fault = fault.object ?? [:]
            print(
                say(
                    "  第 \(fault["line"]?.int ?? 0) 行，\(fault["column"]?.text ?? "")：\(fault["reason"]?.text ?? "")",
                    "  line \(fault["line"]?.int ?? 0), \(fault["column"]?.text ?? ""): \(fault["reason"]?.text ?? "")"))
        }
    }
}
