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
        case is WrongKey:
            self.init(78, Exit.wrongKey)
        case let error as StoreError:
            switch error {
            case .foreignSchema(let text), .unavailable(let text), .full(let text), .lost(let text), .failed(let text): self.init(1, text)
            case .duplicate(let entity, let fields):
                self.init(
                    1, say("\(entity) 的 \(fields.joined(separator: "、")) 重复", "\(entity): \(fields.joined(separator: ", ")) exists already")
                )
            }
        case let error as Problems:
            self.init(1, error.all.map(Exit.text).joined(separator: "\n"))
        case let error as Refusal:
            self.init(1, Exit.text(of: error))
        case let error as CommandFailure:
            self.init(1, error.message)
        default:
            let code = Zhike.exitCode(for: error).rawValue
            let text = Zhike.fullMessage(for: error)
            self.init(code == 0 || code == 64 ? code : 1, code == 64 ? Exit.usage(text) : text)
        }
    }

    static var wrongKey: String {
        say(
            "数据文件夹里的 zhike.key 不是写入这个数据库的那一把，因此没有打开数据库。请从备份或其他实例取回原来的密钥文件，放回数据文件夹。",
            "The zhike.key in the data folder is not the one that this database was written with, so the database was not opened. "
                + "Take the original key file from a backup or from another instance and put it into the data folder.")
    }

    private init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The engine speaks Chinese; the stable names of field and fault are for everybody.
    private static func text(of problem: Problem) -> String {
        say(problem.message, [problem.field, problem.code, problem.message].compactMap(\.self).joined(separator: ": "))
    }

    /// What the parser of arguments says in English only.
    private static func usage(_ text: String) -> String {
        let words = [
            ("Error: ", "错误："), ("Usage: ", "用法："), ("Help:  ", "说明："), ("Missing expected argument", "缺少参数"),
            ("Missing value for", "缺少值："), ("Unknown option", "没有这个选项："),
            ("Unexpected argument", "多出的参数："), ("is invalid for", "不适用于"), ("The value", "值"), ("for more information.", "查看说明。"),
            ("  See ", "  运行 "),
        ]
        return Language.ofCommands == .english ? text : words.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    static func text(of refusal: Refusal) -> String {
        switch refusal {
        case .notFound: say("未找到", "Not found")
        case .forbidden(let text), .conflict(let text), .unreadable(let text): text
        case .tooMany(let text, _), .unavailable(let text, _): text
        case .changedMeanwhile: say("记录已被他人修改", "Somebody else has changed the record meanwhile")
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
