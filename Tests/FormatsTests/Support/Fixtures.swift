import Foundation

/// The shared import files, outside the repository; tests that need them are skipped where they are absent.
enum Fixtures {
    static let folder: String? = {
        if let given = ProcessInfo.processInfo.environment["ZHIKE_FIXTURES"] { return exists(given) ? given : nil }
        // The first folder above this file, or above the working directory, with ../shared/fixtures beside it.
        for start in [URL(fileURLWithPath: #filePath), URL(fileURLWithPath: FileManager.default.currentDirectoryPath)] {
            var place = start.resolvingSymlinksInPath()
            while place.path != "/" {
                let found = place.deletingLastPathComponent().appendingPathComponent("shared/fixtures").path
                if exists(found) { return found }
                place.deleteLastPathComponent()
            }
        }
        return nil
    }()

    static var arePresent: Bool { folder != nil }

    static func path(_ name: String) -> String { "\(folder ?? "")/import/\(name)" }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/import") }
}
