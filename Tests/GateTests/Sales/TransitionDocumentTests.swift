import Foundation
import Records
import Testing

@testable import Gate
@testable import Product

/// docs/transitions.md says what the flows declare: whoever changes a flow renews it.
@Suite("The document of the transitions")
struct TransitionDocumentTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/transitions.md")

    @Test("docs/transitions.md is what the catalog declares; ZHIKE_RENEW=1 writes it anew") func document() throws {
        let text = TransitionDocument(Catalog(packs: Packs.all).whole).text
        if ProcessInfo.processInfo.environment["ZHIKE_RENEW"] != nil { try Data(text.utf8).write(to: Self.path) }
        let there = try String(contentsOf: Self.path, encoding: .utf8)
        let differing = zip(there.split(separator: "\n"), text.split(separator: "\n")).first { $0 != $1 }
        #expect(
            there == text,
            """
            docs/transitions.md is not what the flows declare; renew it with ZHIKE_RENEW=1 bin/test TransitionDocumentTests. First difference:
            - \(differing?.0 ?? "its length")
            + \(differing?.1 ?? "its length")
            """)
    }

    @Test("every state of every flow is a beginning or is reached, and every move speaks of states that are there") func reached() throws {
        var flows = 0
        for schema in Catalog(packs: Packs.all).whole.schemas {
            guard let flow = schema.flow, let states = schema[flow.field]?.kind.choices?.map(\.code) else { continue }
            flows += 1
            let first = schema.blank()[flow.field].text.map { [$0] } ?? []
            let reached = Set(
                first + flow.starts + flow.transitions.flatMap { [$0.to, $0.waiting, $0.refused].compactMap(\.self) }
                    + flow.moves.flatMap(\.to))
            #expect(Set(states).subtracting(reached).subtracting(TransitionDocument.made[schema.name] ?? []).isEmpty, "\(schema.name)")
            let named = flow.transitions.flatMap { $0.from + [$0.to] } + flow.moves.flatMap { $0.from + $0.to }
            #expect(Set(named).isSubset(of: states), "\(schema.name)")
        }
        #expect(flows >= 20)
    }
}

/// What the flows of a catalog declare, for people.
struct TransitionDocument {
    /// States which nothing leads to: drafts of customers come with an import, and nothing erases personal data yet.
    static let made: [String: Set<String>] = ["customers": ["draft", "erased"]]

    /// Where the product goes otherwise than requirements §2.27 on purpose, by object.
    static let differences: [(entity: String, text: String)] = [
        ("leads", "“任意→战败”只从已分配、已联系、有效开始：公海里的新线索没有负责人可以申请，用「判为无效」；已转化的不再战败。"),
        ("leads", "“24 小时未首次联系→回收”的时间和提醒由「回收规则」表规定，回收前必先提醒，非工作时间到期的等到开门。"),
        ("leads", "“负责人”的各步，上级在自己的范围内也可以做；市场经理带来线索，可以处理所有线索。"),
        ("opportunities", "阶段不是状态：「推进到下一阶段」一次进一阶，须填齐各阶段要求的字段；退回须写原因。"),
        ("complaints", "“客服经理”一行，总经理也可以办（总经理有全部业务权限）。升级、待补充之后用「恢复处理」回到原来的状态。"),
        ("follow_plans", "已分派的跟踪可以直接「记录结果」，等于同时开始并完成：打了电话再回来点「开始」没有意义。"),
        (
            "orders",
            """
            “已批准→已发货”中间可以有「配货」，小公司可以跳过；两者都归仓管。店长兼管本店的货，\
            总经理和数据专员有全部业务权限，所以也可以发货；销售不可以。
            """
        ),
        ("campaigns", "预算在「提交」时定下（超过一万元须上级批准），「开始」再查一次预算和人群的同意。"),
        ("credit_accounts", "除任务外，经理也可以手工「冻结」。"),
    ]

    private let catalog: Catalog
    private let roles: [(label: String, rights: Rights)]
    private let approvals: [ApprovalDefault]

    init(_ catalog: Catalog) {
        self.catalog = catalog
        var order: [String] = [], found: [String: (label: String, rights: Rights)] = [:]
        for template in catalog.capabilities.flatMap({ $0.roles }) {
            if found[template.code] == nil { order.append(template.code) }
            found[template.code] = (template.label, found[template.code]?.rights.joined(template.rights) ?? template.rights)
        }
        roles = order.compactMap { found[$0] }
        approvals = catalog.capabilities.flatMap { $0.approvals }
    }

    var text: String {
        let schemas = catalog.schemas.filter { $0.flow != nil }
        let flows = schemas.compactMap(\.flow)
        let pairs = flows.map(Self.pairs)
        return """
            # 状态转换

            每个有流程的对象：从哪个状态、经哪一步、到哪个状态，由谁做，要填什么。由程序的声明生成，不要手改；改了流程以后用
            `ZHIKE_RENEW=1 bin/test TransitionDocumentTests` 重写，`bin/test` 会比较。

            共 \(flows.count) 个流程，\(flows.map(\.transitions.count).reduce(0, +)) 个步骤，系统的 \(flows.map(\.moves.count).reduce(0, +)) 种变化，\
            \(pairs.map(\.count).reduce(0, +)) 对“从→到”。没有列出的一对，无论界面、接口、批量、合并还是导入都不能做到：状态字段不能直接修改，只能用步骤。
            系统管理员导入历史数据时状态可以随数据带来；刚做的一步若没有锁定记录，可以撤销。

            “谁”是步骤要求的权限；谁有这个权限、能及于多大范围，列在各对象的表后（出厂的角色，可改）。“要填”中先填的是记录上的字段，带 * 的是
            操作时必填的内容。“审批”是出厂的审批流程：有人批准后步骤才完成。

            \(schemas.map(section).joined(separator: "\n\n"))

            ## 与需求 2.27 的不同

            | 对象 | 不同之处与原因 |
            |---|---|
            \(Self.differences.map { "| \(catalog[$0.entity]?.label ?? $0.entity) | \($0.text) |" }.joined(separator: "\n"))

            """
    }

    /// The pairs of states that a flow declares, waiting for a word and a refusal included.
    static func pairs(of flow: Flow) -> Set<[String]> {
        var pairs: Set<[String]> = []
        for step in flow.transitions {
            for from in step.from {
                pairs.insert([from, step.to])
                if let waiting = step.waiting {
                    pairs.formUnion([[from, waiting], [waiting, step.to], [waiting, step.refused ?? from]])
                }
            }
        }
        for move in flow.moves { for from in move.from { for to in move.to where from != to { pairs.insert([from, to]) } } }
        return pairs
    }

    private func section(_ schema: Schema) -> String {
        guard let flow = schema.flow, let field = schema[flow.field] else { return "" }
        func name(_ state: String) -> String { field.kind.show(.text(state), in: .chinese) }
        func names(_ states: [String]) -> String { states.map(name).joined(separator: "、") }
        var lines = ["## \(schema.label) `\(schema.name)`", ""]
        lines.append("状态：" + (field.kind.choices ?? []).map { "\($0.label) `\($0.code)`" }.joined(separator: "、") + "。")
        let first = ([schema.blank()[flow.field].text].compactMap(\.self) + flow.starts).map(name)
        if !first.isEmpty { lines.append("新建时：\(first.joined(separator: "、"))。") }
        lines += ["", "| 从 | 步骤 | 到 | 谁 | 要填 | 审批，或何时 |", "|---|---|---|---|---|---|"]
        for step in flow.transitions {
            let to = name(step.to) + (step.waiting.map { "（等批准时\(name($0))\(step.refused.map { "，驳回后\(name($0))" } ?? "")）" } ?? "")
            let needs =
                (step.requires.compactMap { schema[$0]?.label }
                + step.requiresWhen.compactMap { schema[$0.field].map { "\($0.label)（视情况）" } }).joined(separator: "、")
            let asks = step.parameters.map { $0.label + ($0.isRequired ? "*" : "") }.joined(separator: "、")
            let filled = [needs.isEmpty ? "" : "先填：\(needs)", asks].filter { !$0.isEmpty }.joined(separator: "；")
            let who = "`\(step.permission)`" + (step.isForKeeper ? "（不含临时借阅的人）" : "")
            lines.append(
                "| \(names(step.from)) | \(step.label) `\(step.name)` | \(to) | \(who) | \(dash(filled)) | \(dash(approval(of: step, schema))) |"
            )
        }
        for move in flow.moves {
            lines.append("| \(names(move.from)) | — | \(names(move.to)) | 系统 | — | \(move.words) |")
        }
        lines.append("")
        var rights: [String] = []
        for step in flow.transitions where !rights.contains(step.permission) { rights.append(step.permission) }
        lines += rights.map { "- `\($0)`：\(holders(of: $0, schema))" }
        return lines.joined(separator: "\n")
    }

    private func money(_ amount: Money) -> String { MoneyKind().show(amount.stored, in: .chinese) }
    private func dash(_ text: String) -> String { text.isEmpty ? "—" : text }

    private func approval(of step: Flow.Transition, _ schema: Schema) -> String {
        approvals.filter { flow in
            guard flow.entity == schema.name, flow.isActive, case .action(step.name) = flow.trigger else { return false }
            return true
        }.map { flow in
            let steps = flow.steps.map { one -> String in
                let bounds = [one.over.map { "超过 \(money($0))" }, one.upTo.map { "不超过 \(money($0))" }].compactMap(\.self)
                return one.name + (bounds.isEmpty ? "" : "（\(bounds.joined(separator: "，"))）")
            }
            return "「\(flow.label)」\(flow.condition == .everything ? "" : "（符合条件时）")：\(steps.joined(separator: " → "))"
        }.joined(separator: "；")
    }

    /// The roles that have a right, by how far it reaches.
    private func holders(of right: String, _ schema: Schema) -> String {
        let found = roles.map { (label: $0.label, scope: $0.rights.scope(schema.name, right)) }.filter { $0.scope != .none }
        let groups = Scope.allCases.sorted().compactMap { scope -> String? in
            let those = found.filter { $0.scope == scope }.map(\.label)
            guard !those.isEmpty else { return nil }
            return (schema.isOwned ? "\(scope.label(in: .chinese)) — " : "") + those.joined(separator: "、")
        }
        return groups.isEmpty ? "只有系统" : groups.joined(separator: "；")
    }
}
