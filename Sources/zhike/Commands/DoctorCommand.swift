import ArgumentParser

/// `zhike doctor`: is everything as it should be?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", abstract: "检查配置、版本、权限、磁盘和数据库结构")
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let findings = await Doctor(settings: try Settings(store)).findings()
        for finding in findings { print("\(finding.mark.rawValue) \(finding.text)") }
        let faults = findings.filter { $0.mark == .fault }.count
        guard faults == 0 else { throw CommandFailure(message: "有 \(faults) 处需要处理") }
    }
}
