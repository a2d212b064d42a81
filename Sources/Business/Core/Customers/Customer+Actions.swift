import Records

extension Customer {
    /// §2.1 file status. `merged` and `erased` are the engine's to set.
    public static var flow: Flow? {
        Flow(
            "file_status",
            [
                .init("activate", "启用", from: [FileStatus.draft, .archived], to: .active, icon: "circle-check", effect: keepReason),
                .init(
                    "freeze", "冻结", from: [FileStatus.active], to: .frozen, parameters: [reason()], icon: "snowflake", effect: keepReason),
                .init("unfreeze", "解冻", from: [FileStatus.frozen], to: .active, icon: "sun", effect: keepReason),
                .init(
                    "archive", "归档", from: [FileStatus.active, .frozen], to: .archived, parameters: [reason()], icon: "archive",
                    effect: keepReason),
            ])
    }

    public static var actions: [Action] { [assign, verify, release, claim, .sendMessage] }

    /// The owner moves; the manager does it (§2.1 "manager reassigns").
    private static let assign = Action.on(
        Customer.self, "assign", "转移负责人", icon: "user-round-pen", english: "Assign",
        parameters: [FieldSpec("owner_id", "新负责人", LinkKind("users"), isRequired: true), FieldSpec("reason", "原因", TextKind(limit: 200))],
        permission: "assign"
    ) { customer, arguments, tx in
        guard let owner = arguments["owner_id"].int else { throw Problem("owner_id", code: "required", "请选择新负责人") }
        guard let user = try tx.get(User.self, Ref(owner)), user.status == .active else { throw Problem("owner_id", "这位用户已停用，请另选一位") }
        customer.ownerID = owner
        customer.departmentID = user.department?.id ?? customer.departmentID
        customer.pool = .private
        if owner != tx.actor.userID {
            try tx.notify([owner], of: .assigned, "\(tx.actor.name) 把客户「\(customer.name)」转给了你", about: customer.row)
        }
    }

    /// A3: somebody has confirmed with the customer that the file is right.
    private static let verify = Action.on(Customer.self, "verify", "标记已核实", icon: "badge-check", english: "Mark verified") {
        customer, _, tx in
        customer.verifiedAt = tx.now
        customer.verification = .verified
    }

    private static let release = Action.on(
        Customer.self, "release", "放入公海", icon: "waves", english: "Release to the pool",
        parameters: [FieldSpec("reason", "原因", TextKind(limit: 200))],
        unavailable: { customer, _ in customer.pool == .public ? "已经在公海中" : nil }
    ) { customer, arguments, tx in
        customer.pool = .public
        try PoolRules.release(&customer.row, reason: arguments["reason"].text, .released, tx)
    }

    /// Whoever takes a customer out of the pool owns it.
    private static let claim = Action.on(
        Customer.self, "claim", "领取", icon: "hand", english: "Claim", permission: "claim",
        unavailable: { customer, _ in customer.pool == .public ? nil : "客户不在公海中，已有负责人" }
    ) { customer, _, tx in
        customer.pool = .private
        try PoolRules.claim(&customer.row, tx)
    }

    private static func reason() -> FieldSpec { FieldSpec("reason", "原因", TextKind(limit: 200), isRequired: true) }

    @Sendable private static func keepReason(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        row["status_reason"] = arguments["reason"]
    }
}
