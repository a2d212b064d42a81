import Foundation
import Records
import Synchronization

/// An exclusive lock beside the database: two processes with the same file would each believe to be its one writer. The system drops the
/// lock with its process, so what a crash leaves behind is no obstacle.
final class LockFile: Sendable {
    private let descriptor: Int32
    private let isHeld = Mutex(true)

    init(besides database: String) throws {
        let path = URL(filePath: database).deletingLastPathComponent().appending(path: "zhike.lock").path
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError.unavailable("不能在数据目录中建立锁文件 \(path)：\(String(cString: strerror(errno)))。请检查目录是否存在、是否可写")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            close(descriptor)
            throw StoreError.unavailable("数据库正由另一个知客进程使用\(holder.isEmpty ? "" : "（进程号 \(holder)）")。请先停止它，或改用其他数据目录：\(database)")
        }
        ftruncate(descriptor, 0)
        let line = "\(getpid())\n"
        _ = line.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    func release() {
        isHeld.withLock { isHeld in
            if isHeld { close(descriptor) }
            isHeld = false
        }
    }

    deinit { release() }
}
