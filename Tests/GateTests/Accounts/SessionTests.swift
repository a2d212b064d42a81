import Foundation
import Records
import TestSupport
import Testing

@testable import Gate

@Suite struct SessionTests {
    @Test(arguments: Engine.available) func `a disabled user's session dies at the next request, and does not come back`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            let token = try await house.grant("liwei").token
            #expect(try await house.accounts.authenticate(token) != nil)
            try await house.accounts.updateUser(house["liwei"], ["status": "disabled"], as: try await house.actor("admin"))
            #expect(try await house.accounts.authenticate(token) == nil)
            try await house.accounts.updateUser(house["liwei"], ["status": "active"], as: try await house.actor("admin"))
            #expect(try await house.accounts.authenticate(token) == nil)
        }
    }

    @Test func `a deleted user's session dies too`() async throws {
        try await House.open { house in
            let token = try await house.grant("liwei").token
            #expect(try await house.accounts.authenticate(token) != nil)
            try await house.accounts.deleteUser(house["liwei"], as: try await house.actor("admin"))
            #expect(try await house.accounts.authenticate(token) == nil)
            guard case .refused = try await house.logIn("liwei") else { throw Missing("nor can they log in") }
        }
    }

    @Test(arguments: Engine.available) func `a role taken away counts at the next request`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            let token = try await house.grant("wang").token
            #expect(try await house.accounts.authenticate(token)?.actor.rights.scope("repair_jobs", "read") == .departmentTree)
            try await house.accounts.updateUser(house["wang"], ["roles": ["sales_consultant"]], as: try await house.actor("admin"))
            #expect(try await house.accounts.authenticate(token)?.actor.rights.scope("repair_jobs", "read") == .own)
            let role = try #require(try await house.accounts.chart().roles.values.first { $0.code == "sales_consultant" })
            try await house.accounts.updateRole(
                role.id, ["permissions": ["repair_jobs": ["read": "all"]]], as: try await house.actor("admin"))
            #expect(try await house.accounts.authenticate(token)?.actor.rights.scope("repair_jobs", "read") == .all)
        }
    }

    @Test(.enabled(if: Engine.server != nil)) func `what another instance changed counts at the next request`() async throws {
        try await House.open(.postgresql, freshness: .seconds(3600)) { house in
            let other = house.neighbour(freshness: .seconds(3600))
            func visitor(_ token: String) async throws -> Authenticated? { try await other.accounts.authenticate(token) }
            let wang = try await house.grant("wang").token, zhao = try await house.grant("zhaomin").token
            let boss = try await house.visitor("admin")
            let key = try await house.accounts.makeKey(boss, name: "数据仓库", scopes: ["read"])
            #expect(try await visitor(key.key) != nil)
            #expect(try await visitor(wang)?.actor.rights.scope("repair_jobs", "read") == .departmentTree)
            #expect(try await visitor(zhao)?.actor.sharedReading["repair_jobs"] == nil)

            try await house.accounts.updateUser(house["wang"], ["roles": ["sales_consultant"]], as: .system())
            #expect(try await visitor(wang)?.actor.rights.scope("repair_jobs", "read") == .own, "a changed role")

            let jobs = house.gate.catalog.schema(RepairJob.self), job = try await house.order("W1", of: "liwei")
            let liwei = try await house.actor("liwei"), receiver = house["zhaomin"]
            try await house.gate.write(as: liwei) { tx in try tx.share(jobs, id: job, withUser: receiver, canWrite: false, until: nil) }
            #expect(try await visitor(zhao)?.actor.sharedReading["repair_jobs"] == [job], "a share")
            let share = try await house.gate.read(as: liwei) { try #require(try $0.shares(of: jobs, id: job).first).row.id }
            try await house.gate.write(as: liwei) { tx in try tx.unshare(jobs, id: job, shareID: share) }
            #expect(try await visitor(zhao)?.actor.sharedReading["repair_jobs"] == nil, "an ended share")

            try await house.accounts.revokeKey(key.info.id, as: boss.actor)
            #expect(try await visitor(key.key) == nil, "a revoked key")
            try await house.accounts.logOut(wang)
            #expect(try await visitor(wang) == nil, "a log-out")
            try await house.accounts.updateUser(house["zhaomin"], ["status": "disabled"], as: .system())
            #expect(try await visitor(zhao) == nil, "a disabled user")
        }
    }

    @Test func `what changed behind its back counts when the memory is no longer fresh`() async throws {
        try await House.open(freshness: .seconds(3600)) { house in
            let other = house.neighbour(freshness: .milliseconds(50))
            let token = try await house.grant("wang").token
            #expect(try await other.accounts.authenticate(token) != nil)
            try await house.accounts.updateUser(house["wang"], ["roles": ["sales_consultant"]], as: .system())
            // Never shorter than the memory is fresh; longer does no harm.
            try await Task.sleep(for: .milliseconds(60))
            #expect(try await other.accounts.authenticate(token)?.actor.rights.scope("repair_jobs", "read") == .own)
            try await house.accounts.logOut(token)
            try await Task.sleep(for: .milliseconds(60))
            #expect(try await other.accounts.authenticate(token) == nil)
        }
    }

    @Test func `an idle session ends, a busy one goes on until its last hour`() async throws {
        try await House.open { house in
            let token = try await house.grant("liwei").token
            house.time.pass(7 * 3600)
            #expect(try await house.accounts.authenticate(token) != nil)
            house.time.pass(7 * 3600)
            #expect(try await house.accounts.authenticate(token) != nil)
            house.time.pass(8 * 3600)
            #expect(try await house.accounts.authenticate(token) == nil)

            let busy = try await house.grant("liwei").token
            for _ in 0..<28 {
                house.time.pass(6 * 3600 - 1)
                #expect(try await house.accounts.authenticate(busy) != nil)
            }
            house.time.pass(3600)
            #expect(try await house.accounts.authenticate(busy) == nil)
        }
    }

    @Test func `an administrator's session ends after an idle hour`() async throws {
        try await House.open { house in
            let token = try await house.grant("admin").token
            house.time.pass(3599)
            #expect(try await house.accounts.authenticate(token) != nil)
            house.time.pass(3600)
            #expect(try await house.accounts.authenticate(token) == nil)
        }
    }

    @Test func `a clock that jumps ends no session early and keeps none for ever`() async throws {
        try await House.open { house in
            let token = try await house.grant("liwei").token
            house.time.pass(3600)
            #expect(try await house.accounts.authenticate(token) != nil)
            house.time.pass(-3600)
            #expect(try await house.accounts.authenticate(token) != nil)
            house.time.pass(400 * 86_400)
            let ahead = try await house.grant("liwei").token
            #expect(try await house.accounts.authenticate(ahead) != nil)
            house.time.pass(-400 * 86_400)
            #expect(try await house.accounts.authenticate(ahead) == nil)
        }
    }

    @Test func `the settings count`() async throws {
        try await House.open { house in
            try await house.gate.write(as: .system()) { try $0.set(AccountParameters.idle, to: "30", reason: "公司规定") }
            house.accounts.forgetEverything()
            let token = try await house.grant("liwei").token
            house.time.pass(29 * 60)
            #expect(try await house.accounts.authenticate(token) != nil)
            house.time.pass(30 * 60)
            #expect(try await house.accounts.authenticate(token) == nil)
        }
    }

    @Test func `a request is noted once a minute`() async throws {
        try await House.open { house in
            let token = try await house.grant("liwei").token
            func seen() async throws -> Instant? {
                try await house.store.read { try $0.fetch(Query(Session.self, limit: 1)).first.map { Record<Session>($0).seenAt } }
            }
            let start = house.time.now
            house.time.pass(59)
            _ = try await house.accounts.authenticate(token)
            #expect(try await seen() == start)
            house.time.pass(2)
            _ = try await house.accounts.authenticate(token)
            try await eventually("the request is noted") { try await seen() == house.time.now }
        }
    }

    @Test func `log-out ends it at once, here and in the database`() async throws {
        try await House.open { house in
            let token = try await house.grant("liwei").token
            #expect(try await house.accounts.authenticate(token) != nil)
            try await house.accounts.logOut(token)
            #expect(try await house.accounts.authenticate(token) == nil)
            #expect(try await house.store.read { try $0.count(Query(Session.self), cap: 10) } == 0)
        }
    }

    @Test func `one's own sessions are listed and ended, another's are not`() async throws {
        try await House.open { house in
            let first = try await house.grant("liwei").token, second = try await house.grant("liwei").token
            let me = try #require(try await house.accounts.authenticate(first)), stranger = try await house.actor("chenjing")
            let mine = try await house.accounts.sessions(of: house["liwei"], as: me.actor)
            #expect(mine.count == 2)
            await #expect(throws: Refusal.self) { try await house.accounts.sessions(of: house["liwei"], as: stranger) }
            let other = try #require(mine.first { $0.id != me.sessionID })
            await #expect(throws: Refusal.self) { try await house.accounts.endSession(other.id, as: stranger) }
            #expect(try await house.accounts.authenticate(second) != nil)
            try await house.accounts.endSession(other.id, as: me.actor)
            #expect(try await house.accounts.authenticate(second) == nil)
            #expect(try await house.accounts.authenticate(first) != nil)
        }
    }

    @Test func `a new password takes the old one, ends other sessions and renews this one`() async throws {
        try await House.open { house in
            let other = try await house.grant("liwei").token, old = try await house.grant("liwei").token
            let me = try #require(try await house.accounts.authenticate(old))
            await #expect(throws: Problems.self) {
                try await house.accounts.changePassword(me, current: "wrong", new: "correct horse battery")
            }
            await #expect(throws: Problems.self) { try await house.accounts.changePassword(me, current: House.password, new: "woaini1314") }
            await #expect(throws: Problems.self) {
                try await house.accounts.changePassword(me, current: House.password, new: "liwei123456")
            }
            let grant = try await house.accounts.changePassword(me, current: House.password, new: "correct horse battery")
            #expect(try await house.accounts.authenticate(other) == nil)
            #expect(try await house.accounts.authenticate(old) == nil)
            #expect(try await house.accounts.authenticate(grant.token)?.sessionID == me.sessionID)
            guard case .refused = try await house.logIn("liwei") else { throw Missing("the old password is gone") }
            _ = try await house.grant("liwei", "correct horse battery")
            #expect(try await house.audited().contains("password"))
        }
    }

    @Test func `a reset password must be changed before anything else`() async throws {
        try await House.open { house in
            let old = try await house.grant("liwei").token
            let initial = try await house.accounts.resetPassword(of: house["liwei"], as: try await house.actor("admin"))
            #expect(try await house.accounts.authenticate(old) == nil)
            let grant = try await house.grant("liwei", initial)
            #expect(grant.mustChangePassword)
            let me = try #require(try await house.accounts.authenticate(grant.token))
            #expect(me.mustChangePassword && me.actor.rights == Rights())
            await #expect(throws: Refusal.self) { try await house.gate.read(as: me.actor) { try $0.page(ListRequest(RepairJob.schema)) } }
            let after = try await house.accounts.changePassword(me, current: initial, new: "correct horse battery")
            #expect(try await house.accounts.authenticate(after.token)?.actor.rights.scope("repair_jobs", "create") == .all)
        }
    }

    @Test func `guesses at a password inside a session are counted like those at the door`() async throws {
        try await House.open { house in
            let me = try await house.visitor("liwei")
            for _ in 0..<5 { await #expect(throws: Problems.self) { try await house.accounts.reauthenticate(me, password: "wrong") } }
            await #expect(throws: Refusal.self) { try await house.accounts.reauthenticate(me, password: House.password) }
        }
    }

    @Test func `an administrator looks at the system as somebody else and can change nothing`() async throws {
        try await House.open { house in
            let token = try await house.grant("admin").token
            let boss = try #require(try await house.accounts.authenticate(token))
            try await house.accounts.preview(house["chenjing"], in: boss)
            let shown = try #require(try await house.accounts.authenticate(token))
            #expect(
                shown.actor.userID == house["chenjing"] && shown.actor.previewedBy == house["admin"] && shown.userID == house["admin"]
                    && !shown.actor.rights.isAdmin)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: shown.actor) { try $0.create(RepairJob.schema, ["no": "J1"]) }
            }
            await #expect(throws: Refusal.self) {
                try await house.accounts.changePassword(shown, current: House.password, new: "correct horse battery")
            }
            try await house.accounts.preview(nil, in: shown)
            #expect(try await house.accounts.authenticate(token)?.actor.rights.isAdmin == true)
            let consultant = try await house.visitor("chenjing")
            await #expect(throws: Refusal.self) { try await house.accounts.preview(house["admin"], in: consultant) }
            #expect(try await house.audited().contains("preview"))
        }
    }

    @Test func `preferences are kept and choose the language`() async throws {
        try await House.open { house in
            let token = try await house.grant("liwei").token
            let me = try #require(try await house.accounts.authenticate(token))
            try await house.accounts.setPreferences(["language": "en", "theme": "dark"], of: me)
            try await house.accounts.setPreferences(["theme": nil], of: me)
            let again = try #require(try await house.accounts.authenticate(token))
            #expect(again.preferences == ["language": "en"] && again.actor.language == .english)
        }
    }

    @Test(arguments: Engine.available) func `nobody is told of what they do not want to hear, but for trouble`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            let me = try #require(try await house.accounts.authenticate(try await house.grant("liwei").token))
            func told(_ subject: NotificationSubject) async throws -> Bool {
                let mark = UUID().uuidString
                try await house.gate.write(as: .system()) { tx in try tx.notify([me.userID], of: subject, mark) }
                return try await house.gate.read(as: me.actor) { try $0.notifications(limit: 100).contains { $0.text == mark } }
            }
            for subject in NotificationSubject.allCases { #expect(try await told(subject), "everything, until one chooses") }
            try await house.accounts.setPreferences(["notify": ["due"]], of: me)
            for subject in NotificationSubject.allCases {
                #expect(try await told(subject) == (subject == .due || subject == .trouble), "\(subject)")
            }
            try await house.accounts.setPreferences(["notify": []], of: me)
            for subject in NotificationSubject.allCases { #expect(try await told(subject) == (subject == .trouble), "\(subject)") }
        }
    }

    @Test func `rubbish is no token`() async throws {
        try await House.open { house in
            for text in [
                "", "zs_", "Bearer x", String(repeating: "a", count: 46), "zs_" + String(repeating: "é", count: 30),
                Token.fresh(Token.session), Token.fresh(Token.api),
            ] {
                let visitor = try await house.accounts.authenticate(text)
                #expect(visitor == nil)
            }
        }
    }
}
