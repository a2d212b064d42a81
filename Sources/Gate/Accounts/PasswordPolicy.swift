import Foundation
import Records

/// Which passwords are refused: short ones, and those that a guesser tries first. No rules about kinds of characters and no forced changes
/// (NIST SP 800-63B, ASVS 6.2): they make passwords worse.
public enum PasswordPolicy {
    public static let longest = 128

    /// What is wrong with a password, in sentences; nothing when it is fine.
    ///
    /// - Parameter context: words that belong to the user or the company and are therefore guessed first.
    public static func faults(in password: String, minimum: Int, context: [String] = []) -> [Problem] {
        let text = password.precomposedStringWithCanonicalMapping
        let length = text.unicodeScalars.count
        if length < minimum { return [problem("too_short", "密码至少 \(minimum) 个字符，现在是 \(length) 个；可以用一句话，例如几个词连起来")] }
        if length > longest { return [problem("too_long", "密码最多 \(longest) 个字符")] }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return [problem("control_character", "密码不能含有控制字符")]
        }
        let plain = folded(text)
        if CommonPasswords.contains(plain) || Set(plain).count <= 2 || isRun(plain) || isRepetition(plain) {
            return [problem("too_common", "这个密码很常见，容易被猜中，请换一个")]
        }
        if isNumberOfSomebody(plain) { return [problem("too_common", "不要用手机号、身份证号或日期作密码，请换一个")] }
        if let word = (context + ["zhike", "知客"]).first(where: { leavesLittle(of: plain, without: $0) }) {
            return [problem("contains_name", "密码不能主要由「\(word.prefix(20))」组成，请换一个")]
        }
        return []
    }

    private static func problem(_ code: String, _ message: String) -> Problem { Problem("password", code: code, message) }

    private static func folded(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping.lowercased() }

    /// `abcdefghij`, `1234567890`, `qwertyuiop`, `9876543210`: neighbours all along.
    private static func isRun(_ text: String) -> Bool {
        let rows = [
            "0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
            "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "!@#$%^&*()_+",
        ]
        return rows.contains { $0.contains(text) || String($0.reversed()).contains(text) }
    }

    /// `abcabcabcabc`: a short piece over and over.
    private static func isRepetition(_ text: String) -> Bool {
        let letters = Array(text)
        return (1...4).contains { size in
            letters.count >= size * 2 && letters.indices.allSatisfy { letters[$0] == letters[$0 % size] }
        }
    }

    private static func isNumberOfSomebody(_ text: String) -> Bool {
        guard text.utf8.dropLast().allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return false }
        let isMobile = text.utf8.count == 11 && text.hasPrefix("1")
        let isCard = text.utf8.count == 18 && (text.hasSuffix("x") || Int(text.suffix(1)) != nil)
        return isMobile || isCard
    }

    /// Whether next to nothing is left of the password when the word is taken out.
    private static func leavesLittle(of text: String, without word: String) -> Bool {
        let word = folded(word.trimmed)
        guard word.unicodeScalars.count >= 3 || word.unicodeScalars.count == 2 && word.unicodeScalars.allSatisfy({ $0.value > 0x2E7F }),
            text.contains(word)
        else { return false }
        let rest = text.replacingOccurrences(of: word, with: "").unicodeScalars
        let letters = rest.filter { $0.properties.isAlphabetic }.count
        return rest.count < 6 || letters == 0 && rest.count < 10
    }
}

extension Accounts {
    /// What is wrong with a new password, by today's settings.
    func faults(in password: String, context: [String]) async throws -> [Problem] {
        let minimum = Int(try await chart().settings[AccountParameters.passwordLength])
        return PasswordPolicy.faults(in: password, minimum: minimum, context: context)
    }
}

/// A first password that can be read out on the telephone: no letters that look alike, about 60 random bits.
enum InitialPassword {
    private static let consonants = Array("bcdfghjkmnpqrstvwxz"), vowels = Array("aeiou"), digits = Array("23456789")

    /// `rakom-vudip-47-nebuf`
    static func fresh() -> String {
        var generator = SystemRandomNumberGenerator()
        func pick(_ letters: [Character]) -> String { letters.randomElement(using: &generator).map(String.init) ?? "" }
        func word() -> String { pick(consonants) + pick(vowels) + pick(consonants) + pick(vowels) + pick(consonants) }
        return "\(word())-\(word())-\(pick(digits))\(pick(digits))-\(word())"
    }
}
