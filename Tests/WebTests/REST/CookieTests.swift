import Hummingbird
import HummingbirdTesting
import Records
import Testing

@testable import Web

/// The REST interface shown a browser's cookie instead of a token.
@Suite("REST with a cookie")
struct CookieTests {
    @Test("nothing is changed without the page's anti-forgery token")
    func forged() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let session = try #require(browser.cookies[SessionCookie.plainName])
            func post(_ token: String?) async throws -> Int {
                var headers: HTTPFields = [.contentType: "application/json", .cookie: "\(SessionCookie.plainName)=\(session)"]
                headers[.csrfToken] = token
                return try await browser.status("/api/v1/customers", headers, #"{"name":"恒远","type":"company","source":"other"}"#)
            }
            #expect(try await post(nil) == 403)
            #expect(try await post("wrong") == 403)
            #expect(try await post(try await browser.csrf()) == 201)
            #expect(try await browser.call(.get, "/customers").json["items"]?.list?.count == 1)
        }
    }
}
