import Foundation
import Gate
import Records

/// The note a running server leaves in its data folder, so that commands on that folder find it and may speak to it.
struct ServerNote: Equatable {
    var url: String
    var secret: String

    /// A fresh secret; whoever can read the data folder could read the data as well.
    static func freshSecret() -> String {
        "local_" + Secrets.fresh().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    static func path(in folder: String) -> String { folder + "/server.json" }

    func write(in folder: String) throws {
        let text = Plain.object(["url": .text(url), "secret": .text(secret), "pid": .int(Int64(getpid()))]).jsonText
        let path = ServerNote.path(in: folder), draft = path + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        guard FileManager.default.createFile(atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]),
            rename(draft, path) == 0
        else {
            throw CommandFailure(
                message: say("无法写入 \(path)，请检查数据文件夹的权限。", "Cannot write \(path). Check the permissions of the data folder."))
        }
    }

    /// Nil when no server says that it runs there.
    static func read(in folder: String) -> ServerNote? {
        guard let data = FileManager.default.contents(atPath: path(in: folder)),
            let note = Plain(jsonText: String(decoding: data, as: UTF8.self))?.object,
            let url = note["url"]?.text, let secret = note["secret"]?.text
        else { return nil }
        return ServerNote(url: url, secret: secret)
    }

    static func remove(in folder: String) { try? FileManager.default.removeItem(atPath: path(in: folder)) }
}

/// The lock that whoever has the database open holds: a note without it was left behind by a crash.
enum FolderLock {
    /// Holds it until the returned descriptor is closed; nil when somebody else does.
    static func take(in folder: String) -> Int32? {
        let descriptor = open(folder + "/zhike.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    static func isHeld(in folder: String) -> Bool {
        let descriptor = open(folder + "/zhike.lock", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }
}
