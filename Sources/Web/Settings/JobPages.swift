import Gate
import Hummingbird
import Markup
import Records

/// Background work: one's own, and everybody's for administrators.
struct JobPages {
    let site: Site

    private var jobs: Jobs { Jobs(site.gate) }

    func add(to router: Router<WebContext>) {
        router.get("jobs", use: list)
        router.get("jobs/{id}", use: show)
        router.post("jobs/{id}/cancel", use: cancel)
        router.post("jobs/{id}/retry", use: retry)
        router.post("jobs/{id}/revert", use: revert)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        let items = try QueryItems(parsing: request.uri.query)
        let rows = try await jobs.list(
            as: login.actor, status: items["status"].flatMap(JobRow.Status.init(rawValue:)), before: try items.id("before"),
            limit: 51)
        return try await site.page(request, context) { page in .shell(try JobParts(page: page).list(rows)) }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        let job = try await jobs.job(try context.recordID(), as: login.actor)
        return try await site.page(request, context) { page in
            let parts = JobParts(page: page)
            return page.isFragment ? .fragment(try parts.progress(job)) : .shell(try parts.one(job))
        }
    }

    @Sendable func cancel(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let id = try context.recordID()
        try await jobs.cancel(id, as: try context.actor())
        return .done("/jobs/\(id)", context.language("任务已取消，已完成的部分可以撤销", "Cancelled; what was done can be undone"))
    }

    @Sendable func retry(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let id = try context.recordID()
        try await jobs.retry(id, as: try context.actor())
        return .done("/jobs/\(id)", context.language("任务将重新执行", "The job will run again"))
    }

    @Sendable func revert(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try context.actor(), id = try context.recordID()
        let job = try await jobs.job(id, as: actor)
        guard let operation = job.operation else { throw Refusal.conflict(context.language("这个任务没有可撤销的内容。", "There is nothing to undo.")) }
        switch try await Undo.start(Int64(operation), ofJob: id, as: actor, in: site.gate) {
        case .started(let number): return .redirect(to: "/jobs/\(number)")
        case .done(let report):
            let text =
                report.conflicts.isEmpty
                ? context.language("已撤销 \(report.undone) 处更改", "\(report.undone) changes undone")
                : context.language(
                    "已撤销 \(report.undone) 处；\(report.conflicts.count) 处之后又被修改，未撤销",
                    "\(report.undone) undone, \(report.conflicts.count) changed since")
            return .done("/jobs/\(id)", text)
        }
    }
}

struct JobParts {
    let page: Page

    private static let undoable: Set<String> = ["bulk", "import"]

    func list(_ found: [Record<JobRow>]) throws -> Shell {
        let rows = found.prefix(50)
        let names = try page.view.titles(page.catalog.schema(User.self), ids: rows.compactMap { $0.user?.id })
        return page.settings(
            "/jobs", page.t("导入与后台任务", "Imports and jobs"),
            page.actor.rights.isAdmin ? page.t("全部用户的任务。", "Everybody's jobs.") : page.t("您发起的导入、批量操作和导出。", "What you started.")
        ) {
            nav(.class("tabs"), .aria("label", page.t("状态", "Status"))) {
                a(.href("/jobs"), .aria("current", page.items["status"] == nil ? "true" : nil)) { page.t("全部", "All") }
                for option in JobRow.Status.options {
                    a(
                        .href("/jobs?status=\(option.value.rawValue)"),
                        .aria("current", page.items["status"] == option.value.rawValue ? "true" : nil)
                    ) { status(option.value) }
                }
            }
            section(.class("card")) {
                if rows.isEmpty {
                    page.nothing(
                        "loader-circle", page.t("没有任务", "No jobs"), page.t("导入表格或批量修改后，会在这里看到进度。", "Imports and bulk changes appear here."))
                }
                for job in rows {
                    a(.class("setrow"), .href("/jobs/\(job.row.id)")) {
                        div {
                            b { label(job) };
                            p { [job.user.flatMap { names[$0.id] } ?? page.t("系统", "System"), job.runAt.shown].joined(separator: " · ") }
                        }
                        if job.isSetAside { span(.class("bad")) { page.t("有记录未处理", "Records left") } }
                        if job.total > 0 { span(.class("num muted")) { "\(ListPage.grouped(job.done)) / \(ListPage.grouped(job.total))" } }
                        dot(job.status)
                    }
                }
            }
            page.older(found.count > 50 ? rows.last?.row.id : nil)
        }
    }

    /// What the job is called: in English by its kind, because its own label was written when it was started.
    private func label(_ job: Record<JobRow>) -> String {
        guard page.language == .english else { return job.label }
        let kinds = ["import": "Import", "bulk": "Bulk change", "undo": "Undo", "webhook": "Webhook", "export": "Export"]
        return page.catalog.job(job.title)?.label(in: .english) ?? kinds[job.title] ?? job.title
    }

    func one(_ job: Record<JobRow>) throws -> Shell {
        let names = try page.view.titles(page.catalog.schema(User.self), ids: [job.user?.id].compactMap(\.self))
        return page.settings(
            "/jobs", label(job), [job.user.flatMap { names[$0.id] } ?? page.t("系统", "System"), job.runAt.shown].joined(separator: " · "),
            crumbs: [(page.t("后台任务", "Jobs"), "/jobs")], acts: job.title == ImportJob.name ? page.wayToGuide : .empty
        ) {
            try? progress(job)
        }
    }

    /// The job's state; while it runs the page asks for this piece again every second.
    func progress(_ job: Record<JobRow>) throws -> Element {
        let isLive = job.status == .waiting || job.status == .running
        let base = "/jobs/\(job.row.id)"
        return div(.class("job"), .id("job-\(job.row.id)"), .data("poll", isLive ? base : nil), .aria("live", "polite")) {
            div(.class("row wrap")) {
                dot(job.status)
                span(.class("grow")) {}
                if isLive {
                    page.act(
                        "\(base)/cancel", page.t("取消", "Cancel"), style: "btn btn-sm",
                        confirm: page.t("已完成的部分会保留，可以撤销。", "What is done stays and can be undone."))
                }
                if page.actor.rights.isAdmin, job.status == .failed || job.status == .cancelled {
                    page.act("\(base)/retry", page.t("重试", "Retry"), icon: "rotate-ccw", style: "btn btn-sm")
                }
                if !isLive, job.status != .reverted, job.operation != nil, JobParts.undoable.contains(job.title) {
                    page.act(
                        "\(base)/revert", page.t("撤销全部更改", "Undo all"), icon: "undo-2", style: "btn btn-sm btn-danger",
                        confirm: page.t(
                            "新建的记录移到回收站，修改的字段恢复原值；之后又被修改的会跳过。", "New records go to the bin, changed fields get their old values back."))
                }
            }
            if job.total > 0 {
                progressBar(job)
                span(.class("num muted")) { "\(ListPage.grouped(job.done)) / \(ListPage.grouped(job.total))" }
            } else if isLive {
                span(.class("muted")) { page.t("正在准备…", "Getting ready…") }
            }
            if let error = job.error { page.parts().alert("bad", page.t("没有完成", "It did not finish")) { p { error } } }
            // The row of a schedule waits for its next time and says what the last one left.
            if !isLive || job.isSetAside { JobResult(page: page, job: job).body }
        }
    }

    private func progressBar(_ job: Record<JobRow>) -> Element {
        Element(
            "progress",
            [.class("bar"), .max(job.total), .value(String(min(job.done, job.total))), .aria("label", page.t("进度", "Progress"))]
        ) {}
    }

    private func dot(_ status: JobRow.Status) -> Element {
        let tone = JobRow.Status.options.first { $0.value == status }?.tone ?? .neutral
        return span(.class("st", tone == .neutral ? nil : "st-\(tone.cssName)")) { self.status(status) }
    }

    private func status(_ status: JobRow.Status) -> String {
        page.t(JobRow.Status.options.first { $0.value == status }?.label ?? "", status.rawValue.capitalized)
    }
}

/// What a job did: counts, and what it could not do, row by row.
struct JobResult {
    let page: Page
    let job: Record<JobRow>

    private var result: [String: Plain] { job.result.flatMap(Plain.init(jsonText:))?.object ?? [:] }

    var body: Node {
        if let report = job.result.flatMap(Plain.init(jsonText:)).flatMap(BulkReport.init(plain:)) { return bulk(report) }
        if result["rows"] != nil { return sheet() }
        return .empty
    }

    private func bulk(_ report: BulkReport) -> Node {
        Markup.Group {
            counts([(page.t("成功", "Done"), report.done, nil), (page.t("失败", "Failed"), report.failed, report.failed > 0 ? "bad" : nil)])
            if !report.failures.isEmpty {
                table(.class("tbl")) {
                    thead {
                        tr {
                            th(.scope("col")) { page.t("记录", "Record") }; th(.scope("col")) { page.t("原因", "Reason") }
                        }
                    }
                    tbody {
                        for one in report.failures {
                            tr(.class("row-bad")) {
                                td { title(of: one) }; td(.class("bad")) { one.reason }
                            }
                        }
                    }
                }
                if report.failed > report.failures.count {
                    p(.class("muted")) { page.t("只显示前 \(report.failures.count) 条", "The first \(report.failures.count)") }
                }
            }
        }.node
    }

    /// A way to the record, where the reader may open it.
    private func title(of one: BulkReport.Failure) -> Node {
        guard let entity = one.entity, page.catalog[entity] != nil else { return .text(one.title) }
        return a(.href("/\(entity)/\(one.id)")) { one.title }.node
    }

    private func sheet() -> Node {
        func sum(_ name: String) -> Int { Int(result[name]?.object?.values.compactMap(\.int).reduce(0, +) ?? 0) }
        let rejected = Int(result["rejected"]?.int ?? 0), faults = result["rejected_rows"]?.list?.compactMap(\.object) ?? []
        return Markup.Group {
            counts([
                (page.t("行数", "Rows"), Int(result["rows"]?.int ?? 0), nil), (page.t("新建", "Created"), sum("created"), nil),
                (page.t("更新", "Updated"), sum("updated"), nil),
                (page.t("未变", "Unchanged"), sum("unchanged"), nil), (page.t("有问题", "Rejected"), rejected, rejected > 0 ? "bad" : nil),
            ])
            if rejected > 0 {
                div(.class("row")) {
                    a(.class("btn btn-sm"), .href("/jobs/\(job.row.id)/rejected"), .download()) {
                        page.site.icon("download", "sm"); page.t("下载有问题的行", "Rejected rows")
                    }
                }
                table(.class("tbl")) {
                    thead {
                        tr {
                            th(.scope("col")) { page.t("行", "Line") }; th(.scope("col")) { page.t("列", "Column") };
                            th(.scope("col")) { page.t("原因", "Reason") }
                        }
                    }
                    tbody {
                        for fault in faults.prefix(200) {
                            tr(.class("row-bad")) {
                                td(.class("num")) { String(fault["line"]?.int ?? 0) }; td { fault["column"]?.text ?? "" };
                                td(.class("bad")) { fault["reason"]?.text ?? "" }
                            }
                        }
                    }
                }
            }
        }.node
    }

    private func counts(_ items: [(String, Int, String?)]) -> Element {
        dl(.class("stats num")) {
            for item in items {
                div {
                    dt { item.0 }; dd(.class(item.2)) { ListPage.grouped(item.1) }
                }
            }
        }
    }
}
