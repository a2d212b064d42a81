import Foundation

/// A message to a group through its robot in 企业微信, 钉钉 or 飞书: what to post to the robot's address. The address holds a secret, so it is kept
/// sealed; 钉钉's and 飞书's extra signatures are made by `Gate.RobotSignature`.
public struct RobotMessage: Sendable {
    public enum Platform: String, Sendable, CaseIterable { case weCom = "wecom", dingTalk = "dingtalk", feishu }

    public var title: String
    /// Markdown for 企业微信 and 钉钉, plain lines for 飞书.
    public var text: String
    /// Mobile numbers of those to be called by name.
    public var mentioned: [String]

    public init(title: String, text: String, mentioned: [String] = []) {
        self.title = title
        self.text = text
        self.mentioned = mentioned
    }

    /// The JSON body. `timestamp` and `sign` are 飞书's proof.
    public func body(for platform: Platform, timestamp: Int64? = nil, sign: String? = nil) -> [UInt8] {
        // The platforms refuse longer ones as a whole.
        let text = text.cut(toBytes: platform == .weCom ? 3800 : 15_000), title = title.singleLine.cut(toBytes: 200)
        var message: [String: Any]
        switch platform {
        case .weCom where !mentioned.isEmpty:
            // Only a text message can call people by their numbers.
            message = [
                "msgtype": "text",
                "text": ["content": "\(title)\n\(text)".cut(toBytes: 2000), "mentioned_mobile_list": mentioned] as [String: Any],
            ]
        case .weCom:
            message = ["msgtype": "markdown", "markdown": ["content": "**\(title)**\n\(text)"]]
        case .dingTalk:
            let calls = mentioned.map { "@\($0)" }.joined(separator: " ")
            message = [
                "msgtype": "markdown", "markdown": ["title": title, "text": "### \(title)\n\(text)\(calls.isEmpty ? "" : "\n\n\(calls)")"],
                "at": ["atMobiles": mentioned, "isAtAll": false] as [String: Any],
            ]
        case .feishu:
            message = ["msg_type": "text", "content": ["text": "\(title)\n\(text)"]]
            if let timestamp, let sign {
                message["timestamp"] = String(timestamp)
                message["sign"] = sign
            }
        }
        let data = try? JSONSerialization.data(withJSONObject: message, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { Array($0) } ?? []
    }

    /// 钉钉's robot address with its proof.
    public static func dingTalkAddress(_ address: String, milliseconds: Int64, sign: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
        let encoded = sign.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
        return "\(address)\(address.contains("?") ? "&" : "?")timestamp=\(milliseconds)&sign=\(encoded)"
    }

    /// Nil when the robot took the message, otherwise what it said: all three answer 200 also when they refuse.
    public static func refusal(_ answer: HTTPAnswer) -> String? {
        guard answer.isSuccess else { return "状态 \(answer.status)" }
        guard let object = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] else { return "回应无法识别" }
        let code = object["errcode"] as? Int ?? object["code"] as? Int ?? object["StatusCode"] as? Int
        guard code != 0 else { return nil }
        return (object["errmsg"] as? String ?? object["msg"] as? String).map { String($0.prefix(300)) }
            ?? "错误码 \(code.map { String($0) } ?? "缺失")"
    }
}

extension String {
    /// The longest beginning of whole characters that fits.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var size = 0
        return String(
            prefix { character in
                size += String(character).utf8.count
                return size <= limit - 3
            }) + "…"
    }
}
