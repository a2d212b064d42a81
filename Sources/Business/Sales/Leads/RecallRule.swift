import Core
import Records

/// §6.2 no. 5: when a lead or a customer goes back to the pool, by more than the last contact alone; its owner is warned days before.
public struct RecallRule: Entity {
    public static let name = "recall_rules", label = "公海回收规则"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "waves", english: "Recall rules").with { $0.sort = ["object", "days"] }
    }

    public let title = Field<String>("name", "规则名称", kind: TextKind(limit: 50), .title)
    public let object = Field<Object>("object", "对象", .inList, .quick, .initial("leads"))
    public let basis = Field<Basis>("basis", "依据", .inList, .quick, .initial("no_contact"))
    public let days = Field<Int>("days", "天数", kind: WholeNumberKind(range: 1...3650), .inList, .quick, .unit("天", "days"), .initial(30))
    public let warnDays = Field<Int>(
        "warn_days", "提前几天提醒", kind: WholeNumberKind(range: 0...60), .inList, .unit("天", "days"), .initial(3),
        .help("提醒过这么多天才会回收；0 表示不提醒", "Nothing is recalled that was not warned of so long before; 0 for no warning"), .english("Warn before")
    )
    public let department = Field<Ref<Department>?>("for_department_id", "只限部门", .inList, .english("Only in department"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public enum Object: String, Choice {
        case leads, customers
        public static let options: [Option<Object>] = [.init(.leads, "线索", .sky), .init(.customers, "客户", .accent)]
    }

    public enum Basis: String, Choice {
        case firstContact = "first_contact", noContact = "no_contact", enquiry, contractEnd = "contract_end"
        public static let options: [Option<Basis>] = [
            .init(.firstContact, "分配后未首次联系", english: "Never contacted since assigned"), .init(.noContact, "多日未联系", english: "No contact"),
            .init(.enquiry, "建档后未成交", english: "No deal since filed"), .init(.contractEnd, "合同到期后", english: "After the contract's end"),
        ]
    }

    public static var rules: Rules {
        .of(RecallRule.self) {
            $0.beforeSave { rule, _, _ in
                let fits: [Basis] = rule.object == .leads ? [.firstContact, .noContact] : [.noContact, .enquiry, .contractEnd]
                guard fits.contains(rule.basis) else {
                    throw Problem("basis", "\(rule.object.label)不能按「\(rule.basis.label)」回收，可用：\(fits.map(\.label).joined(separator: "、"))")
                }
            }
        }
    }

    /// Leads from the first day; customers when the company says so, or an import of old files would empty itself.
    static func seed(_ tx: any Transaction) throws {
        guard try tx.first(RecallRule.self, where: .everything) == nil else { return }
        let shipped: [(String, Object, Basis, Int, Int, Bool)] = [
            ("线索 24 小时未首次联系", .leads, .firstContact, 1, 0, true), ("线索 30 天未联系", .leads, .noContact, 30, 3, true),
            ("未成交客户 90 天未联系", .customers, .noContact, 90, 3, false),
            ("咨询 6 个月未成交", .customers, .enquiry, 180, 3, false), ("合同到期后 180 天", .customers, .contractEnd, 180, 7, false),
        ]
        for (name, object, basis, days, warn, isEnabled) in shipped {
            var rule = Record<RecallRule>()
            (rule.title, rule.object, rule.basis, rule.days, rule.warnDays, rule.isEnabled) = (name, object, basis, days, warn, isEnabled)
            try tx.insert(rule)
        }
    }

    /// Those whose time has come by `moment`. What counts by days (a filing, a contract's end) comes at the beginning of the day.
    static func due(_ rule: Record<RecallRule>, by moment: Instant) -> Condition {
        let at = moment.adding(days: -rule.days)
        let day = at.day
        let owned =
            Condition.field("owner_id", .notEmpty)
            && (rule.department.map { .field("department_id", .eq, .int($0.id)) } ?? .everything)
        guard rule.object == .customers else {
            let open = Condition.field("status", .in, "assigned", "contacted", "qualified")
            if rule.basis == .firstContact {
                return owned && \Lead.status == .assigned && \Lead.firstContact == nil
                    && \Lead.assignedAt <= at
            }
            return owned && open
                && (\Lead.lastContact <= at || \Lead.lastContact == nil && \Lead.assignedAt <= at)
        }
        let free =
            owned && \Customer.fileStatus == .active && .not(\Customer.isKey == true)
            && .not(
                .exists(entity: Opportunity.name, field: "customer_id", .field("status", .eq, "open")))
        return switch rule.basis {
        case .contractEnd: free && \ContractHolder.contractEnd < day
        case .enquiry: free && \Customer.lifecycle == .potential && \Customer.filedOn < day
        default:
            free && \Customer.lifecycle == .potential && \Customer.filedOn < day
                && (\Customer.lastInteraction <= at || \Customer.lastInteraction == nil)
        }
    }
}
