import ArgumentParser
import Records

/// `zhike pack`: what of the product is in use.
struct PackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: say("查看、启用和停用功能包", "List packs, switch them on and off"),
        subcommands: [List.self, On.self, Off.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: say("列出功能包", "List the packs"))
        @Flag(help: .say("输出 JSON", "Print JSON")) var json = false
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let packs = try await store.perform("pack.list", ["language": .text(Language.ofCommands.rawValue)])["packs"]?.list ?? []
            print(List.text(packs, json: json))
        }

        static func text(_ packs: [Plain], json: Bool) -> String {
            if json { return Plain.list(packs).jsonText }
            if packs.isEmpty { return say("这个版本没有可以启用或停用的功能包", "This version has no packs to switch") }
            return packs.map { pack in
                let pack = pack.object ?? [:], on = pack["on"]?.bool == true ? say("启用", "on") : say("停用", "off")
                return "\(pack["name"]?.text ?? "")\t\(pack["label"]?.text ?? "")\t\(on)\t\(pack.texts("needs").joined(separator: ","))"
            }.joined(separator: "\n")
        }
    }

    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("启用；需要的其他功能包一并启用", "Switch on, together with what it needs"))
        @Argument(help: .say("名称，见 zhike pack list", "Its name, see zhike pack list")) var name: String
        @OptionGroup var store: StoreOptions

        func run() async throws { print(try await PackCommand.turn(name, on: true, store)) }
    }

    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("停用；不删除任何记录，重新启用即恢复", "Switch off; nothing is deleted, all is back when it is on again"))
        @Argument(help: .say("名称，见 zhike pack list", "Its name, see zhike pack list")) var name: String
        @OptionGroup var store: StoreOptions

        func run() async throws { print(try await PackCommand.turn(name, on: false, store)) }
    }

    private static func turn(_ name: String, on: Bool, _ store: StoreOptions) async throws -> String {
        let answer = try await store.perform("pack.switch", ["name": .text(name), "on": .bool(on)])
        return told(answer.texts("switched"), name, on: on)
    }

    static func told(_ switched: [String], _ name: String, on: Bool) -> String {
        guard !switched.isEmpty else {
            return on ? say("\(name) 本来就已启用", "\(name) is on already") : say("\(name) 本来就未启用", "\(name) is off already")
        }
        let names = switched.joined(separator: say("、", ", "))
        return on ? say("已启用 \(names)", "\(names) switched on") : say("已停用 \(names)，记录保留", "\(names) switched off; the records are kept")
    }
}
