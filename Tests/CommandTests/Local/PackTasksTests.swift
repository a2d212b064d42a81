import ArgumentParser
import Gate
import Records
import TestSupport
import Testing

@testable import zhike

@Suite("zhike pack")
struct PackTasksTests {
    @Test("lists the packs and switches them, with what they need", arguments: Engine.available)
    func packs(engine: Engine) async throws {
        try await engine.open { store, folder in
            let gate = Gate(store: store, packs: [Attic.boxes, Attic.labels], secrets: Secrets(root: Array(repeating: 7, count: 32)))
            _ = try await gate.openStore()
            let settings = try Settings(try StoreOptions.parse(["--data", folder.path]), environment: [:])
            let desk = Administration(
                installation: Installation(settings: settings, store: store, gate: gate, accounts: Accounts(gate)))
            func list() async throws -> [Plain] { try await desk.perform("pack.list", ["language": "zh"]).object?["packs"]?.list ?? [] }
            func turn(_ name: String, on: Bool) async throws -> [String] {
                try await desk.perform("pack.switch", ["name": .text(name), "on": .bool(on)]).object?.texts("switched") ?? []
            }

            let first = try await list()
            #expect(PackCommand.List.text(first, json: false) == "boxes\t箱子\t停用\t\nlabels\t标签贴\t停用\tboxes")
            let json = try #require(Plain(jsonText: PackCommand.List.text(first, json: true))?.list?.last?.object)
            #expect(json["name"] == "labels" && json["label"] == "标签贴" && json["on"] == false && json["needs"] == ["boxes"])

            #expect(try await turn("labels", on: true) == ["boxes", "labels"])
            #expect(gate.catalog["attic_boxes"] != nil)
            #expect(try await turn("labels", on: true) == [], "it is on already")
            await #expect(throws: Refusal.self) { try await turn("boxes", on: false) }
            #expect(try await turn("labels", on: false) == ["labels"])
            #expect(try await turn("boxes", on: false) == ["boxes"])
            #expect(gate.catalog["attic_boxes"] == nil)
            await #expect(throws: CommandFailure.self) { try await turn("boxen", on: true) }
        }
    }

    @Test("says what it did, and that nothing was to do")
    func words() {
        #expect(PackCommand.told(["boxes", "labels"], "labels", on: true) == "已启用 boxes、labels")
        #expect(PackCommand.told(["boxes"], "boxes", on: false) == "已停用 boxes，记录保留")
        #expect(PackCommand.told([], "boxes", on: true) == "boxes 本来就已启用")
        #expect(PackCommand.List.text([], json: false) == "这个版本没有可以启用或停用的功能包" && PackCommand.List.text([], json: true) == "[]")
    }

    @Test("the command line is as its page says")
    func usage() throws {
        #expect(throws: Never.self) { try PackCommand.List.parse(["--json"]) }
        #expect(try PackCommand.On.parse(["automotive"]).name == "automotive")
        #expect(throws: (any Error).self) { try PackCommand.Off.parse([]) }
    }
}

private enum Attic {
    static let boxes = Pack("boxes", Words("箱子", "Boxes"), Words("阁楼里的箱子", "Boxes in the attic"), icon: "boxes", [Boxes.self])
    static let labels = Pack(
        "labels", Words("标签贴", "Labels"), Words("箱子上的标签", "Labels on boxes"), icon: "tag", needs: [boxes], [Labels.self])
}

private enum Boxes: Capability {
    static let name = "boxes", label = "箱子"
    static let entities: [any Entity.Type] = [AtticBox.self]
}

private enum Labels: Capability {
    static let name = "labels", label = "标签贴"
    static let entities: [any Entity.Type] = []
}

private struct AtticBox: Entity {
    static let name = "attic_boxes", label = "箱子"
    let title = Field<String>("name", "名称", .title)
    init() {}
}
