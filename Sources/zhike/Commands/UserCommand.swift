import ArgumentParser
import Foundation
import Gate
import Records

/// `zhike user`: people who log in.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "user", abstract: "管理用户", subcommands: [Add.self, Password.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "新增用户；空的数据文件夹会先初始化")
        @Argument(help: "登录名") var username: String
        @Option(help: "姓名") var name: String?
        @Option(name: .customLong("role"), help: "角色编码，例如 admin、sales_consultant；可多次") var roles: [String] = []
        @Option(help: "部门名称或编码") var department: String?
        @Option(help: "公司名称（首次初始化时）") var company: String?
        @Flag(help: "从标准输入读取密码（一行）") var passwordStdin = false
        @OptionGroup var store: StoreOptions
        @OptionGroup var remote: RemoteOptions

        func run() async throws {
            let password = try PasswordPrompt.read(fromStandardInput: passwordStdin)
            if let server = try remote.server(store) {
                var members: [String: Plain] = ["username": .text(username), "name": .text(name ?? username), "password": .text(password), "roles": .list(roles.map(Plain.text))]
                if let department { members["department_id"] = .text(department) }
                _ = try await server.post("/api/v1/users", members)
            } else {
                let installation = try await Installation.open(try Settings(store))
                defer { installation.close() }
                try await installation.accounts.addUser(username: username, name: name, roles: roles, password: password, department: department, company: company)
            }
            print("已新增用户 \(username)")
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "重设密码")
        @Argument(help: "登录名") var username: String
        @Flag(help: "从标准输入读取密码（一行）") var passwordStdin = false
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let password = try PasswordPrompt.read(fromStandardInput: passwordStdin)
            let installation = try await Installation.open(try Settings(store))
            defer { installation.close() }
            try await installation.accounts.setPassword(of: username, to: password)
            print("已重设 \(username) 的密码，其登录会话已全部结束")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出用户")
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let installation = try await Installation.open(try Settings(store))
            defer { installation.close() }
            let lines = try await installation.gate.read(as: .system(via: "cli")) { view in
                try view.page(ListRequest(view.catalog.schema(User.self), sort: [Query.Sort("username")], limit: 500)).rows.map { row in
                    "\(row["username"].text ?? "")\t\(row.title)\t\(row["status"].text ?? "")"
                }
            }
            for line in lines { print(line) }
        }
    }
}

/// A password out of a pipe, or typed without being shown.
enum PasswordPrompt {
    static func read(fromStandardInput isPiped: Bool) throws -> String {
        if isPiped {
            guard let line = readLine(strippingNewline: true), !line.isEmpty else { throw CommandFailure(message: "标准输入中没有密码") }
            return line
        }
        guard isatty(0) == 1 else { throw ValidationError("请用 --password-stdin 从标准输入给出密码") }
        var before = termios()
        tcgetattr(0, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSANOW, &silent)
        defer { tcsetattr(0, TCSANOW, &before) }
        FileHandle.standardError.write(Data("密码：".utf8))
        guard let line = readLine(strippingNewline: true), !line.isEmpty else { throw CommandFailure(message: "没有输入密码") }
        FileHandle.standardError.write(Data("\n".utf8))
        return line
    }
}
