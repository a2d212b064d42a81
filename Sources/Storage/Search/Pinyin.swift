import Foundation

/// Chinese characters' sounds. The table of all 20,992 common characters is made once, by Foundation's transform; ``PinyinReadings``
/// corrects surnames and places and knows the characters with several sounds.
enum Pinyin {
    private static let first: UInt32 = 0x4E00, last: UInt32 = 0x9FFF
    /// Variants of one name beyond this are not worth their tokens.
    private static let variantLimit = 6

    /// By character: its sounds, the usual one first; empty when it has none.
    private static let table: [[[UInt8]]] = makeTable()

    /// Makes the table now, on a thread that nobody waits for.
    static func prepare() { _ = table.count }

    /// The usual sound; nil when it is not a Chinese character.
    static func syllable(of scalar: Unicode.Scalar) -> [UInt8]? { sounds(of: scalar).first }

    private static func sounds(of scalar: Unicode.Scalar) -> [[UInt8]] {
        (first...last).contains(scalar.value) ? table[Int(scalar.value - first)] : []
    }

    /// A syllable, or a word among the characters.
    struct Unit {
        let bytes: [UInt8]
        let isSound: Bool
    }

    /// The sounds of a name's characters and words, once for each reading of its ambiguous characters: 曾 as zeng and ceng.
    static func readings(of runs: [Run], limit: Int) -> [[Unit]] {
        var readings: [[Unit]] = [[]]
        for run in runs {
            switch run {
            case .word(let word):
                for index in readings.indices { readings[index].append(Unit(bytes: word, isSound: false)) }
            case .chinese(let characters):
                for character in characters where readings[0].count < limit { add(sounds(of: character), to: &readings) }
            }
        }
        return readings
    }

    private static func add(_ sounds: [[UInt8]], to readings: inout [[Unit]]) {
        guard let usual = sounds.first else { return }
        guard sounds.count > 1, readings.count * sounds.count <= variantLimit else {
            for index in readings.indices { readings[index].append(Unit(bytes: usual, isSound: true)) }
            return
        }
        readings = readings.flatMap { reading in sounds.map { reading + [Unit(bytes: $0, isSound: true)] } }
    }

    private static func makeTable() -> [[[UInt8]]] {
        var table = [[[UInt8]]](repeating: [], count: Int(last - first) + 1)
        var known: [String: [[UInt8]]] = [:]
        let characters = (first...last).compactMap(Unicode.Scalar.init).map { String($0) }
        let sounds = characters.joined(separator: "\n").applyingTransform(StringTransform("Han-Latin"), reverse: false) ?? ""
        for (offset, sound) in sounds.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where offset < table.count {
            let plain = withoutTones(sound)
            guard !plain.isEmpty else { continue }
            // One array for all characters of a sound.
            let entry = known[plain] ?? [Array(plain.utf8)]
            known[plain] = entry
            table[offset] = entry
        }
        for (scalar, sounds) in PinyinReadings.all where (first...last).contains(scalar.value) { table[Int(scalar.value - first)] = sounds }
        return table
    }

    /// zhāng as zhang, lǚ as lv; empty for what is no sound.
    private static func withoutTones(_ sound: Substring) -> String {
        var plain = ""
        for scalar in sound.unicodeScalars {
            switch scalar {
            case "a"..."z": plain.unicodeScalars.append(scalar)
            case "ā", "á", "ǎ", "à": plain += "a"
            case "ē", "é", "ě", "è", "ê": plain += "e"
            case "ī", "í", "ǐ", "ì": plain += "i"
            case "ō", "ó", "ǒ", "ò": plain += "o"
            case "ū", "ú", "ǔ", "ù": plain += "u"
            case "ü", "ǖ", "ǘ", "ǚ", "ǜ": plain += "v"
            case "ń", "ň", "ǹ": plain += "n"
            case "ḿ": plain += "m"
            case "\u{300}", "\u{301}", "\u{304}", "\u{30C}", "\u{302}": continue
            case "\u{308}": if plain.last == "u" { plain.removeLast(); plain += "v" }
            default: return ""
            }
        }
        return plain
    }
}
