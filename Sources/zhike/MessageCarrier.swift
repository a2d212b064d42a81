import Channels
import Gate
import Records

/// Carries letters through `Channels`, within what this installation may reach.
struct MessageCarrier: Carrier {
    private let policy: EgressPolicy

    /// A demo's customers are invented, so nothing leaves it.
    init(isDemo: Bool, allowedHosts: [String]) { policy = isDemo ? .none : .publicAnd(allowedHosts) }

    func carry(_ letter: Letter) async throws(SendFailure) -> Bool {
        do {
            switch letter.kind {
            case .email: try await mail(letter)
            case .sms: try await text(letter)
            case .wecom, .dingtalk, .feishu: try await robot(letter)
            }
            return true
        } catch let error as ChannelError {
            if case .switchedOff = error { return false }
            throw SendFailure(error.message, isFinal: error.isFinal)
        } catch let failure as SendFailure {
            throw failure
        } catch { throw SendFailure("\(error)") }
    }

    private func mail(_ letter: Letter) async throws {
        let channel = letter.channel
        guard let from = MailAddress(channel.fromAddress ?? "", name: channel.fromName), let to = MailAddress(letter.to) else {
            throw SendFailure("邮箱地址的写法不正确：\(letter.to)", isFinal: true)
        }
        let security: SMTPServer.Security =
            switch channel.security {
            case .tls: .tls;
            case .plain: .plain;
            default: .startTLS
            }
        let server = SMTPServer(
            host: channel.host ?? "", port: channel.port ?? 587, security: security, user: channel.user,
            password: channel.user == nil ? nil : channel.secret)
        var mail = Mail(from: from, to: [to], subject: letter.subject, text: letter.text)
        mail.id = letter.id
        try await SMTPSender(policy: policy, server: server).send(mail)
    }

    private func text(_ letter: Letter) async throws {
        let body = (letter.channel.body ?? "").replacing("{mobile}", with: inside(letter.to)).replacing("{id}", with: letter.id).replacing(
            "{text}", with: inside(letter.text))
        let answer = try await HTTPSender(policy: policy, timeout: .seconds(15)).post(
            letter.channel.url ?? "", headers: [("Content-Type", "application/json; charset=utf-8")], body: Array(body.utf8))
        guard answer.isSuccess else { throw SendFailure("短信网关返回状态 \(answer.status)") }
        let said = String(decoding: answer.body.prefix(2000), as: UTF8.self)
        if let sign = letter.channel.success, !said.contains(sign) { throw SendFailure("短信网关拒绝：\(said.prefix(200))", isFinal: true) }
    }

    /// A text inside the quotes of a JSON text.
    private func inside(_ text: String) -> String { String(Plain.text(text).jsonText.dropFirst().dropLast()) }

    private func robot(_ letter: Letter) async throws {
        guard let platform = RobotMessage.Platform(rawValue: letter.kind.rawValue) else { return }
        let message = RobotMessage(title: letter.subject, text: letter.text), now = Clock.system.now().milliseconds
        var url = letter.channel.url ?? "", body = message.body(for: platform)
        if let secret = letter.channel.secret, !secret.isEmpty {
            if platform == .dingTalk {
                url = RobotMessage.dingTalkAddress(url, milliseconds: now, sign: RobotSignature.dingTalk(secret: secret, milliseconds: now))
            }
            if platform == .feishu {
                body = message.body(for: platform, timestamp: now / 1000, sign: RobotSignature.feishu(secret: secret, seconds: now / 1000))
            }
        }
        let answer = try await HTTPSender(policy: policy, timeout: .seconds(15)).post(
            url, headers: [("Content-Type", "application/json; charset=utf-8")], body: body)
        if let refusal = RobotMessage.refusal(answer) { throw SendFailure("机器人拒绝：\(refusal)", isFinal: answer.isSuccess) }
    }
}
