/// A web address: `http`, `https`, `mailto` or `tel` and nothing that a browser would run.
public struct URLKind: FieldKind {
    public var limit: Int
    public var schemes: [String]

    public init(limit: Int = 500, schemes: [String] = ["http", "https", "mailto", "tel"]) {
        self.limit = limit
        self.schemes = schemes
    }

    public var name: String { "url" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line(inputMode: .url) }
    public var operators: [Operator] { .forText }
    public var searching: Searching { .prose }
    public var openAPI: [String: Plain] {
        let forms = schemes.map { scheme in
            switch scheme {
            case "mailto": #"mailto:[A-Za-z0-9]+@([A-Za-z0-9]+\.)+[A-Za-z]{2,}(\?[A-Za-z0-9=&%]*)?"#
            case "tel": #"tel:\+?[0-9-]{3,20}"#
            default: scheme + #"://[A-Za-z0-9]+([.-][A-Za-z0-9]+)*(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?"#
            }
        }
        return [
            "type": "string", "format": "uri", "maxLength": .int(Int64(limit)), "pattern": .text("^(\(forms.joined(separator: "|")))$"),
        ]
    }
    public var contact: ContactForm? { .web }

    /// A bare `www.example.com` gets `https://`.
    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= limit.multiplied(clampingBy: 4) else { throw .tooLong(limit) }
        let address = text.trimmed.composed
        guard address.unicodeScalars.count <= limit else { throw .tooLong(limit) }
        guard address.unicodeScalars.allSatisfy(Self.isAllowed) else { throw Fault("网址中不能有空格、引号或控制字符") }
        guard let colon = address.firstIndex(of: ":"), Self.isScheme(address[..<colon]) else {
            guard schemes.contains("https"), let host = address.split(separator: "/").first, host.contains("."), Self.isHost(host) else {
                throw unreadable
            }
            return try parse("https://" + address)
        }
        let scheme = address[..<colon].lowercased()
        guard schemes.contains(scheme) else {
            throw Fault("网址应以 \(schemes.map { $0 + ":" }.joined(separator: "、")) 开头", code: "not_allowed")
        }
        let rest = address[address.index(after: colon)...]
        switch scheme {
        case "mailto": _ = try EmailKind().parse(String(rest.prefix { $0 != "?" }))
        case "tel": guard rest.utf8.count >= 3, rest.utf8.allSatisfy({ $0.isDigit || "+-#*".utf8.contains($0) }) else { throw unreadable }
        default: guard rest.hasPrefix("//"), Self.isAuthority(rest.dropFirst(2).prefix { !"/?#".contains($0) }) else { throw unreadable }
        }
        return .text(scheme + address[colon...])
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }

    private var unreadable: Fault { Fault("应为网址，例如 https://www.example.com") }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && scalar.value != 0x7F && !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
            && scalar.properties.generalCategory != .format && !"<>\"'`\\{}|^".unicodeScalars.contains(scalar)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        text.utf8.first?.isLetter == true && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x2D }
    }

    /// A host and a port, without a user's name in front: `https://bank.com@evil.com` is not what it looks like.
    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            let port = text[text.index(after: colon)...]
            guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy(\.isDigit), let number = Int(port), (1...65_535).contains(number)
            else { return false }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.dropFirst().dropLast().utf8.allSatisfy { $0.isDigit || $0.isLetter || $0 == 0x3A || $0 == 0x2E }
                && host.contains(":")
        }
        return isHost(host)
    }

    private static func isHost(_ host: Substring) -> Bool {
        guard (1...253).contains(host.utf8.count), host.first != ".", host.first != "-", !host.contains("..") else { return false }
        return host.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "." }
    }
}

/// A web address: `Field<WebAddress?>("website", "网站")`.
public struct WebAddress: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { URLKind() }
}
