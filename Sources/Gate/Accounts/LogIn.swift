import Foundation
import Records

/// Somebody at the door.
public struct LogIn: Sendable {
    public enum Via: String, Sendable { case browser, api, cli }

    public var username: String
    public var password: String
    /// Of the authenticator app, or a recovery code.
    public var code: String?
    public var address: String?
    public var agent: String?
    public var via: Via

    public init(_ username: String, _ password: String, code: String? = nil, address: String? = nil, agent: String? = nil, via: Via) {
        self.username = username
        self.password = password
        self.code = code
        self.address = address
        self.agent = agent
        self.via = via
    }
}

extension LogIn {
    /// Who it was, without what proves it: all that may stay in memory.
    var withoutProof: LogIn {
        var bare = self
        bare.password = ""
        bare.code = nil
        return bare
    }
}

/// How it ended.
public enum LoginResult: Sendable {
    case ok(Grant)
    /// The password is right; ask for the code of the authenticator app and come again with both.
    case needsCode
    /// Unknown user, wrong password or code, or disabled: nobody is told which. ``Accounts/refusedText`` is what to show.
    case refused
    case throttled(retryAfter: Int)
}

/// A new session's secrets: the only time they are seen.
public struct Grant: Sendable {
    public var token: String
    public var csrf: String
    /// Whatever the user does; an idle session ends earlier.
    public var expiresAt: Instant
    public var userID: Int64
    public var sessionID: Int64
    public var mustChangePassword = false
    public var mustEnrolTOTP = false
}

extension Grant {
    init(token: String, _ session: Record<Session>, id: Int64) {
        self.init(token: token, csrf: session.csrf, expiresAt: session.expiresAt, userID: session.user.id, sessionID: id)
    }
}

extension Session {
    /// A session that begins now, with its token.
    static func fresh(
        of user: Int64, _ login: LogIn, _ lifetime: (idle: Int64, absolute: Int64), at now: Instant, startedAt: Instant
    ) -> (session: Record<Session>, token: String) {
        let token = Token.fresh(Token.session)
        var session = Record<Session>()
        session.tokenHash = Token.hash(token)
        session.user = Ref(user)
        session.csrf = Token.text(of: Token.bytes(24))
        session.createdAt = startedAt
        session.seenAt = now
        session.expiresAt = startedAt.adding(seconds: lifetime.absolute)
        session.address = login.address
        session.agent = login.agent.map { String($0.prefix(200)) }
        session.via = login.via.rawValue
        session.provedAt = now
        return (session, token)
    }
}

/// Log-in names are the same in capitals and full-width letters.
public enum Username {
    public static func normalised(_ text: String) -> String { text.trimmed.precomposedStringWithCompatibilityMapping.lowercased() }

    /// Letters, digits, Chinese characters and `. _ - @`, at most 64 of them.
    static func fault(in name: String) -> String? {
        guard !name.isEmpty else { return "请填写登录名" }
        guard name.unicodeScalars.count <= 64 else { return "登录名最多 64 个字符" }
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-@+".unicodeScalars.contains($0)
        }
        return isPlain ? nil : "登录名只能包含字母、数字、汉字和 . _ - @ +"
    }
}
