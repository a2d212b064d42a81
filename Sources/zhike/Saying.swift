import ArgumentParser
import Foundation
import Records

/// A command's words in the language of whoever runs it.
func say(_ chinese: String, _ english: String) -> String { Language.ofCommands(chinese, english) }

extension ArgumentHelp {
    static func say(_ chinese: String, _ english: String) -> ArgumentHelp { ArgumentHelp(Language.ofCommands(chinese, english)) }
}

extension Language {
    static let ofCommands = Language(environment: ProcessInfo.processInfo.environment)

    /// `ZHIKE_LANG` over `LC_ALL` over `LC_MESSAGES` over `LANG`. Chinese where none of them names a language.
    init(environment: [String: String]) {
        let given = ["ZHIKE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let language = given.lowercased().prefix { $0.isLetter }
        self = ["", "zh", "c", "posix"].contains(language) ? .chinese : .english
    }
}
