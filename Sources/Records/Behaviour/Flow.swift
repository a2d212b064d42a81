/// A state machine over a choice field: which steps there are, from where, what they need and who may take them.
///
/// ```swift
/// .of(Repair.self, \.stage) {
///     $0.step("begin", "开工", from: [.new], to: .working, primary: true)
///     $0.step("finish", "完工", from: [.working], to: .done, requires: [\.price], parameters: [note]) { repair, arguments, tx in
///         (repair.doneAt, repair.note) = (tx.now, arguments[note])
///     }
/// }
/// ```
public struct Flow: Sendable {
    /// The choice field that holds the state.
    public let field: String
    public let transitions: [Transition]
    /// What changes the state besides its steps.
    public let moves: [Move]
    /// States in which somebody may make a record, beside the one it begins with; every other is reached by a step.
    public let starts: [String]
    /// What its states have settled.
    public let locks: [Lock]
    /// States in which a record may be thrown away although they lock it.
    public let removable: Set<String>
    /// States that lock a record and are left by undoing the step into them all the same.
    public let undoable: Set<String>

    /// The life of `E`'s records, told by the field that holds their state.
    public static func of<E: Entity, State: Choice>(
        _ type: E.Type, _ state: KeyPath<E, Field<State>>, _ fill: (inout FlowBuilder<E, State>) -> Void
    ) -> Flow {
        var builder = FlowBuilder<E, State>()
        fill(&builder)
        return builder.flow(over: builder.name(of: state))
    }

    public static func of<E: Entity, State: Choice>(
        _ type: E.Type, _ state: KeyPath<E, Field<State?>>, _ fill: (inout FlowBuilder<E, State>) -> Void
    ) -> Flow {
        var builder = FlowBuilder<E, State>()
        fill(&builder)
        return builder.flow(over: builder.name(of: state))
    }

    /// A step without Swift types: what the engine and the pages work with.
    public struct Transition: Sendable {
        public let name: String
        public let label: String
        public let english: String?
        public let from: [String]
        public let to: String
        /// Where the record stands while the step waits for approval, and after it was rejected; nil leaves it where it was.
        public let waiting: String?
        public let refused: String?
        /// Fields that must have a value before the step.
        public let requires: [String]
        /// The same where the record is of a certain kind: a deep discount needs its reason.
        public let requiresWhen: [(field: String, condition: @Sendable (Row) -> Bool)]
        public let parameters: [FieldSpec]
        public let permission: String
        /// See ``Action/isForKeeper``.
        public let isForKeeper: Bool
        /// Why not, beyond state and required fields; nil when fine.
        public let guardRule: @Sendable (Row, Actor) -> String?
        public let effect: @Sendable (inout Row, Arguments, any Transaction) throws -> Void
        public let icon: String
        public let isPrimary: Bool

        /// Fields that must have a value before this record takes the step, and have none.
        public func missing(in row: Row) -> [FieldSpec] {
            (requires + requiresWhen.filter { $0.condition(row) }.map(\.field)).compactMap { row.schema[$0] }.filter { row[$0].isNull }
        }
    }

    /// A change of state that no step makes, but a rule, a job or an action of its own. It is said here for whoever wants to know the whole
    /// life of a record (docs/transitions.md); the rule itself makes it.
    public struct Move: Sendable {
        public let from: [String]
        public let to: [String]
        /// Who or what, and when, in Chinese: "任务：截止后".
        public let words: String
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
                    let missing = step.missing(in: row)
                    guard missing.isEmpty else { return "请先填写：\(missing.map(\.label).joined(separator: "、"))" }
                    return step.guardRule(row, actor)
                },
                perform: { row, arguments, tx in
                    row[field] = .text(step.to)
                    try step.effect(&row, arguments, tx)
                }
            ).with {
                $0.isPrimary = step.isPrimary
                $0.isForKeeper = step.isForKeeper
                ($0.waiting, $0.refused) = (step.waiting, step.refused)
                // What is settled is not undone; another step reverses it.
                $0.isUndoable = mayUndo(step.to)
            }
        }
    }
}

/// Typed steps: states are cases, fields are key paths, closures see `Record<E>`.
public struct FlowBuilder<E: Entity, State: Choice> {
    private(set) var transitions: [Flow.Transition] = []
    /// See ``Flow/starts``.
    public var starts: [State] = []
    /// See ``Flow/removable``.
    public var removable: [State] = []
    /// See ``Flow/undoable``.
    public var undoable: [State] = []
    private var moves: [Flow.Move] = []
    private var locks: [Lock] = []
    // Of its own: the entity's schema is being made while its flow is asked for.
    private let prototype = E()

    init() {}

    /// One step. `requires` are fields that must have a value before it, `requiresWhen` only of some records, `waiting` and `refused` where the record stands while somebody's
    /// word is waited for and after it was refused; `keeper` is ``Action/isForKeeper``.
    public mutating func step(
        _ name: String, _ label: String, from: [State], to: State, waiting: State? = nil, refused: State? = nil,
        requires: [PartialKeyPath<E>] = [], requiresWhen: [(field: PartialKeyPath<E>, condition: @Sendable (Record<E>) -> Bool)] = [],
        parameters: [any ActionParameter] = [], permission: String = "update",
        keeper: Bool = false, icon: String = "arrow-right", english: String? = nil, primary: Bool = false,
        guard guardRule: @escaping @Sendable (Record<E>, Actor) -> String? = { _, _ in nil },
        effect: @escaping @Sendable (inout Record<E>, Arguments, any Transaction) throws -> Void
    ) {
        transitions.append(
            Flow.Transition(
                name: name, label: label, english: english, from: from.map(\.rawValue), to: to.rawValue, waiting: waiting?.rawValue,
                refused: refused?.rawValue, requires: requires.map { self.name(of: $0) },
                requiresWhen: requiresWhen.map { field, condition in (self.name(of: field), { condition(Record($0)) }) },
                parameters: parameters.map(\.spec),
                permission: permission, isForKeeper: keeper,
                guardRule: { guardRule(Record($0), $1) },
                effect: { row, arguments, tx in
                    var record = Record<E>(row)
                    try effect(&record, arguments, tx)
                    row = record.row
                },
                icon: icon, isPrimary: primary))
    }

    /// A step that changes the state and nothing else.
    public mutating func step(
        _ name: String, _ label: String, from: [State], to: State, waiting: State? = nil, refused: State? = nil,
        requires: [PartialKeyPath<E>] = [], requiresWhen: [(field: PartialKeyPath<E>, condition: @Sendable (Record<E>) -> Bool)] = [],
        parameters: [any ActionParameter] = [], permission: String = "update",
        keeper: Bool = false, icon: String = "arrow-right", english: String? = nil, primary: Bool = false,
        guard guardRule: @escaping @Sendable (Record<E>, Actor) -> String? = { _, _ in nil }
    ) {
        step(
            name, label, from: from, to: to, waiting: waiting, refused: refused, requires: requires, requiresWhen: requiresWhen,
            parameters: parameters,
            permission: permission, keeper: keeper, icon: icon, english: english, primary: primary, guard: guardRule, effect: { _, _, _ in }
        )
    }

    /// See ``Flow/Move``.
    public mutating func move(from: [State], to: [State], _ words: String) {
        moves.append(Flow.Move(from: from.map(\.rawValue), to: to.map(\.rawValue), words: words))
    }

    /// In these states nothing is changed by hand but the fields named; by nobody, or by those who have the right `unless`.
    public mutating func lock(
        _ states: [State], but open: [PartialKeyPath<E>] = [], unless: String? = nil, instead: String? = nil
    ) {
        add(states, open, isAllBut: true, unless, instead)
    }

    /// In these states the fields named are not changed by hand; by nobody, or by those who have the right `unless`.
    public mutating func lock(_ states: [State], only fields: [PartialKeyPath<E>], unless: String? = nil, instead: String? = nil) {
        add(states, fields, isAllBut: false, unless, instead)
    }

    private mutating func add(
        _ states: [State], _ fields: [PartialKeyPath<E>], isAllBut: Bool, _ unless: String?, _ instead: String?
    ) {
        let names = Set(fields.map { name(of: $0) })
        locks.append(Lock(states: Set(states.map(\.rawValue)), fields: names, isAllBut: isAllBut, unless: unless, instead: instead))
    }

    func flow(over field: String) -> Flow {
        Flow(
            field: field, transitions: transitions, moves: moves, starts: starts.map(\.rawValue), locks: locks,
            removable: Set(removable.map(\.rawValue)), undoable: Set(undoable.map(\.rawValue)))
    }

    func name(of path: PartialKeyPath<E>) -> String {
        guard let field = prototype[keyPath: path] as? any HoldsSpec else {
            preconditionFailure("\(E.name): a flow names fields, \(path) is none")
        }
        return field.spec.name
    }
}
