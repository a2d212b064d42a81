import Foundation

/// A message by e-mail, as text and, where there is more to show, also as HTML.
public struct Mail: Sendable {
    public var from: MailAddress
    public var to: [MailAddress]
    public var replyTo: MailAddress?
    public var subject: String
    public var text: String
    public var html: String?
    /// Where one click ends such mails (RFC 8058).
    public var unsubscribe: String?
    /// Stays the same when the same message is sent again.
    public var id: String?

    public init(from: MailAddress, to: [MailAddress], subject: String, text: String, html: String? = nil) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
    }

    /// The message as RFC 5322 has it. Nothing a user typed can add a header: addresses are checked when they are made, everything else is
    /// encoded.
    func bytes(at date: Date = Date(), boundary: String = "zhike-\(UUID().uuidString)") throws(ChannelError) -> [UInt8] {
        guard !to.isEmpty else { throw .malformed("没有收件人") }
        guard to.count <= 100 else { throw .malformed("收件人超过 100 个") }
        var lines = [
            "Date: \(Mail.date(date))", "From: \(from.header)", "To: \(to.map(\.header).joined(separator: ",\r\n "))",
            "Subject: \(EncodedWord.text(subject))",
            "Message-ID: <\(try Mail.token(id ?? UUID().uuidString))@\(from.domain)>", "MIME-Version: 1.0",
        ]
        if let replyTo { lines.append("Reply-To: \(replyTo.header)") }
        if let unsubscribe {
            guard unsubscribe.utf8.count <= 900, unsubscribe.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }) else {
                throw .malformed("退订链接含有不允许的字符")
            }
            lines += ["List-Unsubscribe: <\(unsubscribe)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        }
        guard let html else { return Array((lines + part("text/plain", text)).joined(separator: "\r\n").utf8) }
        lines += ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
        lines += ["--\(boundary)"] + part("text/plain", text) + ["--\(boundary)"] + part("text/html", html) + ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private func part(_ type: String, _ content: String) -> [String] {
        [
            "Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
            Base64.text(Array(content.utf8), lineLength: 76), "",
        ]
    }

    private static func token(_ text: String) throws(ChannelError) -> String {
        guard (1...200).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2E
                    || $0 == 0x5F
            })
        else {
            throw .malformed("邮件编号只能包含字母、数字、点、下划线和连字符")
        }
        return text
    }

    /// `Mon, 23 Nov 2026 05:27:40 +0000`
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(days[((parts.weekday ?? 1) - 1) % 7]), \(parts.day ?? 1) \(months[((parts.month ?? 1) - 1) % 12]) \(parts.year ?? 1970) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}
