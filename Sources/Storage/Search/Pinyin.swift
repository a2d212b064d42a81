import Foundation

/// Chinese characters' sounds. The table of all 20,992 common characters is made once, by Foundation's transform; ``PinyinReadings`` corrects
/// surnames and places and knows the characters with several sounds.
enum Pinyin {
    private static let first: UInt32 = 0x4E00, last: UInt32 = 0x9FFF
    /// Variants of one name beyond this are not worth their tokens.
    private static let variantLimit = 6

    private static let table: (syllables: [String], index: [UInt16]) = makeTable()

    /// Makes the table now, on a thread that nobody waits for.
    static func prepare() { _ = table.index.count }

    /// The usual sound; nil when it is not a Chinese character.
    static func syllable(of character: Character) -> String? {
        guard let scalar = character.unicodeScalars.first, (first...last).contains(scalar.value) else { return nil }
        if let known = PinyinReadings.all[character] { return known[0] }
        let place = table.index[Int(scalar.value - first)]
        return place == 0 ? nil : table.syllables[Int(place)]
    }

    /// The sounds of a name, with those of its ambiguous characters: 曾 as zeng and ceng.
    static func readings(of characters: some Sequence<Character>) -> [[String]] {
        var readings: [[String]] = [[]]
        for character in characters {
            guard let usual = syllable(of: character) else { continue }
            let sounds = PinyinReadings.all[character] ?? [usual]
            let fits = readings.count * sounds.count <= variantLimit
            readings = readings.flatMap { reading in (fits ? sounds : [usual]).map { reading + [$0] } }
        }
        return readings.filter { !$0.isEmpty }
    }

    private static func makeTable() -> (syllables: [String], index: [UInt16]) {
        var syllables = [""]
        var places: [String: UInt16] = [:]
        var index = [UInt16](repeating: 0, count: Int(last - first) + 1)
        let characters = (first...last).compactMap(Unicode.Scalar.init).map { String($0) }
        let sounds = characters.joined(separator: "\n").applyingTransform(StringTransform("Han-Latin"), reverse: false) ?? ""
        for (offset, sound) in sounds.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where offset < index.count {
            let plain = withoutTones(sound)
            guard !plain.isEmpty else { continue }
            if let place = places[plain] { index[offset] = place } else {
                let place = UInt16(syllables.count)
                syllables.append(plain)
                places[plain] = place
                index[offset] = place
            }
        }
        return (syllables, index)
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
