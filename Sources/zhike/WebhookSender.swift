import Channels
import Gate

/// Posts webhooks through `Channels`, within what this installation may reach.
struct WebhookSender: Sender {
    private let http: HTTPSender

    /// A demo's customers are invented, so nothing leaves it.
    init(isDemo: Bool, allowedHosts: [String]) {
        http = HTTPSender(policy: isDemo ? .none : .publicAnd(allowedHosts))
    }

    func post(_ url: String, headers: [(String, String)], body: [UInt8]) async throws(SendFailure) -> SendAnswer {
        do {
            let answer = try await http.post(url, headers: headers, body: body)
            return SendAnswer(status: answer.status, body: answer.body)
        } catch {
            throw SendFailure(error.message, isFinal: error.isFinal)
        }
    }
}
