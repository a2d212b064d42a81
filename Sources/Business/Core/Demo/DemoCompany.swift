import Records

/// §5: the demo group as steps of a few hundred records each.
public enum DemoCompany {
    public static func size(_ demo: Demo) -> Int { demo.pick(small: 600, full: 20_000) }

    /// Customers a step writes; see ``DemoFile/size``.
    public static let slice = 15

    public static func files(_ demo: Demo, _ range: Range<Int>) -> [DemoFile] { range.map { DemoFile($0, demo) } }

    static func steps(_ demo: Demo) -> [Demo.Step] {
        let firsts: [Demo.Step] = [
            { tx in try insertDepartments(tx) },
            { tx in try insertUsers(demo, tx) },
            { tx in try insertTags(tx) },
            { tx in try DemoMessages.open(tx) },
            { tx in
                let directory = try DemoDirectory(tx)
                for story in DemoStories.all(demo) { try story.insert(directory, tx) }
            },
        ]
        let slices: [Demo.Step] = stride(from: 6, to: size(demo) + 1, by: slice).map { first in
            { tx in
                let directory = try DemoDirectory(tx)
                for file in files(demo, first..<min(first + slice, size(demo) + 1)) { try file.insert(directory, tx) }
            }
        }
        return firsts + slices + [{ tx in try insertStaffTasks(demo, tx) }, { tx in try insertGroups(tx) }]
    }

    private static func insertDepartments(_ tx: any Transaction) throws {
        var known: [String: Ref<Department>] = [:]
        for (position, unit) in DemoStaff.units.enumerated() {
            // The company itself is there from the first start on; it only gets the group's name.
            var record = try unit.kind == .company ? tx.first(Department.self, where: \Department.kindOf == .company) ?? Record() : Record()
            record.code = unit.code
            record.title = unit.name
            record.parent = unit.parent.flatMap { known[$0] }
            record.kindOf = unit.kind
            record.position = position + 1
            known[unit.code] = try tx.save(record).id
        }
    }

    private static func insertUsers(_ demo: Demo, _ tx: any Transaction) throws {
        let departments = try DemoDirectory(tx).departments
        let roles = [String: Int64](try tx.all(Role.self).map { ($0.code, $0.row.id) }) { first, _ in first }
        var known: [String: Ref<User>] = [:]
        for person in DemoStaff.people(seed: demo.seed) {
            var user = person.user(departments: departments, roles: roles)
            user.manager = person.manager.flatMap { known[$0] }
            known[person.username] = try tx.insert(user).id
        }
    }

    private static let tags = ["转介绍达人", "价格敏感", "重视服务", "新能源意向", "置换意向", "亲子家庭", "企业主", "活动常客"]

    private static func insertTags(_ tx: any Transaction) throws {
        guard let schema = tx.catalog["tags"], let name = schema["name"] else { return }
        let there = Set(try tx.fetch(Query(schema, limit: 1000)).compactMap { $0[name].text })
        for tag in tags where !there.contains(tag) {
            var row = schema.blank()
            row[name] = .text(tag)
            try tx.insert(row)
        }
    }

    /// Contacts that are written to together, kept up by their question.
    private static let groups = [
        ("各家决策人", "新品与政策通知", #"{"field":"role","op":"eq","values":["decision"]}"#),
        ("采购对接人", "报价与订货", #"{"field":"role","op":"eq","values":["purchase"]}"#),
        ("送修与驾驶员", "保养提醒", #"{"field":"role","op":"eq","values":["driver"]}"#),
    ]

    private static func insertGroups(_ tx: any Transaction) throws {
        let owner = try DemoDirectory(tx).users["gm"]
        for (name, purpose, question) in groups {
            var group = Record<ContactGroup>()
            group.name = name
            group.kind = .dynamic
            group.purpose = purpose
            group.condition = question
            group.ownerID = owner
            try tx.insert(group)
        }
    }

    /// Everybody has something of one's own to do, so that no home page is empty.
    private static func insertStaffTasks(_ demo: Demo, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx)
        for task in staffTasks(demo, directory) { try tx.insert(task) }
    }

    static func staffTasks(_ demo: Demo, _ directory: DemoDirectory) -> [Record<Todo>] {
        var random = SplitMix64(seed: demo.seed &+ 77)
        return DemoStaff.people(seed: demo.seed).flatMap { person in
            (0..<random.number(2...3)).map { place in
                var task = Record<Todo>()
                task.title = random.pick(["整理本周客户名单", "提交周报", "核对上月数据", "参加产品培训", "更新客户资料", "准备晨会分享", "检查展厅物料", "回复客户留言", "盘点待办事项"])
                task.priority = random.pick([.normal, .normal, .high])
                task.dueAt = Instant(demo.asOf + (place == 0 ? 0 : random.number(-2...9)), hour: random.number(10...18))
                task.ownerID = directory.users[person.username]
                task.departmentID = directory.departments[person.unit]
                task.isDemo = true
                DemoClock.stamp(&task.row, Instant(demo.asOf - random.number(2...6), hour: 9))
                return task
            }
        }
    }
}
