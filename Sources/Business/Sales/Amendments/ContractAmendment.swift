import Core
import Records

/// §2.8: the only way to change an effective contract: what changes, why, and on whose word.
public struct ContractAmendment: Entity {
    public static let name = "contract_amendments", label = "合同变更"
    public static var traits: EntityTraits {
        EntityTraits(icon: "file-diff", english: "Contract amendments").with {
            $0.hasAttachments = true
            $0.highlights = ["contract_id", "status", "new_amount_cents", "new_to_on"]
            $0.indexes = [["contract_id", "-created_at"], ["owner_id", "-created_at"], ["department_id", "-created_at"]]
        }
    }

    public let no = Field<String?>("no", "变更编号", kind: AutoNumberKind("CA-{yyyyMMdd}-{####}"), .unique, .title, .english("Amendment no."))
    public let contract = Field<Ref<Contract>>("contract_id", "合同", .inList, .quick, .indexed)
    public let reason = Field<String>("reason", "变更原因", kind: TextKind(limit: 500), .inList, .quick)
    public let newAmount = Field<Money?>("new_amount_cents", "新合同金额", .inList, .quick, .english("New amount"))
    public let newEnd = Field<Day?>("new_to_on", "新到期日", .inList, .quick, .english("New end"))
    public let newTerms = Field<String?>("new_payment_terms", "新付款条款", kind: LongTextKind())
    public let dueOn = Field<Day?>("due_on", "增加金额的应收日", .help("留空为批准当天", "The day of approval when empty"), .english("Increase due on"))
    public let before = Field<String?>("before", "变更前", kind: TextKind(limit: 500), .readOnly)
    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("draft"))
    public let approvedBy = Field<Ref<User>?>("approved_by", "批准人", .readOnly, .english("Approved by"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case draft, effective, rejected
        public static let options: [Option<Status>] = [
            .init(.draft, "待批准", .warn, english: "Waiting"), .init(.effective, "已生效", .ok), .init(.rejected, "已驳回", .bad),
        ]
    }

    public static var rules: Rules {
        .of(ContractAmendment.self) {
            $0.beforeSave { amendment, change, tx in
                try Ownership.follow(&amendment.row, change, tx)
                guard change.isNew, tx.actor.userID != 0 else { return }
                guard let contract = try tx.get(Contract.self, amendment.contract), contract.status == .effective else {
                    throw Problem("contract_id", "只有生效的合同可以变更；草稿请直接修改")
                }
                if amendment.newAmount == nil, amendment.newEnd == nil, amendment.newTerms == nil {
                    throw Problem("new_amount_cents", code: "required", "请填写要变更的内容：金额、到期日或付款条款")
                }
            }
        }
    }

    public static var flow: Flow? {
        .of(ContractAmendment.self, \.status) {
            $0.step(
                "approve", "批准", from: [.draft], to: .effective, permission: "approve", icon: "stamp", primary: true, guard: notByMaker,
                effect: apply)
            $0.step(
                "reject", "驳回", from: [.draft], to: .rejected, parameters: [Reason.demanded], permission: "approve", icon: "x",
                guard: notByMaker)
            $0.removable = [.rejected]
        }
    }

    @Sendable private static func notByMaker(_ amendment: Record<ContractAmendment>, _ actor: Actor) -> String? {
        amendment.createdBy == actor.userID ? "建立人不能批准自己的变更，请由上级处理" : nil
    }

    @Sendable private static func apply(_ amendment: inout Record<ContractAmendment>, _ arguments: Arguments, _ tx: any Transaction) throws
    {
        guard var contract = try tx.get(Contract.self, amendment.contract), contract.status == .effective else {
            throw Refusal.conflict("合同已不在生效状态，不能变更")
        }
        amendment.before = "金额 \(contract.amount?.shown ?? "—")，到期 \(contract.to?.iso ?? "—")"
        amendment.approvedBy = tx.actor.userID == 0 ? nil : Ref(tx.actor.userID)
        if let amount = amendment.newAmount, let old = contract.amount {
            if amount > old {
                try add(amount - old, contract, amendment, tx)
            } else if amount < old {
                try reduce(old - amount, contract, tx)
            }
            contract.amount = amount
        }
        contract.to = amendment.newEnd ?? contract.to
        contract.paymentTerms = amendment.newTerms ?? contract.paymentTerms
        contract[AmendedContract.self].amendment = amendment.id
        try tx.save(contract)
    }

    private static func add(
        _ more: Money, _ contract: Record<Contract>, _ amendment: Record<ContractAmendment>, _ tx: any Transaction
    ) throws {
        var due = Record<Receivable>()
        (due.customer, due.contract, due.title, due.amount, due.dueOn) = (
            contract.customer, contract.id, "\(contract.title)：变更增加", more, amendment.dueOn ?? tx.today
        )
        (due.ownerID, due.departmentID, due.issuedOn) = (contract.ownerID, contract.departmentID, tx.today)
        try tx.insert(due)
    }

    /// The latest instalments shrink first, never below what has been paid.
    private static func reduce(_ less: Money, _ contract: Record<Contract>, _ tx: any Transaction) throws {
        var left = less
        for var due in try tx.all(
            Receivable.self, where: \Receivable.contract == contract.id && Receivable.isOpen, sort: [.init("-due_on"), .init("-id")],
            limit: 200) where left > .zero
        {
            let cut = min(left, due.balance ?? .zero)
            due.amount = due.amount - cut
            left = left - cut
            try tx.save(due)
        }
        guard left == .zero else { throw Refusal.conflict("已收款超过新合同金额 \(left.shown)，请先退款或调整收款") }
    }
}
