import ArgumentParser
import Gate
import Records

/// `zhike token`: keys for programs.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: say("管理 API 令牌", "Manage API tokens"), subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("创建令牌；令牌只显示这一次", "Create a token; it is shown only this once"))
        @Argument(help: .say("名称，说明给哪个程序用", "Name that says which program it is for")) var name: String
        @Option(
            help: .say(
                "令牌所代表的用户的登录名；令牌的权限不会超过该用户", "Log-in name of the user whom the token stands for; it may never do more than that user"))
        var user: String
        @Option(
            help: .say(
                "范围，以逗号分隔：read、write、admin 或 customers:read 等",
                "Scopes, separated by commas: read, write, admin, or customers:read and the like")) var scopes: String
        @Option(help: .say("有效天数（默认 365）", "Days until it expires (365)")) var expires: Int = 365
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let scopes = scopes.split(separator: ",").map { Plain.text($0.trimmed) }
            let answer = try await store.perform(
                "token.create", ["name": .text(name), "username": .text(user), "scopes": .list(scopes), "days": .int(Int64(expires))])
            print(try answer.text("key"))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("列出有效的令牌", "List valid tokens"))
        @Option(help: .say("只列出该用户的", "Only this user's")) var user: String?
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let answer = try await store.perform("token.list", user.map { ["username": .text($0)] } ?? [:])
            for token in answer["tokens"]?.list ?? [] {
                let token = token.object ?? [:]
                let scopes = token.texts("scopes").joined(separator: ",")
                let expires = token["expires_at"]?.text ?? say("永久", "never"), used = token["used_at"]?.text ?? say("从未", "never")
                let times = say("到期 \(expires)\t最近使用 \(used)", "expires \(expires)\tlast used \(used)")
                print(
                    "\(token["id"]?.int ?? 0)\t\(token["user"]?.text ?? "")\t\(token["name"]?.text ?? "")\t\(token["hint"]?.text ?? "")"
                        + "…\t\(scopes)\t\(times)"
                )
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("吊销令牌", "Revoke a token"))
        @Argument(help: .say("令牌编号，见 zhike token list", "The token's number, see zhike token list")) var id: Int64
        @OptionGroup var store: StoreOptions

        func run() async throws {
            _ = try await store.perform("token.revoke", ["id": .int(id)])
            print(say("已吊销令牌 \(id)", "Token \(id) revoked"))
        }
    }
}
