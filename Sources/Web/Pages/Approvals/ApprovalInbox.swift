import Gate
import Markup
import Records

/// The boxes of requests: what waits for the reader, what they asked for, what they have decided.
struct ApprovalInbox {
    let page: Page
    let box: ApprovalBox
    /// What several at once came to.
    private let done: Int
    private let failures: [(id: Int64, reason: String)]
    private let rows: [Record<ApprovalRequest>]
    private let counts: [ApprovalBox: Int]
    private let titles: Titles
    private let schema: Schema

    private static let most = 200
    private static let cap = 999

    init(_ page: Page, _ box: ApprovalBox, done: Int = 0, failures: [(id: Int64, reason: String)] = []) throws {
        (self.page, self.box, self.done, self.failures) = (page, box, done, failures)
        schema = try page.view.schema(named: ApprovalRequest.name)
        let found = try page.view.approvals(in: box, limit: ApprovalInbox.most)
        rows = found.map(Record<ApprovalRequest>.init)
        titles = try Titles(of: found, fields: schema.fields, page.view)
        counts = try Dictionary(
            ApprovalBox.allCases.map { ($0, try page.view.countApprovals(in: $0, cap: ApprovalInbox.cap)) }, uniquingKeysWith: { $1 })
    }

    /// The box that an address asks for; nil when it asks for the plain list by filters, words or a view.
    static func asked(_ items: QueryItems) -> ApprovalBox? {
        if items.pairs.isEmpty { return .waiting }
        return items["box"].flatMap(ApprovalBox.init)
    }

    static func url(_ box: ApprovalBox) -> String { "/\(ApprovalRequest.name)" + (box == .waiting ? "" : "?box=\(box.rawValue)") }

    var shell: Shell {
        Shell(page.t("审批", "Approvals"), active: ApprovalRequest.name, isFixed: true) {
            div(.class("pagehead")) {
                h1 { page.t("审批", "Approvals") }
                span(.class("grow")) {}
            }
            nav(.class("tabs"), .aria("label", page.t("审批单", "Requests"))) {
                for other in ApprovalBox.allCases {
                    a(.href(ApprovalInbox.url(other)), .aria("current", other == box ? "true" : nil)) {
                        other.label(in: page.language)
                        span(.class("c")) { counted(counts[other] ?? 0) }
                    }
                }
                // Whoever may look at others' requests has the list of them all.
                if page.actor.rights.scope(ApprovalRequest.name, "read") > .own {
                    a(.href("/\(ApprovalRequest.name)?all=1")) { page.t("全部审批单", "All requests") }
                }
            }
            results
            if rows.isEmpty { empty } else { list }
        }
    }

    private func counted(_ count: Int) -> String { count >= ApprovalInbox.cap ? "\(ApprovalInbox.cap)+" : String(count) }

    /// What several at once came to, when some could not be approved.
    private var results: Node {
        guard !failures.isEmpty else { return .empty }
        let names = page.view.attempt { try page.view.titles(schema, ids: failures.map(\.id)) } ?? [:]
        return div(.class("alert alert-warn"), .role("alert")) {
            page.site.icon("triangle-alert")
            div {
                b {
                    page.t("已批准 \(done) 件，\(failures.count) 件没有批准：", "\(done) approved, \(failures.count) not:")
                }
                ul {
                    for failure in failures {
                        li {
                            a(.href("/\(schema.name)/\(failure.id)")) { names[failure.id] ?? "#\(failure.id)" }
                            "：\(failure.reason)"
                        }
                    }
                }
            }
        }.node
    }

    private var empty: Element {
        let words: (Words, Words) =
            switch box {
            case .waiting: (Words("没有等您审批的", "Nothing waits for you"), Words("有人提交申请时会通知您。", "You are told when somebody asks."))
            case .mine:
                (
                    Words("您还没有发起过申请", "You have asked for nothing yet"),
                    Words("做需要他人同意的事时，系统会自动提交申请。", "What needs a word of others is asked for by itself.")
                )
            case .decided: (Words("您还没有审批过", "You have decided nothing yet"), Words("审批过的会留在这里。", "What you decide stays here."))
            }
        return div(.class("empty empty-page")) {
            span(.class("ico")) { page.site.icon(box == .waiting ? "check-check" : schema.traits.icon, "lg") }
            b { words.0(page.language) }
            span { words.1(page.language) }
        }
    }

    private var list: Element {
        form(.class("list inbox"), .method("post"), .action("/\(schema.name)/decide"), .data("select")) {
            page.csrfField
            div(.class("tblwrap"), .tabindex(0), .role("region"), .aria("label", box.label(in: page.language))) {
                Markup.table(.class("tbl")) {
                    thead {
                        tr {
                            if box == .waiting {
                                th(.scope("col"), .class("c-ck")) {
                                    input(
                                        .type("checkbox"), .class("ck"), .aria("label", page.t("选择全部", "Select all")), .data("select-page"))
                                }
                            }
                            th(.scope("col")) { page.t("申请", "Request") }
                            th(.scope("col")) { page.t("申请人", "Who asks") }
                            th(.scope("col")) { page.t("步骤", "Step") }
                            th(.scope("col"), .class("r")) { page.t("金额", "Amount") }
                            th(.scope("col"), .class("r")) {
                                box == .waiting ? page.t("已等", "Waiting") : page.t("提交时间", "Submitted")
                            }
                        }
                    }
                    tbody { for row in rows { line(row) } }
                }
            }
            if rows.count == ApprovalInbox.most {
                p(.class("pager")) { page.t("只列出前 \(ApprovalInbox.most) 件。", "Only the first \(ApprovalInbox.most) are listed.") }
            }
            if box == .waiting { bar }
        }
    }

    private func line(_ request: Record<ApprovalRequest>) -> Element {
        let id = request.row.id, title = request.title ?? "#\(id)", who = request.ownerID.flatMap { titles["users", $0] } ?? ""
        return tr(.data("id", String(id))) {
            if box == .waiting {
                td(.class("c-ck")) {
                    input(
                        .type("checkbox"), .class("ck"), .name("id"), .value(String(id)),
                        .aria("label", page.t("选择 \(title)", "Select \(title)")))
                }
            }
            td(.class("c-name")) {
                a(.class("name"), .href("/\(schema.name)/\(id)")) { title }
                span(.class("sub")) {
                    span(.class("only-m")) { who }
                    if let reason = request.reason { span(.class("ellipsis muted")) { reason } }
                }
            }
            td {
                span(.class("who")) {
                    page.site.avatar(who, id: request.ownerID ?? 0); who
                }
            }
            td { step(request) }
            td(.class("r money c-r1")) { amount(request) }
            td(.class("r c-r2", box == .waiting ? lateness(request) : nil)) { since(request) }
        }
    }

    private func amount(_ request: Record<ApprovalRequest>) -> Node {
        let field = Schema.field(\ApprovalRequest.amount)
        return request.amount == nil ? .empty : page.display(field, request.row, titles, inList: true)
    }

    /// Where it stands, and whose turn it is.
    private func step(_ request: Record<ApprovalRequest>) -> Node {
        guard request.status == .pending else { return page.display(Schema.field(\ApprovalRequest.status), request.row, titles) }
        let names = request.approvers.ids.compactMap { titles["users", $0] }.joined(separator: page.t("、", ", "))
        return .text([request.stepName, box == .waiting ? nil : names].compactMap(\.self).joined(separator: " · "))
    }

    private func since(_ request: Record<ApprovalRequest>) -> Node {
        guard let at = request.submittedAt else { return .empty }
        guard box == .waiting else { return page.moment(at).node }
        return time(.datetime(at.rfc3339), .title(at.shown)) { SlipPage.waited(since: at, page) }.node
    }

    private func lateness(_ request: Record<ApprovalRequest>) -> String? {
        request.submittedAt.flatMap { SlipPage.lateness(since: $0, page.view.now) }
    }

    private var bar: Element {
        div(.class("bulk"), .role("toolbar"), .aria("label", page.t("批量审批", "Several at once"))) {
            span(.class("num")) {
                page.t("已选 ", "Selected "); b(.data("selected-count")) { "0" }; page.t(" 件", "")
            }
            input(
                .type("text"), .name("reason"), .maxlength(2000), .placeholder(page.t("意见（可不填）", "Comment (optional)")),
                .aria("label", page.t("意见", "Comment")), .autocomplete("off"))
            button {
                page.site.icon("check"); page.t("批准所选", "Approve them")
            }
            button(.type("button"), .data("select-none"), .aria("label", page.t("取消选择", "Clear selection"))) { page.site.icon("x") }
        }
    }
}
