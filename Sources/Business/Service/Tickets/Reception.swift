import Core
import Records

/// A11: somebody comes in — when, what for, who receives them, how long they waited.
public struct Reception: Entity {
    public static let name = "receptions", label = "客户接待"
    public static var traits: EntityTraits {
        EntityTraits(icon: "handshake", menu: .service, english: "Receptions").with {
            $0.sort = ["-arrived_at"]
            $0.hasAttachments = true
            $0.openStates = [Status.waiting.rawValue, Status.serving.rawValue]
            $0.loans = [Loan("customer_id", to: "consultant_id"), Loan(nil, to: "consultant_id", canWrite: true)]
            $0.timeline = .init(at: "arrived_at", text: "remark")
            $0.indexes = [
                ["status", "alert_at"], ["customer_id", "-arrived_at"], ["owner_id", "-arrived_at"], ["department_id", "-arrived_at"],
                ["status", "-arrived_at"],
            ]
            $0.highlights = ["status", "queue_no", "purpose", "arrived_at", "wait_minutes", "consultant_id"]
            $0.papers = [.receptions]
        }
    }

    public let visitor = Field<String>("visitor", "来访人", kind: TextKind(limit: 100), .title, .aliases("客户姓名", "姓名"))
    public let customer = Field<Ref<Customer>?>("customer_id", "客户", .inList, .quick, .indexed, .help("已有档案的客户", "When already on file"))
    public let people = Field<Int?>(
        "people", "人数", kind: WholeNumberKind(range: 1...200), .quick, .initial(1), .unit("人", "people"), .english("People"))
    public let purpose = Field<Purpose>("purpose", "来访目的", .inList, .quick, .initial("service"), .english("Purpose"))
    public let queueNo = Field<String?>(
        "queue_no", "排队号", kind: AutoNumberKind("{yyyyMMdd}-{###}"), .unique, .inList, .help("留空自动取号", "Given automatically when empty"),
        .english("Queue no."))
    public let status = Field<Status>("status", "状态", .inList, .initial("waiting"))
    public let arrivedAt = Field<Instant?>("arrived_at", "到店时间", .inList, .indexed, .help("留空为现在", "Now when empty"), .english("Arrived"))
    public let consultant = Field<Ref<User>?>("consultant_id", "接待顾问", .inList, .readOnly, .english("Consultant"))
    public let servedAt = Field<Instant?>("served_at", "开始接待", .readOnly, .english("Received"))
    public let leftAt = Field<Instant?>("left_at", "离店时间", .readOnly, .english("Left"))
    public let waitMinutes = Field<Int?>("wait_minutes", "等候", .readOnly, .inList, .unit("分钟", "min"), .english("Waited"))
    public let expectedAt = Field<Instant?>("expected_at", "预计完成", .english("Expected to be done"))
    public let result = Field<String?>("result", "接待结果", kind: TextKind(limit: 200), .readOnly, .english("Result"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)
    public let alertAt = Field<Instant?>("alert_at", "等候提醒", .readOnly, .english("Alert at"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Purpose: String, Choice {
        case purchase, service, pickup, insurance, complaint, other
        public static let options: [Option<Purpose>] = [
            .init(.purchase, "看车选购", .accent), .init(.service, "维修保养", .teal), .init(.pickup, "提车交付", .ok),
            .init(.insurance, "保险金融", .violet), .init(.complaint, "反映问题", .bad), .init(.other, "其他"),
        ]
    }

    public enum Status: String, Choice {
        case waiting, serving, done, left
        public static let options: [Option<Status>] = [
            .init(.waiting, "等候中", .warn), .init(.serving, "接待中", .sky), .init(.done, "已完成", .ok),
            .init(.left, "未接待离店", .bad, english: "Left unserved"),
        ]
    }

    public static var rules: Rules {
        .of(Reception.self) {
            $0.beforeSave { reception, change, tx in
                try Ownership.follow(&reception.row, change, tx)
                let arrived = reception.arrivedAt ?? tx.now
                reception.arrivedAt = arrived
                guard arrived <= tx.now.adding(seconds: 300) || tx.actor.userID == 0 else { throw Problem("arrived_at", "到店时间不能在将来") }
                if change.isNew || change.changed(\Reception.purpose, in: reception) {
                    let minutes = try tx.int(reception.purpose == .purchase ? ServiceParameters.salesWait : ServiceParameters.serviceWait)
                    reception.alertAt = reception.status == .waiting ? arrived.adding(minutes: minutes) : nil
                }
            }
            $0.notice { reception, look in
                guard reception.status == .waiting, let arrived = reception.arrivedAt else { return nil }
                let minutes = max(0, (look.now.milliseconds - arrived.milliseconds) / 60_000)
                let isLate = reception.alertAt.map { $0 <= look.now } ?? true
                return Notice(isLate ? .bad : .neutral, "已等候 \(minutes) 分钟", "Waiting for \(minutes) minutes")
            }
            $0.aid { reception, look in try Script.aids(for: .reception, about: reception.row, look) }
        }
    }

    private static let receiver = Field<Ref<User>?>("consultant_id", "接待顾问", .help("留空为自己", "Yourself when empty"), .english("Consultant"))
    private static let outcome = Field<String>("result", "接待结果", kind: TextKind(limit: 200), .english("Result"))

    public static var flow: Flow? {
        .of(Reception.self, \.status) {
            $0.step(
                "serve", "开始接待", from: [.waiting], to: .serving, parameters: [receiver], icon: "hand", english: "Receive", primary: true
            ) { reception, arguments, tx in
                let consultant = arguments[receiver]?.id ?? tx.actor.userID
                (reception.consultant, reception.servedAt) = (Ref(consultant), tx.now)
                settle(&reception, tx)
                guard consultant != tx.actor.userID else { return }
                try tx.notify([consultant], of: .assigned, "请接待到店客户：\(reception.row.title)", about: reception.row)
            }
            $0.step(
                "finish", "接待完成", from: [.serving], to: .done, parameters: [outcome], icon: "check", primary: true
            ) { reception, arguments, tx in (reception.leftAt, reception.result) = (tx.now, arguments[outcome]) }
            $0.step("leave", "未接待离店", from: [.waiting], to: .left, icon: "log-out", english: "Left unserved") { reception, _, tx in
                reception.leftAt = tx.now
                settle(&reception, tx)
            }
            $0.lock([.done, .left], but: [\.customer, \.visitor, \.result, \.remark])
            $0.undoable = [.done, .left]
        }
    }

    private static func settle(_ reception: inout Record<Reception>, _ tx: any Transaction) {
        let arrived = reception.arrivedAt?.milliseconds ?? 0
        (reception.waitMinutes, reception.alertAt) = (Int(max(0, (tx.now.milliseconds - arrived) / 60_000)), nil)
    }
}
