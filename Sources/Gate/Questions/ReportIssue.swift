import Records

/// A44: a report on a day, with its figures as they were then, what they mean, and what follows from them. Somebody writes it, or a
/// ``ReportSchedule`` hands one to each of its readers; its figures never change again.
public struct ReportIssue: Entity {
    public static let name = "report_issues", label = "报告"
    public static var traits: EntityTraits {
        EntityTraits(icon: "file-text", english: "Written reports").with {
            $0.sort = ["-issued_on"]
            $0.isCreatable = false
            $0.highlights = ["issued_on", "period", "schedule_id"]
            $0.indexes = [["owner_id", "-issued_on"], ["department_id", "-issued_on"]]
        }
    }

    public let title = Field<String>("name", "标题", kind: TextKind(limit: 100), .title)
    public let on = Field<Day>("issued_on", "数据截至", .inList, .indexed, .readOnly, .english("As of"))
    public let period = Field<String?>("period", "时期", kind: TextKind(limit: 60), .inList, .readOnly, .english("Period"))
    public let schedule = Field<Ref<ReportSchedule>?>("schedule_id", "来自定时报表", .inList, .indexed, .readOnly, .english("From schedule"))
    public let summary = Field<String?>("summary", "解读", kind: LongTextKind(), .searchable, .english("What it means"))
    public let conclusion = Field<String?>("conclusion", "结论与建议", kind: LongTextKind(), .searchable, .english("Conclusions"))
    public let report = Field<String>("report", "报表", kind: TextKind(limit: 60), .internal, .readOnly)
    public let frozen = Field<String>("frozen", "数据", kind: LongTextKind(limit: 2_000_000), .internal, .readOnly)
    /// Schedule, time and reader: none is made twice.
    public let key = Field<String?>("dedupe_key", "唯一标识", kind: TextKind(limit: 100), .internal, .readOnly, .unique)
    public init() {}

    private static let task = Field<String>("task", "任务", kind: TextKind(limit: 200))
    private static let taskFor = Field<Ref<User>?>("task_for", "交给")
    private static let taskDue = Field<Day?>("due_on", "完成期限")

    public static var actions: [Action] {
        [
            Action.on(
                ReportIssue.self, "task", "由结论建任务", icon: "circle-plus", english: "Make a task of it", parameters: [task, taskFor, taskDue]
            ) { issue, arguments, tx in
                let tx = try tx.gate
                guard let todo = tx.catalog.schemas.first(where: \.traits.isToDo) else {
                    throw Refusal.conflict("系统中没有任务可以新建")
                }
                var row = todo.blank()
                if let title = todo.fields.first(where: \.traits.isTitle) { row[title] = arguments[task].stored }
                if let due = todo.fields.first(where: \.traits.isDue), let day = arguments[taskDue] {
                    row[due] = Instant(day, hour: 18).stored
                }
                row["owner_id"] = .int(arguments[taskFor]?.id ?? tx.actor.userID)
                (row["about_entity"], row["about_id"]) = (.text(ReportIssue.name), .int(issue.row.id))
                _ = try tx.insert(row)
            }.with { $0.isUndoable = false }
        ]
    }
}

/// M111: a report that comes to colleagues by itself, to each with what they may see.
public struct ReportSchedule: Entity {
    public static let name = "report_schedules", label = "定时报表"
    public static var traits: EntityTraits {
        EntityTraits(icon: "calendar-clock", english: "Scheduled reports").with {
            $0.sort = ["name"]
            $0.indexes = [["is_enabled", "next_at"]]
            $0.highlights = ["every", "hour", "next_at", "last_at"]
        }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 100), .title)
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200))
    public let report = Field<String>(
        "report", "报表", kind: TextKind(limit: 60), .inList,
        .help("报表地址的最后一段，例如 win_rate 或 12", "The end of the report's address, such as win_rate or 12"))
    public let every = Field<Every>("every", "多久一次", .inList, .initial("weekly"), .english("How often"))
    public let weekday = Field<Int?>(
        "weekday", "星期几", kind: WholeNumberKind(range: 1...7), .only(when: "every", "weekly"), .initial(1), .help("1 为星期一", "1 is Monday"))
    public let monthday = Field<Int?>(
        "monthday", "几号", kind: WholeNumberKind(range: 1...31), .only(when: "every", "monthly"), .initial(1),
        .help("没有这一天的月份在月末", "The month's last day where it has no such day"))
    public let hour = Field<Int>("hour", "几点", kind: WholeNumberKind(range: 0...23), .inList, .initial(8))
    public let period = Field<Period>("period", "时期", .initial("month"))
    public let users = Field<Refs<User>>("user_ids", "发给", .english("To"), .help("每人收到的数只算自己能看的记录", "Each gets what they may see"))
    public let byMail = Field<Bool?>("by_mail", "同时发邮件", .english("By e-mail, too"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))
    public let nextAt = Field<Instant?>("next_at", "下次发送", .inList, .readOnly, .english("Next"))
    public let lastAt = Field<Instant?>("last_at", "上次发送", .inList, .readOnly, .english("Last"))
    public init() {}

    public enum Every: String, Choice {
        case daily, weekly, monthly
        public static let options: [Option<Every>] = [.init(.daily, "每天"), .init(.weekly, "每周"), .init(.monthly, "每月")]
    }

    public enum Period: String, Choice {
        case m12, month, lastMonth = "last_month", quarter, lastQuarter = "last_quarter", year, lastYear = "last_year", all
        public static let options: [Option<Period>] = [
            .init(.m12, "近12个月", english: "12 months"), .init(.month, "本月", english: "This month"),
            .init(.lastMonth, "上月", english: "Last month"), .init(.quarter, "本季", english: "This quarter"),
            .init(.lastQuarter, "上季", english: "Last quarter"),
            .init(.year, "今年", english: "This year"), .init(.lastYear, "去年", english: "Last year"), .init(.all, "全部", english: "All time"),
        ]
    }

    public static var rules: Rules {
        .of(ReportSchedule.self) {
            $0.beforeSave { schedule, change, tx in
                let tx = try tx.gate
                guard tx.actor.userID != 0 else { return }
                if change.isNew || change.changed(\ReportSchedule.report, in: schedule) {
                    do { _ = try tx.report(schedule.report) } catch {
                        throw Problem("report", code: "not_found", "没有您能查看的报表「\(schedule.report)」，请从报表页的“定时发送”新建")
                    }
                }
                guard change.old.map({ $0["user_ids"] == schedule.row["user_ids"] }) ?? false || (1...50).contains(schedule.users.ids.count)
                else { throw Problem("user_ids", code: "required", "请选择 1 到 50 位收件人") }
                schedule.nextAt = schedule.next(after: tx.now)
            }
        }
    }
}

extension Record<ReportSchedule> {
    /// The first time after `now`.
    func next(after now: Instant) -> Instant {
        func at(_ day: Day) -> Instant { Instant(day, hour: self.hour) }
        var day = now.day
        for _ in 0..<70 {
            let fits: Bool =
                switch self.every {
                case .daily: true
                case .weekly: day.weekday == self.weekday ?? 1
                case .monthly: day.day == min(self.monthday ?? 1, lastDay(of: day))
                }
            if fits, at(day) > now { return at(day) }
            day = day + 1
        }
        return at(day)
    }

    private func lastDay(of day: Day) -> Int { ((Day(year: day.year, month: day.month, day: 1) ?? day).adding(months: 1) - 1).day }
}
