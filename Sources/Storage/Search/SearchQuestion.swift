/// What a person typed, as a question to the index. Words between blanks must all be found, in any order.
indirect enum SearchQuestion: Equatable {
    case token(String)
    case beginning(String)
    case all([SearchQuestion])
    case any([SearchQuestion])

    private static let limit = 100

    /// Nil when nothing that could be looked up was typed.
    init?(_ text: String) {
        let text = text.prefix(Self.limit)
        let parts = text.split(whereSeparator: { $0.isWhitespace || "，,、".contains($0) })
        let questions = parts.compactMap { Self.part(String($0)) }
        guard !questions.isEmpty else { return nil }
        let all = Self.every(questions)
        // 138 1234 0001 is one number.
        let isNumber = parts.count > 1 && text.allSatisfy { $0.isWhitespace || "0123456789+-()".contains($0) }
        self = isNumber ? .any([all, Self.word(text.utf8.filter { (0x30...0x39).contains($0) })]) : all
    }

    /// What the index would answer for a document of these tokens.
    func isAnswered(by tokens: Set<String>) -> Bool {
        switch self {
        case .token(let token): tokens.contains(token)
        case .beginning(let start): tokens.contains { $0.utf8.starts(with: start.utf8) }
        case .all(let parts): parts.allSatisfy { $0.isAnswered(by: tokens) }
        case .any(let parts): parts.contains { $0.isAnswered(by: tokens) }
        }
    }

    private static func part(_ text: String) -> SearchQuestion? {
        let runs = Runs.of(text, limit: limit)
        guard !runs.isEmpty else { return nil }
        let all = every(runs.flatMap(terms))
        let words = runs.compactMap { run -> [UInt8]? in if case .word(let word) = run { word } else { nil } }
        // KH-2024-0001 as parts, or as it stands without the dashes.
        return words.count > 1 && words.count == runs.count ? .any([all, word(words.flatMap(\.self))]) : all
    }

    private static func terms(of run: Run) -> [SearchQuestion] {
        switch run {
        case .word(let text): [word(text)]
        case .chinese(let characters):
            characters.count == 1
                ? [.token(String(characters[0]))]
                : zip(characters, characters.dropFirst()).map { .token(String($0) + String($1)) }
        }
    }

    /// From its beginning; with a digit in it, also as the end of a number.
    private static func word(_ text: [UInt8]) -> SearchQuestion {
        let text = SearchText.cut(text)
        let word = String(decoding: text, as: UTF8.self)
        let start: SearchQuestion = text.count <= SearchText.edges(of: text) ? .token(word) : .beginning(word)
        guard text.count >= SearchText.shortestTail, text.contains(where: { (0x30...0x39).contains($0) }), text.allSatisfy({ $0 < 0x80 })
        else { return start }
        let tail = SearchText.tailMark + String(decoding: text.reversed(), as: UTF8.self)
        return .any([start, text.count == SearchText.shortestTail ? .token(tail) : .beginning(tail)])
    }

    private static func every(_ questions: [SearchQuestion]) -> SearchQuestion {
        questions.count == 1 ? questions[0] : .all(questions)
    }
}
