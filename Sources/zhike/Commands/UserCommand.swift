import ArgumentParser
import Foundation
import Gate
import Records

/// `zhike user`: people who log in.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: say("管理用户", "Manage users"),
        subcommands: [Add.self, Password.self, Disable.self, Enable.self, Roles.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("新增用户；空的数据文件夹会先初始化", "Add a user; an empty data folder is set up first"))
        @Argument(help: .say("登录名", "Log-in name")) var username: String
        @Option(help: .say("姓名", "Full name")) var name: String?
        @Option(
            name: .customLong("role"),
            help: .say("角色编码，例如 admin、sales_consultant；可多次", "Code of a role, for example admin, sales_consultant; repeatable")) var roles:
            [String] = []
        @Option(help: .say("部门名称或编码", "Name or code of the department")) var department: String?
        @Option(help: .say("公司名称（首次初始化时）", "The company's name (when it is set up)")) var company: String?
        @Flag(help: .say("从标准输入读取密码（一行）", "Read the password from standard input (one line)")) var passwordStdin = false
        @OptionGroup var store: StoreOptions
        @OptionGroup var remote: RemoteOptions

        func run() async throws {
            let password = try PasswordPrompt.read(fromStandardInput: passwordStdin)
            var members: [String: Plain] = [
                "username": .text(username), "name": .text(name ?? username), "password": .text(password),
                "roles": .list(roles.map(Plain.text)),
            ]
            if remote.url != nil, let server = try remote.server(store) {
                if let department { members["department_id"] = .text(department) }
                _ = try await server.post("/api/v1/users", members)
            } else {
                if let department { members["department"] = .text(department) }
                if let company { members["company"] = .text(company) }
                _ = try await store.perform("user.add", members)
            }
            print(say("已新增用户 \(username)", "User \(username) added"))
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("重设密码", "Set a new password"))
        @Argument(help: .say("登录名", "Log-in name")) var username: String
        @Flag(help: .say("从标准输入读取密码（一行）", "Read the password from standard input (one line)")) var passwordStdin = false
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let password = try PasswordPrompt.read(fromStandardInput: passwordStdin)
            _ = try await store.perform("user.password", ["username": .text(username), "password": .text(password)])
            print(say("已重设 \(username) 的密码，其登录会话已全部结束", "New password set for \(username); all their sessions have ended"))
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("停用：不能再登录，会话和令牌随即失效", "Disable: no more log-in, sessions and tokens end at once"))
        @Argument(help: .say("登录名", "Log-in name")) var username: String
        @OptionGroup var store: StoreOptions

        func run() async throws {
            _ = try await store.perform("user.status", ["username": .text(username), "status": "disabled"])
            print(say("已停用 \(username)", "\(username) disabled"))
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("重新启用", "Enable again"))
        @Argument(help: .say("登录名", "Log-in name")) var username: String
        @OptionGroup var store: StoreOptions

        func run() async throws {
            _ = try await store.perform("user.status", ["username": .text(username), "status": "active"])
            print(say("已启用 \(username)", "\(username) enabled"))
        }
    }

    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("查看角色；用 --role 换成给出的角色", "Show the roles; --role replaces them"))
        @Argument(help: .say("登录名", "Log-in name")) var username: String
        @Option(name: .customLong("role"), help: .say("角色编码；可多次", "Code of a role; repeatable")) var roles: [String] = []
        @OptionGroup var store: StoreOptions

        func run() async throws {
            var given: [String: Plain] = ["username": .text(username)]
            if !roles.isEmpty { given["roles"] = .list(roles.map(Plain.text)) }
            print(try await store.perform("user.roles", given).texts("roles").joined(separator: "\n"))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("列出用户", "List users"))
        @OptionGroup var store: StoreOptions

        func run() async throws {
            for user in try await store.perform("user.list")["users"]?.list ?? [] {
                let user = user.object ?? [:]
                print(
                    "\(user["username"]?.text ?? "")\t\(user["name"]?.text ?? "")\t\(user["status"]?.text ?? "")"
                        + "\t\(user.texts("roles").joined(separator: ","))"
                )
            }
        }
    }
}

/// A password out of a pipe, or typed without being shown.
enum PasswordPrompt {
    static func read(fromStandardInput isPiped: Bool) throws -> String {
        if isPiped {
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw CommandFailure(message: say("标准输入中没有密码", "Standard input holds no password"))
            }
            return line
        }
        guard isatty(0) == 1 else {
            throw ValidationError(say("请用 --password-stdin 从标准输入给出密码", "Give the password on standard input with --password-stdin"))
        }
        var before = termios()
        tcgetattr(0, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSANOW, &silent)
        defer { tcsetattr(0, TCSANOW, &before) }
        FileHandle.standardError.write(Data(say("密码：", "Password: ").utf8))
        guard let line = readLine(strippingNewline: true), !line.isEmpty else {
            throw CommandFailure(message: say("没有输入密码", "No password was typed"))
        }
        FileHandle.standardError.write(Data("\n".utf8))
        return line
    }
}
