import Records

/// A message as it leaves the house.
public struct Letter: Sendable {
    /// The same at each try, so that a receiver can tell a repetition.
    public var id: String
    public var kind: MessageChannel.Kind
    public var to: String
    public var subject: String
    public var text: String
    public var channel: Record<MessageChannel>
}

/// Takes letters outside. The executable gives one that goes through `Channels`.
public protocol Carrier: Sendable {
    /// False when this system sends nothing to anybody (a demonstration).
    func carry(_ letter: Letter) async throws(SendFailure) -> Bool
}

/// The handler of `message` jobs: sends one message, once.
///
/// It is marked before it is handed over and after; a run that was killed between is done again under the same message id.
public enum MessageJob {
    public static let name = "message"

    enum Outcome: Sendable { case sent, withheld, failed(SendFailure) }

    public static func handler(carrier: any Carrier) -> JobHandler {
        { context in
            guard let id = context.payload["message"]?.int else { throw JobFailure.permanent("消息任务的内容无法识别") }
            guard let letter = try await context.write({ tx in JobStep(try tx.take(id)) }) else { return ["skipped": true] }
            var outcome = Outcome.sent
            do throws(SendFailure) { if try await !carrier.carry(letter) { outcome = .withheld } } catch { outcome = .failed(error) }
            let found = outcome, isLast = context.isLastAttempt
            _ = try await context.write { tx in JobStep(try tx.settle(id, found.status(isLast: isLast), found.reason)) }
            if case .failed(let failure) = outcome {
                throw failure.isFinal ? JobFailure.permanent(failure.message) : JobFailure.again(failure.message)
            }
            return ["status": .text(outcome.status(isLast: isLast).rawValue)]
        }
    }
}

extension MessageJob.Outcome {
    fileprivate func status(isLast: Bool) -> Message.Status {
        switch self {
        case .sent: .sent
        case .withheld: .withheld
        case .failed(let failure): failure.isFinal || isLast ? .failed : .waiting
        }
    }

    fileprivate var reason: String? {
        switch self {
        case .sent: nil
        case .withheld: "此系统不对外发送消息（演示或测试）"
        case .failed(let failure): failure.message
        }
    }
}

extension GateTransaction {
    /// The message to send now; nil when it was sent, called off, or may not be sent any more.
    fileprivate func take(_ id: Int64) throws -> Letter? {
        let schema = catalog.schema(Message.self)
        _ = try writing.set(schema, [:], where: .ids([id]))
        guard let row = try get(schema, id: id) else { return nil }
        let message = Record<Message>(row)
        guard message.status == .waiting || message.status == .sending else { return nil }
        guard let channel = try message.channel.flatMap({ try get(MessageChannel.self, $0) }), channel.isActive else {
            return try settle(id, .failed, "渠道已删除或停用")
        }
        guard try isOn(MessageParameters.isOn) else { return try settle(id, .withheld, "参数「对外发送消息」已关闭") }
        let about = try message.entity.flatMap { catalog[$0] }.flatMap { schema in
            try message.recordID.flatMap { try get(schema, id: Int64($0)) }
        }
        // Nobody invented is written to, wherever the demonstration's data went.
        if let about, about.schema.demoMark.map({ about[$0] == 1 }) ?? false { return try settle(id, .withheld, "演示数据不对外发送") }
        // What was allowed then may have been refused since.
        if message.purpose == .marketing, message.kind.isPersonal {
            guard let about, let recipient = try recipient(of: about, message.kind) else { return try settle(id, .refused, "记录或地址已不存在") }
            if let objection = try objection(to: recipient, message.kind, besides: id) { return try settle(id, .refused, objection) }
        }
        _ = try writing.set(
            schema, ["status": .text(Message.Status.sending.rawValue), "tries": .int(Int64((message.tries ?? 0) + 1))], where: .ids([id]))
        return Letter(
            id: "zk-\(row.createdAt.milliseconds)-\(id)", kind: message.kind, to: message.to ?? "", subject: message.title ?? "",
            text: message.text ?? "", channel: channel)
    }

    @discardableResult
    fileprivate func settle(_ id: Int64, _ status: Message.Status, _ reason: String?) throws -> Letter? {
        var values: [String: Value] = ["status": .text(status.rawValue), "error": reason.map { .text(String($0.prefix(500))) } ?? .null]
        if status == .sent { values["sent_at"] = now.stored }
        _ = try writing.set(catalog.schema(Message.self), values, where: .ids([id]))
        events.append(ChangeEvent(entity: Message.name, id: id, kind: .updated, by: actor.userID))
        if status == .sent { try tellOfSending(id) }
        return nil
    }

    /// The rules of the record that a person's message is about. One that refuses does not have the message sent again.
    private func tellOfSending(_ id: Int64) throws {
        guard let message = try get(Message.self, Ref(id)), message.isPersonal == true, let number = message.recordID,
            let schema = message.entity.flatMap({ catalog[$0] }), let row = try get(schema, id: Int64(number))
        else { return }
        for rule in schema.rules.afterSent { _ = try refusal { try asRule { try rule(row, message.row.createdAt, self) } } }
    }
}
