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
    /// Grows when the tokens of a text change, so that existing indexes are made anew.
    static let version = 2

    // Private-use characters: nobody types them, and a question never contains them.
    static let tailMark = "\u{E001}", ownerMark = "\u{E002}", departmentMark = "\u{E003}"

    /// Longer words are cut, when stored and when asked for.
    static let wordLimit = 24
    static let shortestTail = 3
    private static let nameLimit = 40, syllablesInARow = 8, textLimit = 200, proseLimit = 2000

    /// The tokens of a stored text.
    static func tokens(of text: String, as searching: Searching, into tokens: inout TokenBuffer) {
        switch searching {
        case .none: return
        case .name:
            let runs = Runs.of(text, limit: textLimit)
            addRuns(runs, &tokens)
            addSounds(runs, &tokens)
        case .prose: addRuns(Runs.of(text, limit: proseLimit), &tokens, shortestEdge: 3)
        case .number:
            let runs = Runs.of(text, limit: textLimit)
            addRuns(runs, &tokens)
            let joined = runs.reduce(into: [UInt8]()) { joined, run in if case .word(let word) = run { joined += word } }
            addWord(joined, &tokens)
            addTail(joined, &tokens)
        }
    }

    private static func addRuns(_ runs: [Run], _ tokens: inout TokenBuffer, shortestEdge: Int = 1) {
        for run in runs {
            switch run {
            case .word(let word): addWord(word, &tokens, shortestEdge: shortestEdge)
            case .chinese(let characters): addChinese(characters, &tokens)
            }
        }
    }

    private static func addChinese(_ characters: [Unicode.Scalar], _ tokens: inout TokenBuffer) {
        var last: [UInt8] = []
        for character in characters {
            let this = Array(UTF8.encode(character).unsafelyUnwrapped)
            tokens.insert(this)
            if !last.isEmpty { tokens.insert(last + this) }
            last = this
        }
    }

    /// Pinyin and initials from every character on; words in between as they are, so that `abcqiche` finds ABC汽车.
    private static func addSounds(_ runs: [Run], _ tokens: inout TokenBuffer) {
        guard runs.contains(where: \.isChinese) else { return }
        for reading in Pinyin.readings(of: runs, limit: nameLimit) {
            for start in reading.indices {
                let row = reading[start..<min(start + syllablesInARow, reading.count)]
                var sounds: [UInt8] = [], initials: [UInt8] = []
                for unit in row {
                    if sounds.count < wordLimit { sounds += unit.bytes }
                    if unit.isSound { initials.append(unit.bytes[0]) } else { initials += unit.bytes }
                }
                addWord(sounds, &tokens)
                addWord(initials, &tokens)
            }
        }
    }

    private static func addWord(_ word: [UInt8], _ tokens: inout TokenBuffer, shortestEdge: Int = 1) {
        let word = cut(word)
        let edges = edges(of: word)
        tokens.insert(word, edges: edges >= shortestEdge ? shortestEdge...edges : nil)
    }

    private static func addTail(_ word: [UInt8], _ tokens: inout TokenBuffer) {
        guard word.count >= shortestTail, word.allSatisfy({ $0 < 0x80 }) else { return }
        let mark = Array(tailMark.utf8)
        let edge = mark.count + shortestTail
        tokens.insert(mark + word.reversed().prefix(wordLimit), edges: edge...edge)
    }

    /// How many first letters of a word are tokens of their own: fewer of a number, whose beginnings differ soon; none of other scripts.
    static func edges(of word: some Sequence<UInt8>) -> Int {
        var isNumber = true
        for byte in word {
            if byte >= 0x80 { return 0 }
            if byte > UInt8(ascii: "9") { isNumber = false }
        }
        return isNumber ? 3 : 6
    }

    /// To the length at which words are kept, between characters.
    static func cut(_ word: [UInt8]) -> [UInt8] {
        guard word.count > wordLimit else { return word }
        var end = wordLimit
        while end > 0, word[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(word[0..<end])
    }
}
