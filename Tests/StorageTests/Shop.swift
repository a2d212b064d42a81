import Records

/// The shop of these tests.
enum Shop: Capability {
    static let name = "shop", label = "门店"
    static let entities: [any Entity.Type] = [Customer.self, Deal.self, Tag.self, Ticket.self]
    static let roles: [RoleTemplate] = []
    static func seed(_ tx: any Transaction) throws {}

    static let catalog = Catalog([Shop.self])
}

/// Somebody who buys.
struct Customer: Entity {
    static let name = "customers", label = "客户"
    static let traits = EntityTraits(icon: "users").with { $0.hasTags = true }

    let title = Field<String>("name", "名称", .title)
    let code = Field<String?>("code", "编号", kind: CodeKind(), .unique, .searchable)
    let mobile = Field<Mobile?>("mobile", "手机", .searchable, .sensitive)
    let level = Field<Level?>("level", "等级", .indexed)
    let city = Field<String?>("city", "城市")
    let points = Field<Int?>("points", "积分")
    let score = Field<Double?>("score", "评分")
    let born = Field<Day?>("born_on", "生日")
    let likes = Field<[Like]?>("likes", "爱好")
    let note = Field<LongText?>("note", "备注", .searchable)
    let secret = Field<String?>("secret", "密", .sealed, .searchable)
    let friend = Field<Ref<Customer>?>("friend_id", "介绍人")
    let companions = Field<Refs<Customer>?>(
        "companions", "同行人", kind: LinksKind("customers", attributes: [FieldSpec("role", "角色", TextKind())]))

    enum Level: String, Choice {
        case gold, silver, bronze
        static let options = [Option(gold, "金"), Option(silver, "银"), Option(bronze, "铜")]
    }
    enum Like: String, Choice {
        case tea, tea_set, golf
        static let options = [Option(tea, "茶"), Option(tea_set, "茶具"), Option(golf, "高尔夫")]
    }
}

/// Something a customer may buy.
struct Deal: Entity {
    static let name = "deals", label = "商机"
    static let traits = EntityTraits().with {
        $0.sort = ["-amount", "stage"]
        $0.unique = [["customer_id", "name"]]
    }
    let title = Field<String>("name", "名称", .title)
    let customer = Field<Ref<Customer>>("customer_id", "客户")
    let amount = Field<Money?>("amount", "金额")
    let stage = Field<String?>("stage", "阶段")
}

struct Tag: Entity {
    static let name = "tags", label = "标签"
    static let traits = EntityTraits(.shared)
    let title = Field<String>("name", "名称", .title, .unique)
}

/// Work for a worker, written by the program.
struct Ticket: Entity {
    static let name = "tickets", label = "任务"
    static let traits = EntityTraits(.log).with {
        $0.sort = ["due"]; $0.indexes = [["state", "due"]]
    }
    let state = Field<String>("state", "状态")
    let due = Field<Int>("due", "时间")
    let worker = Field<Int?>("worker", "工人")
}

/// A code: found from its beginning and by its tail.
struct CodeKind: FieldKind {
    var name: String { "code" }
    var column: ColumnType { .text }
    var searching: Searching { .number }
    var editor: Editor { .line() }
    var operators: [Operator] { [.eq] }
    var openAPI: [String: Plain] { [:] }
    func parse(_ text: String) throws(Fault) -> Value { .text(text) }
}

extension Customer {
    /// A customer's row, with the system fields set as the gate would.
    static func row(
        _ name: String, owner: Int64? = 1, department: Int64? = 10, at created: Int64 = 1000, schema: Schema = Customer.schema,
        _ values: [String: Value] = [:]
    ) -> Row {
        var row = schema.blank()
        row["name"] = .text(name)
        row["owner_id"] = owner.map(Value.int) ?? .null
        row["department_id"] = department.map(Value.int) ?? .null
        row["version"] = 1
        row["created_at"] = .int(created)
        row["updated_at"] = .int(created)
        for (name, value) in values { row[name] = value }
        return row
    }
}

extension Ticket {
    static func row(_ state: String, due: Int64) -> Row {
        var row = Ticket.schema.blank()
        row["state"] = .text(state)
        row["due"] = .int(due)
        return row
    }
}

extension Deal {
    static func row(_ name: String, customer: Int64, amount: Int64? = nil, stage: String? = nil) -> Row {
        var row = Deal.schema.blank()
        row["name"] = .text(name)
        row["customer_id"] = .int(customer)
        row["amount"] = amount.map(Value.int) ?? .null
        row["stage"] = stage.map(Value.text) ?? .null
        row["owner_id"] = 1
        row["version"] = 1
        row["created_at"] = 1000
        row["updated_at"] = 1000
        return row
    }
}
