import Records

/// How far a company has come in its first days. Each step counts as done when it was saved or passed over.
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

    public var done: Set<Step>

    init(note: String) { done = Set(note.split(separator: ",").compactMap { Step(rawValue: String($0)) }) }
    var note: String { Step.allCases.filter(done.contains).map(\.rawValue).joined(separator: ",") }
}

extension View {
    /// Where set-up stopped; nil where nobody began it, or when it is over, or it is not the actor's business.
    public func setUpGuide() throws -> SetUpGuide? {
        guard actor.rights.isAdmin, let note = try SetUpNote.read(SetUpNote.guide, reading, catalog), note != SetUpNote.over else {
            return nil
        }
        return SetUpGuide(note: note)
    }
}

extension GateTransaction {
    /// A step is saved or passed over.
    public func finish(_ step: SetUpGuide.Step) throws {
        try needsAdministrator()
        let present = try note(SetUpNote.guide) ?? ""
        guard present != SetUpNote.over else { return }
        var guide = SetUpGuide(note: present)
        guide.done.insert(step)
        try setNote(SetUpNote.guide, guide.note)
    }

    /// Nothing is asked any more.
    public func endSetUp() throws {
        try needsAdministrator()
        try setNote(SetUpNote.guide, SetUpNote.over)
    }

    private func needsAdministrator() throws {
        guard actor.rights.isAdmin else { throw Refusal.forbidden("只有系统管理员可以进行初始设置。") }
    }
}

extension Accounts {
    /// Several new users at once, all of them or none, each with a password to hand over. A problem's field says whose it is: `name_2`.
    public func createUsers(_ inputs: [(number: Int, fields: [String: Plain])], as actor: Actor) async throws -> [NewUser] {
        var drafts: [(number: Int, draft: Draft, password: String)] = []
        for input in inputs {
            let password = InitialPassword.fresh()
            var fields = input.fields
            fields["password"] = .text(password)
            fields["must_change_password"] = true
            drafts.append((input.number, try await draft(of: User.name, fields, id: nil, as: actor), password))
        }
        let ready = drafts
        return try await gate.write(as: actor) { tx in
            try tx.each(ready.map { (number: $0.number, line: $0) }) { one in
                NewUser(row: try tx.create(tx.catalog.schema(User.self), one.draft), initialPassword: one.password)
            }
        }
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
