import Gate
import Markup
import Records

/// One request: who asks for what and why, the thing itself, how far it has come, and the word to be said, within a thumb's reach.
struct SlipPage {
    let page: Page
    private let slip: ApprovalSlip
    private let state: FormState
    private let titles: Titles
    private let offers: [ActionOffer]

    init(_ page: Page, _ id: Int64, _ state: FormState = FormState(scope: "decide")) throws {
        self.page = page
        self.state = state
        let view = page.view, slip = try view.slip(id)
        var titles = try Titles(of: [slip.request.row], fields: slip.request.row.schema.fields, view)
        if let record = slip.record { titles.merge(try Titles(of: [record], fields: record.schema.fields, view)) }
        let people = slip.logs.compactMap { $0.user?.id } + slip.steps.flatMap(\.users)
        titles.add(try view.titles(view.catalog.schema(User.self), ids: people), of: User.name)
        (self.slip, self.titles) = (slip, titles)
        offers = ActionOffer.all(for: slip.request.row, view)
    }

    private var request: Record<ApprovalRequest> { slip.request }
    private var base: String { "/\(ApprovalRequest.name)/\(request.row.id)" }
    private var asker: String { request.ownerID.flatMap { titles[User.name, $0] } ?? page.t("系统", "System") }
    private func offered(_ name: String) -> ActionOffer? { offers.first { $0.action.name == name } }

    var shell: Shell {
        Shell(
            request.title ?? page.t("审批单", "Request"), active: ApprovalRequest.name,
            crumbs: [(page.t("审批", "Approvals"), "/\(ApprovalRequest.name)")], back: "/\(ApprovalRequest.name)"
        ) {
            div(.class("rec slip")) {
                div(.class("rec-main")) {
                    head
                    div(.class("pad col")) {
                        page.faults(state.problems, scope: state.scope)
                        wanted
                        thing
                        files
                    }
                }
                aside(.class("rec-side"), .aria("label", page.t("审批过程", "Its way"))) { trail }
                strip
            }
            for offer in offers where ["pass_on", "comment", "remind", "withdraw"].contains(offer.action.name) {
                ActionPart(page: page, row: request.row, action: offer.action, state: FormState(scope: offer.action.name)).dialog
            }
        }
    }

    // MARK: Who asks for what, and why

    private var head: Element {
        header(.class("rec-head")) {
            page.site.avatar(asker, id: request.ownerID ?? 0, size: "av-lg")
            div(.class("grow")) {
                h1 { page.t("\(asker) 申请：\(request.title ?? "")", "\(asker) asks: \(request.title ?? "")") }
                if let reason = slip.reason {
                    p(.class("slip-why")) {
                        span(.class("muted")) { page.t("原因：", "Why: ") }; reason
                    }
                }
                div(.class("rec-meta")) {
                    page.display(Schema.field(\ApprovalRequest.status), request.row, titles)
                    if request.amount != nil {
                        b(.class("slip-sum num")) { page.display(Schema.field(\ApprovalRequest.amount), request.row, titles) }
                    }
                    if let at = request.submittedAt {
                        span {
                            page.t("提交 ", "Asked "); page.moment(at)
                        }
                        if request.status == .pending {
                            span(.class(SlipPage.lateness(since: at, page.view.now))) {
                                page.t("已等 ", "Waiting ") + SlipPage.waited(since: at, page)
                            }
                        }
                    }
                    if request.status == .pending { span { page.t("等待 \(turn)", "Waits for \(turn)") } }
                }
            }
        }
    }

    private var turn: String { names(request.approvers.ids) }

    private func names(_ ids: [Int64]) -> String { ids.compactMap { titles[User.name, $0] }.joined(separator: page.t("、", ", ")) }

    static func waited(since: Instant, _ page: Page) -> String {
        let days = page.view.now.day - since.day
        if days > 0 { return page.t("\(days) 天", days == 1 ? "1 day" : "\(days) days") }
        let hours = max((page.view.now.milliseconds - since.milliseconds) / 3_600_000, 0)
        return hours == 0 ? page.t("不到 1 小时", "under an hour") : page.t("\(hours) 小时", hours == 1 ? "1 hour" : "\(hours) hours")
    }

    /// From the next day on it is late, from the third very late.
    static func lateness(since: Instant, _ now: Instant) -> String? {
        switch now.day - since.day {
        case ..<1: nil  // bounded: no lower end.
        case ..<3: "warn"  // bounded: no lower end.
        default: "bad"
        }
    }

    // MARK: The thing itself

    private var wanted: Node {
        guard !slip.wanted.isEmpty else { return .empty }
        let areChanges = slip.wanted.contains { $0.old != nil }
        return section(.class("card")) {
            div(.class("card-h")) { h2 { areChanges ? page.t("要改什么", "What changes") : page.t("申请的内容", "What is asked") } }
            if areChanges { changes } else { facts(slip.wanted) }
        }.node
    }

    private var changes: Element {
        div(.class("tblwrap"), .tabindex(0), .role("region"), .aria("label", page.t("要改什么", "What changes"))) {
            table(.class("tbl")) {
                thead {
                    tr {
                        th(.scope("col")) { page.t("字段", "Field") }
                        th(.scope("col")) { page.t("现在", "Now") }
                        th(.scope("col")) { page.t("改为", "Becomes") }
                    }
                }
                tbody {
                    for line in slip.wanted {
                        tr {
                            th(.scope("row")) { line.label }
                            td(.class("wrap")) { Element("del", []) { words(line.old ?? "") } }
                            td(.class("wrap")) { Element("ins", []) { words(line.text) } }
                        }
                    }
                }
            }
        }
    }

    private func words(_ text: String) -> String { text.isEmpty ? page.t("（空）", "(empty)") : text }

    private func facts(_ lines: [ApprovalSlip.Line]) -> Element {
        dl(.class("kv card-b")) {
            for line in lines {
                dt { line.label }
                dd { line.text }
            }
        }
    }

    /// The record as it is now, with its lines; where the reader may not open it, what it said when it was asked.
    private var thing: Node {
        guard let record = slip.record else {
            guard !slip.facts.isEmpty else { return .empty }
            return section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("记录（提交时）", "The record when asked") } }
                facts(slip.facts)
            }.node
        }
        let schema = record.schema, right = { (field: FieldSpec) in page.view.right(schema, field) != .hidden }
        let shown = schema.traits.highlights.compactMap { schema[$0] }.filter { right($0) && !record[$0].isBlank }
        return Group {
            section(.class("card")) {
                div(.class("card-h")) {
                    h2 { "\(schema.label(in: page.language)) \(record.title)" }
                    span(.class("grow")) {}
                    if schema.traits.isPublic {
                        a(.class("btn btn-sm"), .href("/\(schema.name)/\(record.id)")) {
                            page.site.icon("external-link", "sm"); page.t("打开", "Open")
                        }
                    }
                }
                if !shown.isEmpty {
                    dl(.class("stats num")) {
                        for field in shown {
                            div {
                                dt { field.label(in: page.language) }
                                dd { page.display(field, record, titles) }
                            }
                        }
                    }
                }
            }
            page.notices(of: record, besides: request.row)
            for field in schema.fields { LinesPart(page: page, row: record, field: field).body }
        }.node
    }

    private var files: Node {
        let files = ([slip.record, request.row].compactMap(\.self)).flatMap { row in
            page.view.attempt { try page.view.files(of: row) } ?? []
        }
        guard !files.isEmpty else { return .empty }
        return section(.class("card")) {
            div(.class("card-h")) { h2 { page.t("附件", "Files") } }
            ul(.class("files card-b")) { for file in files { li { FilesPart.entry(file, page) } } }
        }.node
    }

    // MARK: How far it has come

    private var trail: Element {
        section {
            h2 {
                page.t("审批过程", "Its way")
                if offered("comment") != nil {
                    button(.type("button"), .class("lnk"), .data("dialog", "act-comment")) { page.t("写评论", "Comment") }
                }
            }
            div(.class("tl")) {
                for log in slip.logs { happened(log) }
                for step in slip.steps where step.stage == .present { ahead(step) }
                if request.status == .pending { for step in slip.steps where step.stage == .coming { ahead(step) } }
            }
        }
    }

    private func happened(_ log: Record<ApprovalLog>) -> Element {
        let field = Schema.field(\ApprovalLog.what), tone = field.kind.option(log.what.rawValue)?.tone.cssName
        return article(.class("ev")) {
            span(.class("dot", tone)) { page.site.icon(SlipPage.icon(of: log.what)) }
            div {
                div(.class("hd")) {
                    b { log.user.flatMap { titles[User.name, $0.id] } ?? page.t("系统", "System") }
                    " \(field.kind.show(.text(log.what.rawValue), in: page.language))"
                    if log.what != .submitted, log.what != .done { span(.class("muted")) { log.step } }
                    page.moment(log.at)
                }
                if let comment = log.comment, !comment.isEmpty { div(.class("bd pre")) { comment } }
            }
        }
    }

    private func ahead(_ step: ApprovalSlip.Step) -> Element {
        let isNow = step.stage == .present, all = step.needsAll ? page.t("全部", "all of ") : ""
        return article(.class("ev plan")) {
            span(.class("dot", isNow ? "blue" : nil)) { page.site.icon(isNow ? "clock" : "minus") }
            div {
                div(.class("hd")) {
                    b { step.name }
                    span(.class("muted")) {
                        isNow
                            ? page.t("等待 \(all)\(names(step.users))", "waits for \(all)\(names(step.users))")
                            : page.t("之后：\(all)\(names(step.users))", "then \(all)\(names(step.users))")
                    }
                }
            }
        }
    }

    private static func icon(of what: ApprovalLog.What) -> String {
        switch what {
        case .submitted: "send"
        case .approved: "check"
        case .rejected: "x"
        case .returned: "undo-2"
        case .transferred: "arrow-right-left"
        case .commented: "message-circle"
        case .reminded: "bell"
        case .withdrawn: "rotate-ccw"
        case .done: "check-check"
        }
    }

    // MARK: The word

    /// At the foot of the page, whatever its length: the comment and the four ways, for whose turn it is; reminding and taking back for
    /// whoever asked.
    private var strip: Node {
        if offered("approve") != nil { return decision.node }
        let own = ["remind", "withdraw"].compactMap(offered)
        guard !own.isEmpty else { return .empty }
        return div(.class("actionbar")) {
            span(.class("grow only-d")) {}
            for offer in own {
                button(.type("button"), .class("btn"), .data("dialog", "act-\(offer.action.name)")) {
                    page.site.icon(offer.action.icon); offer.action.label(in: page.language)
                }
            }
        }.node
    }

    private var decision: Element {
        let problem = state.problem("reason"), back = slip.steps.filter { $0.stage == .done }
        return form(.class("actionbar decide"), .method("post"), .action("\(base)/decide"), .data("form")) {
            page.csrfField
            div(.class("field")) {
                Markup.label(.class("sr-only"), .for("decide-reason")) { page.t("意见", "Comment") }
                textarea(
                    .class("in"), .id("decide-reason"), .name("reason"), .rows(1), .maxlength(2000), .required(true),
                    .placeholder(page.t("意见：批准可不填，驳回、退回要写明原因", "Comment; needed to reject or send back")),
                    .aria("invalid", problem == nil ? nil : "true")
                ) { state.typed["reason"]?.last ?? "" }
                if let problem {
                    span(.class("err")) {
                        page.site.icon("circle-alert", "sm"); problem.message
                    }
                }
            }
            if !back.isEmpty {
                select(.class("in in-sm"), .name("step"), .aria("label", page.t("退回到", "Send back to"))) {
                    option(.value("0")) { page.t("退回给申请人", "Back to who asked") }
                    for (index, step) in back.enumerated() {
                        option(.value(String(index + 1))) { page.t("退回到「\(step.name)」", "Back to “\(step.name)”") }
                    }
                }
            }
            div(.class("decide-b")) {
                if let offer = offered("pass_on") {
                    button(.type("button"), .class("btn"), .data("dialog", "act-pass_on")) { offer.action.label(in: page.language) }
                }
                choice("send_back", "btn")
                choice("reject", "btn btn-danger")
                choice("approve", "btn btn-p")
            }
        }
    }

    private func choice(_ name: String, _ style: String) -> Node {
        guard let offer = offered(name) else { return .empty }
        // Only a word of approval goes without a comment.
        return button(.class(style), .name("do"), .value(name), .formnovalidate(name == "approve")) {
            offer.action.label(in: page.language)
        }
        .node
    }
}
