import Foundation
import Testing

@testable import zhike

@Suite struct ServerNoteTests {
    private let note = ServerNote(url: "http://127.0.0.1:8080", secret: "local_1")

    @Test("a note is read as it was written, and only its owner may read it")
    func writeAndRead() throws {
        let folder = try Folder()
        try note.write(in: folder.path)
        #expect(ServerNote.read(in: folder.path) == note)
        #expect(Disk.mode(of: ServerNote.path(in: folder.path)) == 0o600)
        ServerNote.remove(in: folder.path)
        #expect(ServerNote.read(in: folder.path) == nil)
    }

    @Test("a note that a crash left behind is nobody's")
    func stale() throws {
        let folder = try Folder()
        try note.write(in: folder.path)
        #expect(Server.running(on: folder.path) == nil)
        let lock = try #require(FolderLock.take(in: folder.path))
        #expect(Server.running(on: folder.path)?.token == "local_1")
        #expect(FolderLock.take(in: folder.path) == nil)
        close(lock)
        #expect(Server.running(on: folder.path) == nil)
    }

    @Test("two secrets are never the same")
    func fresh() {
        let one = ServerNote.freshSecret(), two = ServerNote.freshSecret()
        #expect(one != two && one.hasPrefix("local_") && one.utf8.count == 70)
    }

    @Test("a damaged note is no note")
    func damaged() throws {
        let folder = try Folder()
        _ = try folder.write("server.json", "{\"url\":")
        #expect(ServerNote.read(in: folder.path) == nil)
    }
}
