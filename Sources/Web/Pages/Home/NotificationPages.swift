import Gate
import Hummingbird
import Markup
import Records

/// The inbox: what somebody should know, newest first; read, put off, or opened.
struct NotificationPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("notifications", use: inbox)
        router.post("notifications/read", use: readAll)
        router.get("notifications/{id}", use: open)
        router.post("notifications/{id}/read", use: read)
        router.post("notifications/{id}/snooze", use: snooze)
    }

    @Sendable func inbox(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            let onlyUnread = page.items["unread"] != nil
            let notes = try page.view.notifications(unreadOnly: onlyUnread, before: try page.items.id("before"), limit: 51)
            return .shell(
                Shell(page.t("通知", "Notifications"), active: "notifications") {
                    div(.class("pagehead")) {
                        h1 { page.t("通知", "Notifications") }
                        nav(.class("seg"), .aria("label", page.t("显示", "Show"))) {
                            a(.href("/notifications"), .aria("current", onlyUnread ? nil : "true")) { page.t("全部", "All") }
                            a(.href("/notifications?unread=1"), .aria("current", onlyUnread ? "true" : nil)) { page.t("未读", "Unread") }
                        }
                        span(.class("grow")) {}
                        button(.type("button"), .class("btn"), .data("notify-me"), .hidden()) {
                            site.icon("monitor"); page.t("开启桌面提醒", "Desktop alerts")
                        }
                        form(.method("post"), .action("/notifications/read")) {
                            page.csrfField;
                            button(.class("btn")) {
                                site.icon("check-check"); page.t("全部标为已读", "Mark all read")
                            }
                        }
                    }
                    div(.class("pad")) {
                        if notes.isEmpty {
                            div(.class("empty")) {
                                span(.class("ico")) { site.icon("bell", "lg") };
                                b { onlyUnread ? page.t("没有未读通知", "Nothing unread") : page.t("没有通知", "Nothing new") }
                            }
                        }
                        div(.class("tl"), .id("inbox")) { for note in notes.prefix(50) { line(note, page) } }
                        if notes.count > 50, let last = notes.dropLast().last {
                            a(.class("btn"), .href("/notifications?before=\(last.row.id)" + (onlyUnread ? "&unread=1" : ""))) {
                                page.t("更早的通知", "Older")
                            }
                        }
                    }
                })
        }
    }

    private func line(_ note: Record<Notification>, _ page: Page) -> Element {
        let isUnread = note.readAt == nil, id = note.row.id, tomorrow = Instant(page.view.now.day + 1).adding(hours: 9)
        return article(.class("ev", isUnread ? "plan" : nil), .data("note", String(id))) {
            span(.class("dot")) { site.icon(NotificationPages.icon(note.subject)) }
            div {
                div(.class("hd")) {
                    if isUnread { span(.class("sr-only")) { page.t("未读：", "Unread: ") } }
                    if note.recordID != nil, NotificationPages.leadsSomewhere(note, page.catalog) {
                        a(.class("lnk"), .href("/notifications/\(id)")) { note.text }
                    } else {
                        note.text
                    }
                    page.moment(note.at)
                }
                div(.class("row-s")) {
                    if isUnread { act("/notifications/\(id)/read", page.t("标为已读", "Mark read"), page) }
                    act("/notifications/\(id)/snooze", page.t("一小时后", "In an hour"), page, until: page.view.now.adding(seconds: 3600))
                    act("/notifications/\(id)/snooze", page.t("明早 9 点", "Tomorrow at 9"), page, until: tomorrow)
                }
            }
        }
    }

    private func act(_ url: String, _ label: String, _ page: Page, until: Instant? = nil) -> Element {
        form(.method("post"), .action(url)) {
            page.csrfField
            if let until { input(.type("hidden"), .name("until"), .value(until.rfc3339)) }
            button(.class("btn btn-g btn-sm")) {
                if until != nil { site.icon("clock", "sm") }; label
            }
        }
    }

    /// What it is about may be switched off meanwhile; then only the text is left.
    private static func leadsSomewhere(_ note: Record<Notification>, _ catalog: Catalog) -> Bool {
        note.entity.map { catalog[$0] != nil } ?? false
    }

    private static func icon(_ subject: String?) -> String {
        switch subject.flatMap(NotificationSubject.init(rawValue:)) {
        case .assigned: "user-round-pen"
        case .departed: "user-round-x"
        case .approval: "stamp"
        case .due: "alarm-clock"
        case .shared: "share-2"
        case .job: "loader"
        case .followed: "star"
        case .mentioned: "message-circle"
        case .automation: "zap"
        case .report: "chart-column-big"
        case .trouble: "triangle-alert"
        case nil: "bell"
        }
    }

    /// Opens what the notification is about, which is then read.
    @Sendable func open(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        let id = try context.recordID()
        let place = try await site.gate.read(as: login.actor) { view in
            guard let note = try view.notifications(before: id + 1, limit: 1).first, note.row.id == id else { throw Refusal.notFound }
            guard NotificationPages.leadsSomewhere(note, view.catalog) else { return "/notifications" }
            return note.entity.flatMap { entity in note.recordID.map { "/\(entity)/\($0)" } } ?? "/notifications"
        }
        if login.actor.previewedBy == nil { try await site.gate.write(as: login.actor) { tx in try tx.markRead([id]) } }
        return .redirect(to: place)
    }

    @Sendable func read(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let id = try context.recordID()
        try await site.gate.write(as: try context.actor()) { tx in try tx.markRead([id]) }
        return .done("/notifications", context.language("已标为已读", "Marked read"))
    }

    @Sendable func readAll(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { tx in try tx.markRead(nil) }
        return .done("/notifications", context.language("已全部标为已读", "All marked read"))
    }

    @Sendable func snooze(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), id = try context.recordID()
        guard let until = (try? InstantKind().accept(.text(form["until"] ?? "")))?.int.map(Instant.init(milliseconds:)) else {
            throw Problems([Problem("until", code: "invalid", "请选择稍后提醒的时间")])
        }
        try await site.gate.write(as: try context.actor()) { tx in try tx.snooze(id, until: until) }
        return .done("/notifications", context.language("\(until.shown) 再提醒", "Back at \(until.shown)"))
    }
}
