import ArgumentParser
import Gate
import Records

/// `zhike token`: keys for programs.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "token", abstract: "管理 API 令牌", subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "创建令牌；令牌只显示这一次")
        @Argument(help: "名称，说明给哪个程序用") var name: String
        @Option(help: "令牌所代表的用户的登录名；令牌的权限不会超过该用户") var user: String
        @Option(help: "范围，以逗号分隔：read、write、admin 或 customers:read 等") var scopes: String
        @Option(help: "有效天数（默认 365）") var expires: Int = 365
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let scopes = scopes.split(separator: ",").map { Plain.text($0.trimmed) }
            let answer = try await store.perform("token.create", ["name": .text(name), "username": .text(user), "scopes": .list(scopes), "days": .int(Int64(expires))])
            print(try answer.text("key"))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出有效的令牌")
        @Option(help: "只列出该用户的") var user: String?
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let answer = try await store.perform("token.list", user.map { ["username": .text($0)] } ?? [:])
            for token in answer["tokens"]?.list ?? [] {
                let token = token.object ?? [:]
                let scopes = token.texts("scopes").joined(separator: ",")
                print("\(token["id"]?.int ?? 0)\t\(token["user"]?.text ?? "")\t\(token["name"]?.text ?? "")\t\(token["hint"]?.text ?? "")…\t\(scopes)\t到期 \(token["expires_at"]?.text ?? "永久")\t最近使用 \(token["used_at"]?.text ?? "从未")")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "吊销令牌")
        @Argument(help: "令牌编号，见 zhike token list") var id: Int64
        @OptionGroup var store: StoreOptions

        func run() async throws {
            _ = try await store.perform("token.revoke", ["id": .int(id)])
            print("已吊销令牌 \(id)")
        }
    }
}
