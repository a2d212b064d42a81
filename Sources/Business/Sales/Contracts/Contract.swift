import Core
import Records

/// §2.8: what was agreed in writing. Once effective it is changed by an amendment only.
public struct Contract: Entity {
    public static let name = "contracts", label = "合同"
    public static var traits: EntityTraits {
        EntityTraits(icon: "file-signature", menu: .sales, english: "Contracts").with {
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["customer_id", "status", "amount_cents", "from_on", "to_on"]
            $0.papers = [.contract]
            $0.related = ["receivables", "contract_amendments", "payment_terms", "orders"]
            $0.queues = [
                .init(
                    "即将到期合同", "Contracts running out", icon: "file-clock",
                    [("to_on[lt]", "today+31"), ("to_on[gte]", "today"), ("status", "effective")])
            ]
            $0.indexes = [
                ["customer_id", "-created_at"], ["owner_id", "-created_at"], ["owner_id", "status", "to_on"],
                ["department_id", "-created_at"], ["status", "-created_at"], ["status", "to_on"],
            ]
        }
    }

    public let no = Field<String?>(
        "no", "合同编号", kind: AutoNumberKind("C-{yyyyMMdd}-{####}"), .unique, .searchable, .inList,
        .help("留空自动编号", "Numbered automatically when empty"), .english("Contract no."))
    public let title = Field<String>("name", "合同名称", kind: TextKind(limit: 100), .title)
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed)
    public let type = Field<Kind>("type", "合同类型", .inList, .initial("sale"))
    public let amount = Field<Money?>("amount_cents", "合同金额", .inList, .quick, .indexed, .english("Amount"))
    public let signedOn = Field<Day?>("signed_on", "签订日期", .inList, .quick)
    public let from = Field<Day?>("from_on", "生效日", .quick, .english("From"))
    public let to = Field<Day?>("to_on", "到期日", .inList, .quick, .indexed, .english("To"))
    public let quote = Field<Ref<Quote>?>("quote_id", "报价单", .indexed)
    public let opportunity = Field<Ref<Opportunity>?>("opportunity_id", "商机", .indexed)
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)

    public let method = Field<PaymentMethod?>("method", "结算方式", .section(.settlement))
    public let settleTime = Field<String?>(
        "settle_time", "结算时间", kind: TextKind(limit: 100), .section(.settlement), .english("Time of settlement"))
    public let settleDiscount = Field<Percent?>("settle_discount_bp", "结算折扣率", .section(.settlement), .english("Settlement discount"))
    public let termDays = Field<Int?>(
        "term_days", "账期", kind: WholeNumberKind(range: 0...720), .unit("天", "days"), .section(.settlement),
        .help("没有付款计划时，生效后几天应收", "When there is no plan: due so long after it starts"))
    public let plan = Field<Lines<PaymentTerm>>("plan", "付款计划", .section(.settlement))
    public let paymentTerms = Field<String?>("payment_terms", "付款条款", kind: LongTextKind(), .section(.settlement))
    public let returnClause = Field<Bool?>("return_clause", "含退换货条款", .section(.settlement), .english("Return clause"))
    public let returnDays = Field<Int?>(
        "return_period_days", "退换货期限", kind: WholeNumberKind(range: 1...1000), .unit("天", "days"), .section(.settlement),
        .english("Return period"))
    public let salesYear = Field<Int?>("sales_year", "销售年度", kind: WholeNumberKind(range: 2000...2999), .section(.settlement))
    public let isSealed = Field<Bool?>("is_sealed", "已盖章", .section(.settlement), .english("Sealed by both"))

    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("draft"), .section(.state))
    public let approvedBy = Field<Ref<User>?>("approved_by", "批准人", .readOnly, .section(.state), .english("Approved by"))
    public let endReason = Field<String?>(
        "end_reason", "终止原因", kind: TextKind(limit: 200), .readOnly, .section(.state), .english("Ended because"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}

    public enum Status: String, Choice {
        case draft, approving, effective, fulfilled, closed, terminated, void
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.approving, "审批中", .warn), .init(.effective, "生效", .ok), .init(.fulfilled, "履行完毕", .teal),
            .init(.closed, "关闭"), .init(.terminated, "终止", .bad), .init(.void, "作废"),
        ]
    }

    public enum Kind: String, Choice {
        case sale, service, framework, distribution
        public static let options: [Option<Kind>] = [
            .init(.sale, "销售合同"), .init(.service, "服务合同", .teal), .init(.framework, "框架协议", .violet), .init(.distribution, "经销合同", .sky),
        ]
    }
}

/// One instalment of a contract: a part or an amount, on a day or so many days after the start.
public struct PaymentTerm: Entity {
    public static let name = "payment_terms", label = "付款计划"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "calendar-clock", english: "Payment plan").with {
            $0.parent = "contract_id"
            $0.sort = ["position", "id"]
        }
    }

    public let contract = Field<Ref<Contract>>("contract_id", "合同", .indexed)
    public let title = Field<String>("name", "期次", kind: TextKind(limit: 50), .title, .english("Instalment"))
    public let part = Field<Percent?>("part_bp", "比例", .inList, .quick, .english("Part"))
    public let amount = Field<Money?>("amount_cents", "金额", .inList, .quick, .help("填了金额就不看比例", "Counts instead of the part"))
    public let comesTo = Field<Money?>("comes_to_cents", "应付金额", .readOnly, .inList, .english("Comes to"))
    public let dueOn = Field<Day?>("due_on", "应收日", .inList, .quick, .english("Due on"))
    public let afterDays = Field<Int?>(
        "after_days", "生效后几天", kind: WholeNumberKind(range: 0...3650), .inList, .unit("天", "days"), .english("Days after the start"))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public static var rules: Rules {
        .of(PaymentTerm.self) {
            $0.beforeSave { term, _, tx in
                if term.part == nil, term.amount == nil { throw Problem("part_bp", code: "required", "请填写比例或金额") }
                if term.dueOn == nil, term.afterDays == nil { term.afterDays = 0 }
                term.comesTo = try comesTo(term, tx)
            }
        }
    }

    /// Of the contract as it stands; nil while a part is of no amount.
    private static func comesTo(_ term: Record<PaymentTerm>, _ tx: any Transaction) throws -> Money? {
        guard let total = try tx.get(Contract.self, term.contract)?.amount else { return term.amount }
        let others = try tx.all(
            PaymentTerm.self, where: \PaymentTerm.contract == term.contract, sort: [.init("position"), .init("id")], limit: 500)
        var terms = others.filter { $0.row.id != term.row.id }
        let place = terms.firstIndex { ($0.position ?? 0) > (term.position ?? 0) } ?? terms.endIndex
        terms.insert(term, at: place)
        return shares(of: total, terms.map { ($0.part, $0.amount) })[place]
    }

    /// What each instalment comes to. Parts of 100 % leave no cent over: the last of them takes the rest.
    static func shares(of total: Money, _ terms: [(part: Percent?, amount: Money?)]) -> [Money] {
        var shares = terms.map { term in term.amount ?? term.part.map(total.share) ?? .zero }
        let isWhole = terms.allSatisfy { $0.amount == nil } && terms.reduce(0) { $0 + ($1.part?.basisPoints ?? 0) } == 10_000
        if isWhole, let last = shares.indices.last { shares[last] = shares[last] + (total - shares.reduce(Money.zero, +)) }
        return shares
    }

    /// The same; refused when it is another sum than the contract's.
    static func amounts(of total: Money, _ terms: [(part: Percent?, amount: Money?)]) throws -> [Money] {
        let amounts = shares(of: total, terms), sum = amounts.reduce(Money.zero, +)
        guard sum == total else { throw Problem("plan", "付款计划合计 \(sum.shown)，与合同金额 \(total.shown) 不符") }
        return amounts
    }
}
