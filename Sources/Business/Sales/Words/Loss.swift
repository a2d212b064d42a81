import Records

/// 战败: the salesperson says why; a superior who is somebody else confirms or refuses by approval (§2.27, separation of duties §2.25).
enum Loss {
    static let parameters: [any ActionParameter] = [reason, competitor, note]
    static let reason = Field<LossReason>("loss_reason", "战败原因")
    static let competitor = Field<String?>(
        "loss_competitor", "战败给", kind: TextKind(limit: 100), .english("Lost to"),
        .help("原因是竞品时必填", "Asked for when the reason is a competitor"))
    static let note = Field<String?>("loss_note", "说明", kind: TextKind(limit: 500), .english("Note"))

    /// Puts the reasons down, asked for by the actor.
    static func write<E: Losable>(_ arguments: Arguments, into record: inout Record<E>, _ tx: any Transaction) throws {
        if arguments[reason] == .competitor, arguments[competitor] == nil {
            throw Problem("loss_competitor", code: "required", "请填写输给了哪家竞品")
        }
        (record.lossReason, record.lossNote, record.lossCompetitor) = (arguments[reason], arguments[note], arguments[competitor])
        (record.lossAskedAt, record.lossAskedBy) = (tx.now, Ref(tx.actor.userID))
    }

    /// It is not lost after all.
    static func clear<E: Losable>(_ record: inout Record<E>) {
        (record.lossReason, record.lossNote, record.lossCompetitor, record.lossAskedAt, record.lossAskedBy) = (nil, nil, nil, nil, nil)
    }
}

/// What can be lost, and then says why.
protocol Losable: Entity {
    var lossReason: Field<LossReason?> { get }
    var lossNote: Field<String?> { get }
    var lossCompetitor: Field<String?> { get }
    var lossAskedAt: Field<Instant?> { get }
    var lossAskedBy: Field<Ref<User>?> { get }
}

/// §2.7: why a lead or an opportunity was lost.
public enum LossReason: String, Choice {
    case price, product, competitor, time, budget, service, noDecision = "no_decision", other
    public static let options: [Option<LossReason>] = [
        .init(.price, "价格", .warn), .init(.product, "产品不符"), .init(.competitor, "竞品", .bad), .init(.time, "时间"), .init(.budget, "预算取消"),
        .init(.service, "服务"), .init(.noDecision, "无决策"), .init(.other, "其他"),
    ]
}
