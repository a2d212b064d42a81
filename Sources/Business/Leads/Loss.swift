import Records

/// 战败: the salesperson asks with a reason, a superior who is somebody else confirms or refuses (§2.27, separation of duties §2.25).
protocol Losable: Entity {
    var lossReason: Field<LossReason?> { get }
    var lossNote: Field<String?> { get }
    var lossCompetitor: Field<String?> { get }
    var lossAskedAt: Field<Instant?> { get }
    var lossAskedBy: Field<Ref<User>?> { get }
}

extension Lead: Losable {}

enum Loss {
    static let reason = FieldSpec("loss_reason", "战败原因", ChoiceKind(LossReason.self), isRequired: true)
    static let competitor = FieldSpec("loss_competitor", "战败给", TextKind(limit: 100), .english("Lost to"), .help("原因是竞品时必填", "Asked for when the reason is a competitor"))
    static let note = FieldSpec("loss_note", "说明", TextKind(limit: 500), .english("Note"))

    static func actions<E: Losable>(_ type: E.Type, when isOpen: @escaping @Sendable (Record<E>) -> Bool) -> [Action] {
        [
            Action.on(
                type, "ask_loss", "申请战败", icon: "flag", english: "Request loss", parameters: [reason, competitor, note],
                unavailable: { record, _ in
                    if !isOpen(record) { return "已结束，不能申请战败" }
                    return record.row["loss_asked_at"].isNull ? nil : "已申请战败，等待上级确认"
                }
            ) { record, arguments, tx in try write(arguments, into: &record.row, tx) },
            Action.on(
                type, "refuse_loss", "退回战败申请", icon: "undo-2", english: "Refuse loss", parameters: [FieldSpec("reason", "原因", TextKind(limit: 200), isRequired: true)], permission: "approve",
                unavailable: { record, _ in isOpen(record) && !record.row["loss_asked_at"].isNull ? nil : "没有待确认的战败申请" }
            ) { record, arguments, tx in
                let asker = record.row["loss_asked_by"].int
                for name in ["loss_reason", "loss_note", "loss_competitor", "loss_asked_at", "loss_asked_by"] { record.row[name] = .null }
                if let asker { try tx.notify([asker], of: .assigned, "战败申请被退回：\(record.row.title)（\(arguments["reason"].text ?? "")）", about: record.row) }
            },
        ]
    }

    /// Puts the reasons down, asked by the actor now.
    static func write(_ arguments: Arguments, into row: inout Row, _ tx: any Transaction) throws {
        if arguments["loss_reason"] == .text(LossReason.competitor.rawValue), arguments["loss_competitor"].isNull { throw Problem("loss_competitor", code: "required", "请填写输给了哪家竞品") }
        for name in ["loss_reason", "loss_note", "loss_competitor"] { row[name] = arguments[name] }
        row["loss_asked_at"] = tx.now.stored
        row["loss_asked_by"] = .int(tx.actor.userID)
        if let owner = row.ownerID, let manager = try tx.get(User.self, Ref(owner))?.manager, manager.id != tx.actor.userID {
            try tx.notify([manager.id], of: .assigned, "\(tx.actor.name) 申请战败：\(row.title)", about: row)
        }
    }

    @Sendable static func notByRequester(_ row: Row, _ actor: Actor) -> String? {
        row["loss_asked_by"].int == actor.userID ? "申请人不能确认自己的战败申请，请由上级确认" : nil
    }
}
