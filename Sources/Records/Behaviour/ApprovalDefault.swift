/// An approval flow that comes with the product; administrators change their copy, and a later version leaves it alone.
///
/// ```swift
/// public static let approvals = [
///     ApprovalDefault("quotes.discount", "折扣审批", on: Quote.name, .action("submit"), when: \Quote.discount > 1000, steps: [
///         .init("销售经理", .role("sales_mgr")), .init("营销总监", .role("director"), over: Money(cents: 5_000_000)),
///     ], amount: "amount_cents", locked: ["discount_bp", "lines"]),
/// ]
/// ```
public struct ApprovalDefault: Sendable {
    public enum Trigger: Sendable {
        /// The action is kept until it is approved, then performed.
        case action(String)
        /// A new record is held until it is approved; then the action is performed, if one is named.
        case create(then: String?)
        /// A change of this field is kept until it is approved, then made.
        case change(String)
    }

    public enum Approver: Sendable {
        /// Those with the role who are nearest in the departments above the record.
        case role(String)
        case departmentHead
        /// The applicant's superior so many levels up.
        case superior(Int)
        /// A link to users, or to roles, on the record; of roles the nearest holders.
        case field(String)
    }

    public struct Step: Sendable {
        public var name: String
        public var approver: Approver
        /// Everybody must agree, not any one.
        public var needsAll: Bool
        /// Taken only for amounts above / not above these.
        public var over: Money?
        public var upTo: Money?

        public init(_ name: String, _ approver: Approver, needsAll: Bool = false, over: Money? = nil, upTo: Money? = nil) {
            self.name = name
            self.approver = approver
            self.needsAll = needsAll
            self.over = over
            self.upTo = upTo
        }
    }

    /// Stable: `quotes.discount`.
    public var code: String
    public var label: String
    public var entity: String
    public var trigger: Trigger
    public var condition: Condition
    public var steps: [Step]
    /// The money field of the record, or money parameter of the action, by which steps are graded.
    public var amount: String?
    /// Fields that may not change meanwhile; the whole record when empty.
    public var locked: [String]
    /// Performed when it is rejected; a parameter `reason` gets the approver's comment.
    public var onReject: String?
    public var isActive: Bool

    public init(
        _ code: String, _ label: String, on entity: String, _ trigger: Trigger, when condition: Condition = .everything, steps: [Step],
        amount: String? = nil, locked: [String] = [], onReject: String? = nil, isActive: Bool = true
    ) {
        self.code = code
        self.label = label
        self.entity = entity
        self.trigger = trigger
        self.condition = condition
        self.steps = steps
        self.amount = amount
        self.locked = locked
        self.onReject = onReject
        self.isActive = isActive
    }
}
