/// Recursive descent over UTF-8 bytes, its depth checked.
struct JSONParser {
    private let text: UnsafeBufferPointer<UInt8>
    private let depthLimit: Int
    private var index = 0
    private var depth = 0

    init(_ text: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.text = text
        self.depthLimit = depthLimit
    }

    mutating func document() throws(JSONFault) -> JSON {
        skipBlanks()
        let value = try value()
        skipBlanks()
        if index < text.count { throw .trailingText }
        return value
    }

    /// Line and character where the parser stands, for the message.
    var place: (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in text[..<min(index, text.count)] {
            if byte == 0x0A { (line, column) = (line + 1, 1) } else if byte & 0xC0 != 0x80 { column += 1 }
        }
        return (line, column)
    }

    private func peek() throws(JSONFault) -> UInt8 {
        guard index < text.count else { throw .unexpectedEnd }
        return text[index]
    }

    private mutating func skipBlanks() {
        while index < text.count, text[index] == 0x20 || text[index] == 0x0A || text[index] == 0x0D || text[index] == 0x09 { index += 1 }
    }

    private mutating func value() throws(JSONFault) -> JSON {
        switch try peek() {
        case UInt8(ascii: "{"): return try nested { (parser) throws(JSONFault) in try parser.object() }
        case UInt8(ascii: "["): return try nested { (parser) throws(JSONFault) in try parser.list() }
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw .unexpectedCharacter
        }
    }

    private mutating func nested(_ body: (inout JSONParser) throws(JSONFault) -> JSON) throws(JSONFault) -> JSON {
        if depth == depthLimit { throw .tooDeep(limit: depthLimit) }
        depth += 1
        index += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
        for offset in 0..<word.utf8CodeUnitCount {
            if try peek() != word.utf8Start[offset] { throw .unexpectedCharacter }
            index += 1
        }
        return value
    }

    private mutating func list() throws(JSONFault) -> JSON {
        var values: [JSON] = []
        skipBlanks()
        if try peek() == UInt8(ascii: "]") {
            index += 1
            return .list(values)
        }
        while true {
            skipBlanks()
            values.append(try value())
            skipBlanks()
            switch try peek() {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                return .list(values)
            default: throw .unexpectedCharacter
            }
        }
    }

    private mutating func object() throws(JSONFault) -> JSON {
        var members: [(String, JSON)] = []
        var keys: Set<String> = []
        skipBlanks()
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            skipBlanks()
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpectedCharacter }
            let key = try string()
            try refuseRepeated(key, members, &keys)
            skipBlanks()
            guard try peek() == UInt8(ascii: ":") else { throw .unexpectedCharacter }
            index += 1
            skipBlanks()
            members.append((key, try value()))
            skipBlanks()
            switch try peek() {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                return .object(members)
            default: throw .unexpectedCharacter
            }
        }
    }

    /// Few keys are compared one by one; a set is made only for many.
    private func refuseRepeated(_ key: String, _ members: [(String, JSON)], _ keys: inout Set<String>) throws(JSONFault) {
        if members.count < 8 {
            if members.contains(where: { $0.0 == key }) { throw .duplicateKey(key) }
            return
        }
        if keys.isEmpty { keys = Set(members.map { $0.0 }) }
        if !keys.insert(key).inserted { throw .duplicateKey(key) }
    }

    private mutating func string() throws(JSONFault) -> String {
        let start = index
        let (string, end) = try JSONString.read(text, openedAt: start) { self.index = $0 }
        index = end
        return string
    }

    private mutating func number() throws(JSONFault) -> JSON {
        let start = index
        if text[index] == UInt8(ascii: "-") { index += 1 }
        let digitsStart = index
        try digits()
        if text[digitsStart] == UInt8(ascii: "0"), index - digitsStart > 1 { throw .badNumber }
        var isWhole = true
        if index < text.count, text[index] == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try digits()
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        let spelled = String(decoding: text[start..<index], as: UTF8.self)
        if isWhole {
            guard let number = Int64(spelled) else { throw .numberOutOfRange }
            return .int(number)
        }
        guard let number = Double(spelled), number.isFinite else { throw .numberOutOfRange }
        return .real(number)
    }

    private mutating func digits() throws(JSONFault) {
        let start = index
        while index < text.count, text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9") { index += 1 }
        if index == start { throw index == text.count ? .unexpectedEnd : .badNumber }
    }
}
