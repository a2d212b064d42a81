import Foundation
import Web

/// Where style sheets, scripts and icons lie: beside the program once it is installed, in the checkout while it is built.
enum Assets {
    static func store(_ settings: Settings) throws -> AssetStore {
        var folders: [(path: String, prefix: String)] = []
        if let own = first(ownFolders(settings), holding: "css/app.css") { folders.append((own, "")) }
        if let vendor = first(vendorFolders(settings), holding: "icons.svg") { folders.append((vendor, "vendor/")) }
        guard folders.count == 2 else {
            throw ConfigurationError(
                message: say(
                    "找不到页面资源。请先运行 bin/assets，或用 ZHIKE_ASSETS 指明资源文件夹。",
                    "The pages' files are missing. Run bin/assets first, or name their folder with ZHIKE_ASSETS."))
        }
        return AssetStore(folders: folders)
    }

    static func vendorFolders(_ settings: Settings) -> [String] { bases(settings).flatMap { [$0 + "/vendor", $0 + "/.assets"] } }
    private static func ownFolders(_ settings: Settings) -> [String] { bases(settings).flatMap { [$0, $0 + "/Sources/Web/Assets"] } }

    private static func bases(_ settings: Settings) -> [String] {
        var bases = settings.assets.map { [$0] } ?? []
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        bases += [program.appendingPathComponent("assets").path, FileManager.default.currentDirectoryPath]
        // .build/release/zhike: the checkout is three or four folders up.
        var up = program
        for _ in 0..<5 {
            bases.append(up.path)
            up.deleteLastPathComponent()
        }
        return bases
    }

    private static func first(_ folders: [String], holding name: String) -> String? {
        folders.first { FileManager.default.fileExists(atPath: $0 + "/" + name) }
    }
}
