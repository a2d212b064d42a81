import Records
import Synchronization
import Testing

@testable import Core
@testable import Gate
@testable import Service

/// The people of a complaint: `dept` 赵敏 of the accused department, `care` and `head` of the care desk, `director`, `gm`, and `clerk` 孙强 of
/// elsewhere.
final class Hall: Sendable {
    let house: House
    let cause: Ref<ComplaintCause>
    let customer: Int64, other: Int64
    private let users: Mutex<[String: Int64]>
    private let places: Mutex<[String: Int64]>

    init(_ house: House) async throws {
        self.house = house
        var users = ["dept": house["zhaomin"], "clerk": house["sunqiang"]]
        let boss = Actor.system(), care = try await house.accounts.createDepartment(["name": "客服中心", "code": "care"], as: boss).id
        for (name, role) in [("care", "followup"), ("head", "cs_mgr"), ("director", "director"), ("gm", "gm")] {
            users[name] = try await house.accounts.createUser(
                [
                    "username": .text("u_\(name)"), "name": .text("员\(name)"), "password": .text(House.password),
                    "department_id": .int(care), "roles": [.text(role)],
                ], as: boss
            ).row.id
        }
        self.users = Mutex(users)
        places = Mutex(["care": care, "team": house["team"]])
        (cause, customer, other) = try await house.gate.write(as: .system(via: "api")) { tx in
            tx.ignoresWarnings = true
            let schema = tx.catalog.schema(Customer.self)
            func make(_ name: String, _ mobile: String) throws -> Int64 {
                let row = try tx.create(schema, ["name": .text(name), "source": "walk_in", "mobile": .text(mobile)])
                var customer = Record<Customer>(row)
                customer.ownerID = house["zhaomin"]
                return try tx.save(customer).row.id
            }
            let cause = try #require(try tx.first(ComplaintCause.self, where: \ComplaintCause.name == "等候过长"))
            return (cause.id, try make("林知远", "19900001111"), try make("沈佳禾", "19900002222"))
        }
    }

    subscript(name: String) -> Int64 { users.withLock { $0[name] ?? -1 } }
    private func place(_ name: String) -> Int64 { places.withLock { $0[name] ?? 0 } }
    var schema: Schema { house.gate.catalog.schema(Complaint.self) }

    /// A care manager two departments beneath the care desk, and one elsewhere; `part` is the department of the first.
    func desks() async throws -> (deep: String, beside: String) {
        let boss = Actor.system()
        var above = place("care")
        for name in ["热线组", "夜班"] {
            above = try await house.accounts.createDepartment(
                ["name": .text(name), "code": .text(name == "夜班" ? "night" : "line"), "parent_id": .int(above)], as: boss
            ).id
        }
        places.withLock { $0["part"] = above }
        for (name, department) in [("deep", above), ("beside", house["service"])] {
            let id = try await house.accounts.createUser(
                [
                    "username": .text("u_\(name)"), "name": .text("员\(name)"), "password": .text(House.password),
                    "department_id": .int(department), "roles": ["cs_mgr"],
                ], as: boss
            ).row.id
            users.withLock { $0[name] = id }
        }
        return ("deep", "beside")
    }

    func actor(_ name: String) async throws -> Actor { try #require(try await house.accounts.actor(for: self[name], via: "web")) }

    func complaint(_ more: [String: Plain] = [:]) async throws -> Int64 {
        let actor = try await actor("dept"), customer = customer, schema = schema
        return try await house.gate.write(as: .system(via: "api")) { tx in
            tx.ignoresWarnings = true
            let row = try tx.create(
                schema, ["subject": "等候三小时", "content": "预约九点，十二点交车", "customer_id": .int(customer)].merging(more) { $1 })
            var complaint = Record<Complaint>(row)
            (complaint.ownerID, complaint.departmentID, complaint.status) = (actor.userID, actor.departmentID, .received)
            return try tx.save(complaint).row.id
        }
    }

    /// The complaint as it would be in this state, with everything filled in that the way there asks for.
    func put(
        _ id: Int64, in state: Complaint.Status, compensation: Int64 = 0, department: String = "team", owner: String = "dept"
    ) async throws {
        let cause = cause, ownerID = self[owner], place = place(department), proposer = self["dept"]
        try await house.gate.write(as: .system()) { tx in
            var complaint = try #require(try tx.get(Complaint.self, Ref(id)))
            complaint.status = state
            complaint.resumeTo = state == .pendingInfo || state == .escalated ? "assessed" : nil
            (complaint.ownerID, complaint.departmentID, complaint.handlerDepartment) = (ownerID, place, Ref(place))
            (complaint.evidence, complaint.liability, complaint.cause, complaint.rootCause, complaint.proposal) = (
                "监控", .own, cause, "排班不足", "致歉并赠送保养"
            )
            (complaint.compensation, complaint.proposedBy, complaint.handler, complaint.handledOn, complaint.opinion, complaint.result) = (
                Money(cents: compensation), Ref(proposer), Ref(proposer), tx.today, "致歉", .satisfied
            )
            try tx.save(complaint)
        }
    }

    func read(_ id: Int64) async throws -> Record<Complaint> {
        try await house.gate.read(as: .system()) { [schema] in Record(try $0.record(schema, id: id)) }
    }

    /// What a step asks for.
    private var inputs: [String: [String: Plain]] {
        [
            "acknowledge": ["channel": "phone", "note": "已致歉"],
            "assess": ["level": "general", "handler_department_id": .int(place("team")), "owner_id": .int(self["dept"])],
            "communicate": ["note": "同意"],
            "verify": ["customer_result": "satisfied", "note": "满意"], "ask_info": ["note": "照片"], "escalate": ["note": "客户要求"],
            "reopen": ["note": "又来"], "refuse": ["note": "非本店"],
            "transfer": ["external_body": "market", "note": "12315"],
            "settle_outside": ["customer_result": "satisfied", "note": "调解达成一致"],
        ]
    }

    @discardableResult
    func act(_ name: String, _ step: String, _ id: Int64, _ input: [String: Plain]? = nil) async throws -> Int64? {
        let actor = try await actor(name), schema = schema, input = input ?? inputs[step] ?? [:]
        return try await house.gate.write(as: actor) { tx in
            try tx.perform(step, schema, id: id, input)
            return tx.submitted
        }
    }

    func ask(_ name: String, _ step: String, _ id: Int64) async throws -> Int64? { try await act(name, step, id) }

    /// Why somebody may not; nil when it was done.
    func refusal(_ name: String, _ step: String, _ id: Int64) async -> String? {
        do {
            try await act(name, step, id)
            return nil
        } catch { return Reason.text(error) }
    }

    func refusal(_ name: String, changing id: Int64, _ input: [String: Plain]) async -> String? {
        do {
            let actor = try await actor(name), schema = schema
            _ = try await house.gate.write(as: actor) { tx in try tx.update(schema, id: id, input) }
            return nil
        } catch { return Reason.text(error) }
    }

    func request(_ id: Int64) async throws -> Record<ApprovalRequest> {
        try await house.gate.read(as: .system()) { view in Record(try view.record(view.catalog.schema(ApprovalRequest.self), id: id)) }
    }

    func decide(_ name: String, _ step: String, _ request: Int64) async throws {
        let actor = try await actor(name)
        _ = try await house.gate.write(as: actor) { tx in try tx.perform(step, tx.catalog.schema(ApprovalRequest.self), id: request) }
    }

    func turnOffFlows() async throws {
        try await house.gate.write(as: .system()) { tx in
            for var flow in try tx.all(ApprovalFlow.self) {
                flow.isActive = false
                try tx.save(flow)
            }
        }
    }

    func told(_ name: String) async throws -> [String] {
        let actor = try await actor(name)
        return try await house.gate.read(as: actor) { try $0.notifications().map(\.text) }
    }

    func improvements() async throws -> [String] {
        try await house.gate.read(as: .system()) { view in
            try view.page(ListRequest(view.catalog.schema(Improvement.self))).rows.map(\.title)
        }
    }

    func category() async throws -> Int64 {
        try await house.gate.write(as: .system()) { tx in
            try #require(try tx.first(ComplaintCause.self, where: \ComplaintCause.name == "时效")).row.id
        }
    }
}
