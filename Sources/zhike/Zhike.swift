import ArgumentParser

/// The one program: server, import, export, administration.
@main
struct Zhike: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "zhike",
        abstract: say("知客 Zhike：客户关系管理系统", "Zhike 知客: customer relationship management"),
        version: version,
        subcommands: [
            Serve.self, DemoCommand.self, ImportCommand.self, ExportCommand.self, UserCommand.self, TokenCommand.self, PackCommand.self,
            MigrateCommand.self,
            BackupCommand.self, RestoreCommand.self, DoctorCommand.self, VerifyCommand.self, BenchCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand { try await asynchronous.run() } else { try command.run() }
        } catch {
            exit(Exit(error))
        }
    }
}
