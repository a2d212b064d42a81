import Records

/// When something needs somebody else's word, and whose: an administrator's rule over any entity (§2.24, §4.9).
public struct ApprovalFlow: Entity {
    public static let name = "approval_flows", label = "审批流程"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "workflow", english: "Approval flows").with {
            $0.sort = ["entity", "position"]
            $0.indexes = [["entity", "position"]]
        }
    }

    public let title = Field<String>("name", "流程名称", kind: TextKind(limit: 100), .title)
    public let entity = Field<String>(
        "entity", "对象", kind: TextKind(limit: 60), .inList, .quick, .help("对象的标识，例如 orders", "The entity's name, such as orders"))
    public let trigger = Field<Trigger>("trigger", "何时需要审批", .inList, .quick, .initial("action"))
    public let action = Field<String?>(
        "action", "操作", kind: TextKind(limit: 60), .inList,
        .help("操作的标识；新建流程可留空，或填批准后执行的操作", "The action's name; for new records the one to perform once approved, or empty"))
    public let field = Field<String?>("field", "字段", kind: TextKind(limit: 60), .only(when: "trigger", "change"))
    public let condition = Field<String?>(
        "condition", "条件", kind: JSONTextKind(limit: 20_000), .help("满足条件的记录才需要审批；留空为全部", "Only records that meet it; all when empty"))
    public let amountField = Field<String?>(
        "amount_field", "金额字段", kind: TextKind(limit: 60),
        .help("记录的金额字段或操作的金额参数，步骤按它分级", "An amount of the record or of the action, by which steps are graded"))
    public let locked = Field<String?>(
        "locked_fields", "审批中锁定的字段", kind: TextKind(limit: 1000),
        .help("字段标识，用逗号分隔；留空为整条记录", "Field names between commas; the whole record when empty"), .english("Locked fields"))
    public let onReject = Field<String?>("on_reject", "驳回后执行的操作", kind: TextKind(limit: 60), .english("Action after rejection"))
    public let isActive = Field<Bool>("is_active", "启用", .inList, .initial(true), .english("Active"))
    public let position = Field<Int?>(
        "position", "顺序", .initial(0), .help("同一操作有多个流程时，取第一个满足条件的", "The first that fits is taken"), .english("Order"))
    public let code = Field<String?>("code", "编码", kind: TextKind(limit: 60), .unique, .readOnly, .english("Code"))
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200))
    public let steps = Field<Lines<ApprovalStep>>("steps", "审批步骤")

    public init() {}

    public enum Trigger: String, Choice {
        case action, create, change
        public static let options: [Option<Trigger>] = [
            .init(.action, "执行操作", .accent, english: "An action"), .init(.create, "新建记录", .sky, english: "A new record"),
            .init(.change, "修改字段", .violet, english: "A change of a field"),
        ]
    }

    public static var rules: Rules {
        .of(ApprovalFlow.self) {
            $0.beforeSave { flow, _, tx in
                let tx = try tx.gate
                try tx.check(&flow)
            }
        }
    }
}

/// One step of a flow: who, all of them or any one, and for which amounts.
public struct ApprovalStep: Entity {
    public static let name = "approval_steps", label = "审批步骤"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list-checks", english: "Approval steps").with {
            $0.parent = "flow_id"
            $0.sort = ["position", "id"]
        }
    }

    public let flow = Field<Ref<ApprovalFlow>>("flow_id", "审批流程", .indexed)
    public let title = Field<String>("name", "步骤", kind: TextKind(limit: 50), .title)
    public let approver = Field<Approver>("approver", "审批人", .inList, .quick, .initial("superior"))
    public let role = Field<Ref<Role>?>("role_id", "角色", .inList, .only(when: "approver", "role"))
    public let users = Field<Refs<User>>("user_ids", "人员", .inList, .only(when: "approver", "users"), .english("Users"))
    public let levels = Field<Int?>(
        "levels", "上几级", kind: WholeNumberKind(range: 1...9), .only(when: "approver", "superior"), .english("Levels up"))
    public let field = Field<String?>("field", "人员字段", kind: TextKind(limit: 60), .only(when: "approver", "field"))
    public let mode = Field<Mode>("mode", "方式", .inList, .initial("any"), .english("Mode"))
    public let over = Field<Money?>("over_cents", "金额超过", .inList, .english("Amount over"))
    public let upTo = Field<Money?>("up_to_cents", "金额不超过", .inList, .english("Amount up to"))
    public let remindHours = Field<Int?>(
        "remind_hours", "多久提醒", kind: WholeNumberKind(range: 1...240), .unit("工作小时", "working hours"), .english("Remind after"))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public enum Approver: String, Choice {
        case superior, departmentHead = "department_head", role, users, field
        public static let options: [Option<Approver>] = [
            .init(.superior, "直属上级", english: "Superior"), .init(.departmentHead, "部门负责人", english: "Department head"),
            .init(.role, "角色", english: "Role"),
            .init(.users, "指定人员", english: "Named users"), .init(.field, "记录上的人员或角色", english: "Users or roles on the record"),
        ]
    }

    public enum Mode: String, Choice {
        case any, all
        public static let options: [Option<Mode>] = [
            .init(.any, "任一人批准", english: "Any one"), .init(.all, "会签（全部批准）", .warn, english: "All of them"),
        ]
    }
}

/// Somebody else approves while one is away.
public struct ApprovalDelegation: Entity {
    public static let name = "approval_delegations", label = "审批委托"
    public static var traits: EntityTraits {
        EntityTraits(icon: "repeat", menu: Words("工作", "Work"), english: "Approval delegations").with {
            $0.sort = ["-from"]
            $0.indexes = [["owner_id", "-from"], ["department_id", "-from"]]
        }
    }

    public let title = Field<String?>("name", "事由", kind: TextKind(limit: 100), .title, .help("例如：年假", "Such as: annual leave"))
    public let delegate = Field<Ref<User>>("delegate_id", "委托给", .inList, .quick, .english("Delegate"))
    public let from = Field<Day>("from", "开始日期", .inList, .quick, .english("From"))
    public let until = Field<Day>("until", "结束日期", .inList, .quick, .english("Until"))

    public init() {}

    public static var rules: Rules {
        .of(ApprovalDelegation.self) {
            $0.beforeSave { delegation, _, tx in
                if delegation.until < delegation.from { throw Problem("until", "结束日期不能早于开始日期") }
                if delegation.delegate.id == delegation.ownerID { throw Problem("delegate_id", "不能委托给自己，请选择其他同事") }
                if delegation.title == nil { delegation.title = "请假委托" }
            }
        }
    }
}
