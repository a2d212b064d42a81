import ArgumentParser
import Foundation
import Gate
import Records
import Storage

/// How a command ends: 0 fine, 1 the work failed, 64 wrong usage, 78 wrong configuration. The message says what happened and the next step.
struct Exit {
    var code: Int32
    var message: String

    init(_ error: any Error) {
        switch error {
        case let error as ConfigurationError:
            self.init(78, error.message)
        case let error as StoreError:
            switch error {
            case .foreignSchema(let text), .unavailable(let text), .lost(let text), .failed(let text): self.init(1, text)
            case .duplicate(let entity, let fields): self.init(1, "\(entity) 的 \(fields.joined(separator: "、")) 重复")
            }
        case let error as Problems:
            self.init(1, error.all.map(\.message).joined(separator: "\n"))
        case let error as Refusal:
            self.init(1, Exit.text(of: error))
        case let error as CommandFailure:
            self.init(1, error.message)
        default:
            let code = Zhike.exitCode(for: error).rawValue
            self.init(code == 0 || code == 64 ? code : 1, Zhike.fullMessage(for: error))
        }
    }

    private init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    static func text(of refusal: Refusal) -> String {
        switch refusal {
        case .notFound: "未找到"
        case .forbidden(let text), .conflict(let text), .unreadable(let text): text
        case .tooMany(let text, _), .unavailable(let text, _): text
        case .changedMeanwhile: "记录已被他人修改"
        }
    }
}

/// The work failed for a reason that the message tells.
struct CommandFailure: Error { var message: String }

/// The configuration cannot be right; nothing was done.
struct ConfigurationError: Error { var message: String }

extension Zhike {
    static func exit(_ end: Exit) -> Never {
        if !end.message.isEmpty {
            let line = end.message + "\n"
            (end.code == 0 ? FileHandle.standardOutput : FileHandle.standardError).write(Data(line.utf8))
        }
        Foundation.exit(end.code)
    }
}
