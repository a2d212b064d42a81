/// What a title is sorted by: pinyin syllables, each followed by its character so that equal names stand together; Latin letters as they are.
enum SortKey {
    static func make(_ title: String) -> String {
        var key = ""
        var isFirst = true
        for character in title.prefix(30) {
            let syllable = Pinyin.syllable(of: character)
            if let syllable {
                if !isFirst { key += " " }
                key += syllable
                key += " "
                key.append(character)
            } else {
                key += character.lowercased()
            }
            isFirst = false
        }
        return key
    }
}
