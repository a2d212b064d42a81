import Core
import Records

/// I14, §2.9: money that comes in: planned, promised, received, or returned by the bank.
public struct Collection: Entity {
    public static let name = "collections", label = "回款"
    public static var traits: EntityTraits {
        EntityTraits(icon: "banknote", menu: .finance, english: "Collections").with {
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["customer_id", "status", "amount_cents", "allocated_cents", "prepaid_cents", "method", "planned_on"]
            $0.related = ["allocations"]
            $0.papers = [.collections]
            $0.presets = [
                Preset("待确认到账", "To confirm", ["filter[status]": "planned,promised,overdue"]),
                Preset("未核销完", "Not allotted", ["filter[prepaid_cents][gt]": "0"]),
                Preset("退票", "Bounced", ["filter[status]": "bounced"]),
            ]
            $0.queues = [
                .init(
                    "预定回款", "Planned collections", icon: "banknote",
                    [("planned_on[lt]", "today+8"), ("status[in]", "planned,promised,overdue")]),
                .init(
                    "待确认到账", "Receipts to confirm", icon: "check-check", by: "approve",
                    [("planned_on[lt]", "today+1"), ("status[in]", "planned,promised,overdue")]),
            ]
            $0.indexes = [
                ["customer_id", "-created_at"], ["owner_id", "-created_at"], ["owner_id", "status", "planned_on"],
                ["owner_id", "status", "paid_on"], ["department_id", "-created_at"], ["status", "planned_on"], ["status", "-created_at"],
            ]
        }
    }

    public let no = Field<String?>(
        "no", "回款编号", kind: AutoNumberKind("CO-{yyyyMMdd}-{####}"), .unique, .title, .help("留空自动编号", "Numbered automatically when empty"),
        .english("Collection no."))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let contract = Field<Ref<Contract>?>("contract_id", "合同", .indexed)
    public let amount = Field<Money>("amount_cents", "金额", .inList, .quick, .indexed, .english("Amount"))
    public let plannedOn = Field<Day?>(
        "planned_on", "预定结款日", .inList, .quick, .indexed, .help("留空为今天", "Today when empty"), .english("Planned for"))
    public let paidOn = Field<Day?>("paid_on", "付款日期", .inList, .indexed)
    public let method = Field<PaymentMethod?>("method", "付款方式", .inList, .quick)
    public let payer = Field<String?>("payer", "付款人", kind: TextKind(limit: 100), .searchable)
    public let chequeNo = Field<String?>(
        "cheque_no", "票据号", kind: TextKind(limit: 50), .searchable, .only(when: "method", "cheque", "acceptance"), .english("Cheque no."))
    public let chequeDue = Field<Day?>("cheque_due_on", "支票期限", .only(when: "method", "cheque", "acceptance"), .english("Cheque due on"))
    public let parts = Field<Lines<Allocation>>(
        "parts", "核销明细", .help("确认到账时按到期先后自动核销，可再调整", "Allotted by due date when received; may be changed"), .english("Allotted to"))
    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("planned"))
    public let allocated = Field<Money?>("allocated_cents", "已核销", .readOnly, .inList, .english("Allotted"))
    public let prepaid = Field<Money?>("prepaid_cents", "预收余额", .readOnly, .inList, .english("Prepaid"))
    public let bouncedOn = Field<Day?>("bounced_on", "退票日期", .readOnly, .english("Bounced on"))
    public let reason = Field<String?>("status_reason", "退票或取消原因", kind: TextKind(limit: 200), .readOnly, .english("Reason"))
    public let confirmedBy = Field<Ref<User>?>("confirmed_by", "确认人", .readOnly, .english("Confirmed by"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case planned, promised, collected, overdue, bounced, cancelled
        public static let options: [Option<Status>] = [
            .init(.planned, "计划", .sky), .init(.promised, "承诺", .accent), .init(.collected, "已收", .ok), .init(.overdue, "逾期", .bad),
            .init(.bounced, "退票", .bad), .init(.cancelled, "已取消"),
        ]
    }
}

/// Which receivable a collection pays, and how much of it.
public struct Allocation: Entity {
    public static let name = "allocations", label = "核销"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "arrow-left-right", english: "Allotments").with {
            $0.parent = "collection_id"
            $0.sort = ["id"]
        }
    }

    public let collection = Field<Ref<Collection>>("collection_id", "回款", .inList, .indexed)
    public let receivable = Field<Ref<Receivable>>("receivable_id", "应收", .inList, .quick, .indexed)
    public let amount = Field<Money>("amount_cents", "核销金额", .inList, .quick, .english("Amount"))
    public let remark = Field<String?>("remark", "备注", kind: TextKind(limit: 200), .title)

    public init() {}

    public static var rules: Rules {
        .of(Allocation.self) {
            $0.beforeSave { part, change, tx in
                guard let collection = try tx.get(Collection.self, part.collection), let due = try tx.get(Receivable.self, part.receivable)
                else { return }
                let before = change.old.map { Record<Allocation>($0) }
                let own = before?.receivable == part.receivable ? before?.amount ?? .zero : .zero
                guard collection.status == .collected else { throw Problem("amount_cents", "回款到账后才能核销") }
                guard part.amount > .zero else { throw Problem("amount_cents", "核销金额应大于零") }
                guard due.customer == collection.customer else { throw Problem("receivable_id", "应收「\(tx.name(of: due.row))」不是这位客户的") }
                guard part.amount <= (due.balance ?? .zero) + own else {
                    throw Problem("amount_cents", "核销 \(part.amount.shown) 超过应收余额 \(((due.balance ?? .zero) + own).shown)")
                }
            }
            $0.afterSave { part, change, tx in
                try Receivable.recount(part.receivable, on: try tx.get(Collection.self, part.collection)?.paidOn, tx)
                if let old = change.old.map({ Record<Allocation>($0) }), old.receivable != part.receivable {
                    try Receivable.recount(old.receivable, on: nil, tx)
                }
                try Collection.sumUp(part.collection, tx)
            }
            $0.afterDelete { part, _, tx in
                try Receivable.recount(part.receivable, on: nil, tx)
                try Collection.sumUp(part.collection, tx)
            }
        }
    }

    /// The oldest debt first, to the cent; what is left over is a prepayment.
    static func fifo(_ amount: Money, _ open: [(id: Int64, balance: Money)]) -> (parts: [(id: Int64, amount: Money)], rest: Money) {
        var left = amount, parts: [(id: Int64, amount: Money)] = []
        for due in open where left > .zero && due.balance > .zero {
            let part = min(left, due.balance)
            parts.append((due.id, part))
            left = left - part
        }
        return (parts, left)
    }
}
