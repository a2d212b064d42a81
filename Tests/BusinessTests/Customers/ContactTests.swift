import Records
import Testing

@testable import Core

@Suite struct ContactTests {
    private func contact(_ id: Int64, _ role: Contact.Role? = nil, _ status: Contact.Status = .active) -> Record<Contact> {
        var contact = Record<Contact>()
        contact.row.id = id
        contact.role = role
        contact.status = status
        return contact
    }

    @Test("the one who decides takes over, then the oldest acquaintance") func successor() {
        #expect(Contact.successor(among: [contact(1), contact(2, .finance), contact(3, .decision)])?.row.id == 3)
        #expect(Contact.successor(among: [contact(4, .legal), contact(5, .purchase)])?.row.id == 4)
        #expect(Contact.successor(among: [contact(7), contact(6)])?.row.id == 6)
        #expect(Contact.successor(among: []) == nil)
    }

    @Test("whoever has left takes over only when nobody else is there") func left() {
        #expect(Contact.successor(among: [contact(1, .decision, .left), contact(2)])?.row.id == 2)
        #expect(Contact.successor(among: [contact(1, .decision, .left)])?.row.id == 1)
    }
}

@Suite struct InteractionTests {
    @Test("an interaction without a subject is called by what was said") func heading() {
        var call = Record<Interaction>()
        call.content = "客户问春节前的保养档期。已约腊月二十。"
        #expect(Interaction.heading(of: call) == "客户问春节前的保养档期")
        call.content = String(repeating: "长", count: 80)
        #expect(Interaction.heading(of: call).count == 30)
        call.content = nil
        #expect(Interaction.heading(of: call) == "电话")
    }
}

@Suite struct LifecycleTests {
    private let today = Day(iso: "2026-11-23")!

    private func place(first: Int?, last: Int?) -> Customer.Lifecycle {
        LifecycleRule.place(first: first.map { today - $0 }, last: last.map { today - $0 }, today: today, newDays: 90, window: 180)
    }

    @Test("a customer moves from potential to lost by its purchases alone") func places() {
        #expect(place(first: nil, last: nil) == .potential)
        #expect(place(first: 0, last: 0) == .new)
        #expect(place(first: 90, last: 90) == .new)
        #expect(place(first: 91, last: 10) == .active)
        #expect(place(first: 180, last: 180) == .active)
        #expect(place(first: 400, last: 181) == .silent)
        #expect(place(first: 400, last: 360) == .silent)
        #expect(place(first: 400, last: 361) == .lost)
    }
}
