import Records

/// 战败: the salesperson says why; a superior who is somebody else confirms or refuses by approval (§2.27, separation of duties §2.25).
enum Loss {
    static let parameters = [reason, competitor, note]
    static let reason = FieldSpec("loss_reason", "战败原因", ChoiceKind(LossReason.self), isRequired: true)
    static let competitor = FieldSpec(
        "loss_competitor", "战败给", TextKind(limit: 100), .english("Lost to"), .help("原因是竞品时必填", "Asked for when the reason is a competitor"))
    static let note = FieldSpec("loss_note", "说明", TextKind(limit: 500), .english("Note"))

    /// Puts the reasons down, asked for by the actor.
    static func write(_ arguments: Arguments, into row: inout Row, _ tx: any Transaction) throws {
        if arguments["loss_reason"] == .text(LossReason.competitor.rawValue), arguments["loss_competitor"].isNull {
            throw Problem("loss_competitor", code: "required", "请填写输给了哪家竞品")
        }
        for name in ["loss_reason", "loss_note", "loss_competitor"] { row[name] = arguments[name] }
        row["loss_asked_at"] = tx.now.stored
        row["loss_asked_by"] = .int(tx.actor.userID)
    }
}
