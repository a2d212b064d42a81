import Records

/// Somebody who has shown a valid session or API key, as one request needs it.
public struct Authenticated: Sendable {
    /// What the gate takes. While a password must be changed or a second step set up, it has no rights at all.
    public var actor: Actor
    /// The user behind the ticket: with a preview not the one whom the actor stands for.
    public var userID: Int64
    /// The session's number; nil for an API key.
    public var sessionID: Int64?
    public var apiTokenID: Int64?
    /// What a form must send back; empty for an API key, which needs none.
    public var csrf: String
    public var startedAt: Instant
    public var expiresAt: Instant?
    /// When the password was last typed in this session.
    public var provedAt: Instant?
    /// Language, theme, notifications, as the user chose.
    public var preferences: [String: Plain]
    public var mustChangePassword: Bool
    public var mustEnrolTOTP: Bool
    public var hasTOTP: Bool

    /// Whether the password was typed in the last ten minutes, as dangerous steps demand.
    public func hasProved(at now: Instant) -> Bool {
        guard let provedAt else { return false }
        return now < provedAt.adding(seconds: 600)
    }
}
