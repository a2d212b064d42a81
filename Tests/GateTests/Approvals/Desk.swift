import Core
import Records
import Sales
import Synchronization
import Testing

@testable import Gate

/// People of the house at their desks: they ask, decide and are refused.
final class Desk: Sendable {
    typealias Attempt = @Sendable (GateTransaction) throws -> Void
    let house: House
    private let customer: Int64
    private let made = Mutex<Int64?>(nil)
    /// The request that the last step made instead.
    var last: Int64? { made.withLock { $0 } }

    init(_ house: House) async throws {
        self.house = house
        customer = try await house.gate.write(as: .system(via: "api")) { tx in
            try tx.create(tx.catalog.schema(Customer.self), ["name": "宏屿建设有限公司", "type": "company", "source": "referral"]).id
        }
    }

    var orders: Schema { house.gate.catalog.schema(Order.self) }
    var requests: Schema { house.gate.catalog.schema(ApprovalRequest.self) }

    func role(_ code: String) async throws -> Int64 {
        try #require(try await house.accounts.chart().roles.values.first { $0.code == code }?.id)
    }

    @discardableResult
    func flow(
        _ name: String, on entity: String, action: String? = nil, field: String? = nil, trigger: String? = nil,
        when condition: Condition? = nil, steps: [[String: Plain]], amount: String? = nil, locked: String? = nil
    ) async throws -> Int64 {
        let admin = try await house.actor("admin"), schema = house.gate.catalog.schema(ApprovalFlow.self)
        var input: [String: Plain] = [
            "name": .text(name), "entity": .text(entity), "trigger": .text(trigger ?? (field == nil ? "action" : "change")),
            "steps": .list(steps.map(Plain.object)),
        ]
        if let action { input["action"] = .text(action) }
        if let field { input["field"] = .text(field) }
        if let condition { input["condition"] = .text(condition.plain.jsonText) }
        if let amount { input["amount_field"] = .text(amount) }
        if let locked { input["locked_fields"] = .text(locked) }
        let wanted = input
        return try await house.gate.write(as: admin) { tx in try tx.create(schema, wanted).id }
    }

    func order(of name: String, cents: Int64) async throws -> Int64 {
        let actor = try await house.actor(name), schema = orders, customer = customer
        try await house.gate.write(as: .system(via: "api")) { tx in
            // The customer is somebody the applicant may see.
            var row = try #require(try tx.get(Customer.self, Ref(customer)))
            row.ownerID = actor.userID
            row.departmentID = actor.departmentID
            try tx.save(row)
        }
        return try await write(as: name) { tx in try tx.create(schema, ["customer_id": .int(customer), "amount_cents": .int(cents)]).id }
    }

    /// Writes as somebody and notes whether a request came of it.
    func write<T: Sendable>(as name: String, _ body: @escaping @Sendable (GateTransaction) throws -> T) async throws -> T {
        let actor = try await house.actor(name)
        let (value, request) = try await house.gate.write(as: actor) { tx in (try body(tx), tx.submitted) }
        made.withLock { $0 = request }
        return value
    }

    func perform(_ action: String, _ order: Int64, as name: String, _ input: [String: Plain] = [:]) async throws -> Int64? {
        try await write(as: name, doing(action, order, input))
        return last
    }

    func update(_ order: Int64, as name: String, _ input: [String: Plain]) async throws -> Int64? {
        try await write(as: name, changing(order, input))
        return last
    }

    func decide(_ action: String, _ request: Int64, as name: String, _ input: [String: Plain] = [:]) async throws {
        try await write(as: name, deciding(action, request, input))
    }

    func doing(_ action: String, _ order: Int64, _ input: [String: Plain] = [:]) -> Attempt {
        { [orders] tx in try tx.perform(action, orders, id: order, input) }
    }
    func changing(_ order: Int64, _ input: [String: Plain]) -> Attempt { { [orders] tx in try tx.update(orders, id: order, input) } }
    func deleting(_ order: Int64) -> Attempt { { [orders] tx in try tx.remove(orders, id: order) } }
    func reading(_ order: Int64) -> Attempt { { [orders] tx in _ = try tx.record(orders, id: order) } }
    func deciding(_ action: String, _ request: Int64, _ input: [String: Plain] = [:]) -> Attempt {
        { [requests] tx in try tx.perform(action, requests, id: request, input) }
    }

    /// Why somebody may not; nil when it was done.
    func refusal(_ name: String, _ attempt: @escaping Attempt) async -> String? {
        do {
            try await write(as: name, attempt)
            return nil
        } catch { return Reason.text(error) }
    }

    func status(of order: Int64) async throws -> String? { try await value("status", of: order).text }
    func value(_ field: String, of order: Int64) async throws -> Value {
        try await house.gate.read(as: .system()) { [orders] view in try view.record(orders, id: order)[field] }
    }

    func request(_ id: Int64) async throws -> Record<ApprovalRequest> {
        try await house.gate.read(as: .system()) { [requests] view in Record(try view.record(requests, id: id)) }
    }

    func trace(_ request: Int64) async throws -> [String] {
        try await house.gate.read(as: .system()) { view in
            let lines = try view.reading.fetch(
                Query(ApprovalLog.self, where: \ApprovalLog.approval == Ref(request), sort: [Query.Sort("id")], limit: 100)
            ).map(Record<ApprovalLog>.init)
            let names = try view.titles(view.catalog.schema(User.self), ids: lines.compactMap { $0.user?.id })
            return lines.map { "\($0.what.label) \($0.user.flatMap { names[$0.id] } ?? "系统")" }
        }
    }

    func told(_ name: String) async throws -> [String] {
        let actor = try await house.actor(name)
        return try await house.gate.read(as: actor) { try $0.notifications().map(\.text) }
    }

    func away(_ name: String, instead: String) async throws {
        let today = house.time.now.day, delegate = house[instead], schema = house.gate.catalog.schema(ApprovalDelegation.self)
        try await write(as: name) { tx in
            _ = try tx.create(schema, ["delegate_id": .int(delegate), "from": .text(today.iso), "until": .text((today + 3).iso)])
        }
    }
}
