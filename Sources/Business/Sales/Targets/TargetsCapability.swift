import Core
import Records

/// 目标: what is to be reached, and what has been.
public enum TargetsCapability: Capability {
    public static let name = "targets", label = "销售目标"
    public static let entities: [any Entity.Type] = [SalesTarget.self]
    public static let jobs = [TargetJob.job]
    public static let roles = BuiltInRole.templates(work: [], setUp: [SalesTarget.self]) { rights, role in
        if role == .storeManager { rights.allow(.all, ["create", "update"], on: [SalesTarget.self]) }
        if role == .guide || role == .hr || role == .warehouse { rights.allow(.none, ["read"], on: [SalesTarget.self]) }
    }

    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoTargets.steps(demo) }
}
