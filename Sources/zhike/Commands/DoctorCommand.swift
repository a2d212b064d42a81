import ArgumentParser

/// `zhike doctor`: is everything as it should be?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: say("检查配置、版本、权限、磁盘和数据库结构", "Check configuration, versions, permissions, disk and database schema"))
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let findings = await Doctor(settings: try Settings(store)).findings()
        for finding in findings { print("\(finding.mark.rawValue) \(finding.text)") }
        let faults = findings.filter { $0.mark == .fault }.count
        guard faults == 0 else { throw CommandFailure(message: say("有 \(faults) 处需要处理", "\(faults) faults to mend")) }
    }
}
