import Records

extension Customer {
    /// §2.1 file status. `merged` and `erased` are the engine's to set.
    public static var flow: Flow? {
        .of(Customer.self, \.fileStatus) {
            $0.step("activate", "启用", from: [.draft, .archived], to: .active, keeper: true, icon: "circle-check") { customer, _, _ in
                customer.statusReason = nil
            }
            $0.step(
                "freeze", "冻结", from: [.active], to: .frozen, parameters: [Reason.demanded], keeper: true, icon: "snowflake"
            ) { customer, arguments, _ in customer.statusReason = arguments[Reason.demanded] }
            $0.step("unfreeze", "解冻", from: [.frozen], to: .active, keeper: true, icon: "sun") { customer, _, _ in
                customer.statusReason = nil
            }
            $0.step(
                "archive", "归档", from: [.active, .frozen], to: .archived, parameters: [Reason.demanded], keeper: true, icon: "archive"
            ) { customer, arguments, _ in customer.statusReason = arguments[Reason.demanded] }
            $0.move(from: [.draft, .active, .frozen, .archived], to: [.merged], "合并：并入保留的那一条")
        }
    }

    public static var actions: [Action] { [assign, verify, release, claim, .sendMessage] }

    private static let newOwner = Field<Ref<User>>("owner_id", "新负责人")

    /// The owner moves; the manager does it (§2.1 "manager reassigns").
    private static let assign = Action.on(
        Customer.self, "assign", "转移负责人", icon: "user-round-pen", english: "Assign", parameters: [newOwner, Reason.welcome],
        permission: "assign"
    ) { customer, arguments, tx in
        let owner = arguments[newOwner]
        guard let user = try tx.get(User.self, owner), user.status == .active else { throw Problem("owner_id", "这位用户已停用，请另选一位") }
        customer.ownerID = owner.id
        customer.departmentID = user.department?.id ?? customer.departmentID
        customer.pool = .private
        if owner.id != tx.actor.userID {
            try tx.notify([owner.id], of: .assigned, "\(tx.actor.name) 把客户「\(customer.name)」转给了你", about: customer.row)
        }
    }

    /// A3: somebody has confirmed with the customer that the file is right.
    private static let verify = Action.on(Customer.self, "verify", "标记已核实", icon: "badge-check", english: "Mark verified") {
        customer, _, tx in
        customer.verifiedAt = tx.now
        customer.verification = .verified
    }

    private static let release = Action.on(
        Customer.self, "release", "放入公海", icon: "waves", english: "Release to the pool", parameters: [Reason.welcome],
        unavailable: { customer, _ in customer.pool == .public ? "已经在公海中" : nil }
    ) { customer, arguments, tx in
        customer.pool = .public
        try PoolRules.release(&customer.row, reason: arguments[Reason.welcome], .released, tx)
    }.with { $0.isForKeeper = true }

    /// Whoever takes a customer out of the pool owns it.
    private static let claim = Action.on(
        Customer.self, "claim", "领取", icon: "hand", english: "Claim", permission: "claim",
        unavailable: { customer, _ in customer.pool == .public ? nil : "客户不在公海中，已有负责人" }
    ) { customer, _, tx in
        customer.pool = .private
        try PoolRules.claim(
            &customer.row, capacity: PoolParameters.customerCapacity, held: \Customer.lifecycle == .potential, tx)
    }
}
