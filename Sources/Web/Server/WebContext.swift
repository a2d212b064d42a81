import Gate
import Hummingbird
import Logging
import NIOCore
import Records

/// What is known of one request on its way through the middleware.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Shown in error answers and logs, so that a user can quote it.
    public var requestID: String
    /// Who is logged in; nil before log-in.
    public var login: Authenticated?
    /// The program itself: a command on this machine that knows the server's secret.
    public var local: Actor?
    /// The browser's address, as the socket (or a trusted proxy) says.
    public var address: String?
    /// Came with a session cookie: such requests need the anti-forgery token to change anything.
    public var isBrowser = false

    public init(source: Source) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress
        requestID = WebContext.newID()
    }

    public var language: Language { login?.actor.language ?? .chinese }

    /// The actor, or a 401.
    func actor() throws -> Actor {
        if let local { return local }
        guard let login else { throw HTTPAnswer.notLoggedIn }
        return login.actor
    }

    static func newID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Answers that are decided before any record is looked at.
enum HTTPAnswer: Error {
    case notLoggedIn
    case badRequest(String)
    case tooLarge(String)
    case wrongType(String)
    case forged
    case noSuchPage
    /// What was named is not there.
    case absent(String)
    /// With the methods that the address has.
    case methodNotAllowed([HTTPRequest.Method])
}
