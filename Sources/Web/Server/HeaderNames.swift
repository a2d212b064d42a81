import HTTPTypes

extension HTTPField.Name {
    static let requestID = named("X-Request-Id")
    static let csrfToken = named("X-CSRF-Token")
    static let secFetchSite = named("Sec-Fetch-Site")
    static let htmxRequest = named("HX-Request")
    static let htmxTrigger = named("HX-Trigger")
    static let htmxRedirect = named("HX-Redirect")
    /// Where what was just saved is taken back.
    static let undo = named("X-Undo")
    static let idempotencyKey = named("Idempotency-Key")
    static let permissionsPolicy = named("Permissions-Policy")
    static let referrerPolicy = named("Referrer-Policy")
    static let crossOriginOpener = named("Cross-Origin-Opener-Policy")
    static let forwardedFor = named("X-Forwarded-For")
    static let forwardedProto = named("X-Forwarded-Proto")

    static let clearSiteData = named("Clear-Site-Data")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header's name") }
        return name
    }
}
