import Crypto
import Formats
import Foundation
import Hummingbird
import NIOCore
import Records

/// Takes the files of a multipart form to places that the caller gives, never holding one whole.
final class Upload: MultipartSink {
    struct File {
        var field: String
        var name: String
        var path: String
        var size = 0
        var digest = ""
    }

    private(set) var files: [File] = []
    private let newPath: () throws -> String
    private var handle: FileHandle?
    private var hash = SHA256()

    init(newPath: @escaping () throws -> String) { self.newPath = newPath }

    func begin(_ file: MultipartFile) throws {
        let path = try newPath()
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            throw Upload.unsaved
        }
        self.handle = handle
        hash = SHA256()
        files.append(File(field: file.field, name: file.name, path: path))
    }

    func write(_ bytes: ArraySlice<UInt8>) throws {
        guard !files.isEmpty else { return }
        hash.update(data: Data(bytes))
        files[files.count - 1].size += bytes.count
        do { try handle?.write(contentsOf: Data(bytes)) } catch { throw Upload.unsaved }
    }

    func end() throws {
        guard !files.isEmpty else { return }
        files[files.count - 1].digest = Digest.text(hash.finalize())
        // On disk before any row says that it is there.
        do { try handle?.synchronize() } catch { throw Upload.unsaved }
        try? handle?.close()
        handle = nil
    }

    private static let unsaved = Refusal.unavailable("无法保存上传的文件，磁盘可能已满或出错。请稍后重试。", retryAfter: 30)

    /// The names too: a folder that is not synchronised may forget its files, and the folder above it a new folder.
    private func keepNames() throws {
        let folders = Set(files.map { ($0.path as NSString).deletingLastPathComponent })
        for folder in folders.union(folders.map { ($0 as NSString).deletingLastPathComponent }) {
            let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Upload.unsaved }
            defer { close(descriptor) }
            guard fsync(descriptor) == 0 else { throw Upload.unsaved }
        }
    }

    /// Removes everything that came.
    func discard() {
        try? handle?.close()
        for file in files { try? FileManager.default.removeItem(atPath: file.path) }
        files = []
    }

    /// Reads a whole multipart request; on any fault nothing of it stays.
    static func read(
        _ request: Request, limits: MultipartLimits, newPath: @escaping () throws -> String
    ) async throws -> (form: FormText, files: [File]) {
        guard let type = request.headers[.contentType], type.lowercased().hasPrefix("multipart/form-data") else {
            throw HTTPAnswer.wrongType("应以 multipart/form-data 上传文件")
        }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limits.bodyBytes {
            throw HTTPAnswer.tooLarge("文件不能超过 \(limits.fileBytes >> 20) MB")
        }
        let upload = Upload(newPath: newPath)
        do {
            var parser = try MultipartParser(contentType: type, limits: limits, sink: upload)
            try await request.eachPiece { try parser.feed($0.readableBytesView) }
            let form = try parser.finish()
            try upload.keepNames()
            return (form, upload.files)
        } catch {
            upload.discard()
            throw error
        }
    }
}
