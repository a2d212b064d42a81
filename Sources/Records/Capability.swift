/// What belongs together in the work of a company: its entities, rules, jobs, rights, reports and demo data in one folder of `Business`. A
/// ``Pack`` of them is switched on and off as a whole.
public protocol Capability: Sendable {
    /// Stable: `customers`, `sales`, `automotive`.
    static var name: String { get }
    static var label: String { get }
    static var entities: [any Entity.Type] { get }
    /// What it adds to entities that other capabilities own.
    static var extensions: [any Extension.Type] { get }
    static var parameters: [Parameter] { get }
    static var jobs: [Job] { get }
    /// What people without an account may hand in.
    static var intakes: [Intake] { get }
    /// What asks people questions.
    static var inquiries: [Inquiry] { get }
    static var openInquiries: [OpenInquiry] { get }
    /// What the built-in roles may do with the entities: see ``RoleTemplate``.
    static var roles: [RoleTemplate] { get }
    /// Approval flows that come with the product.
    static var approvals: [ApprovalDefault] { get }
    /// Dashboards that come with the product.
    static var dashboards: [DashboardDefault] { get }
    /// Reports that come with the product.
    static var reports: [ReportDefault] { get }
    /// Records every company needs from the first day (levels, dictionaries).
    static func seed(_ tx: any Transaction) throws
    /// The demo company's records of this capability, as steps that run one after another, each in a transaction of its own.
    static func demo(_ demo: Demo) -> [Demo.Step]
}

extension Capability {
    public static var extensions: [any Extension.Type] { [] }
    public static var parameters: [Parameter] { [] }
    public static var jobs: [Job] { [] }
    public static var intakes: [Intake] { [] }
    public static var inquiries: [Inquiry] { [] }
    public static var openInquiries: [OpenInquiry] { [] }
    public static var roles: [RoleTemplate] { [] }
    public static var approvals: [ApprovalDefault] { [] }
    public static var dashboards: [DashboardDefault] { [] }
    public static var reports: [ReportDefault] { [] }
    public static func seed(_ tx: any Transaction) throws {}
    public static func demo(_ demo: Demo) -> [Demo.Step] { [] }
}

/// How to make the demo company: the same size, day and seed give the same records.
public struct Demo: Sendable {
    /// `sample` is a tenth of the small one, for tests.
    public enum Size: String, Sendable { case sample, small, full }
    public typealias Step = @Sendable (any Transaction) throws -> Void

    public var size: Size
    public var asOf: Day
    public var seed: UInt64

    public init(size: Size, asOf: Day, seed: UInt64 = 20_260_101) {
        self.size = size
        self.asOf = asOf
        self.seed = seed
    }

    public func pick(small: Int, full: Int) -> Int {
        switch size {
        case .sample: max(6, small / 10)
        case .small: small
        case .full: full
        }
    }
}
