import Records

/// The figures of a report as they were on a day, in the words of who asked.
public struct FrozenReport: Sendable {
    public struct Table: Sendable {
        public var title: String
        public var rows: [[String]]
    }

    /// What each figure came to, with its formula.
    public var figures: [(label: String, value: String, formula: String)] = []
    public var tables: [Table] = []

    public var jsonText: String {
        let figures = figures.map { Plain.list([.text($0.label), .text($0.value), .text($0.formula)]) }
        let tables = tables.map { table in
            Plain.object(["title": .text(table.title), "rows": .list(table.rows.map { .list($0.map(Plain.text)) })])
        }
        return Plain.object(["figures": .list(figures), "tables": .list(tables)]).jsonText
    }

    public init() {}

    public init?(jsonText: String) {
        guard let members = Plain(jsonText: jsonText)?.object else { return nil }
        figures = (members["figures"]?.list ?? []).compactMap { one in
            guard let words = one.list?.compactMap(\.text), words.count == 3 else { return nil }
            return (words[0], words[1], words[2])
        }
        tables = (members["tables"]?.list ?? []).compactMap { one in
            guard let table = one.object, let title = table["title"]?.text else { return nil }
            return Table(title: title, rows: (table["rows"]?.list ?? []).map { ($0.list ?? []).compactMap(\.text) })
        }
    }
}

extension View {
    /// A written report that the actor may read.
    public func reportIssue(_ id: Int64) throws -> Record<ReportIssue> { Record(try record(catalog.schema(ReportIssue.self), id: id)) }

    /// A report's figures now, as the actor sees them.
    public func freeze(_ report: ReportDefault, _ period: ReportPeriod, _ whose: Whose) throws -> FrozenReport {
        var frozen = FrozenReport()
        let language = actor.language
        for figure in report.figures {
            let answer = try answer(figure, whose)
            func shown(_ term: Figure.Term, _ answer: Answer) -> String {
                term.label(language) + " " + (answer.measures.first.map { $0.show(answer.totals.first ?? .null, in: language) } ?? "")
            }
            frozen.figures.append(
                (
                    figure.label(language), answer.text(language),
                    "\(shown(figure.over, answer.over)) ÷ \(shown(figure.under, answer.under))"
                        + (figure.times == 1 ? "" : " × \(Answer.tenths(figure.times))")
                ))
        }
        for part in report.parts {
            guard let schema = try? schema(named: part.entity), let question = try? part.question(schema, period, whose),
                let answer = try? answer(question)
            else { continue }
            frozen.tables.append(FrozenReport.Table(title: part.title(language), rows: answer.shown(language)))
        }
        return frozen
    }

    /// An issue as sheets of paper.
    public func paper(of issue: Record<ReportIssue>) -> Paper {
        let frozen = FrozenReport(jsonText: issue.frozen) ?? FrozenReport(), language = actor.language
        var paper = Paper(title: issue.title, company: companyName())
        paper.head = [Paper.Box(language("数据截至", "As of"), issue.on.iso), Paper.Box(language("时期", "Period"), issue.period ?? "")]
        if let text = issue.summary { paper.blocks.append(.text(Paper.Box(language("解读", "What it means"), text))) }
        if !frozen.figures.isEmpty {
            paper.blocks.append(
                .grid(frozen.figures.map { [Paper.Box($0.label, $0.value), Paper.Box(language("公式", "Formula"), $0.formula)] }))
        }
        for table in frozen.tables {
            paper.blocks.append(.text(Paper.Box(table.title, "")))
            guard let head = table.rows.first else { continue }
            paper.blocks.append(
                .table(
                    Paper.Table(
                        columns: head.enumerated().map { Paper.Column(label: $1, isNumber: $0 > 0) }, rows: Array(table.rows.dropFirst()),
                        totals: nil)))
        }
        if let text = issue.conclusion { paper.blocks.append(.text(Paper.Box(language("结论与建议", "Conclusions"), text))) }
        return paper
    }
}

extension GateTransaction {
    /// Writes a report's figures down for the actor, once for each key.
    @discardableResult
    public func issue(
        _ key: String, _ period: ReportPeriod, _ whose: Whose = .all, title: String? = nil, schedule: Record<ReportSchedule>? = nil,
        dedupe: String? = nil
    ) throws -> Record<ReportIssue>? {
        if let dedupe, try !reading.fetch(Query(catalog.schema(ReportIssue.self), where: \ReportIssue.key == dedupe, limit: 1)).isEmpty {
            return nil
        }
        let report = try report(key).report
        var issue = Record<ReportIssue>()
        issue.title = String("\(title ?? report.label(actor.language)) \(now.day.iso)".prefix(100))
        (issue.on, issue.period, issue.report, issue.key) = (now.day, period.label(actor.language), key, dedupe)
        issue.schedule = schedule?.id
        issue.frozen = try freeze(report, period, whose).jsonText
        issue.row["owner_id"] = .int(actor.userID)
        issue.row["department_id"] = actor.departmentID.map(Value.int) ?? .null
        return try insert(issue)
    }
}

/// Sends what is due: a step that finds the schedules, and one for each reader that runs with the reader's own rights.
public enum ReportJobs {
    public static let one = "report"
    static let due = Job("reports.due", "发送定时报表", english: "Send scheduled reports", schedule: .every(seconds: 300)) { _, tx in
        let tx = try tx.gate
        let due = \ReportSchedule.isEnabled == true && \ReportSchedule.nextAt <= tx.now
        try tx.each(ReportSchedule.self, where: due, sort: "next_at", batch: 100) { schedule in
            var schedule = schedule
            let slot = schedule.nextAt ?? tx.now
            let users =
                try tx.reading.linked(schedule.row.schema, Schema.field(\ReportSchedule.users), of: [schedule.row.id])[schedule.row.id]
                ?? []
            for user in users {
                let key = "\(schedule.row.id)/\(slot.milliseconds)/\(user)"
                try tx.enqueue(
                    one, label: "发送报表：\(schedule.title)", ["schedule": .int(schedule.row.id), "key": .text(key)], key: "\(one)/\(key)",
                    for: user)
            }
            (schedule.lastAt, schedule.nextAt) = (tx.now, schedule.next(after: tx.now))
            try tx.save(schedule)
        }
    }

    /// Writes the issue and tells its reader in one transaction; who no longer may see the report gets nothing.
    public static let handler: JobHandler = { context in
        guard let id = context.payload["schedule"]?.int, let key = context.payload["key"]?.text else {
            throw JobFailure.permanent("定时报表任务的内容无法识别")
        }
        return try await context.write { tx in
            guard let row = try tx.reading.row(tx.catalog.schema(ReportSchedule.self), id: id), row.deletedAt == nil else {
                return JobStep(["skipped": "deleted"])
            }
            let schedule = Record<ReportSchedule>(row)
            do {
                guard
                    let issue = try tx.issue(
                        schedule.report, ReportPeriod(rawValue: schedule.period.rawValue) ?? .month, title: schedule.title,
                        schedule: schedule, dedupe: key)
                else { return JobStep(["skipped": "sent"]) }
                try tx.notify(
                    [tx.actor.userID], of: .report,
                    tx.actor.language("报表「\(schedule.title)」已生成", "The report “\(schedule.title)” is ready"), about: issue.row)
                if schedule.byMail == true { try tx.mail(issue) }
                return JobStep(["issue": .int(issue.row.id)])
            } catch Refusal.notFound, Refusal.forbidden { return JobStep(["skipped": "not_visible"]) }
        }
    }
}

extension GateTransaction {
    /// The same by e-mail, when the company sends e-mail and the reader has an address.
    fileprivate func mail(_ issue: Record<ReportIssue>) throws {
        guard
            let channel = try all(
                MessageChannel.self, where: \MessageChannel.kind == .email && \MessageChannel.isActive == true, sort: [Query.Sort("id")],
                limit: 1
            ).first,
            let address = try get(User.self, Ref(actor.userID))?.email
        else { return }
        let frozen = FrozenReport(jsonText: issue.frozen) ?? FrozenReport()
        var text = frozen.figures.map { "\($0.label)：\($0.value)（\($0.formula)）" }
        for table in frozen.tables { text += ["", table.title] + table.rows.map { $0.joined(separator: "\t") } }
        var message = Record<Message>()
        (message.title, message.about, message.text) = (issue.title, issue.title, String(text.joined(separator: "\n").prefix(4000)))
        (message.kind, message.purpose, message.channel, message.dueAt, message.to) = (.email, .service, channel.id, now, address)
        (message.entity, message.recordID) = (ReportIssue.name, Int(issue.row.id))
        message.row["owner_id"] = .int(actor.userID)
        message.row["department_id"] = actor.departmentID.map(Value.int) ?? .null
        try dispatch(insert(message))
    }
}

extension Answer {
    /// The table as people read it: units and all.
    func shown(_ language: Language) -> [[String]] {
        let heading = labels.joined(separator: " × "), total = language("合计", "Total")
        guard !series.isEmpty, let measured = measures.first else {
            func cells(_ values: [Value]) -> [String] { zip(measures, values).map { $0.show($1, in: language) } }
            return [[heading] + measures.map(\.label)] + keys.map { [$0.label] + cells($0.totals) } + [[total] + cells(totals)]
        }
        func cell(_ values: [Value]) -> String { measured.show(values.first ?? .null, in: language) }
        return [[heading] + series.map(\.label) + [total]]
            + keys.map { key in [key.label] + series.map { cell(values(key, $0)) } + [cell(key.totals)] }
            + [[total] + series.map { cell($0.totals) } + [cell(totals)]]
    }
}
