/// Why nothing was sent, or no answer came.
public enum ChannelError: Error, Sendable, Hashable {
    /// The rules for outgoing connections forbid this address; trying again will not help.
    case refused(String)
    /// Outgoing messages are switched off on this system.
    case switchedOff
    /// What was to be sent is not well-formed (a line break in a header, no recipient).
    case malformed(String)
    case unreachable(String)
    case timedOut
    /// The answer is larger than we want to read.
    case tooLarge
    /// The other side could not prove who it is.
    case untrusted(String)
    /// The mail server said no.
    case rejected(status: Int, String)
    /// Too many messages wait already.
    case busy

    /// Whether the same would happen again at once and later.
    public var isFinal: Bool {
        switch self {
        case .refused, .switchedOff, .malformed: true
        case .rejected(let status, _): status >= 500
        default: false
        }
    }

    /// A sentence for the delivery log.
    public var message: String {
        switch self {
        case .refused(let reason): "不允许连接：\(reason)"
        case .switchedOff: "此系统已关闭对外发送（演示或测试环境）"
        case .malformed(let reason): "内容不合规范：\(reason)"
        case .unreachable(let reason): "无法连接：\(reason)"
        case .timedOut: "对方未在规定时间内回应"
        case .tooLarge: "对方的回应过大"
        case .untrusted(let reason): "无法验证对方的证书：\(reason)"
        case .rejected(let status, let reason): "邮件服务器拒绝（\(status)）：\(reason)"
        case .busy: "等待发送的消息过多，请稍后再试"
        }
    }
}
