import Records

/// What holds for whatever lies in the pool: who may take how much, how it gets there and back (§2.6, §6.2 no. 4 and 5).
public enum PoolRules {
    /// Checks limit, cooling-off and capacity, and makes the actor the owner.
    ///
    /// - Parameters:
    ///   - capacity: how many one person may hold.
    ///   - held: which of one's own count.
    public static func claim(_ row: inout Row, capacity: Parameter, held: Condition, _ tx: any Transaction) throws {
        let me = tx.actor.userID
        if let pooled = row["pooled_at"].int.map(Instant.init(milliseconds:)), row["last_owner_id"].int == me {
            let days = try tx.int(PoolParameters.coolingDays), until = pooled.adding(days: days)
            guard tx.now >= until else { throw Refusal.conflict("「\(row.title)」原由你负责，放入公海后 \(days) 天内不能再领取（\(until.day.iso) 起可以）") }
        }
        let moves = tx.catalog.schema(PoolMove.self), limit = try tx.int(PoolParameters.claimsPerDay)
        let today = \PoolMove.user == Ref(me) && \PoolMove.kind == .claimed && \PoolMove.at >= Instant(tx.today)
        guard try tx.count(Query(moves, where: today), cap: limit) < limit else {
            throw Refusal.conflict("今天已领取 \(limit) 条，达到每人每天的上限，请明天再来")
        }
        let capacity = try tx.int(capacity), mine = Condition.field("owner_id", .eq, .int(me)) && held
        guard try tx.count(Query(row.schema, where: mine), cap: capacity) < capacity else {
            throw Refusal.conflict("你名下已有 \(capacity) 条未成交的\(row.schema.label)，达到上限；请先处理或放回公海")
        }
        row["owner_id"] = .int(me)
        if let department = tx.actor.departmentID { row["department_id"] = .int(department) }
        for name in ["pooled_at", "pool_reason"] { row[name] = .null }
        clearRecall(&row)
        try note(row, .claimed, user: me, nil, tx)
    }

    /// Whoever gave a record up, or lost it, does not have it back within the cooling-off by the hand of a colleague; whoever may assign that
    /// person's records (their superior, whoever distributes leads) decides otherwise.
    static func refuseReturn(of row: Row, to owner: Int64, _ change: Change, _ tx: any Transaction) throws {
        guard tx.actor.userID != 0, change.source != "undo", !tx.actor.rights.isAdmin else { return }
        let days = try tx.int(PoolParameters.coolingDays)
        let lost =
            \PoolMove.entity == row.schema.name && \PoolMove.recordID == Int(row.id) && \PoolMove.user == Ref(owner)
            && .field("kind", .in, "released", "recalled") && \PoolMove.at > tx.now.adding(days: -days)
        guard let move = try tx.all(PoolMove.self, where: lost, sort: [.init("-at")], limit: 1).first else { return }
        let person = try tx.get(User.self, Ref(owner))
        let isDecided =
            owner != tx.actor.userID
            && tx.actor.reach(row.schema, "assign").covers(id: row.id, owner: owner, department: person?.department?.id)
        guard !isDecided else { return }
        let until = move.at.adding(days: days).day.iso
        throw Problem(
            "owner_id",
            "「\(row.title)」于 \(move.at.day.iso) 从\(person?.title ?? "")名下进入公海，\(days) 天内不能再归其负责（\(until) 起可以），或请主管分配")
    }

    public static func release(_ row: inout Row, reason: String?, _ kind: PoolMove.Kind, _ tx: any Transaction) throws {
        let former = row.ownerID
        row["pooled_at"] = tx.now.stored
        row["pool_reason"] = reason.map(Value.text) ?? .null
        row["last_owner_id"] = former.map(Value.int) ?? .null
        row["owner_id"] = .null
        clearRecall(&row)
        try note(row, kind, user: former, reason, tx)
    }

    /// What has just changed hands is not about to be recalled.
    private static func clearRecall(_ row: inout Row) {
        if let recall = row.schema.traits.pool?.recall.flatMap({ row.schema[$0] }) { row[recall] = .null }
    }

    private static func note(_ row: Row, _ kind: PoolMove.Kind, user: Int64?, _ reason: String?, _ tx: any Transaction) throws {
        var move = Record<PoolMove>()
        (move.entity, move.recordID, move.kind, move.reason, move.at) = (row.schema.name, Int(row.id), kind, reason, tx.now)
        move.user = user.map { Ref($0) }
        try tx.insert(move)
    }
}

/// One way into the pool or out of it: what limits are counted by.
public struct PoolMove: Entity {
    public static let name = "pool_moves", label = "公海流转"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "waves", english: "Pool moves").with {
            $0.isPublic = false
            $0.isCreatable = false
            $0.indexes = [["user_id", "kind", "-at"], ["entity", "record_id"]]
        }
    }

    public let entity = Field<String>("entity", "对象", .title)
    public let recordID = Field<Int>("record_id", "记录")
    public let kind = Field<Kind>("kind", "方式", .inList)
    public let user = Field<Ref<User>?>("user_id", "用户", .inList)
    public let reason = Field<String?>("reason", "原因", kind: TextKind(limit: 200))
    public let at = Field<Instant>("at", "时间", .inList)

    public init() {}

    public enum Kind: String, Choice {
        case claimed, released, recalled
        public static let options: [Option<Kind>] = [.init(.claimed, "领取"), .init(.released, "放入公海"), .init(.recalled, "系统回收")]
    }
}
