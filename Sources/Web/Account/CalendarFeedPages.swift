import Formats
import Gate
import Hummingbird
import Markup
import Records

/// The own calendar for phones and mail programs (RFC 5545): a secret address that its owner makes and revokes.
struct CalendarFeedPages {
    let site: Site

    /// So far back and ahead the feed reaches, and so many entries of a layer it holds.
    static let daysBack = 30, daysAhead = 180, most = 500

    func add(to router: Router<WebContext>) {
        router.get("me/calendar", use: show)
        router.post("me/calendar", use: make)
        router.post("me/calendar/revoke", use: revoke)
        router.get("calendar/{secret}", use: feed)
    }

    /// Nobody is logged in here: the address itself says who asks.
    @Sendable func feed(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.parameters.require("secret")
        guard name.hasSuffix(".ics"), let reader = try await site.accounts.reader(ofFeed: String(name.dropLast(4))) else {
            throw HTTPAnswer.noSuchPage
        }
        let base = (site.isSecure ? "https://" : "http://") + (request.head.authority ?? "localhost")
        let bytes = try await site.gate.read(as: reader) { view in try CalendarFeedPages.write(view, base: base) }
        var response = Response.bytes(bytes, "text/calendar; charset=utf-8")
        response.headers[.cacheControl] = "private, max-age=900"
        return response
    }

    private static func write(_ view: View, base: String) throws -> [UInt8] {
        let language = view.actor.language, from = view.now.day - daysBack, until = view.now.day + daysAhead,
            stamp = view.now.milliseconds / 1000
        var calendar = ICalendarWriter(name: language("知客 · \(view.actor.name)", "Zhike: \(view.actor.name)"))
        for layer in CalendarLayer.all(view) {
            var request = ListRequest(
                layer.schema, where: try CombinedCalendar.owned("me", layer, view.actor) && layer.condition(from, until),
                sort: [Query.Sort(layer.field.name)])
            request.limit = most
            for entry in try view.page(request).rows.compactMap(layer.entry) where !entry.isDone {
                let row = entry.row, start = row[layer.field].int ?? 0
                let isShown = view.right(layer.schema, layer.schema.title) >= .masked
                let title = isShown ? row.title : "\(layer.schema.label(in: language)) #\(row.id)"
                let (begin, end): (ICalendarWriter.Time, ICalendarWriter.Time) =
                    entry.second == nil
                    ? (.day(entry.day.number), .day(entry.day.number + 1)) : (.instant(start / 1000), .instant(start / 1000 + 1800))
                calendar.event(
                    id: "\(layer.name)-\(row.id)@zhike",
                    title: layer.field.traits.isDue && layer.schema.flow != nil ? title : "\(title) · \(layer.field.label(in: language))",
                    from: begin, to: end, stamp: stamp,
                    notes: layer.label(language), link: "\(base)/\(layer.schema.name)/\(row.id)")
            }
        }
        return calendar.finished()
    }

    // MARK: The own settings

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let info = try await site.accounts.feed(of: try context.visitor())
        return try await site.mePage(request, context) { page, _ in .shell(CalendarFeedPages.page(page, info, made: nil)) }
    }

    @Sendable func make(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let login = try context.visitor()
        guard login.actor.previewedBy == nil else { return try await show(request, context) }
        let secret = try await site.accounts.makeFeed(login), info = try await site.accounts.feed(of: login)
        let base = (site.isSecure ? "https://" : "http://") + (request.head.authority ?? "localhost")
        return try await site.mePage(request, context) { page, _ in
            .shell(CalendarFeedPages.page(page, info, made: "\(base)/calendar/\(secret).ics"))
        }
    }

    @Sendable func revoke(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let login = try context.visitor()
        guard login.actor.previewedBy == nil else { return try await show(request, context) }
        try await site.accounts.revokeFeed(login)
        return .done("/me/calendar", context.language("订阅地址已作废", "The address no longer works"))
    }

    private static func page(_ page: Page, _ info: Accounts.FeedInfo?, made: String?) -> Shell {
        MeFrame(page: page).shell(
            "/me/calendar", page.t("日历订阅", "Calendar subscription"),
            page.t("在手机或邮件程序的日历里看到您的任务、下次跟进和生日。", "Your tasks, next contacts and birthdays in the calendar of your phone or mail program.")
        ) {
            if let made {
                ShownOnce(
                    page: page, label: page.t("订阅地址", "Address"), secret: made,
                    note: page.t(
                        "请现在复制，离开本页后不再显示。谁有这个地址，谁就能看到您的日历，请不要转发。",
                        "Copy it now; it will not be shown again. Whoever has it sees your calendar.")
                ).body
            }
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("订阅地址", "Address") } }
                div(.class("card-b col")) {
                    if let info {
                        p {
                            page.t("创建于 ", "Made "); page.moment(info.createdAt); page.t("；", "; ");
                            if let used = info.usedAt {
                                page.t("最近读取 ", "last read "); page.moment(used)
                            } else {
                                page.t("还没有被读取过", "never read yet")
                            }
                        }
                    } else {
                        p { page.t("还没有订阅地址。", "There is no address yet.") }
                    }
                    p(.class("muted")) {
                        page.t(
                            "iPhone：设置 ▸ 日历 ▸ 账户 ▸ 添加订阅日历；Outlook、企业邮箱：从 Internet 订阅。包含您负责的记录，过去 \(daysBack) 天到以后 \(daysAhead) 天，已完成的不在内。",
                            "iPhone: Settings ▸ Calendar ▸ Accounts ▸ Add Subscribed Calendar; Outlook: subscribe from the Internet. It "
                                + "holds what you own, from \(daysBack) days back to \(daysAhead) days ahead, without what is done."
                        )
                    }
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}
                    if info != nil {
                        form(
                            .method("post"), .action("/me/calendar/revoke"),
                            .data("confirm", page.t("已订阅的日历会停止更新。", "Calendars that subscribed stop to update."))
                        ) {
                            page.csrfField
                            button(.class("btn btn-danger")) { page.t("作废", "Revoke") }
                        }
                    }
                    form(.method("post"), .action("/me/calendar")) {
                        page.csrfField
                        button(.class("btn btn-p")) {
                            info == nil ? page.t("生成订阅地址", "Make an address") : page.t("换一个地址", "Make a new address")
                        }
                    }
                }
            }
        }
    }
}
