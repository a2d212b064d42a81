import Core
import Records

/// What was said about a service request: the first of the company's own answers stops its clock (C15).
public struct TicketTalk: Extension {
    public static let of = Interaction.self
    public let ticket = Field<Ref<Ticket>?>(
        "ticket_id", "服务请求", .indexed, .english("Service request"))

    public static func add(to traits: inout EntityTraits) {
        traits.indexes.append(["ticket_id", "-happened_at"])
    }

    public static var rules: Rules {
        .of(Interaction.self) {
            $0.beforeSave { talk, _, tx in
                guard let ref = talk[TicketTalk.self].ticket, talk.customer == nil else { return }
                talk.customer = try tx.get(Ticket.self, ref)?.customer
            }
            $0.afterSave { talk, change, tx in
                guard let ref = talk[TicketTalk.self].ticket, var ticket = try tx.get(Ticket.self, ref),
                    ticket.respondedAt == nil,
                    let answer = OwnAnswer.moment(
                        talk, change, since: ticket.row.createdAt, by: ticket.responseDue, tx)
                else { return }
                ticket.respondedAt = answer
                try tx.save(ticket)
            }
        }
    }

    public init() {}
}

extension Ticket {
    private static let way = Field<Channel>("channel", "答复方式", .initial("phone"), .english("By"))
    private static let answer = Field<String>(
        "content", "答复内容", kind: LongTextKind(limit: 2000), .english("Answer"))

    /// Writes down what the customer was told.
    static let reply = Action.on(
        Ticket.self, "answer", "答复客户", icon: "phone-call", english: "Answer the customer",
        parameters: [way, answer],
        unavailable: { ticket, _ in
            Status.open.contains(ticket.status) ? nil : "请求\(ticket.status.label)，不能再答复；请先重新打开"
        }
    ) { ticket, arguments, tx in
        var talk = Record<Interaction>()
        (talk.customer, talk.contact, talk.channel, talk.content) = (
            ticket.customer, ticket.contact, arguments[way], arguments[answer]
        )
        talk[TicketTalk.self].ticket = ticket.id
        try tx.insert(talk)
    }.with { $0.isBulk = false }
}
