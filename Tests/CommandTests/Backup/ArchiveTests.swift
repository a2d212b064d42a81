import Foundation
import Testing

@testable import zhike

@Suite struct ArchiveTests {
    private func archive(in folder: Folder) throws -> String {
        let path = folder.path + "/a.tar", big = folder.path + "/big"
        try Data((0..<2_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: URL(fileURLWithPath: big))
        let writer = try ArchiveWriter(path)
        try writer.add("manifest.json", bytes: Data("{}".utf8))
        try writer.add("zhike.db", file: big, size: 2_000_003)
        try writer.end()
        return path
    }

    @Test("members come back as they were put in")
    func roundTrip() throws {
        let folder = try Folder(), path = try archive(in: folder)
        try Archive.check(path)
        let reader = try ArchiveReader(path)
        let first = try #require(try reader.member())
        #expect(first.name == "manifest.json" && first.size == 2)
        #expect(try reader.piece() == Data("{}".utf8))
        #expect(try reader.piece() == nil)
        let second = try #require(try reader.member())
        #expect(second.name == "zhike.db" && second.size == 2_000_003)
        var bytes = Data()
        while let piece = try reader.piece() { bytes += piece }
        #expect(bytes == FileManager.default.contents(atPath: folder.path + "/big"))
        #expect(try reader.member() == nil)
    }

    @Test("one wrong bit is noticed wherever it is", arguments: [0, 100, 511, 600, 1024, 1_000_000, 2_001_500, -140, -78, -1])
    func wrongBit(_ place: Int) throws {
        let folder = try Folder(), path = try archive(in: folder)
        var bytes = try #require(FileManager.default.contents(atPath: path))
        bytes[place >= 0 ? place : bytes.count + place] ^= 0x04
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: CommandFailure.self) { try Archive.check(path) }
    }

    @Test("half a backup is none", arguments: [0, 10, 512, 1_000_000, 2_002_000])
    func truncated(_ size: Int) throws {
        let folder = try Folder(), path = try archive(in: folder)
        truncate(path, off_t(size))
        #expect(throws: CommandFailure.self) { try Archive.check(path) }
    }
}
