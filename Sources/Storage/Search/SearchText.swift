import Foundation
import Records

/// How text becomes tokens. This is the one place that decides what finds what; both engines only store the tokens and look them up.
///
/// - Chinese: every character and every pair of neighbours; a typed 张三丰 asks for 张三 and 三丰, a single 张 for itself.
/// - Names also by pinyin and by initials, from every character on: `zhangsan`, `sanfeng`, `zsf`, `sf`.
/// - Words, pinyin and codes from their beginning: their first letters are tokens of their own (``edges(of:)``), so that the short, common
///   beginnings a person types first are found by one look-up rather than by walking thousands of words.
/// - Numbers and codes also by their end: the reversed text behind a mark of its own.
enum SearchText {
    static let tailMark: Character = "\u{E001}"
    static let ownerMark: Character = "\u{E002}"
    static let departmentMark: Character = "\u{E003}"

    /// Longer words are cut, when stored and when asked for.
    static let wordLimit = 24
    static let letterEdges = 6, digitEdges = 3
    static let shortestTail = 3
    private static let nameLimit = 40, syllablesInARow = 8, proseLimit = 2000

    enum Run: Equatable {
        case chinese([Character])
        case word(String)
    }

    /// The tokens of a stored text.
    static func tokens(of text: String, as searching: Searching, into tokens: inout TokenSet) {
        switch searching {
        case .none: return
        case .name:
            for run in runs(of: String(text.prefix(200))) {
                switch run {
                case .word(let word): addWord(word, &tokens)
                case .chinese(let characters):
                    addChinese(characters, &tokens)
                    addPinyin(characters.prefix(nameLimit), &tokens)
                }
            }
        case .prose:
            for run in runs(of: String(text.prefix(proseLimit))) {
                switch run {
                case .word(let word): addWord(word, &tokens, from: digitEdges)
                case .chinese(let characters): addChinese(characters, &tokens)
                }
            }
        case .number:
            var joined = ""
            for run in runs(of: String(text.prefix(200))) {
                switch run {
                case .word(let word):
                    addWord(word, &tokens)
                    joined += word
                case .chinese(let characters): addChinese(characters, &tokens)
                }
            }
            addWord(joined, &tokens)
            addTail(joined, &tokens)
        }
    }

    private static func addChinese(_ characters: [Character], _ tokens: inout TokenSet) {
        for (index, character) in characters.enumerated() {
            tokens.insert(String(character))
            if index > 0 { tokens.insert(String([characters[index - 1], character])) }
        }
    }

    private static func addPinyin(_ characters: ArraySlice<Character>, _ tokens: inout TokenSet) {
        for reading in Pinyin.readings(of: characters) {
            for start in reading.indices {
                let row = reading[start...].prefix(syllablesInARow)
                addWord(row.joined(), &tokens)
                addWord(String(row.compactMap(\.first)), &tokens)
            }
        }
    }

    private static func addWord(_ word: String, _ tokens: inout TokenSet, from shortest: Int = 1) {
        guard !word.isEmpty else { return }
        let word = word.utf8.count > wordLimit ? String(word.prefix(wordLimit)) : word
        tokens.insert(word)
        for length in stride(from: shortest, through: min(edges(of: word), word.count - 1), by: 1) { tokens.insert(String(word.prefix(length))) }
    }

    private static func addTail(_ word: String, _ tokens: inout TokenSet) {
        guard word.count >= shortestTail else { return }
        let tail = String(word.reversed().prefix(wordLimit))
        tokens.insert("\(tailMark)\(tail)")
        tokens.insert("\(tailMark)\(tail.prefix(shortestTail))")
    }

    /// How many first letters of a word are tokens of their own: fewer of a number, whose beginnings differ soon.
    static func edges(of word: String) -> Int { word.utf8.allSatisfy { (48...57).contains($0) } ? digitEdges : letterEdges }

    /// Runs of Chinese characters and of letters or digits, in half width and lower case; everything else separates.
    static func runs(of text: String) -> [Run] {
        var runs: [Run] = []
        var word = String.UnicodeScalarView()
        var chinese: [Character] = []
        func close() {
            if !word.isEmpty { runs.append(.word(String(word))) }
            if !chinese.isEmpty { runs.append(.chinese(chinese)) }
            word.removeAll()
            chinese.removeAll()
        }
        for scalar in text.unicodeScalars {
            switch kind(of: scalar) {
            case .chinese:
                if !word.isEmpty { close() }
                chinese.append(Character(scalar))
            case .letters(let letters):
                if !chinese.isEmpty { close() }
                word.append(contentsOf: letters)
            case .separator: close()
            }
        }
        close()
        return runs
    }

    private enum Kind {
        case chinese, separator
        case letters(String.UnicodeScalarView)
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: .letters(String.UnicodeScalarView([scalar]))
        case 0x41...0x5A: letter(scalar.value + 0x20)
        case 0xFF10...0xFF19: letter(scalar.value - 0xFF10 + 0x30)
        case 0xFF21...0xFF3A: letter(scalar.value - 0xFF21 + 0x61)
        case 0xFF41...0xFF5A: letter(scalar.value - 0xFF41 + 0x61)
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x3005, 0x3007, 0x3041...0x3096, 0x30A1...0x30FA, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x2EBE0: .chinese
        case 0xC0...0x24F where scalar.properties.isAlphabetic: folded(scalar)
        case 0x370...0x4FF where scalar.properties.isAlphabetic: .letters(scalar.properties.lowercaseMapping.unicodeScalars)
        default: .separator
        }
    }

    private static func letter(_ value: UInt32) -> Kind { .letters(String.UnicodeScalarView([Unicode.Scalar(value) ?? " "])) }

    /// é as e.
    private static func folded(_ scalar: Unicode.Scalar) -> Kind {
        let plain = String(scalar).applyingTransform(.stripDiacritics, reverse: false)?.lowercased() ?? ""
        let letters = plain.unicodeScalars.filter { (0x61...0x7A).contains($0.value) }
        return letters.isEmpty ? .separator : .letters(String.UnicodeScalarView(letters))
    }
}

/// Tokens without repetition, in the order they came.
struct TokenSet {
    private(set) var tokens: [String] = []
    private var known: Set<String> = []
    mutating func insert(_ token: String) {
        if known.insert(token).inserted { tokens.append(token) }
    }
}
