import Gate
import Markup
import Records

/// The audit log with its filters, what was before and after, and the verdict on the whole.
struct AuditList {
    let page: Page
    let lines: [AuditLine]
    let names: [Int64: String]
    let titles: [String: [Int64: String]]
    let verdict: AuditTrail.Verdict?
    private let next: Int64?

    init(_ page: Page, verdict: AuditTrail.Verdict?) throws {
        self.page = page
        self.verdict = verdict
        var question = try AuditList.question(page.items)
        question.limit = 51
        let found = try page.view.auditLog(question)
        lines = Array(found.prefix(50))
        next = found.count > 50 ? lines.last?.entry.row.id : nil
        names = try page.view.titles(page.catalog.schema(User.self), ids: lines.compactMap { $0.entry.user?.id })
        var wanted: [String: Set<Int64>] = [:]
        for line in lines {
            if line.isOpen, let schema = line.schema, let id = line.entry.recordID { wanted[schema.name, default: []].insert(Int64(id)) }
            for change in line.changes {
                guard let target = change.field?.target else { continue }
                for value in [change.old, change.new] {
                    wanted[target, default: []].formUnion(value.int.map { [$0] } ?? value.list?.compactMap(LinksKind.id(of:)) ?? [])
                }
            }
        }
        var titles: [String: [Int64: String]] = [:]
        for (name, ids) in wanted where !ids.isEmpty {
            guard let schema = page.catalog[name], schema.traits.isPublic else { continue }
            // Only of records that the actor may open: the log must not name what the lists hide.
            titles[name] = try Dictionary(
                page.view.records(schema, ids: Array(ids)).map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
        }
        self.titles = titles
    }

    static func question(_ items: QueryItems) throws -> AuditQuestion {
        func text(_ name: String) -> String? { items[name].flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed } }
        func day(_ name: String) -> Day? { text(name).flatMap { try? DayKind().parse($0) }.map(Day.init(stored:)) }
        var question = AuditQuestion()
        question.user = try items.id("user")
        question.entity = text("entity")
        question.record = try items.id("record")
        question.action = text("action")
        question.operation = try items.number("operation", in: 0...Int64.max)
        question.from = day("from")
        question.to = day("to")
        question.before = try items.id("before")
        return question
    }

    var shell: Shell {
        let acts = Markup.Group {
            a(.class("btn"), .href("/settings/audit/download" + page.items.removing { $0 == "before" }.suffix), .download()) {
                page.site.icon("download"); page.t("下载 CSV", "CSV")
            }
            page.act("/settings/audit/verify", page.t("校验完整性", "Verify"), icon: "shield-check")
        }.node
        return page.settings(
            "/settings/audit", page.t("操作日志", "Audit log"), page.t("只增不改；每条都有签名，被动过会被发现。", "Append-only and signed: tampering shows."),
            acts: acts
        ) {
            if let verdict { verdictAlert(verdict) }
            filters()
            section(.class("card wide")) {
                if lines.isEmpty {
                    page.nothing("history", page.t("没有符合条件的记录", "Nothing matches"), page.t("换个条件试试。", "Try other filters.")) {
                        a(.class("btn"), .href("/settings/audit")) { page.t("清除筛选", "Clear") }
                    }
                }
                for line in lines { entry(line) }
            }
            page.older(next)
        }
    }

    private func verdictAlert(_ verdict: AuditTrail.Verdict) -> Element {
        let heading = verdict.isIntact ? page.t("日志完整", "The log is whole") : page.t("日志被改动过", "The log was tampered with")
        return page.parts().alert(verdict.isIntact ? "ok" : "bad", heading) {
            p {
                page.t("已检查 \(verdict.entries) 条记录、\(verdict.seals) 个封印。", "\(verdict.entries) entries and \(verdict.seals) seals checked.")
            }
            if !verdict.isIntact { ul { for fault in verdict.faults { li { fault } } } }
        }
    }

    private func filters() -> Element {
        form(.class("row wrap"), .method("get"), .action("/settings/audit")) {
            div(.class("picker"), .data("picker", "/pick/users")) {
                input(
                    .class("in in-sm"), .name("user_text"), .value(page.items["user"].flatMap(Int64.init).flatMap { names[$0] } ?? ""),
                    .placeholder(page.t("操作人", "Who")), .aria("label", page.t("操作人", "Who")), .autocomplete("off"))
                input(.type("hidden"), .name("user"), .value(page.items["user"] ?? ""))
            }
            select(.class("in in-sm"), .name("entity"), .aria("label", page.t("对象", "Entity"))) {
                option(.value("")) { page.t("全部对象", "All entities") }
                for schema in page.catalog.schemas where schema.traits.isPublic {
                    option(.value(schema.name), .selected(page.items["entity"] == schema.name)) { schema.label(in: page.language) }
                }
            }
            select(.class("in in-sm"), .name("action"), .aria("label", page.t("操作", "Action"))) {
                option(.value("")) { page.t("全部操作", "All actions") }
                for word in AuditWords.known {
                    option(.value(word), .selected(page.items["action"] == word)) {
                        AuditWords.action(word, nil, page.catalog, page.language)
                    }
                }
            }
            input(.class("in in-sm"), .type("date"), .name("from"), .value(page.items["from"]), .aria("label", page.t("从", "From")))
            input(.class("in in-sm"), .type("date"), .name("to"), .value(page.items["to"]), .aria("label", page.t("到", "To")))
            button(.class("btn btn-sm")) { page.t("筛选", "Filter") }
        }
    }

    private func entry(_ line: AuditLine) -> Element {
        let entry = line.entry
        let who = entry.user.map { names[$0.id] ?? "#\($0.id)" } ?? page.t("系统", "System")
        return div(.class("setrow")) {
            div {
                b { who }
                " "
                AuditWords.action(entry.action, line.schema, page.catalog, page.language)
                " "
                subject(line)
                p {
                    [
                        page.t("方式 ", "via ") + AuditWords.way(entry.via, page.language), entry.address,
                        entry.reason.map { page.t("原因：", "Reason: ") + $0 },
                    ].compactMap(
                        \.self
                    ).joined(separator: " · ")
                }
                if !line.changes.isEmpty { changes(line) }
            }
            page.moment(entry.at)
        }
    }

    private func subject(_ line: AuditLine) -> Node {
        if line.entry.entity == "parameters" {
            return .text(line.changes.map { name(of: $0, in: line) }.joined(separator: page.t("、", ", ")))
        }
        if line.entry.entity == "packs" { return .text(PackWords(language: page.language).names(packs(line))) }
        let label = line.schema?.label(in: page.language) ?? line.entry.entity ?? ""
        guard let id = line.entry.recordID else { return .text(label) }
        guard line.isOpen, let schema = line.schema, let title = titles[schema.name]?[Int64(id)] else { return .text("\(label) #\(id)") }
        return Group {
            label + " "; a(.class("lnk strong"), .href("/\(schema.name)/\(id)")) { title }
        }.node
    }

    private func packs(_ line: AuditLine) -> [Pack] { page.catalog.packs.filter { pack in line.changes.contains { $0.name == pack.name } } }

    private func changes(_ line: AuditLine) -> Element {
        details(.class("chg")) {
            summary { page.t("\(line.changes.count) 处变更", "\(line.changes.count) changes") }
            dl(.class("kv")) {
                for change in line.changes {
                    dt { name(of: change, in: line) }
                    dd {
                        del(words(change.old, change.field))
                        " → "
                        words(change.new, change.field)
                    }
                }
            }
        }
    }

    private func name(of change: AuditLine.Change, in line: AuditLine) -> String {
        if let field = change.field { return field.label(in: page.language) }
        if line.entry.entity == "packs", let pack = packs(line).first(where: { $0.name == change.name }) {
            return pack.label(page.language)
        }
        return ParameterPages.all(page.catalog).first { $0.name == change.name }.map { page.name(of: $0) } ?? change.name
    }

    private func del(_ text: String) -> Element { Element("del", []) { text } }

    private func words(_ value: Value, _ field: FieldSpec?) -> String {
        if let target = field?.target, value != .text("****") {
            let ids = value.int.map { [$0] } ?? value.list?.compactMap(LinksKind.id(of:)) ?? []
            if !ids.isEmpty { return ids.map { titles[target]?[$0] ?? "#\($0)" }.joined(separator: page.t("、", ", ")) }
        }
        return AuditWords.value(value, field, page.language)
    }
}
