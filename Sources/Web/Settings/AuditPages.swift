import Formats
import Gate
import Hummingbird
import Markup
import Records

/// Who changed what, who logged in, and whether the log is whole.
struct AuditPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/audit", use: list)
        router.get("settings/audit/download", use: download)
        router.post("settings/audit/verify", use: verify)
        router.get("settings/logins", use: logins)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("audit", request, context) { page in .shell(try AuditList(page, verdict: nil).shell) }
    }

    @Sendable func verify(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        return try await site.governed("audit", request, context) { page in
            .shell(try AuditList(page, verdict: try page.view.verifyAuditLog()).shell)
        }
    }

    @Sendable func download(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try site.governor("audit", context), items = try QueryItems(parsing: request.uri.query)
        let bytes = try await site.gate.write(as: actor) { tx in
            var question = try AuditList.question(items)
            question.limit = 10_000
            let lines = try tx.auditLog(question)
            try tx.record("export", entity: AuditEntry.name, id: nil, reason: "操作日志 \(lines.count) 条")
            return try AuditSheet(lines, tx).bytes
        }
        var response = Response.bytes(bytes, "text/csv; charset=utf-8")
        response.headers[.contentDisposition] = ContentDisposition.attachment("操作日志-\(site.gate.clock.now().day.iso).csv")
        return response
    }

    // MARK: Log-ins

    @Sendable func logins(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("audit", request, context) { page in
            let address = page.items["address"]?.trimmed ?? "", outcome = page.items["outcome"] ?? ""
            let rows = try page.view.loginLog(
                user: try page.items.id("user"), outcome: outcome.isEmpty ? nil : outcome,
                address: address.isEmpty ? nil : address,
                before: try page.items.id("before"), limit: 51)
            return .shell(try AuditPages.logins(page, rows))
        }
    }

    private static let outcomes: [(String, String, String, String?)] = [
        ("ok", "成功", "Logged in", "st-ok"), ("wrong", "密码错误", "Wrong password", "st-bad"), ("totp_wrong", "验证码错误", "Wrong code", "st-bad"),
        ("code_needed", "等待验证码", "Code asked", nil), ("throttled", "次数过多", "Too many", "st-warn"),
        ("disabled", "账号停用", "Disabled", "st-warn"),
    ]

    private static func logins(_ page: Page, _ rows: [Record<LoginAttempt>]) throws -> Shell {
        let names = try page.view.titles(page.catalog.schema(User.self), ids: rows.compactMap { $0.user?.id })
        let shown = rows.prefix(50)
        return page.settings(
            "/settings/logins", page.t("登录日志", "Log-in log"),
            page.t("没有人用的登录名只显示摘要，以免误输的密码被看到。", "Unknown names are shown as digests: they may be mistyped passwords.")
        ) {
            form(.class("row wrap"), .method("get"), .action("/settings/logins")) {
                select(.class("in in-sm"), .name("outcome"), .aria("label", page.t("结果", "Outcome"))) {
                    option(.value("")) { page.t("全部结果", "Any outcome") }
                    for one in outcomes { option(.value(one.0), .selected(page.items["outcome"] == one.0)) { page.t(one.1, one.2) } }
                }
                input(
                    .class("in in-sm"), .name("address"), .value(page.items["address"]), .placeholder(page.t("IP 地址", "IP address")),
                    .aria("label", page.t("IP 地址", "IP address")))
                button(.class("btn btn-sm")) { page.t("筛选", "Filter") }
            }
            section(.class("card wide")) {
                if shown.isEmpty { page.nothing("log-in", page.t("没有记录", "Nothing here"), page.t("换个条件试试。", "Try other filters.")) }
                div(.class("tblwrap list")) {
                    table(.class("tbl")) {
                        thead {
                            tr {
                                for title in [
                                    page.t("登录名", "User name"), page.t("时间", "When"), page.t("结果", "Outcome"), page.t("地址", "Address"),
                                    page.t("设备", "Device"),
                                ] { th(.scope("col")) { title } }
                            }
                        }
                        tbody {
                            for row in shown {
                                let outcome = outcomes.first { $0.0 == row.outcome }
                                tr {
                                    td(.class("c-name")) {
                                        if let user = row.user {
                                            a(.class("name"), .href("/settings/users/\(user.id)")) { names[user.id] ?? row.title }
                                        } else {
                                            row.title
                                        }
                                        span(.class("sub only-m")) {
                                            row.address ?? ""; " · "; SessionRows.device(row.agent, page.language)
                                        }
                                    }
                                    td(.class("c-r2")) { page.moment(row.at) }
                                    td(.class("c-r1")) {
                                        span(.class("st", outcome?.3)) { outcome.map { page.t($0.1, $0.2) } ?? row.outcome }
                                    }
                                    td { row.address ?? "—" }
                                    td { SessionRows.device(row.agent, page.language) }
                                }
                            }
                        }
                    }
                }
            }
            page.older(rows.count > 50 ? shown.last?.row.id : nil)
        }
    }
}

/// The audit log as a sheet; formulas are neutralised by the writer.
struct AuditSheet {
    let bytes: [UInt8]

    init(_ lines: [AuditLine], _ view: View) throws {
        var csv = CSVWriter()
        csv.row(["编号", "时间", "操作人", "方式", "地址", "操作", "对象", "记录", "变更", "原因"])
        let names = try view.titles(view.catalog.schema(User.self), ids: lines.compactMap { $0.entry.user?.id })
        for line in lines {
            let entry = line.entry
            csv.int(entry.row.id)
            csv.text(entry.at.shown)
            csv.text(entry.user.map { names[$0.id] ?? "#\($0.id)" } ?? "系统")
            csv.text(AuditWords.way(entry.via, .chinese))
            csv.text(entry.address ?? "")
            csv.text(AuditWords.action(entry.action, line.schema, view.catalog, .chinese))
            csv.text(line.schema?.label ?? entry.entity ?? "")
            csv.text(entry.recordID.map(String.init) ?? "")
            csv.text(
                line.changes.map {
                    "\($0.field?.label ?? $0.name)：\(AuditWords.value($0.old, $0.field, .chinese)) → "
                        + "\(AuditWords.value($0.new, $0.field, .chinese))"
                }.joined(separator: "；"))
            csv.text(entry.reason ?? "")
            csv.endRow()
        }
        bytes = csv.take()
    }
}

/// The log's own words for people.
enum AuditWords {
    private static let actions: [String: (String, String)] = [
        "create": ("新建", "created"), "update": ("修改", "changed"), "delete": ("删除", "deleted"), "restore": ("恢复", "restored"),
        "erase": ("彻底删除", "erased"),
        "merge": ("合并", "merged"), "undo": ("撤销", "undid"), "import": ("导入", "imported"), "export": ("导出", "exported"),
        "export_begin": ("开始导出", "began an export"),
        "reveal": ("查看完整信息", "revealed"), "print": ("打印", "printed"),
        "login": ("登录", "logged in"), "logout": ("退出", "logged out"), "password": ("修改密码", "changed the password"),
        "password_reset": ("重置密码", "reset a password"),
        "parameter": ("修改参数", "set a parameter"), "share": ("共享", "shared"), "unshare": ("取消共享", "took back a share"),
        "attach": ("添加附件", "attached a file"),
        "detach": ("删除附件", "removed a file"), "preview": ("预览用户", "previewed"), "preview_end": ("结束预览", "ended a preview"),
        "key_made": ("新建 API 令牌", "made a token"),
        "key_revoked": ("吊销 API 令牌", "revoked a token"), "totp_on": ("启用两步验证", "turned two steps on"),
        "totp_off": ("关闭两步验证", "turned two steps off"),
        "totp_reset": ("重置两步验证", "reset two steps"), "recovery_codes": ("重新生成恢复码", "renewed recovery codes"),
        "recovery_code": ("使用恢复码", "used a recovery code"),
        "end_session": ("退出登录设备", "ended a session"), "end_sessions": ("退出全部登录", "ended all sessions"),
        "bulk_start": ("批量操作", "started a bulk job"),
        "job_cancel": ("取消任务", "cancelled a job"), "job_retry": ("重试任务", "retried a job"), "enable": ("启用", "enabled"),
        "disable": ("停用", "disabled"),
        "own_field": ("自定义字段", "own field"), "own_entity": ("自定义对象", "own entity"),
        "pack": ("启用或停用功能包", "switched a pack"),
    ]

    static var known: [String] { actions.keys.sorted() }

    /// - Parameter catalog: what was done to another record may have changed this one, too: then its action has the word.
    static func action(_ word: String, _ schema: Schema?, _ catalog: Catalog, _ language: Language) -> String {
        if let pair = actions[word] { return language(pair.0, pair.1) }
        let known = (schema?.actions ?? []) + catalog.schemas.flatMap(\.actions)  // bounded: lists.
        return known.first { $0.name == word }?.label(in: language) ?? word
    }

    private static let ways: [String: Words] = [
        "web": Words("网页", "web"), "api": Words("接口", "API"), "approval": Words("审批执行", "approval"),
        "automation": Words("自动化", "automation"),
        "calendar": Words("日历订阅", "calendar feed"), "cli": Words("命令行", "command line"), "demo": Words("演示数据", "demo data"),
        "intake": Words("公开表单", "public form"), "job": Words("后台任务", "job"), "setup": Words("初始设置", "set-up"),
    ]

    /// By which door it came.
    static func way(_ via: String, _ language: Language) -> String { ways[via]?(language) ?? via }

    static func value(_ value: Value, _ field: FieldSpec?, _ language: Language) -> String {
        if value.isNull || value == .text("") { return language("（空）", "(empty)") }
        if value == .text("****") { return "****" }
        if let field { return field.kind.show(value, in: language) }
        switch value {
        case .int(let number): return String(number)
        case .real(let number): return String(number)
        case .text(let text): return text
        case .list(let values): return values.map { AuditWords.value($0, nil, language) }.joined(separator: "、")
        case .null: return ""
        }
    }
}
