import Core
import Records
import TestSupport
import Testing

@testable import Gate

/// Every role that comes with the product × every entity × whose record it is × every door for writers and every window for readers. What a
/// role may do is worked out here from its scopes and the organisation alone, without asking the gate.
///
/// The reader is 李伟 (销售部); 赵敏 in 销售一组 reports to him, 孙强 works in 服务部.
@Suite("Authorization matrix", .timeLimit(.minutes(20)))
struct AuthorizationMatrixTests {
    /// What is tried on one record, and whether it must be refused.
    private struct Tally {
        var checks = 0
        var wrong: [String] = []
        mutating func expect(_ isRight: Bool, _ what: @autoclosure () -> String) {
            checks += 1
            if !isRight, wrong.count < 40 { wrong.append(what()) }
        }
    }

    private struct Rollback: Error {}

    /// The record's owner, and where that one works.
    private struct Whose {
        var name: String
        var id: Int64
        var department: Int64
    }

    @Test("nothing passes a door or is seen through a window beyond the role's reach", arguments: Engine.available)
    func matrix(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog
            let schemas = catalog.schemas.filter { $0.traits.isPublic && $0.traits.nature != .log && (isHeld($0, catalog) || $0.isOwned) }
            let owners = [("liwei", "sales"), ("zhaomin", "team"), ("sunqiang", "service")].map {
                Whose(name: $0.0, id: house[$0.0], department: house[$0.1])
            }
            var planted: [String: [(whose: Whose, id: Int64)]] = [:]
            // What cannot be made of arbitrary values (a tile needs a question that can be asked) is left to the tests of its own.
            var unplanted: [String] = []
            for schema in schemas {
                do {
                    planted[schema.name] = try await house.gate.write(as: .system()) { tx in
                        try owners.map { whose in (whose, try tx.specimen(schema, owner: whose.id, note: "\(whose.name)之").id) }
                    }
                } catch is Problems { unplanted.append(schema.name) }
            }
            #expect(unplanted.count <= 5 && planted.count >= 30, "\(unplanted)")
            let roles = BuiltInRole.templates(catalog).filter { !$0.rights.isAdmin }
            var tally = Tally()
            for (place, role) in roles.enumerated() where Size.isFull || place % 4 == (engine == .sqlite ? 0 : 2) {
                for keyScopes in [nil, "read"] as [String?] where keyScopes == nil || place % 8 == 0 {
                    var actor = try await house.actor("liwei")
                    actor.rights = role.rights.settled
                    if let keyScopes { actor.narrow(to: TokenScopes(stored: keyScopes), in: catalog) }
                    tally = try await tried(as: actor, role, planted, schemas, house, tally)
                }
            }
            #expect(tally.wrong.isEmpty, "\(tally.wrong.joined(separator: "\n"))")
            #expect(tally.checks >= (Size.isFull ? 10_000 : 2_500), "\(tally.checks)")
            print("authorization matrix on \(engine): \(tally.checks) checks")
        }
    }

    private func tried(
        as actor: Actor, _ role: RoleTemplate, _ planted: [String: [(whose: Whose, id: Int64)]], _ schemas: [Schema], _ house: House,
        _ before: Tally
    ) async throws -> Tally {
        var tally = before
        for schema in schemas {
            let records = planted[schema.name] ?? [], counted = tally
            do {
                try await house.gate.write(as: actor) { tx in
                    var tally = counted
                    for (whose, id) in records {
                        try self.read(schema, id, whose, role, tx, &tally)
                        try self.write(schema, id, whose, role, tx, &tally)
                    }
                    throw Counted(tally: tally)
                }
            } catch let counted as Counted { tally = counted.tally } catch let refusal as Refusal where actor.rights.writesNothing {
                Issue.record("\(schema.name): \(refusal)")
            }
        }
        return tally
    }

    private struct Counted: Error { var tally: Tally }

    // MARK: What should be

    private func isHeld(_ schema: Schema, _ catalog: Catalog) -> Bool { Holder.all(in: catalog)[schema.name] != nil }

    /// Whether a scope reaches a record of this owner, by the organisation as the tests know it.
    private func reaches(_ scope: Scope, _ whose: Whose, _ tx: GateTransaction) -> Bool {
        switch scope {
        case .none: false
        case .own: whose.name == "liwei"
        case .ownAndSubordinates: ["liwei", "zhaomin"].contains(whose.name)
        case .department: whose.name == "liwei" || whose.department == tx.actor.departmentID
        case .departmentTree: whose.name == "liwei" || tx.actor.departmentTree.contains(whose.department)
        case .all: true
        }
    }

    private func may(_ right: String, _ schema: Schema, _ whose: Whose, _ tx: GateTransaction) -> Bool {
        let rights = tx.actor.rights
        guard let holder = Holder.all(in: tx.catalog)[schema.name] else { return reaches(rights.scope(schema.name, right), whose, tx) }
        return rights.scope(schema.name, right) != .none
            && reaches(rights.scope(holder.parent.name, right == "read" ? "read" : "update"), whose, tx)
    }

    // MARK: Windows

    private func read(
        _ schema: Schema, _ id: Int64, _ whose: Whose, _ role: RoleTemplate, _ tx: GateTransaction, _ tally: inout Tally
    ) throws {
        // Whoever keeps the customer opens what colleagues wrote down about it, beyond their own lists.
        let rights = tx.actor.rights
        if let with = schema.traits.seenWith, let parent = schema[with.link]?.target, rights.scope(schema.name, "read") != .none,
            reaches(rights.scope(parent, "read"), whose, tx), !reaches(rights.scope(schema.name, "read"), whose, tx)
        {
            return
        }
        let isOpen = may("read", schema, whose, tx), place = "\(role.code) \(schema.name) of \(whose.name)"
        func seen(_ window: String, _ look: () throws -> Bool) {
            let found = (try? look()) ?? false
            tally.expect(found == isOpen, "\(place): \(window) shows it: \(found), should be \(isOpen)")
        }
        /// What may show less than everything, never more.
        func notBeyond(_ window: String, _ look: () throws -> Bool) {
            guard !isOpen else { return }
            let found = (try? look()) ?? false
            tally.expect(!found, "\(place): \(window) shows what is out of reach")
        }
        let one = ListRequest(schema, where: .ids([id]), limit: 5, countCap: 5)
        seen("record") { try tx.record(schema, id: id).id == id }
        seen("list") { try tx.page(one).rows.map(\.id) == [id] }
        seen("count") { try tx.count(one, cap: 5) == 1 }
        seen("numbers") { try tx.records(schema, ids: [id]).count == 1 }
        seen("sum") { try tx.summary(one, by: [], [.count]).first?.values.first == 1 }
        seen("export") {
            var found = 0
            try tx.forEach(one) { _ in
                found += 1
                return true
            }
            return found == 1
        }
        seen("names") { try tx.titles(schema, ids: [id])[id] != nil }
        notBeyond("search") { try tx.search(schema, whose.name, limit: 50).contains { $0.id == id } }
        notBeyond("looking up") { try tx.identify(schema, try tx.whole(schema, id: id)?.title ?? "", limit: 50).contains(id) }
        notBeyond("likeness") {
            let row = try tx.whole(schema, id: id) ?? schema.blank()
            return try tx.likeness(ofTyped: [schema.title.name: .text(row.title)], in: schema).contains { $0.row?.id == id }
        }
        notBeyond("shares") { try tx.shares(of: schema, id: id).count >= 0 }
        var question = AuditQuestion()
        (question.entity, question.record) = (schema.name, id)
        let asked = question
        notBeyond("audit log") { try tx.auditLog(asked).contains { $0.isOpen } }
        // From the other side: the records it links to have it on their pages.
        for link in tx.catalog.links(to: schema.name).filter({ $0.field.isColumn && $0.schema.traits.isPublic }).prefix(2) {
            notBeyond("exists through \(link.schema.name)") {
                let condition = Condition.compare(.init(link: link.field.name, schema.title.name), .contains, [.text(whose.name)])
                return try tx.count(ListRequest(link.schema, where: condition), cap: 5) > 0
            }
        }
    }

    // MARK: Doors

    private func write(
        _ schema: Schema, _ id: Int64, _ whose: Whose, _ role: RoleTemplate, _ tx: GateTransaction, _ tally: inout Tally
    ) throws {
        let place = "\(role.code)\(tx.actor.rights.writesNothing ? " (read key)" : "") \(schema.name) of \(whose.name)"
        let isSeen = may("read", schema, whose, tx), isKey = tx.actor.rights.writesNothing
        /// A door that must stay shut; an open one may still be refused by a rule of the trade.
        func door(_ name: String, _ right: String, _ open: () throws -> Void) throws {
            guard isKey || !isSeen || !may(right, schema, whose, tx) else { return }
            let before = try tx.reading.row(schema, id: id)
            var isDone = false
            do {
                try tx.takingBack {
                    try open()
                    isDone = true
                    throw Rollback()
                }
            } catch is Rollback {} catch {}
            let after = try tx.reading.row(schema, id: id)
            tally.expect(!isDone && after?.values == before?.values, "\(place): \(name) was done")
        }
        let title = schema.title
        try door("update", "update") { try tx.update(schema, id: id, [title.name: "改过"]) }
        try door("remove", "delete") { try tx.remove(schema, id: id) }
        try door("bulk", "update") {
            var report = BulkReport()
            let change = BulkChange(schema.name, .ids([id]), action: "update", values: [title.name: "改过"])
            try tx.apply(change, schema, [id], &report)
            if report.failed > 0 { throw Refusal.notFound }
        }
        if schema.isOwned {
            try door("share", "update") { try tx.share(schema, id: id, withUser: tx.actor.userID, canWrite: true, until: nil) }
            if whose.name != "liwei" {
                try door("taking over", "assign") { try tx.update(schema, id: id, ["owner_id": .int(tx.actor.userID)]) }
            }
        }
        if schema.traits.hasAttachments {
            try door("attach", "update") { try tx.attach(("a.txt", "text/plain", 1, "d", "p"), to: schema, id: id) }
        }
        for action in schema.actions { try door(action.name, action.permission) { try tx.perform(action.name, schema, id: id, [:]) } }
        try door("merge", "merge") { try tx.merge(schema, into: id, [id &+ 1]) }
        // A change of the actor's own in the log, from when they still could.
        guard !isKey else { return }
        let present = try tx.reading.row(schema, id: id)
        var entry = Record<AuditEntry>()
        let operation = Int(id) &+ 1_000_000
        (entry.action, entry.at, entry.user, entry.via) = ("update", tx.now, Ref(tx.actor.userID), "web")
        (entry.entity, entry.recordID, entry.operation, entry.digest) = (schema.name, Int(id), operation, "")
        entry.changes = Plain.object([title.name: .list(["从前", present?[title].text.map(Plain.text) ?? .null])]).jsonText
        let row = entry.row
        try door("undo", "update") {
            try tx.writing.insert(row)
            let report = try tx.undo(operation: Int64(operation))
            if report.undone == 0 { throw Refusal.notFound }
        }
        try door("put back", "update") { try tx.putBack(entry: try tx.writing.insert(row), field: title.name) }
    }
}
