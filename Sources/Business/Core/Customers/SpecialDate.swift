import Records

/// H, A15: a day that matters to a customer — wedding day, company anniversary, a child's birthday — and when to think of it.
public struct SpecialDate: Entity {
    public static let name = "special_dates", label = "特殊日期"
    public static var traits: EntityTraits {
        EntityTraits(icon: "calendar-heart", menu: .customers, english: "Special dates").with {
            $0.sort = ["next_on"]
            $0.comingDays = [.init("next_on", "七天内特殊日期", "Special dates in seven days", icon: $0.icon)]
            $0.indexes = [["remind_on", "id"], ["customer_id", "next_on"], ["owner_id", "next_on"]]
        }
    }

    public let title = Field<String>("title", "名称", kind: TextKind(limit: 100), .title, .aliases("纪念日", "日期名称"))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed)
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人", .inList)
    public let day = Field<Day>(
        "day", "日期", .inList, .quick, .help("农历日期按农历的年月日填写", "A lunar date is entered in lunar year, month and day"))
    public let calendar = Field<DateCalendar>("calendar", "历法", .inList, .quick, .initial("solar"))
    public let lunarDay = Field<String?>(
        "lunar_day", "农历日期", kind: TextKind(limit: 30),
        .help("闰月和三十写在这里，如 1984年闰十月初八、1985年二月三十", "For leap months and the 30th: 1984-leap10-8, 1985-2-30"),
        .english("Lunar date"), .aliases("农历"))
    public let repeats = Field<Bool>("repeats", "每年重复", .initial(true), .english("Every year"))
    public let remindDays = Field<Int>(
        "remind_days", "提前提醒", kind: WholeNumberKind(range: 0...60), .unit("天", "days"), .initial(3), .english("Remind before"))
    public let remark = Field<String?>("remark", "备注", kind: TextKind(limit: 200))
    public let nextOn = Field<Day?>("next_on", "下次日期", .readOnly, .inList, .indexed, .due, .english("Next on"))
    public let remindOn = Field<Day?>("remind_on", "提醒日", .readOnly, .english("Remind on"))
    public let remindedFor = Field<Day?>("reminded_for", "已安排到", .readOnly, .english("Planned for"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public static var rules: Rules {
        .of(SpecialDate.self) {
            $0.beforeSave { date, change, tx in
                try Ownership.follow(&date.row, change, tx)
                try LunarDate.follow(&date.row, change, text: "lunar_day", day: "day", calendar: "calendar")
                plan(&date, today: tx.today)
            }
            $0.afterSave(moveTask)
        }
    }

    /// When it comes next and when to remind; a day that has been planned for is past. Nothing more for a day that does not repeat.
    static func plan(_ date: inout Record<SpecialDate>, today: Day) {
        let from = max(today, date.remindedFor.map { $0 + 1 } ?? today)
        let next = date.repeats ? Anniversary.next(of: date.day, calendar: date.calendar, written: date.lunarDay, from: from) : once(date)
        date.nextOn = next.flatMap { $0 >= from ? $0 : nil }
        date.remindOn = date.nextOn.map { $0 - date.remindDays }
    }

    private static func once(_ date: Record<SpecialDate>) -> Day? {
        guard date.calendar == .lunar else { return date.day }
        return Anniversary.celebration(of: date.day, written: date.lunarDay, in: date.day.year)
    }

    /// Each morning: what is due becomes a care task of its owner, once per return.
    static let job = Job("customers.special_dates", "特殊日期提醒", english: "Special date reminders", schedule: .daily(hour: 7, minute: 30)) {
        _, tx in
        try tx.each(SpecialDate.self, where: \SpecialDate.remindOn <= tx.today, sort: "remind_on", batch: 300) { date in
            var date = date
            guard let next = date.nextOn else { return }
            if let owner = date.ownerID, try mayContact(date.customer, tx) {
                try tx.insert(task(for: date, on: max(next, tx.today), owner: owner, tx))
            }
            date.remindedFor = next
            try tx.save(date)
        }
    }

    /// A corrected day takes along the task that was made for it, so that there are not two.
    private static func moveTask(_ date: Record<SpecialDate>, _ change: Change, _ tx: any Transaction) throws {
        guard !change.isNew, change.changed(\SpecialDate.day, in: date) || change.changed(\SpecialDate.calendar, in: date) else { return }
        let open = \Todo.aboutEntity == SpecialDate.name && \Todo.aboutID == Int(date.row.id) && \Todo.status == .open
        for var task in try tx.all(Todo.self, where: open, limit: 20) {
            if let next = date.nextOn, next - tx.today <= 60 {
                var date = date
                (task.title, task.dueAt, date.remindedFor) = (title(of: date, on: next), Instant(next, hour: 10), next)
                try tx.save(date)
            } else {
                (task.status, task.outcome) = (.cancelled, "日期已更正")
            }
            try tx.save(task)
        }
    }

    private static func title(of date: Record<SpecialDate>, on day: Day) -> String { "\(date.title)（\(day.month)月\(day.day)日）问候" }

    private static func mayContact(_ customer: Ref<Customer>, _ tx: any Transaction) throws -> Bool {
        guard let customer = try tx.get(Customer.self, customer) else { return false }
        return customer.doNotContact != true && customer.fileStatus == .active
    }

    private static func task(for date: Record<SpecialDate>, on day: Day, owner: Int64, _ tx: any Transaction) throws -> Record<Todo> {
        var task = Record<Todo>()
        task.title = title(of: date, on: day)
        task.kind = .care
        task.customer = date.customer
        task.contact = date.contact
        task.content = date.remark
        task.dueAt = Instant(day, hour: 10)
        task.remindAt = tx.now
        task.ownerID = owner
        task.departmentID = date.departmentID
        task.aboutEntity = SpecialDate.name
        task.aboutID = Int(date.row.id)
        return task
    }
}
