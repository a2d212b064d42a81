import Records

/// How far a company has come in its first days. A step counts as done when it was saved; one that was put off stays open.
public struct SetUpGuide: Sendable {
    public enum Step: String, CaseIterable, Sendable {
        /// What the company does, and so what of the product it uses.
        case trade
        /// Stores and departments.
        case places
        case people
        case parameters
        /// What it knows already: the first import.
        case records
    }

    public var done: Set<Step> = []
    /// What the company said it does.
    public var trade: String?
    /// It was finished, or nobody wants to be reminded of it.
    public var isOver = false

    private static let chosen = "trade:"

    init(note: String) {
        for word in note.split(separator: ",").map(String.init) {
            if let step = Step(rawValue: word) { done.insert(step) }
            if word.hasPrefix(SetUpGuide.chosen) { trade = String(word.dropFirst(SetUpGuide.chosen.count)) }
            if word == SetUpNote.over { isOver = true }
        }
    }

    var note: String {
        let steps = Step.allCases.filter(done.contains).map(\.rawValue)
        return (steps + [trade.map { SetUpGuide.chosen + $0 }, isOver ? SetUpNote.over : nil].compactMap(\.self)).joined(separator: ",")
    }
}

extension View {
    /// Where set-up stands; nil where nobody began it, or it is not the actor's business.
    public func setUpGuide() throws -> SetUpGuide? {
        guard actor.rights.isAdmin else { return nil }
        return try SetUpNote.read(SetUpNote.guide, reading, catalog).map(SetUpGuide.init)
    }
}

extension GateTransaction {
    /// A step is saved.
    public func finish(_ step: SetUpGuide.Step, trade: String? = nil) throws {
        try changeGuide {
            $0.done.insert(step)
            $0.trade = trade ?? $0.trade
        }
    }

    /// Nobody is reminded any more. What was done stays known.
    public func endSetUp() throws { try changeGuide { $0.isOver = true } }

    /// Records came in from a sheet: where a guide was begun, its last step is done.
    func noteImport() throws {
        guard let guide = try setUpGuide(), !guide.done.contains(.records) else { return }
        try finish(.records)
    }

    private func changeGuide(_ change: (inout SetUpGuide) -> Void) throws {
        try needsAdministrator()
        var guide = SetUpGuide(note: try note(SetUpNote.guide) ?? "")
        change(&guide)
        try setNote(SetUpNote.guide, guide.note)
    }

    private func needsAdministrator() throws {
        guard actor.rights.isAdmin else { throw Refusal.forbidden("只有系统管理员可以进行初始设置。") }
    }
}

extension Accounts {
    /// Several new users at once, all of them or none, each with a role and a password to hand over. A problem's field says whose it is:
    /// `name_2`.
    public func createUsers(_ inputs: [(number: Int, fields: [String: Plain])], as actor: Actor) async throws -> [NewUser] {
        var drafts: [(number: Int, draft: Draft, password: String)] = []
        for input in inputs {
            let password = InitialPassword.fresh()
            var fields = input.fields
            fields["password"] = .text(password)
            fields["must_change_password"] = true
            var draft = try await draft(of: User.name, fields, id: nil, as: actor)
            if fields["roles"]?.list?.isEmpty ?? true { draft.user?.problems.append(Problem("roles", code: "required", "请选择角色")) }
            drafts.append((input.number, draft, password))
        }
        let ready = drafts
        return try await gate.write(as: actor) { tx in
            var names: Set<String> = []
            return try tx.each(ready.map { (number: $0.number, line: $0) }) { one in
                var draft = one.draft
                let name = Username.normalised(draft.fields["username"]?.text ?? "")
                if let problem = try tx.problem(withName: name, beside: &names) { draft.user?.problems.append(problem) }
                return NewUser(row: try tx.create(tx.catalog.schema(User.self), draft), initialPassword: one.password)
            }
        }
    }
}

extension GateTransaction {
    /// Whether another has the name: one of the same form, or somebody who is there already.
    fileprivate func problem(withName name: String, beside names: inout Set<String>) throws -> Problem? {
        guard !name.isEmpty else { return nil }
        guard names.insert(name).inserted else { return Problem("username", code: "duplicate", "登录名「\(name)」在这张表里出现了两次") }
        let isTaken = try reading.count(Query(catalog.schema(User.self), where: \User.username == name), cap: 1) > 0
        return isTaken ? Problem("username", code: "duplicate", "登录名「\(name)」已有人使用，请换一个") : nil
    }
}

extension GateTransaction {
    /// Does something for every line of a form and collects the problems of all, each with its line's number behind the field's name.
    public func each<Line, Made>(_ lines: [(number: Int, line: Line)], _ body: (Line) throws -> Made) throws -> [Made] {
        var made: [Made] = [], problems: [Problem] = []
        for (number, line) in lines {
            do { made.append(try body(line)) } catch let wrong as Problems {
                problems += wrong.all.map { Problem("\($0.field ?? "name")_\(number)", code: $0.code, $0.message) }
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return made
    }
}
