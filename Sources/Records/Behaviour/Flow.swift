/// A state machine over a choice field: which steps there are, from where, what they need and who may take them.
public struct Flow: Sendable {
    /// The choice field that holds the state.
    public var field: String
    public var transitions: [Transition]

    public init(_ field: String, _ transitions: [Transition]) {
        self.field = field
        self.transitions = transitions
    }

    public struct Transition: Sendable {
        public var name: String
        public var label: String
        public var english: String?
        public var from: [String]
        public var to: String
        /// Where the record stands while the step waits for approval, and after it was rejected; nil leaves it where it was.
        public var waiting: String?
        public var refused: String?
        /// Fields that must have a value before the step.
        public var requires: [String]
        public var parameters: [FieldSpec]
        public var permission: String
        /// Why not, beyond state and required fields; nil when fine.
        public var guardRule: @Sendable (Row, Actor) -> String?
        public var effect: @Sendable (inout Row, Arguments, any Transaction) throws -> Void
        public var icon: String
        public var isPrimary: Bool

        public init<C: Choice>(
            _ name: String, _ label: String, from: [C], to: C, waiting: C? = nil, refused: C? = nil, requires: [String] = [],
            parameters: [FieldSpec] = [], permission: String = "update",
            icon: String = "arrow-right", english: String? = nil, primary: Bool = false,
            guard guardRule: @escaping @Sendable (Row, Actor) -> String? = { _, _ in nil },
            effect: @escaping @Sendable (inout Row, Arguments, any Transaction) throws -> Void = { _, _, _ in }
        ) {
            self.name = name
            self.label = label
            self.from = from.map(\.rawValue)
            self.to = to.rawValue
            self.waiting = waiting?.rawValue
            self.refused = refused?.rawValue
            self.requires = requires
            self.parameters = parameters
            self.permission = permission
            self.icon = icon
            self.english = english
            isPrimary = primary
            self.guardRule = guardRule
            self.effect = effect
        }
    }

    /// The way a record goes when all goes well: its primary steps one after another, and a last step that has no alternative.
    /// Fewer than three states make no way.
    public func path(from first: String) -> [String] {
        var path = [first]
        while let last = path.last {
            let onward = transitions.filter { $0.from.contains(last) && !path.contains($0.to) }
            guard let next = onward.first(where: \.isPrimary) ?? (path.count > 1 && onward.count == 1 ? onward.first : nil) else { break }
            path.append(next.to)
        }
        return path.count > 2 ? path : []
    }

    /// Each step as an action: state machines are actions with a `from` and a `to`.
    public var actions: [Action] {
        transitions.map { step in
            let field = field
            return Action(
                step.name, step.label, icon: step.icon, english: step.english, parameters: step.parameters, permission: step.permission,
                unavailable: { row, actor in
                    guard step.from.contains(row[field].text ?? "") else {
                        let state = row.schema[field].map { $0.kind.show(row[field], in: .chinese) } ?? ""
                        return "当前状态为「\(state)」，不能\(step.label)"
                    }
                    let missing = step.requires.compactMap { row.schema[$0] }.filter { row[$0].isNull }
                    guard missing.isEmpty else { return "请先填写：\(missing.map(\.label).joined(separator: "、"))" }
                    return step.guardRule(row, actor)
                },
                perform: { row, arguments, tx in
                    row[field] = .text(step.to)
                    try step.effect(&row, arguments, tx)
                }
            ).with {
                $0.isPrimary = step.isPrimary
                ($0.waiting, $0.refused) = (step.waiting, step.refused)
            }
        }
    }
}
