/// What a person typed, as a question to the index. Words between blanks must all be found, in any order.
indirect enum SearchQuestion: Equatable {
    case token(String)
    case beginning(String)
    case all([SearchQuestion])
    case any([SearchQuestion])

    /// Nil when nothing that could be looked up was typed.
    init?(_ text: String) {
        let parts = text.prefix(100).split(whereSeparator: { $0.isWhitespace || $0 == "，" || $0 == "," || $0 == "、" })
        let questions = parts.compactMap { Self.part(String($0)) }
        guard !questions.isEmpty else { return nil }
        let all = Self.every(questions)
        // 138 1234 0001 is one number.
        let digits = text.prefix(100).unicodeScalars.filter { (48...57).contains($0.value) }
        let isNumber = parts.count > 1 && text.allSatisfy { $0.isWhitespace || "0123456789+-()".contains($0) }
        self = isNumber ? .any([all, Self.word(String(String.UnicodeScalarView(digits)))]) : all
    }

    private static func part(_ text: String) -> SearchQuestion? {
        let runs = SearchText.runs(of: text)
        guard !runs.isEmpty else { return nil }
        let all = every(runs.flatMap(terms))
        let words = runs.compactMap { run -> String? in if case .word(let word) = run { word } else { nil } }
        // KH-2024-0001 as parts, or as it stands without the dashes.
        return words.count > 1 && words.count == runs.count ? .any([all, word(words.joined())]) : all
    }

    private static func terms(of run: SearchText.Run) -> [SearchQuestion] {
        switch run {
        case .word(let text): [word(text)]
        case .chinese(let characters):
            characters.count == 1
                ? [.token(String(characters[0]))]
                : zip(characters, characters.dropFirst()).map { .token(String([$0, $1])) }
        }
    }

    /// From its beginning; with a digit in it, also as the end of a number.
    private static func word(_ text: String) -> SearchQuestion {
        let text = String(text.prefix(SearchText.wordLimit))
        let start: SearchQuestion = text.count <= SearchText.edges(of: text) ? .token(text) : .beginning(text)
        guard text.count >= SearchText.shortestTail, text.contains(where: { $0.isASCII && $0.isNumber }) else { return start }
        let tail = "\(SearchText.tailMark)\(String(text.reversed()))"
        return .any([start, text.count == SearchText.shortestTail ? .token(tail) : .beginning(tail)])
    }

    private static func every(_ questions: [SearchQuestion]) -> SearchQuestion {
        questions.count == 1 ? questions[0] : .all(questions)
    }
}
